"""Who came and is no longer on the lists: not counted, and not in the way of what a device sends again."""

import asyncio

from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from tests.access.test_check_ins import BELOW, COUNCIL, GUEST, NOMINEE, arrived, came, lists, send
from tests.client import Client
from tests.journeys.steps import Json, codes

__all__ = ["lists"]


async def test_no_name_is_answered_of_somebody_who_is_being_erased(
    client: Client, lists: Json, database: Database
) -> None:
    """The device's records wait for the erasure, and their answer has what it left."""
    lock = text("SELECT person FROM invitation WHERE id = :line FOR UPDATE")
    rename = text("UPDATE person SET name = :name WHERE id = :who")
    for name, to in ((GUEST, "(đã xóa)"), ("(đã xóa)", GUEST)):
        async with database.transaction(Actor.for_service()) as session:
            connection = await session.connection()
            who = (await connection.execute(lock, {"line": lists["guest"]})).scalar_one()
            await connection.execute(rename, {"who": who, "name": to})
            recorded = asyncio.create_task(send(client, lists, "cua-2", (5 + (to == GUEST), name)))
            await asyncio.sleep(0.4)
            assert not recorded.done()
        assert [each["attendee"]["name"] for each in await recorded] == [to]
    undone = [{"at": f"2026-03-07T07:0{n}:00+07:00", "reason": "Sau lượt thử"} for n in (5, 6)]
    await send(client, lists, "cua-2", undone=undone)


async def test_who_left_the_lists_is_not_counted_and_keeps_no_queue_back(client: Client, lists: Json) -> None:
    await send(client, lists, "cua-1", (1, GUEST), (2, NOMINEE))
    assert await arrived(client, lists) == {"dien-hinh": 1, "khach-moi": 1}
    guest, named = f"/v1/invitations/{lists['guest']}", f"/v1/nominations/{lists['nominee']}"
    for reply in ("invited", "declined"):
        etag = (await client.get(guest, headers=COUNCIL)).headers["ETag"]
        said = {"reply": reply, "on": "2026-03-01"}
        await client.post(f"{guest}/reply", said, headers={**COUNCIL, "If-Match": etag})
    etag = (await client.get(named, headers=BELOW)).headers["ETag"]
    await client.post(f"{named}/withdrawal", {"reason": "Bị ốm"}, headers={**BELOW, "If-Match": etag})
    report = (await client.get(f"{lists['path']}/attendance")).json()
    assert (report["convened"], report["arrived"]) == (1, 0)
    [left] = await came(client, lists)
    told = await send(client, lists, "cua-1", (1, GUEST), (2, NOMINEE), (3, left))
    assert [(each["outcome"], each["attendee"]["name"]) for each in told] == [
        ("repeated", GUEST),
        ("repeated", NOMINEE),
        ("recorded", left),
    ]
    refused = await send(client, lists, "cua-1", (4, GUEST), status=422)
    assert codes(refused["errors"]) == ["attendee_not_found"]
    other = await send(client, lists, "cua-1", (1, left), status=409)
    assert codes(other["errors"]) == ["moment_of_another_person"]
