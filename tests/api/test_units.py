"""Units over time: what they are called and under whom depends on the day."""

import asyncio
from hashlib import sha256
from typing import Any

import httpx
import pytest

from db.plans import Congress
from db.session import Database
from domain.access import Actor
from tests.client import CSV, Client


@pytest.fixture
async def units(client: Client) -> dict[str, dict[str, Any]]:
    """A made-up province in the Sóc Trăng chain with two districts and a commune."""
    await client.plan("soc_trang_2020")
    founded = {}
    for code, kind, parent in (
        ("tinh-thu", "province", None),
        ("huyen-mot", "district", "tinh-thu"),
        ("huyen-hai", "district", "tinh-thu"),
        ("xa-mot", "commune", "huyen-mot"),
    ):
        body = {
            "code": code,
            "name": code.replace("-", " "),
            "kind": kind,
            "valid_from": "2019-01-01",
            "made_up": True,
        }
        if parent:
            body["parents"] = {"soc-trang-v": parent}
        founded[code] = (await client.post("/v1/units", body)).json()
    return founded


async def etag(client: Client, unit: dict[str, Any]) -> str:
    """The unit's present ETag."""
    return (await client.get(f"/v1/units/{unit['id']}")).headers["ETag"]


async def test_a_unit_has_the_name_of_the_day(client: Client, units: dict[str, Any]) -> None:
    unit = units["huyen-mot"]
    body = {"name": "Thị xã Một", "first": "2020-03-01"}
    await client.act(f"/v1/units/{unit['id']}/names", await etag(client, unit), body)
    names = [
        (await client.get(f"/v1/units/{unit['id']}?on={day}")).json()["name"]
        for day in ("2020-02-29", "2020-03-01")
    ]
    assert names == ["huyen mot", "Thị xã Một"]


async def test_a_unit_moves_to_another_parent_from_a_day_on(client: Client, units: dict[str, Any]) -> None:
    unit = units["xa-mot"]
    body = {"congress": "soc-trang-v", "parent": "huyen-hai", "first": "2020-03-01"}
    await client.act(f"/v1/units/{unit['id']}/parents", await etag(client, unit), body)
    parents = [
        (await client.get(f"/v1/units/{unit['id']}?on={day}")).json()["parents"][0]["code"]
        for day in ("2020-02-29", "2020-03-01")
    ]
    assert parents == ["huyen-mot", "huyen-hai"]


async def test_a_circle_of_parents_is_refused(client: Client, units: dict[str, Any]) -> None:
    unit = units["tinh-thu"]
    body = {"congress": "soc-trang-v", "parent": "xa-mot", "first": "2020-03-01"}
    problem = (
        await client.act(f"/v1/units/{unit['id']}/parents", await etag(client, unit), body, 422)
    ).json()
    assert [(each["code"], each["pointer"]) for each in problem["errors"]] == [
        ("unit_parent_cycle", "/parent")
    ]
    assert (await client.get(f"/v1/units/{unit['id']}?on=2020-03-01")).json()["parents"] == []


async def test_a_unit_with_others_below_it_cannot_end(client: Client, units: dict[str, Any]) -> None:
    unit = units["huyen-mot"]
    problem = await client.act(
        f"/v1/units/{unit['id']}/closure", await etag(client, unit), {"last": "2020-06-30"}, 409
    )
    assert problem.json()["code"] == "unit_has_units_below"


async def test_a_unit_that_ended_is_not_there_the_day_after(client: Client, units: dict[str, Any]) -> None:
    unit = units["xa-mot"]
    await client.act(f"/v1/units/{unit['id']}/closure", await etag(client, unit), {"last": "2020-06-30"})
    there = [
        unit["code"] in {each["code"] for each in await client.list_all(f"/v1/units?on={day}")}
        for day in ("2020-06-30", "2020-07-01")
    ]
    assert there == [True, False]


async def test_a_missing_figure_is_unknown_and_a_written_zero_is_zero(
    client: Client, units: dict[str, Any]
) -> None:
    unit = units["xa-mot"]
    body = {"as_of": "2019-12-31", "source": "Báo cáo thử", "figures": {"staff": 20, "staff.women": 0}}
    shown = (await client.post(f"/v1/units/{unit['id']}/figures", body)).json()
    assert {each["measure"]: each["value"] for each in shown["figures"]} == {"staff": 20, "staff.women": 0}


async def test_a_second_report_for_the_same_day_corrects_the_first(
    client: Client, units: dict[str, Any]
) -> None:
    unit = units["xa-mot"]
    for staff in (20, 21):
        body = {"as_of": "2019-12-31", "source": "Báo cáo thử", "figures": {"staff": staff}}
        shown = (await client.post(f"/v1/units/{unit['id']}/figures", body)).json()
    assert [each["value"] for each in shown["figures"]] == [21]


