"""Units over time: what they are called and under whom depends on the day."""

from typing import Any

import pytest

from tests.client import Client


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
        unit["code"] in {each["code"] for each in await client.every(f"/v1/units?on={day}")}
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
