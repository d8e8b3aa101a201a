"""Check-in at the door: several devices, late records, two requests at once, and who may read and write."""

import asyncio
from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from tests.access.test_disclosures import by
from tests.access.world import OWN
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json, act_on_nomination, codes, person, submit_nominee

OFFICER, BELOW, ABOVE, BESIDE = (
    by(f"unit_officer@{place}") for place in ("huyen", "xa", "tinh", "huyen-ben")
)
COUNCIL, COUNCIL_ABOVE, AUDITOR = by("standing_council"), by("standing_council@tinh"), by("auditor@huyen")
GUEST, NOMINEE = "Người thử nghiệm Khách", "Người thử nghiệm Điển Hình"


@pytest.fixture(scope="module")
async def lists(client: Client, scene: Scene) -> Json:
    """The conference of the district, with a guest, an accepted nominee of a commune, and their lines."""
    conference = {"id": scene.facts["ids"][OWN]["conference_id"]}
    path = f"/v1/conferences/{conference['id']}"
    client.http.headers.update(COUNCIL)
    guest = {"group": "khach-moi", "basis": "Ví dụ", "notice": "1", "purpose": "p"}
    listed = await client.post(f"{path}/invitations", {**guest, "person": person() | {"name": GUEST}})
    commune, named = scene.facts["units"]["xa"], {"person": person() | {"name": NOMINEE}}
    client.http.headers.update(BELOW)
    sent = await submit_nominee(client, conference, commune, **named)
    client.http.headers.update(COUNCIL)
    etag = (await client.get(f"/v1/nominations/{sent.json()['id']}")).headers["ETag"]
    sent.headers["ETag"] = etag
    await act_on_nomination(client, sent, "acceptance")
    client.http.headers.update(OFFICER)
    return {"path": path, "guest": listed.json()["id"], "nominee": sent.json()["id"], "commune": commune}


@pytest.fixture
async def door(client: Client, lists: Json, database: Database) -> AsyncIterator[Json]:
    """The lists; afterwards nobody has come, so that tests follow each other in any order."""
    yield lists
    query = text("SELECT device, at FROM check_in WHERE undone_at IS NULL")
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        rows = (await (await session.connection()).execute(query)).all()
    undone = [{"device": device, "at": at.isoformat(), "reason": "Sau lượt thử"} for device, at in rows]
    await send(client, lists, "sau-luot-thu", undone=undone)


def moment(minute: int) -> str:
    return f"2026-03-07T07:{minute:02}:00+07:00"


async def send(
    client: Client, door: Json, device: str, *arrivals: Any, status: int = 200, **more: Any
) -> Any:
    """What a device recorded: (minute, name) each."""
    records = [{"at": moment(minute), "name": name} for minute, name in arrivals]
    body = {"device": device, "arrivals": records, **more}
    return (await client.post(f"{door['path']}/check_ins", body, status)).json()


async def arrived(client: Client, door: Json) -> dict[str, int]:
    """Seat group → how many came."""
    answer = (await client.get(f"{door['path']}/attendance")).json()
    return {row["group"]: row["arrived"] for row in answer["groups"]}


async def came(client: Client, door: Json) -> dict[str, tuple[str | None, str | None]]:
    """Name → first moment, in Vietnam's minutes, and device."""
    rows = (await client.get(f"{door['path']}/attendees")).json()
    return {row["name"]: (row["arrived_at"] and row["arrived_at"][14:16], row["device"]) for row in rows}


async def test_guests_and_delegates_are_checked_in_alike_by_name_or_code(client: Client, door: Json) -> None:
    listed = {row["line"]: row for row in (await client.get(f"{door['path']}/attendees")).json()}
    assert {listed[door["guest"]]["unit"], listed[door["nominee"]]["unit"]} == {None, door["commune"]}
    by_code = {"at": moment(1), "code": listed[door["guest"]]["code"].lower()}
    [one, other] = (
        await client.post(
            f"{door['path']}/check_ins",
            {
                "device": "cua-1",
                "arrivals": [by_code, {"at": moment(2), "name": "nguoi thu nghiem dien hinh"}],
            },
            200,
        )
    ).json()
    assert (one["attendee"]["line"], other["attendee"]["line"]) == (door["guest"], door["nominee"])
    assert (one["outcome"], other["outcome"]) == ("recorded", "recorded")
    assert await arrived(client, door) == {"dien-hinh": 1, "khach-moi": 1}
    report = (await client.get(f"{door['path']}/attendance")).json()
    assert report["units"] == [{"unit": door["commune"], "convened": 1, "arrived": 1}]
    assert report["arrived"] == 2


async def test_what_cannot_be_is_refused_and_nothing_of_it_is_stored(client: Client, door: Json) -> None:
    wrong = await send(client, door, "cua-1", (11, GUEST), (12, "Không có ai"), status=422)
    assert [(each["code"], each["pointer"]) for each in wrong["errors"]] == [
        ("attendee_not_found", "/arrivals/1/name")
    ]
    unknown = [{"at": moment(59), "reason": "Ghi nhầm"}]
    refused = await send(client, door, "cua-1", (11, GUEST), status=422, undone=unknown)
    assert codes(refused["errors"]) == ["check_in_not_found"]
    await send(client, door, "cua-3", (13, GUEST))
    other = await send(client, door, "cua-3", (13, NOMINEE), status=409)
    assert codes(other["errors"]) == ["moment_of_another_person"]
    assert await arrived(client, door) == {"dien-hinh": 0, "khach-moi": 1}


