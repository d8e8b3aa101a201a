"""A conference is opened under its plan, held on a day that has come, or given up."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from db.audit import AuditEvent
from db.conferences import Conference
from db.session import Database
from domain.access import Actor
from domain.conferences.terms import derive_terms
from service.clock import today
from service.conferences import case
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import (
    Json,
    codes,
    document,
    draft_nomination,
    nominee,
    open_conference,
    person,
)

CONGRESS = "ha-nam-xii"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The published plan and the units of the district."""

    async def load(client: Client) -> Json:
        return {"plan": await client.plan("kim_bang_2025"), "units": await client.units("kim_bang")}

    return load


@pytest.fixture
def told(scene: Scene) -> Json:
    return scene.facts


async def refused(client: Client, told: Json, status: int, **changed: Any) -> Json:
    """The one error of an opening that is refused, in Vietnamese."""
    body = {
        "plan": told["plan"]["id"],
        "congress": CONGRESS,
        "unit": told["units"]["huyen-kim-bang"],
        "tier": "district",
        **changed,
    }
    [error] = (await client.post("/v1/conferences", body, status)).json()["errors"]
    answer: Json = error
    return answer


async def district(client: Client, told: Json) -> tuple[str, str]:
    """The path and the tag of the district's conference."""
    unit = told["units"]["huyen-kim-bang"]
    path = (
        f"/v1/conferences/{(await open_conference(client, told['plan'], CONGRESS, unit, 'district'))['id']}"
    )
    return path, (await client.get(path)).headers["ETag"]


async def test_a_conference_is_held_today_and_not_tomorrow(client: Client, told: Json) -> None:
    path, etag = await district(client, told)
    tomorrow = {"on": (today() + timedelta(days=1)).isoformat(), "reason": "Thử nghiệm"}
    [error] = (await client.act(f"{path}/holding", etag, tomorrow, 422)).json()["errors"]
    assert (error["code"], error["pointer"]) == ("day_in_future", "/on")
    held = await client.act(f"{path}/holding", etag, {"on": today().isoformat(), "reason": "Thử nghiệm"})
    assert held.json()["state"] == "held"
    assert "outside_window" in codes(held.json()["findings"])


async def test_a_conference_that_was_given_up_is_not_held(client: Client, told: Json) -> None:
    path, etag = await district(client, told)
    gone = await client.act(f"{path}/cancellation", etag, {"reason": "Thử nghiệm"})
    for act, body in (("holding", {"on": "2025-03-01"}), ("cancellation", {"reason": "Thử nghiệm"})):
        answer = await client.act(f"{path}/{act}", gone.headers["ETag"], body, 409)
        assert answer.json()["code"] == "conference_cancelled"


async def test_a_unit_that_is_there_on_another_day_is_not_said_to_be_unknown(
    client: Client, told: Json
) -> None:
    error = await refused(client, told, 422, as_of="1950-01-02")
    assert (error["code"], error["pointer"]) == ("unit_not_on_day", "/unit")
    assert "02/01/1950" in error["detail"]


async def test_what_the_plan_has_instead_is_said(client: Client, told: Json) -> None:
    plan = told["plan"]["body"]
    names = {tier["id"]: tier["name"] for tier in plan["tiers"]}
    wrong = await refused(client, told, 422, congress="khac")
    assert (wrong["code"], wrong["pointer"]) == ("tier_not_of_congress", "/congress")
    assert names["district"] in wrong["detail"]
    assert CONGRESS in wrong["detail"]
    assert ", ".join(names) in (await refused(client, told, 422, tier="khac"))["detail"]
    offered = [name["id"] for tier in plan["tiers"] if tier["id"] == "district" for name in tier["names"]]
    assert ", ".join(offered) in (await refused(client, told, 422, name="khac"))["detail"]


async def test_a_unit_of_another_kind_is_told_by_the_names_of_kind_and_tier(
    client: Client, told: Json
) -> None:
    town = told["units"]["thi-tran-que--huyen-kim-bang"]
    error = await refused(client, told, 409, unit=town)
    tier = next(tier["name"] for tier in told["plan"]["body"]["tiers"] if tier["id"] == "district")
    assert error["code"] == "unit_not_of_tier"
    assert "Xã, phường, thị trấn" in error["detail"]
    assert tier in error["detail"]


async def test_facts_are_stored_and_what_the_plan_says_of_them_is_derived_when_asked(
    client: Client, told: Json, database: Database
) -> None:
    unit = told["units"]["huyen-kim-bang"]
    answer = await open_conference(client, told["plan"], CONGRESS, unit, "district")
    path = f"/v1/conferences/{answer['id']}"
    read = await client.get(path)
    assert read.json() == answer
    assert {"unit", "cap", "window", "targets", "deadlines"} < set(answer["terms"])
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        [stored] = (await session.exec(select(Conference))).all()
    assert stored.facts.plain() == answer["terms"]["unit"]
    held = await client.act(f"{path}/holding", read.headers["ETag"], {"on": "2025-03-01", "reason": "x"})
    assert held.json()["terms"] == answer["terms"]


