"""The board of a plan: its counts add up, on any day, and equal a plain recount."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.session import Database
from db.units import Unit
from domain.access import Actor
from service.clock import today
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, open_conference

CONGRESS = "soc-trang-v"
CSV = {"Accept": "text/csv", "Accept-Language": "vi"}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Sóc Trăng with a district that has filed in time, one that was late, and a commune that has met."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("soc_trang_2020"), await client.units("soc_trang")
        named: dict[str, Json] = {}
        for code, tier in (("huyen-chau-thanh", "upper"), ("huyen-ke-sach", "upper"), ("xa-", "grassroots")):
            unit = next(units[each] for each in sorted(units) if each.startswith(code))
            named[code] = await open_conference(client, plan, CONGRESS, unit, tier)
        await act(client, named["huyen-chau-thanh"], "filings", filing("2020-02-28"))
        await act(client, named["huyen-ke-sach"], "filings", filing("2020-03-02"))
        await act(client, named["xa-"], "holding", {"on": "2020-03-07"})
        return {"plan": plan["id"], "units": units, "conferences": named}

    return load


@pytest.fixture
def told(scene: Scene) -> Json:
    return scene.facts


def filing(on: str) -> Json:
    documents = [{"number": 1, "reference": "1/KH-UBND"}, {"number": 2, "reference": "2/QĐ-UBND"}]
    return {"deadline": "ke-hoach", "on": on, "documents": documents}


async def act(client: Client, conference: Json, name: str, body: Json) -> None:
    path = f"/v1/conferences/{conference['id']}"
    await client.act(f"{path}/{name}", (await client.get(path)).headers["ETag"], body)


async def list_rows(client: Client, told: Json, **query: str) -> list[Json]:
    """The lines of a board."""
    rows: list[Json] = (await client.get(f"/v1/plans/{told['plan']}/progress", params=query)).json()["rows"]
    return rows


async def board(client: Client, told: Json, **query: str) -> dict[tuple[str, str], Json]:
    """The lines of a board by tier and kind of units; of kinds that stand in several blocs, the last."""
    return {(row["tier"], row["kind"]): row for row in await list_rows(client, told, **query)}


def step(row: Json, name: str) -> dict[str, int]:
    """How many conferences are how far in a step, without noughts."""
    found = next(each for each in row["steps"] if each["step"] == name)
    return {key: number for key, number in found.items() if isinstance(number, int) and number}


async def test_units_add_up_to_115_at_the_grassroots_and_62_above(client: Client, told: Json) -> None:
    rows = await board(client, told, on="2020-03-01")
    by_tier: Counter[str] = Counter()
    for row in await list_rows(client, told, on="2020-03-01"):
        by_tier[row["tier"]] += row["units"]
    assert (by_tier["grassroots"], by_tier["upper"]) == (115, 62)
    assert rows["grassroots", "commune"]["units"] == 109
    assert rows["grassroots", "enterprise"]["units"] == 6


async def test_each_unit_is_counted_in_one_bloc_and_those_of_none_apart(client: Client, told: Json) -> None:
    """Three units of the armed forces are named by their bloc; communes compete in none."""
    rows = await list_rows(client, told, on="2020-03-01", tier="upper")
    blocs: Counter[str | None] = Counter()
    for row in rows:
        blocs[row["bloc"]] += row["units"]
    assert blocs.total() == 62
    assert (blocs["vu-trang"], blocs["huyen-thi"]) == (3, 11)
    assert [row["bloc_name"] for row in rows if row["bloc"] == "huyen-thi"] == [
        "Khối các huyện, thị xã, thành phố"
    ]
    assert (await board(client, told, on="2020-03-01"))["grassroots", "commune"]["bloc"] is None
    of_bloc = await list_rows(client, told, on="2020-03-01", bloc="huyen-thi")
    assert of_bloc == [row for row in rows if row["bloc"] == "huyen-thi"]
    path = f"/v1/plans/{told['plan']}/progress/conferences"
    query = {"bloc": "huyen-thi", "step": "ke-hoach"}
    assert len((await client.get(path, params=query)).json()["items"]) == 2
    assert (await client.get(path, params={**query, "bloc": "vu-trang"})).json()["items"] == []
    refused = await client.get(f"/v1/plans/{told['plan']}/progress", 422, params={"bloc": "khong-co"})
    assert refused.json()["code"] == "bloc_not_of_plan"


@pytest.mark.parametrize(
    ("on", "plans"),
    [
        ("2020-02-27", {"due": 2}),
        ("2020-02-28", {"done": 1, "due": 1}),
        ("2020-03-01", {"done": 1, "late": 1}),
        ("2020-03-02", {"done": 1, "done_late": 1}),
    ],
)
async def test_plans_are_in_time_late_or_due_by_the_day(
    client: Client, told: Json, on: str, plans: dict[str, int]
) -> None:
    assert step((await board(client, told, on=on))["upper", "district"], "ke-hoach") == plans


async def test_a_report_has_no_day_before_the_meeting(client: Client, told: Json) -> None:
    before = (await board(client, told, on="2020-03-06"))["grassroots", "commune"]
    assert (step(before, "bao-cao"), before["met"]) == ({"undated": 1}, 0)
    on_the_day = (await board(client, told, on="2020-03-07"))["grassroots", "commune"]
    assert (step(on_the_day, "bao-cao"), on_the_day["met"]) == ({"due": 1}, 1)
    assert step((await board(client, told, on="2020-03-08"))["grassroots", "commune"], "bao-cao") == {
        "late": 1
    }


async def test_a_meeting_of_several_days_has_met_on_its_last(client: Client, told: Json) -> None:
    district = told["conferences"]["huyen-chau-thanh"]
    await act(client, district, "holding", {"on": "2020-03-30", "until": "2020-03-31"})
    first = (await board(client, told, on="2020-03-30"))["upper", "district"]
    last = (await board(client, told, on="2020-03-31"))["upper", "district"]
    assert (first["met"], step(first, "meeting")) == (0, {"due": 2})
    assert (last["met"], step(last, "meeting")) == (1, {"due": 1, "done": 1})


async def test_boards_of_days_before_a_cancellation_still_have_the_conference(
    client: Client, told: Json
) -> None:
    before = await board(client, told, on="2020-03-03")
    await act(client, told["conferences"]["huyen-ke-sach"], "cancellation", {"reason": "Sáp nhập"})
    assert await board(client, told, on="2020-03-03") == before
    now = (await board(client, told, on=today().isoformat()))["upper", "district"]
    assert (now["conferences"], sum(step(now, "ke-hoach").values())) == (1, 1)


async def test_a_board_is_narrowed_by_tier_kind_and_unit(client: Client, told: Json) -> None:
    assert {tier for tier, _ in await board(client, told, tier="upper")} == {"upper"}
    assert {kind for _, kind in await board(client, told, kind="commune")} == {"commune"}
    below = await board(client, told, unit=told["units"]["huyen-chau-thanh"], on="2020-03-01")
    assert below["upper", "district"]["conferences"] == below["upper", "district"]["units"] == 1
    assert below["grassroots", "commune"]["units"] == 8
    for path in ("progress", "progress/conferences"):
        refused = await client.get(f"/v1/plans/{told['plan']}/{path}", 422, params={"tier": "khong-co"})
        assert refused.json()["code"] == "tier_unknown"


async def test_a_number_leads_to_its_conferences(client: Client, told: Json) -> None:
    path = f"/v1/plans/{told['plan']}/progress/conferences"
    query = {"step": "ke-hoach", "status": "late", "on": "2020-03-01", "tier": "upper"}
    [late] = (await client.get(path, params=query)).json()["items"]
    assert late["conference"] == told["conferences"]["huyen-ke-sach"]["id"]
    assert (late["days_late"], late["due"]) == (2, "2020-02-28")
    paged = {**query, "status": "", "limit": "1"}
    paged.pop("status")
    first = (await client.get(path, params=paged)).json()
    second = (await client.get(path, params={**paged, "cursor": first["next_cursor"]})).json()
    assert {each["items"][0]["conference"] for each in (first, second)} == {
        told["conferences"][code]["id"] for code in ("huyen-chau-thanh", "huyen-ke-sach")
    }
    steps: list[tuple[str, str]] = []
    asked = {"on": "2020-03-01", "limit": "2"}
    while True:
        page = (await client.get(path, params=asked)).json()
        steps += [(each["conference"], each["step"]) for each in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert len(steps) == len(set(steps)) == 9


async def test_a_board_is_a_table_for_spreadsheets(client: Client, told: Json) -> None:
    answer = await client.get(f"/v1/plans/{told['plan']}/progress?on=2020-03-01", headers=CSV)
    header, *lines = answer.text.lstrip("\ufeff").splitlines()
    assert header.startswith("Cấp;Loại đơn vị;Khối;Số đơn vị;Hội nghị đã mở;Đã họp;Việc;Đúng hạn")
    assert any(";109;1;0;" in line for line in lines)


@pytest.mark.parametrize("on", ["2020-02-27", "2020-02-29", "2020-03-02", "2020-03-07", "2020-12-31"])
async def test_the_counts_equal_a_plain_recount(
    client: Client, told: Json, database: Database, on: str
) -> None:
    day = date.fromisoformat(on)
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        steps = (await session.exec(select(ConferenceStep))).all()
        conferences = {each.id: each for each in (await session.exec(select(Conference))).all()}
        kinds = {each.id: each.kind for each in (await session.exec(select(Unit))).all()}
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for each in steps:
        begun = each.during.lower is None or each.during.lower <= day
        ended = each.during.upper is not None and each.during.upper <= day
        if begun and not ended:
            where = conferences[each.conference]
            status = each.read_step().derive_status(day)
            counted[where.tier, kinds[where.unit], each.step, status] += 1
    found: Counter[tuple[str, str, str, str]] = Counter()
    for row in await list_rows(client, told, on=on):
        for told_step in row["steps"]:
            found.update(
                {
                    (row["tier"], row["kind"], told_step["step"], name): number
                    for name, number in _numbers(told_step)
                }
            )
    assert found == counted


def _numbers(told_step: dict[str, Any]) -> list[tuple[str, int]]:
    return [(name, number) for name, number in told_step.items() if isinstance(number, int) and number]


async def test_a_task_of_a_unit_that_has_ended_names_it_as_it_was_called(client: Client, told: Json) -> None:
    """The units of Sóc Trăng ended in 2025."""
    tasks = (await client.get("/v1/me/tasks")).json()["items"]
    assert tasks
    assert [each["detail"] for each in tasks if "“”" in each["detail"]] == []