async def test_an_impossible_figure_is_told_at_its_place(client: Client, units: dict[str, Any]) -> None:
    unit = units["xa-mot"]
    body = {"as_of": "2019-12-31", "source": "Báo cáo thử", "figures": {"staff": 20, "staff.women": 21}}
    problem = (await client.post(f"/v1/units/{unit['id']}/figures", body, 422)).json()
    assert "/figures/staff.women" in {each["pointer"] for each in problem["errors"]}


C = "soc-trang-v"


async def moved(
    client: Client, unit: dict[str, Any], parent: str | None, first: str, status: int = 201
) -> dict[str, Any]:
    """What is said when a unit moves under another one from a day on."""
    body = {"congress": C, "parent": parent, "first": first}
    path = f"/v1/units/{unit['id']}/parents"
    answer: dict[str, Any] = (await client.act(path, await etag(client, unit), body, status)).json()
    return answer


async def below(client: Client, unit: dict[str, Any], day: str) -> list[str]:
    """The codes of those right below a unit on a day."""
    found = await client.list_all(f"/v1/units?on={day}&congress={C}&parent={unit['id']}")
    return sorted(each["code"] for each in found)


async def closed(client: Client, unit: dict[str, Any], last: str) -> None:
    """The unit ends."""
    await client.act(f"/v1/units/{unit['id']}/closure", await etag(client, unit), {"last": last})


async def test_a_circle_on_some_days_only_is_a_circle(client: Client, units: dict[str, Any]) -> None:
    """From 2025 on the commune stands elsewhere; until then it stands below the one it would lead."""
    await moved(client, units["xa-mot"], "huyen-hai", "2025-01-01")
    problem = await moved(client, units["huyen-mot"], "xa-mot", "2021-01-01", 422)
    (error,) = problem["errors"]
    assert (error["code"], error["pointer"]) == ("unit_parent_cycle", "/parent")
    assert error["params"] == {"units": ["huyen-mot", "xa-mot"], "length": 2}


async def test_a_circle_needs_a_day_on_which_all_its_links_hold(
    client: Client, units: dict[str, Any]
) -> None:
    await moved(client, units["xa-mot"], None, "2020-01-01")
    await moved(client, units["huyen-mot"], "xa-mot", "2021-01-01")
    assert await below(client, units["huyen-mot"], "2019-12-31") == ["xa-mot"]
    assert await below(client, units["xa-mot"], "2021-01-01") == ["huyen-mot"]


async def test_a_long_circle_is_told_with_its_units_in_order(client: Client, units: dict[str, Any]) -> None:
    problem = await moved(client, units["tinh-thu"], "xa-mot", "2021-01-01", 422)
    (error,) = problem["errors"]
    assert error["params"]["units"] == ["tinh-thu", "xa-mot", "huyen-mot"]


async def test_nobody_moves_under_a_unit_that_has_ended(client: Client, units: dict[str, Any]) -> None:
    await closed(client, units["huyen-hai"], "2020-12-31")
    problem = await moved(client, units["xa-mot"], "huyen-hai", "2022-01-01", 422)
    assert [each["code"] for each in problem["errors"]] == ["unit_parent_not_valid"]
    assert "Dòng" not in problem["errors"][0]["detail"]


async def test_under_a_unit_that_will_end_others_stand_until_then(
    client: Client, units: dict[str, Any]
) -> None:
    await closed(client, units["huyen-hai"], "2023-12-31")
    await moved(client, units["xa-mot"], "huyen-hai", "2022-01-01")
    shown = [
        (await client.get(f"/v1/units/{units['xa-mot']['id']}?on={day}")).json()["parents"]
        for day in ("2023-12-31", "2024-01-01")
    ]
    assert [[each["code"] for each in parents] for parents in shown] == [["huyen-hai"], []]


async def sent(client: Client, key: str, path: str, body: Any, tag: str | None = None) -> httpx.Response:
    """A request whose answer is looked at, whatever it is."""
    headers = {"Idempotency-Key": key} | ({"If-Match": tag} if tag else {})
    return await client.http.post(path, json=body, headers=headers)


async def test_of_two_who_would_stand_above_each_other_at_once_one_does(
    client: Client, units: dict[str, Any]
) -> None:
    requests = [
        sent(
            client,
            f"rival-{unit}",
            f"/v1/units/{units[unit]['id']}/parents",
            {"congress": C, "parent": parent, "first": "2021-01-01"},
            await etag(client, units[unit]),
        )
        for unit, parent in (("huyen-mot", "huyen-hai"), ("huyen-hai", "huyen-mot"))
    ]
    answers = await asyncio.gather(*requests)
    assert sorted(each.status_code for each in answers) == [201, 422]


