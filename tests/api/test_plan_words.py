"""Words that a plan defines: units are of its kinds and report its measures, one by one and in files."""

from typing import Any

import pytest

from tests.client import CSV, Client
from tests.journeys import small_congress
from tests.journeys.small_congress import MINORITY, WOMEN
from tests.journeys.steps import compute_allocation, open_conference

KINDS = [{"id": "nong_truong", "name": "Nông trường"}]
MEASURES = [{"id": "hoi_vien", "name": "Hội viên nông dân"}]


async def _publish(client: Client) -> dict[str, Any]:
    body = small_congress.plan(kinds=KINDS, measures=MEASURES)
    body["tiers"][0]["seat_groups"][0]["blocs"][0] |= {
        "kinds": ["Xã", "Nông trường"],
        "measure": "Hội viên nông dân",
        "floor": 0,
    }
    return await small_congress.publish_plan(client, body)


def _unit(code: str, kind: str, parent: str | None = None) -> dict[str, Any]:
    parents = {small_congress.CHAIN: parent} if parent else {}
    return {
        "code": code,
        "name": f"Đơn vị {code}",
        "kind": kind,
        "valid_from": "2020-01-01",
        "parents": parents,
    }


async def _found(client: Client, below: dict[str, str]) -> dict[str, str]:
    """A province and the units right below it, by kind; code → id."""
    units = {"tinh": (await client.post("/v1/units", _unit("tinh", "province"))).json()["id"]}
    for code, kind in below.items():
        units[code] = (await client.post("/v1/units", _unit(code, kind, "tinh"))).json()["id"]
    return units


async def _import(client: Client, kind: str, text: str) -> dict[str, Any]:
    checked = await client.post(f"/v1/unit_imports?kind={kind}", text.encode(), headers=CSV)
    confirmed = await client.act(checked.headers["Location"] + "/confirmation", checked.headers["ETag"])
    answer: dict[str, Any] = confirmed.json()
    return answer


async def test_a_kind_of_the_plan_is_founded_and_imported(client: Client) -> None:
    await _publish(client)
    await client.post("/v1/units", _unit("tinh", "province"))
    founded = (await client.post("/v1/units", _unit("nt-mot", "nong_truong", "tinh"))).json()
    assert founded["kind"] == "nong_truong"
    head = f"code,name,kind,valid_from,parent:{small_congress.CHAIN}\n"
    file = f"{head}nt-hai,Nông trường Hai,NÔNG TRƯỜNG,2020-01-01,tinh\nxa,Đặc khu,đặc khu,2020-01-01,tinh\n"
    assert (await _import(client, "units", file))["stored"] == 2
    kinds = {each["code"]: each["kind"] for each in (await client.get("/v1/units")).json()["items"]}
    assert (kinds["nt-hai"], kinds["xa"]) == ("nong_truong", "commune")
    refused = await client.post("/v1/units", _unit("lam-truong", "lam_truong", "tinh"), status=422)
    assert [error["code"] for error in refused.json()["errors"]] == ["unit_kind_unknown"]


async def test_a_measure_of_the_plan_is_reported_by_file_and_by_call(client: Client) -> None:
    await _publish(client)
    units = await _found(client, {"a": "commune", "b": "commune"})
    report = {
        "as_of": "2030-01-01",
        "source": "Hội",
        "figures": {"hoi_vien": 300, "members": 40, "exemplars": 7},
    }
    told = (await client.post(f"/v1/units/{units['a']}/figures", report)).json()
    assert {each["measure"]: each["value"] for each in told["figures"]} == report["figures"]
    file = "unit,as_of,source,Hội viên nông dân [hoi_vien],exemplars\nb,2030-01-01,Hội,100,5\n"
    assert (await _import(client, "figures", file))["stored"] == 1
    by_label = "unit,as_of,source,Hội viên nông dân\nb,2030-02-01,Hội,100\n"
    assert (await _import(client, "figures", by_label))["stored"] == 1
    known = (await client.get(f"/v1/units/{units['b']}?on=2030-03-01")).json()["figures"]
    assert {each["measure"]: each["value"] for each in known} == {"hoi_vien": 100, "exemplars": 5}
    unknown = {**report, "figures": {"hoi_vine": 1}}
    await client.post(f"/v1/units/{units['a']}/figures", unknown, status=422)


