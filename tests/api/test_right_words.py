"""Right words: a refusal says what was needed and where, and what is sent is understood as it is written."""

from typing import Any

import pytest

from tests.client import YAML, Client, list_told_errors
from tests.journeys import small_congress
from tests.journeys.steps import draft_nomination, open_conference, person


async def _found(client: Client, code: str, name: str, **more: Any) -> str:
    body = {"code": code, "name": name, "kind": "commune", "valid_from": "2020-01-01", **more}
    unit: str = (await client.post("/v1/units", body)).json()["id"]
    return unit


# What is wrong, and where.


async def test_a_wrong_form_says_the_form(client: Client) -> None:
    unit = {"code": "Sở Y tế", "name": "Sở Y tế", "kind": "department", "valid_from": "2020-01-01"}
    headers = {"Accept-Language": "en"}
    (error,) = (await client.post("/v1/units", unit, 422, headers=headers)).json()["errors"]
    assert (error["code"], error["params"]) == ("wrong_form", {"form": "code"})
    assert "lower-case letters without marks and digits" in error["detail"]
    assert "so-noi-vu" in error["detail"]


async def test_an_unknown_field_names_those_near(client: Client) -> None:
    unit = {"code": "a", "nmae": "A", "kind": "commune", "valid_form": "2020-01-01", "xyz": 1}
    errors = (await client.post("/v1/units", unit, 422)).json()["errors"]
    unknown = {each["pointer"]: each for each in errors if each["code"] == "unknown_field"}
    assert unknown["/nmae"]["params"] == {"near": ["name"]}
    assert unknown["/valid_form"]["params"]["near"][0] == "valid_from"
    assert "valid_from" in unknown["/valid_form"]["detail"]
    assert unknown["/xyz"]["params"] == {}


async def test_an_unknown_field_of_a_plan_names_those_near(client: Client) -> None:
    body = small_congress.plan()
    body["tiers"][0]["seat_groups"][0]["blocs"][0]["mesure"] = "staff"
    body["tiers"][0]["atendance"] = {}
    errors = (await client.post("/v1/plans", body, 422)).json()["errors"]
    near = {each["pointer"]: each["params"]["near"] for each in errors if each["code"] == "unknown_field"}
    assert near["/tiers/0/seat_groups/0/blocs/0/mesure"] == ["measure"]
    assert near["/tiers/0/atendance"] == ["attendance"]


async def test_an_unknown_parameter_names_those_near(client: Client) -> None:
    (error,) = (await client.get("/v1/units?kindd=commune", 400)).json()["errors"]
    assert (error["code"], error["params"]) == ("unknown_parameter", {"near": ["kind"]})
    assert "kind" in error["detail"]


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("id: a\ntitle: b: c", 2, 9, "a colon cannot stand here"),
        ("id: a\ntitle: @b", 2, 8, "a value cannot begin with this character"),
        ("tiers:\n  - a\n - b", 3, 2, "this line is not indented like the lines above"),
        ("title: 'a", 1, 10, "a quote or bracket was opened and not closed"),
        ("kinds: [a, b", 2, 1, "a comma is missing, or a bracket is not closed"),
        ("id: a\ntitle: \x07", 2, 8, "U+0007"),
    ],
)
async def test_a_fault_of_yaml_has_line_column_and_reason(
    client: Client, text: str, line: int, column: int, reason: str
) -> None:
    headers = {**YAML, "Accept-Language": "en"}
    (error,) = (await client.post("/v1/plans", text.encode(), 422, headers=headers)).json()["errors"]
    assert (error["params"]["line"], error["params"]["column"]) == (line, column)
    assert reason in error["detail"]


async def test_a_unit_of_another_day_is_not_said_to_be_unknown(client: Client) -> None:
    plan = await small_congress.publish_plan(client, small_congress.plan())
    late = await _found(client, "tinh", "Tỉnh", kind="province", valid_from="2035-01-01")
    request = {"plan": plan["id"], "congress": small_congress.CHAIN, "unit": late, "tier": "tinh"}
    refused = (await client.post("/v1/conferences", request, 422)).json()
    assert (refused["code"], refused["params"]) == ("unit_not_on_day", {"day": "2030-04-01"})


async def test_an_infeasible_apportionment_has_a_sentence(client: Client) -> None:
    body = {"method": "sainte_lague", "seats": 3, "units": [{"id": "a", "weight": 5, "floor": 4}]}
    english = {"Accept-Language": "en"}
    low = (await client.post("/v1/apportionments", body, 200, headers=english)).json()["repair"]
    assert low["detail"].startswith("3 seats cannot be apportioned: the bases and minimums")
    body["units"] = [{"id": "a", "weight": 5, "cap": 1}]
    high = (await client.post("/v1/apportionments", body, 200)).json()["repair"]
    assert high["detail"].startswith("Không thể phân bổ 3 đại biểu: số tối đa")
    body["units"] = [{"id": "a", "weight": 0}]
    none = (await client.post("/v1/apportionments", body, 200)).json()["repair"]
    assert "không đơn vị nào có số liệu lớn hơn 0" in none["detail"]