async def test_of_changes_to_a_unit_at_once_the_first_is_made(client: Client, units: dict[str, Any]) -> None:
    unit = units["xa-mot"]
    path, tag = f"/v1/units/{unit['id']}", await etag(client, unit)
    move = {"congress": C, "parent": "huyen-hai", "first": "2021-01-01"}
    answers = await asyncio.gather(
        sent(client, "rival-name", f"{path}/names", {"name": "Xã Khác", "first": "2021-01-01"}, tag),
        sent(client, "rival-move", f"{path}/parents", move, tag),
        sent(client, "rival-end", f"{path}/closure", {"last": "2021-06-30"}, tag),
    )
    assert sorted(each.status_code for each in answers) == [201, 412, 412]


async def test_a_unit_does_not_end_while_another_is_founded_below_it(
    client: Client, units: dict[str, Any]
) -> None:
    unit = units["huyen-hai"]
    child = {"code": "xa-hai", "name": "xa hai", "kind": "commune", "valid_from": "2019-01-01"}
    tag = await etag(client, unit)
    founded, ended = await asyncio.gather(
        sent(client, "rival-found", "/v1/units", {**child, "parents": {C: "huyen-hai"}}),
        sent(client, "rival-close", f"/v1/units/{unit['id']}/closure", {"last": "2020-06-30"}, tag),
    )
    assert (founded.status_code, ended.status_code) in {(201, 201), (201, 409)}
    found = await client.get("/v1/units?on=2020-06-30&kind=commune")
    child = next(each for each in found.json()["items"] if each["code"] == "xa-hai")
    later = (await client.get(f"/v1/units/{child['id']}?on=2021-01-01")).json()["parents"]
    assert [each["code"] for each in later] == ([] if ended.status_code == 201 else ["huyen-hai"])


async def reported(
    client: Client, unit: dict[str, Any], source: str, day: str = "2019-12-31", **figures: int
) -> dict[str, tuple[int, str]]:
    """What is known of a unit after one more report: measure → (figure, source)."""
    told = {measure.replace("__", "."): figure for measure, figure in figures.items()}
    body = {"as_of": day, "source": source, "figures": told}
    await client.post(f"/v1/units/{unit['id']}/figures", body)
    shown = (await client.get(f"/v1/units/{unit['id']}?on=2020-01-01")).json()["figures"]
    return {each["measure"]: (each["value"], each["source"]) for each in shown}


async def test_the_source_that_was_published_last_is_believed(client: Client, units: dict[str, Any]) -> None:
    """However often the other one corrected itself before."""
    unit = units["xa-mot"]
    await reported(client, unit, "A", staff=100)
    assert await reported(client, unit, "A", staff=50) == {"staff": (50, "A")}
    assert await reported(client, unit, "B", staff=70) == {"staff": (70, "B")}
    assert await reported(client, unit, "A", staff=60) == {"staff": (60, "A")}


async def test_what_a_correction_leaves_out_is_withdrawn(client: Client, units: dict[str, Any]) -> None:
    unit = units["xa-mot"]
    await reported(client, unit, "A", staff=100, staff__women=60)
    assert await reported(client, unit, "A", staff=50) == {"staff": (50, "A")}
    assert await reported(client, unit, "A") == {}


async def test_what_is_withdrawn_uncovers_what_was_known_before(
    client: Client, units: dict[str, Any]
) -> None:
    unit = units["xa-mot"]
    await reported(client, unit, "A", "2019-06-30", staff=90)
    await reported(client, unit, "B", staff=100)
    assert await reported(client, unit, "B") == {"staff": (90, "A")}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"figures": {"populatio": 1}}, "/figures/populatio", "figure_measure_unknown"),
        ({"figures": {"staff": 1, "staff.women": 2}}, "/figures/staff.women", "figure_part_exceeds"),
    ],
)
async def test_a_single_report_has_no_rows_and_columns(
    client: Client, units: dict[str, Any], change: dict[str, Any], pointer: str, code: str
) -> None:
    body = {"as_of": "2019-12-31", "source": "Báo cáo thử", "figures": {"staff": 20}, **change}
    path = f"/v1/units/{units['xa-mot']['id']}/figures"
    (error,) = (await client.post(path, body, 422)).json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert "row" not in error["params"]
    assert "Dòng" not in error["detail"]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": "lang"}, "/kind", "unit_kind_unknown"),
        ({"parents": {C: "khong-co"}}, f"/parents/{C}", "unit_parent_unknown"),
        ({"parents": {"khac": "tinh-thu"}}, "/parents/khac", "congress_unknown"),
        ({"codes": {"gso": "1" * 101}}, "/codes/gso", "unit_identifier_long"),
    ],
)
async def test_a_single_unit_has_no_rows_and_columns(
    client: Client, units: dict[str, Any], change: dict[str, Any], pointer: str, code: str
) -> None:
    body = {"code": "xa-ba", "name": "Xã Ba", "kind": "commune", "valid_from": "2019-01-01", **change}
    (error,) = (await client.post("/v1/units", body, 422)).json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert "row" not in error["params"]
    assert "Dòng" not in error["detail"]