async def test_the_template_has_the_measures_and_kinds_of_plans(client: Client) -> None:
    await _publish(client)
    figures = (await client.get("/v1/unit_imports/template?kind=figures&format=csv")).text
    assert "Hội viên nông dân [hoi_vien]" in figures
    assert "Đoàn viên, hội viên [members]" in figures
    assert (await client.get("/v1/unit_imports/template?kind=units&format=xlsx")).content.startswith(b"PK")


async def test_seats_are_shared_by_a_measure_of_the_plan(client: Client) -> None:
    plan = await _publish(client)
    units = await _found(client, {"a": "commune", "b": "nong_truong"})
    for code, figure in (("a", 300), ("b", 100)):
        report = {"as_of": "2030-01-01", "source": "Hội", "figures": {"hoi_vien": figure}}
        await client.post(f"/v1/units/{units[code]}/figures", report)
    conference = await open_conference(
        client, plan, small_congress.CHAIN, units["tinh"], "tinh", as_of="2030-03-01"
    )
    allocation = (await compute_allocation(client, conference)).json()
    assert allocation["state"] == "decided"
    seats = (await client.get(f"/v1/allocations/{allocation['id']}/seats")).json()
    assert {each["unit"]["code"]: each["seats"] for each in seats} == {"a": 6, "b": 2}


ELIGIBLE = {"text": "Chiến sĩ thi đua", "titles": ["Chiến sỹ thi dua toàn quốc"], "clause": "i"}


def _draft(**changes: Any) -> dict[str, Any]:
    """A plan with some parts of its first tier changed."""
    body = small_congress.plan("vi-du-loi-2030")
    tier = body["tiers"][0]
    tier["seat_groups"][0]["blocs"][0] |= changes.pop("bloc", {})
    tier["seat_groups"][1]["eligibility"] = changes.pop("eligibility", [])
    tier |= changes
    return body


async def test_names_of_values_kinds_and_measures_are_read_as_codes(client: Client) -> None:
    """`nữ`, `Khơ-me`, `xa` and `Dân số` mean what people and units state."""
    women = {**WOMEN, "values": ["nữ"]}
    khmer = {**MINORITY, "attribute": "dân tộc", "other_than": [], "values": ["Khơ-me"]}
    body = _draft(targets=[women, khmer], bloc={"kinds": ["xa"], "measure": "Dân số"})
    drafted = (await client.post("/v1/plans", body)).json()
    stored = (await client.get(f"/v1/plans/{drafted['id']}/versions/1")).json()["body"]["tiers"][0]
    assert [each["values"] for each in stored["targets"]] == [["female"], ["05"]]
    assert stored["targets"][1]["attribute"] == "ethnicity"
    bloc = stored["seat_groups"][0]["blocs"][0]
    assert (bloc["kinds"], bloc["measure"]) == (["commune"], "population")


@pytest.mark.parametrize(
    ("changes", "code", "near"),
    [
        ({"targets": [{**WOMEN, "values": ["nữ giới"]}]}, "plan_value_unknown", "female (Nữ)"),
        ({"targets": [{**MINORITY, "other_than": ["Khmer"]}]}, "plan_value_unknown", "05 (Khơ-me)"),
        ({"targets": [{**WOMEN, "attribute": "gendr"}]}, "plan_attribute_misspelt", "gender"),
        ({"kinds": ["provinse"]}, "plan_kind_unknown", "province ("),
        ({"superiors": ["tin"]}, "plan_reference_unknown", "Tỉnh"),
        ({"bloc": {"measure": "staf"}}, "plan_measure_unknown", "staff ("),
        ({"eligibility": [ELIGIBLE]}, "plan_honour_unknown", "Chiến sĩ thi đua toàn quốc"),
    ],
)
async def test_a_word_that_nobody_can_state_is_refused_with_those_near(
    client: Client, changes: dict[str, Any], code: str, near: str
) -> None:
    refused = (await client.post("/v1/plans", _draft(**changes), 422)).json()
    (error,) = refused["errors"]
    assert error["code"] == code
    assert near in "; ".join(error["params"]["near"])
    for language in ("vi", "en"):
        headers = {"Accept-Language": language}
        told = (await client.post("/v1/plans", _draft(**changes), 422, headers=headers)).json()
        assert near in str([each["detail"] for each in told["errors"] if each["code"] == code])