async def test_late_records_of_several_devices_lead_to_the_same_attendance(
    client: Client, door: Json
) -> None:
    """Whatever the order in which they come, and however often: devices were without a network meanwhile."""
    batches: list[tuple[str, Json]] = [
        ("may-a", {"arrivals": [{"at": moment(31), "name": GUEST}, {"at": moment(32), "name": NOMINEE}]}),
        ("may-b", {"arrivals": [{"at": moment(30), "name": GUEST}]}),
        ("may-c", {"arrivals": [{"at": moment(29), "name": NOMINEE}]}),
    ]
    outcomes = set()
    for turn, order in enumerate(permutations(batches)):
        for device, body in [*order, order[0]]:
            named = {"device": f"{device}-{turn}", **body}
            answer = (await client.post(f"{door['path']}/check_ins", named, 200)).json()
            outcomes |= {each["outcome"] for each in answer}
        assert await arrived(client, door) == {"dien-hinh": 1, "khach-moi": 1}
        assert (await came(client, door)).items() >= {
            GUEST: ("30", f"may-b-{turn}"),
            NOMINEE: ("29", f"may-c-{turn}"),
        }.items()
        undone = [
            {"device": f"{device}-{turn}", "at": each["at"], "reason": "Lượt thử"}
            for device, body in batches
            for each in body["arrivals"]
        ]
        await send(client, door, "may-a", undone=undone)
        assert await arrived(client, door) == {"dien-hinh": 0, "khach-moi": 0}
    assert outcomes == {"recorded", "repeated", "came_before"}


async def test_an_undone_record_leaves_those_of_other_devices(client: Client, door: Json) -> None:
    await send(client, door, "cua-4", (41, GUEST))
    await send(client, door, "cua-5", (42, GUEST))
    await send(client, door, "cua-4", undone=[{"at": moment(41), "reason": "Quét nhầm"}])
    assert (await came(client, door))[GUEST] == ("42", "cua-5")
    again = [{"at": moment(41), "reason": "Gửi lại"}, {"device": "cua-5", "at": moment(42), "reason": "x"}]
    await send(client, door, "cua-4", undone=again)
    assert (await came(client, door))[GUEST] == (None, None)
    [repeated] = await send(client, door, "cua-4", (41, GUEST))
    assert repeated["outcome"] == "repeated"
    assert await arrived(client, door) == {"dien-hinh": 0, "khach-moi": 0}


async def test_two_devices_at_once_and_the_same_device_twice_at_once(
    client: Client, door: Json, database: Database
) -> None:
    records = [{"at": moment(50 + n), "name": (GUEST, NOMINEE)[n % 2]} for n in range(6)]

    async def ask(device: str, turned: bool) -> httpx.Response:
        body = {"device": device, "arrivals": records[::-1] if turned else records}
        headers = {"Idempotency-Key": f"cung-luc-{device}-{turned}"}
        return await client.http.post(f"{door['path']}/check_ins", json=body, headers=headers)

    answers = await asyncio.gather(*(ask(f"cung-{n // 2}", bool(n % 2)) for n in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert await arrived(client, door) == {"dien-hinh": 1, "khach-moi": 1}
    query = text("SELECT device, count(*) FROM check_in WHERE device LIKE 'cung-%' GROUP BY device")
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        rows = (await (await session.connection()).execute(query)).all()
    assert dict([tuple(row) for row in rows]) == {f"cung-{n}": 6 for n in range(4)}


@pytest.mark.parametrize(
    ("who", "listing", "recording", "counting"),
    [
        (OFFICER, 200, 200, 200),
        (COUNCIL, 200, 200, 200),
        (AUDITOR, 200, 403, 200),
        (by("approver@huyen"), 200, 403, 200),
        (COUNCIL_ABOVE, 403, 403, 200),
        (ABOVE, 403, 403, 200),
        (BELOW, 403, 403, 403),
        (BESIDE, 404, 404, 404),
    ],
)
async def test_the_door_is_the_organisers_and_the_numbers_are_for_those_above(
    client: Client, door: Json, who: dict[str, str], listing: int, recording: int, counting: int
) -> None:
    await client.get(f"{door['path']}/attendees", listing, headers=who)
    body = {"device": "cua-9", "arrivals": []}
    await client.post(f"{door['path']}/check_ins", body, recording, headers=who)
    answer = await client.get(f"{door['path']}/attendance", counting, headers=who)
    if counting == 200:
        assert answer.json()["convened"] == 3
        assert GUEST not in answer.text


async def test_the_counts_of_those_above_are_those_of_the_door(client: Client, door: Json) -> None:
    await send(client, door, "cua-6", (43, GUEST), (44, NOMINEE))
    path = f"{door['path']}/attendance"
    own = (await client.get(path)).json()
    above = (await client.get(path, headers=COUNCIL_ABOVE)).json()
    assert own == above
    assert above["arrived"] == 2


async def test_the_second_moment_of_somebody_in_one_batch_came_before(client: Client, door: Json) -> None:
    told = await send(client, door, "cua-10", (48, GUEST), (49, GUEST), (50, NOMINEE))
    assert [each["outcome"] for each in told] == ["recorded", "came_before", "recorded"]


async def test_the_meeting_and_the_door_stand_side_by_side(client: Client, door: Json) -> None:
    etag = (await client.get(door["path"])).headers["ETag"]
    met = {"on": "2026-03-07", "attended": 5, "groups": {"khach-moi": 1}, "reason": "Trước thời gian"}
    await client.act(f"{door['path']}/holding", etag, met)
    await send(client, door, "cua-8", (46, GUEST), (47, NOMINEE))
    report = (await client.get(f"{door['path']}/attendance")).json()
    assert (report["attended"], report["arrived"]) == (5, 2)
    assert codes(report["findings"]) == ["door_differs"]
    [late] = await send(client, door, "cua-7", (45, NOMINEE))
    assert late["outcome"] == "came_before"