async def test_a_birth_in_the_future_is_refused(client: Client) -> None:
    held = await small_congress.congress(client, people={})
    unit = held["units"]["xa-mot"]
    for stated, where in (({"birth_year": 2190}, "birth_year"), ({"born_on": "2190-01-01"}, "born_on")):
        body = {"unit": unit, "group": "dien-hinh", "notice": "2020-01", "purpose": "delegate-selection"}
        someone = {"name": "Người thử nghiệm", **stated}
        path = f"/v1/conferences/{held['id']}/nominations"
        refused = (await client.post(path, {**body, "person": someone}, 422)).json()
        assert refused["code"] == "birth_in_future"
        assert [each["pointer"] for each in refused["errors"]] == [f"/person/{where}"]
    draft = await draft_nomination(client, held, unit)
    told = {"group": "dien-hinh", "notice": "2020-01", "purpose": "delegate-selection"}
    later = {**told, "person": person(birth_year=2190)}
    changed = await client.put(f"/v1/nominations/{draft.json()['id']}", later, draft.headers["ETag"], 422)
    assert changed.json()["code"] == "birth_in_future"


# What is understood, and what is answered.


async def test_the_calculator_takes_the_fractions_that_it_prints(client: Client) -> None:
    body = {
        "method": "sainte_lague",
        "seats": 7,
        "units": [{"id": "a", "weight": 2}, {"id": "b", "weight": 1}],
    }
    first = (await client.post("/v1/apportionments", body, 200)).json()
    quotas = {each["id"]: each["quota"] for each in first["units"]}
    assert quotas == {"a": "14/3", "b": "7/3"}
    again = {**body, "units": [{"id": one, "weight": quota} for one, quota in quotas.items()]}
    second = (await client.post("/v1/apportionments", again, 200)).json()
    assert second["units"] == first["units"]
    assert await client.post("/v1/verifications", {"certificate": second["certificate"]}, 200)
    for wrong in ("1/0", "1/-2", "01/2", "1e3"):
        (error,) = (
            await client.post("/v1/apportionments", {**body, "units": [{"id": "a", "weight": wrong}]}, 422)
        ).json()["errors"]
        assert error["code"] == "ratio_form"
    fine = [{"id": str(n), "weight": f"1/{10**60 + n}"} for n in range(5)]
    refused = (await client.post("/v1/apportionments", {**body, "units": fine}, 422)).json()
    assert refused["code"] == "weights_too_fine"


async def test_units_are_found_by_code_and_by_words_without_marks(client: Client) -> None:
    names = {"vm-2": "Phường Vĩnh Mỹ 2", "vm-10": "Phường Vĩnh Mỹ 10", "dl": "Xã Đắk Lao"}
    for code, name in names.items():
        await _found(client, code, name)

    async def find(query: str) -> set[str]:
        found = (await client.get(f"/v1/units?{query}")).json()["items"]
        return {each["code"] for each in found}

    assert await find("code=vm-2") == {"vm-2"}
    assert await find("code=vm") == set()
    assert await find("q=vinh my") == {"vm-2", "vm-10"}
    assert await find("q=MỸ vĩnh 10") == {"vm-10"}
    assert await find("q=dak") == await find("q=Đắk la") == {"dl"}
    assert await find("q=ak") == set()


async def test_a_name_loses_no_break_and_double_blanks_as_in_a_file(client: Client) -> None:
    unit = await _found(client, "a", "Xã\u00a0 Một   Hai ")
    assert (await client.get(f"/v1/units/{unit}")).json()["name"] == "Xã Một Hai"


async def test_a_conference_answers_its_plan_and_version(client: Client) -> None:
    plan = await small_congress.publish_plan(client, small_congress.plan())
    units = await small_congress.create_units(client)
    opened = await open_conference(client, plan, small_congress.CHAIN, units["tinh"], "tinh")
    assert (opened["plan"], opened["plan_version"]) == (plan["id"], 1)


def test_the_client_of_the_tests_finds_an_error_that_comes_with_a_success() -> None:
    """All journeys use it, so none of their successes has one."""
    error, warning = ({"code": each, "severity": each} for each in ("error", "warning"))
    told = {"list": {"findings": [warning, error]}, "findings": []}
    assert [*list_told_errors([told, {"problem": None}])] == ["error"]
    assert [*list_told_errors({"state": "faulty", "findings": [error]})] == []
    assert [*list_told_errors({"proven": False, "findings": [error]})] == []