async def test_what_a_plan_says_of_a_conference_is_derived_once(
    client: Client, told: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, etag = await district(client, told)
    case._derive_terms.cache_clear()
    derived: list[object] = []

    def counted(*given: Any, **more: Any) -> Any:
        derived.append(more["held"])
        return derive_terms(*given, **more)

    monkeypatch.setattr("service.conferences.case.derive_terms", counted)
    for _ in range(3):
        await client.get(path)
    assert derived == [None]
    held = await client.act(f"{path}/holding", etag, {"on": "2025-03-01", "reason": "Thử nghiệm"})
    assert str(derived[-1]) == held.json()["held_on"] == "2025-03-01"


async def test_a_meeting_has_days_half_days_and_those_who_attended(client: Client, told: Json) -> None:
    path, etag = await district(client, told)
    met = {"on": "2025-05-08", "starts": "afternoon", "until": "2025-05-09", "ends": "morning"}
    counted = {"attended": 301, "groups": {"dien-hinh": 150, "khach-moi": 50}}
    refused = await client.act(f"{path}/holding", etag, {**met, "groups": {"khong-co": 1}}, 422)
    assert codes(refused.json()["errors"]) == ["group_unknown"]
    held = await client.act(f"{path}/holding", etag, {**met, **counted})
    stored = (await client.get(path)).json()["meeting"]
    assert stored == {
        **counted,
        "proceedings": None,
        "first": "2025-05-08",
        "last": "2025-05-09",
        **_halves(met),
    }
    assert held.json()["held_on"] == "2025-05-08"
    found = {each["code"] for each in held.json()["findings"] if each["severity"] == "warning"}
    assert {"attendance_above_cap", "attendance_off_mix", "longer_than_planned"} <= found


def _halves(met: Json) -> Json:
    return {name: met[name] for name in ("starts", "ends")}


async def test_after_the_meeting_its_day_changes_only_by_a_recorded_correction(
    client: Client, told: Json, database: Database
) -> None:
    path, etag = await district(client, told)
    held = await client.act(f"{path}/holding", etag, {"on": "2025-05-08"})
    again = {"on": "2025-05-09"}
    refused = await client.act(f"{path}/holding", held.headers["ETag"], again, 422)
    assert codes(refused.json()["errors"]) == ["correction_needs_reason"]
    told_why = {**again, "correction": "Ghi nhầm ngày"}
    corrected = await client.act(f"{path}/holding", held.headers["ETag"], told_why)
    assert corrected.json()["held_on"] == "2025-05-09"
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        query = select(AuditEvent).where(col(AuditEvent.act) == "meeting_corrected")
        [event] = (await session.exec(query)).all()
    assert event.changes["before"]["first"] == "2025-05-08"
    assert event.changes["correction"] == "Ghi nhầm ngày"


async def test_after_the_meeting_what_led_up_to_it_is_closed(client: Client, told: Json) -> None:
    path, _ = await district(client, told)
    town = told["units"]["thi-tran-que--huyen-kim-bang"]
    conference = (await client.get(path)).json()
    draft = await draft_nomination(client, conference, town)
    guest = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p", "person": person()}
    listed = await client.post(f"{path}/invitations", guest)
    given = {"unit": town, "group": "dien-hinh", "seats": 1, "document": document("1")}
    quota = await client.post(f"{path}/quotas", given)
    etag = (await client.get(path)).headers["ETag"]
    await client.act(f"{path}/holding", etag, {"on": "2025-05-08"})
    named = f"/v1/nominations/{draft.json()['id']}"
    reply = {"reply": "invited", "on": "2025-05-07"}
    closed = [
        await client.post(f"{path}/nominations", nominee(town), 409),
        await client.act(f"{named}/submission", draft.headers["ETag"], {}, 409),
        await client.act(f"{named}/withdrawal", draft.headers["ETag"], {"reason": "x"}, 409),
        await client.post(f"{path}/invitations", guest, 409),
        await client.act(f"/v1/invitations/{listed.json()['id']}/reply", listed.headers["ETag"], reply, 409),
        await client.post(f"{path}/quotas", {**given, "group": "dien-hinh"}, 409),
        await client.put(
            f"/v1/quotas/{quota.json()['id']}",
            {"seats": 2, "document": document("2")},
            quota.headers["ETag"],
            409,
        ),
        await client.post(f"{path}/allocations", {}, 409),
    ]
    assert {answer.json()["code"] for answer in closed} == {"conference_has_met"}
