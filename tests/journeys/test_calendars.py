"""The calendar of conferences, read back by another library than the one that writes it."""

from datetime import date, timedelta
from typing import Any

import pytest
import vobject

from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.steps import Json, open_conference

CONGRESS = "ha-nam-xii"
PATH = "/v1/conferences/calendar.ics"


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The conferences of the district and of one commune."""

    async def load(client: Client) -> Json:
        plan, units = await client.plan("kim_bang_2025"), await client.units("kim_bang")
        commune = next(units[code] for code in units if code.startswith("xa-"))
        return {
            "plan": plan,
            "district": await open_conference(client, plan, CONGRESS, units["huyen-kim-bang"], "district"),
            "commune": await open_conference(client, plan, CONGRESS, commune, "commune"),
        }

    return load


@pytest.fixture
def opened(scene: Scene) -> Json:
    return scene.facts


async def read_events(client: Client, **query: str) -> dict[str, Any]:
    """The entries by what is after the slash of their ids; of all conferences by the whole id."""
    answer = await client.get(PATH, params=query)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = vobject.readOne(answer.text).contents.get("vevent", [])
    return {event.uid.value.partition("@")[0]: event for event in events}


async def test_a_conference_has_its_window_and_its_deadlines(client: Client, opened: Json) -> None:
    commune = opened["commune"]
    events = await read_events(client, unit=commune["unit"], plan=opened["plan"]["id"])
    window, terms = events[f"{commune['id']}/meeting"], commune["terms"]
    assert str(window.dtstart.value) == terms["window"]["start"]
    assert window.dtend.value == date.fromisoformat(terms["window"]["end"]) + timedelta(days=1)
    assert (window.status.value, window.transp.value) == ("TENTATIVE", "TRANSPARENT")
    dated = [due for due in terms["deadlines"] if due["last_day"]]
    assert dated
    for due in dated:
        entry = events[f"{commune['id']}/deadline-{due['id']}"]
        assert str(entry.dtstart.value) == due["last_day"]
        assert due["recipient"] in entry.summary.value
        assert due["name"] in entry.summary.value
    assert len(events) == 1 + len(dated)


async def test_a_meeting_takes_the_place_of_the_window(client: Client, opened: Json) -> None:
    path = f"/v1/conferences/{opened['commune']['id']}"
    before = (await read_events(client))[f"{opened['commune']['id']}/meeting"]
    read = await client.get(path)
    held = {"on": "2025-01-10", "until": "2025-01-11", "reason": "Thử nghiệm"}
    await client.act(f"{path}/holding", read.headers["ETag"], held)
    after = (await read_events(client))[f"{opened['commune']['id']}/meeting"]
    assert (after.dtstart.value, after.dtend.value) == (date(2025, 1, 10), date(2025, 1, 12))
    assert after.status.value == "CONFIRMED"
    assert int(after.sequence.value) > int(before.sequence.value)


async def test_days_that_are_set_and_a_postponement_take_the_place_of_the_window(
    client: Client, opened: Json
) -> None:
    path, key = f"/v1/conferences/{opened['commune']['id']}", f"{opened['commune']['id']}/meeting"
    read = await client.get(path)
    days = {"first": "2025-03-07", "last": "2025-03-08"}
    scheduled = await client.act(f"{path}/schedule", read.headers["ETag"], days)
    entry = (await read_events(client))[key]
    assert (entry.dtstart.value, entry.dtend.value) == (date(2025, 3, 7), date(2025, 3, 9))
    assert (entry.status.value, entry.transp.value) == ("CONFIRMED", "OPAQUE")
    etag = scheduled.headers["ETag"]
    await client.act(f"{path}/schedule", etag, {"reason": "Bão"})
    entry = (await read_events(client))[key]
    assert (str(entry.dtstart.value), entry.status.value) == (
        opened["commune"]["terms"]["window"]["start"],
        "TENTATIVE",
    )
    assert "Hoãn" in entry.summary.value


async def test_a_cancelled_conference_is_removed_by_those_who_have_it(client: Client, opened: Json) -> None:
    path = f"/v1/conferences/{opened['commune']['id']}"
    read = await client.get(path)
    await client.act(f"{path}/cancellation", read.headers["ETag"], {"reason": "Thử nghiệm"})
    events = await read_events(client, unit=opened["commune"]["unit"])
    assert events
    assert {event.status.value for event in events.values()} == {"CANCELLED"}


async def test_filters_leave_out_other_conferences(client: Client, opened: Json) -> None:
    everything = await read_events(client)
    mine = await read_events(client, unit=opened["district"]["unit"])
    assert set(mine) < set(everything)
    assert all(key.startswith(opened["district"]["id"]) for key in mine)
    assert await read_events(client, plan="01980000-0000-7000-8000-000000000000") == {}


async def test_the_calendar_is_in_the_readers_language(client: Client) -> None:
    vietnamese = (await client.get(PATH)).text
    english = (await client.get(PATH, headers={"Accept-Language": "en"})).text
    assert "Thời gian tổ chức" in vietnamese
    assert "To be held" in english
    assert all(len(line.encode()) <= 75 for line in vietnamese.split("\r\n")), "RFC 5545, 3.1"
    await client.get(PATH, 406, headers={"Accept": "application/json"})


async def test_a_calendar_has_a_bound(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.conferences.calendars.MOST_CONFERENCES", 1)
    refused = await client.get(PATH, 422)
    assert refused.json()["code"] == "calendar_too_large"