async def test_whoever_names_an_unknown_congress_is_told_which_there_are(
    client: Client, units: dict[str, Any]
) -> None:
    body = {"congress": "khac", "parent": "tinh-thu", "first": "2021-01-01"}
    unit = units["xa-mot"]
    answer = await client.act(f"/v1/units/{unit['id']}/parents", await etag(client, unit), body, 422)
    (error,) = answer.json()["errors"]
    assert (error["code"], error["pointer"]) == ("congress_unknown", "/congress")
    assert C in error["detail"]


async def test_where_no_plan_has_named_a_congress_this_is_said(client: Client) -> None:
    body = {"code": "a", "name": "A", "kind": "commune", "valid_from": "2019-01-01", "parents": {C: "b"}}
    errors = (await client.post("/v1/units", body, 422)).json()["errors"]
    assert {each["code"] for each in errors} == {"congress_none", "unit_parent_unknown"}


FILE = "Mã đơn vị,Tên đơn vị,Loại đơn vị,Có từ ngày,Cấp trên [parent:soc-trang-v],Giả định\n"


async def test_every_fault_of_a_file_is_told_in_one_go_and_in_its_own_words(
    client: Client, units: dict[str, Any]
) -> None:
    content = f"{FILE}Xã B!,Xã B,lang,31/02/2020,tinh-khong,maybe\n".encode()
    checked = (await client.post("/v1/unit_imports", content, headers=CSV)).json()
    said = {each["code"]: each["detail"] for each in checked["findings"]}
    assert set(said) == {
        *("unit_code_bad", "unit_kind_unknown", "cell_not_a_day"),
        *("unit_parent_unknown", "cell_not_yes_or_no"),
    }
    assert said["cell_not_a_day"].startswith("Dòng 2, cột “Có từ ngày”: không phải ngày")


async def test_a_file_that_no_longer_fits_is_not_stored(client: Client, units: dict[str, Any]) -> None:
    content = f"{FILE}xa-hai,Xã Hai,Xã,01/01/2019,huyen-hai,không\n".encode()
    checked = await client.post("/v1/unit_imports", content, headers=CSV)
    body = {"code": "xa-hai", "name": "Xã Khác", "kind": "commune", "valid_from": "2019-01-01"}
    await client.post("/v1/units", body)
    path = f"/v1/unit_imports/{checked.json()['id']}/confirmation"
    problem = (await client.act(path, checked.headers["ETag"], status=409)).json()
    assert (problem["code"], problem["errors"][0]["code"]) == ("import_outdated", "unit_exists")


async def test_a_plain_parent_column_is_not_dropped_when_a_second_congress_comes(
    client: Client, database: Database
) -> None:
    async with database.transaction(Actor.for_command_line()) as session:
        session.add(Congress(id="c", name="Đại hội thử"))
    rows = "huyen-hai,Huyện Hai,Huyện,2019-01-01,\nxa-hai,Xã Hai,Xã,2019-01-01,huyen-hai\n"
    content = f"code,name,kind,valid_from,parent\n{rows}".encode()
    checked = await client.post("/v1/unit_imports", content, headers=CSV)
    assert checked.json()["state"] == "checked"
    await client.plan("kim_bang_2025")
    path = f"/v1/unit_imports/{checked.json()['id']}/confirmation"
    problem = (await client.act(path, checked.headers["ETag"], status=409)).json()
    assert [each["code"] for each in problem["errors"]] == ["column_congress_missing"]


async def test_the_audit_trail_vouches_for_every_unit_of_a_large_file(
    client: Client, units: dict[str, Any]
) -> None:
    codes = sorted(f"xa-{n}" for n in range(200))
    rows = "".join(f"{code},Tên {code},commune,2019-01-01\n" for code in codes)
    await client.upload(f"code,name,kind,valid_from\n{rows}".encode(), "units")
    events = await client.list_all("/v1/audit_events")
    (changes,) = [
        each["changes"] for each in events if each["act"] == "units_founded" and each["subject"] == "200"
    ]
    assert changes == {"count": 200, "digest": sha256("\n".join(codes).encode()).hexdigest()}
