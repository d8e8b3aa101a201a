"""Papers that units send in: kept as they came, sealed, opened by those who may, and erased."""

import asyncio
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from service.key_rotation import rewrap_keys
from service.vaults import Vault
from tests.access.world import OWN, A, B
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json, codes

MINUTES = b"%PDF-1.7\n" + "Biên bản thử nghiệm: Người thử nghiệm 1".encode() * 20
OFFICER, AUDITOR, COUNCIL_ABOVE = "unit_officer", "auditor", "standing_council@tinh"
BECAUSE = {"reason": "request", "source_document": "Đơn số 1"}


@pytest.fixture(scope="module")
def told(scene: Scene) -> Json:
    return scene.facts


def bearer(who: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}", **more}


async def send(
    client: Client, told: Json, content: bytes = MINUTES, status: int = 201, who: str = OFFICER, **query: Any
) -> httpx.Response:
    asked = httpx.QueryParams({"congress": A, "kind": "minutes", "number": "12/BB", **query})
    path = f"/v1/units/{told['units']['huyen']}/papers?{asked}"
    headers = bearer(who, **{"Content-Type": "application/octet-stream"})
    return await client.post(path, content, status, headers=headers)


async def read_file(client: Client, paper: Json, who: str, status: int = 200) -> httpx.Response:
    return await client.get(f"/v1/papers/{paper['id']}/file", status, headers=bearer(who))


async def test_a_paper_is_kept_as_it_came_and_is_sealed(
    client: Client, told: Json, database: Database
) -> None:
    paper = (await send(client, told)).json()
    assert (paper["digest"], paper["size"]) == (sha256(MINUTES).hexdigest(), len(MINUTES))
    assert (paper["media"], paper["kind"], paper["number"]) == ("application/pdf", "minutes", "12/BB")
    for who in (OFFICER, COUNCIL_ABOVE):
        answer = await read_file(client, paper, who)
        assert answer.content == MINUTES
        assert answer.headers["Content-Type"] == "application/pdf"
    query = text("SELECT sealed FROM paper_box WHERE paper = :paper")
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        sealed = (await (await session.connection()).execute(query, {"paper": paper["id"]})).scalar_one()
        events = text("SELECT actor FROM audit_event WHERE act = 'paper_opened' AND subject = :paper")
        opened = (await (await session.connection()).execute(events, {"paper": paper["id"]})).scalars().all()
    assert b"Bi" not in sealed[:60]
    assert MINUTES[9:40] not in sealed
    assert sorted(opened) == ["standing_council", "unit_officer"]


async def test_who_may_not_read_what_is_sealed_sees_only_that_there_is_a_paper(
    client: Client, told: Json
) -> None:
    paper = (await send(client, told)).json()
    here = f"/v1/papers/{paper['id']}"
    assert (await client.get(here, headers=bearer(AUDITOR))).json() == paper
    await read_file(client, paper, AUDITOR, 403)
    for stranger in ("unit_officer@huyen-ben", "standing_council@bo", "unit_officer@xa"):
        await read_file(client, paper, stranger, 404)
        await client.get(here, 404, headers=bearer(stranger))
    found = await client.get(f"/v1/units/{told['units']['huyen']}/papers", headers=bearer(OFFICER))
    assert paper in found.json()["items"]
    beside = await client.get(f"/v1/units/{told['units']['huyen']}/papers", headers=bearer("unit_officer@xa"))
    assert beside.json()["items"] == []


async def test_only_files_that_are_what_they_say_are_taken(client: Client, told: Json) -> None:
    for content, code in ((b"", "paper_empty"), (b"Khong phai PDF", "paper_format_unknown")):
        refused = await send(client, told, content, 422)
        assert [error["code"] for error in refused.json()["errors"]] == [code]
    jpeg = await send(client, told, b"\xff\xd8\xff\xe0 anh")
    assert jpeg.json()["media"] == "image/jpeg"
    unknown = await send(client, told, congress=B, status=403)
    assert unknown.json()["code"] == "forbidden"
    tomorrow = await send(client, told, status=422, dated="2199-01-01")
    assert tomorrow.json()["errors"][0]["code"] == "day_in_future"


async def test_a_paper_that_was_erased_cannot_be_opened_and_its_digest_stays(
    client: Client, told: Json, database: Database
) -> None:
    paper = (await send(client, told)).json()
    path = f"/v1/papers/{paper['id']}/erasure"
    await client.post(path, BECAUSE, 403, headers=bearer(OFFICER))
    erased = await client.post(path, BECAUSE, headers=bearer("standing_council"))
    assert erased.json() == {**paper, "erased_at": erased.json()["erased_at"]}
    assert erased.json()["erased_at"] is not None
    refused = await read_file(client, paper, OFFICER, 409)
    assert refused.json()["code"] == "paper_erased"
    again = await client.post(path, BECAUSE, 409, headers=bearer("standing_council"))
    assert again.json()["code"] == "paper_erased"
    query = text("SELECT count(*) FROM paper_box WHERE paper = :paper")
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        assert (await (await session.connection()).execute(query, {"paper": paper["id"]})).scalar_one() == 0


async def test_papers_and_reasons_are_read_after_the_master_key_was_changed(
    client: Client, told: Json, database: Database
) -> None:
    paper = (await send(client, told)).json()
    vote = f"/v1/list_votes/{told['ids'][OWN]['list_vote_id']}"
    revoked = {"reason": "Ghi nhầm"}
    etag = (await client.get(vote, headers=bearer(OFFICER))).headers["ETag"]
    await client.post(f"{vote}/revocation", revoked, headers=bearer(OFFICER, **{"If-Match": etag}))
    old, new = Vault(bytes(range(32))), Vault(bytes(range(1, 33)))
    async with database.transaction(Actor.for_service()) as session:
        while await rewrap_keys(session, old, new):
            pass
    answer = await read_file(client, paper, OFFICER, 409)
    assert answer.json()["code"] == "sealed_box_unreadable"
    closed = (await client.get(vote, headers=bearer(OFFICER))).json()
    assert closed["revoked_reason"] is None
    assert "sealed_notes_unreadable" in codes(closed["findings"])
    async with database.transaction(Actor.for_service()) as session:
        while await rewrap_keys(session, new, old):
            pass
    assert (await read_file(client, paper, OFFICER)).content == MINUTES
    reasons = {}
    for who in (OFFICER, AUDITOR, COUNCIL_ABOVE):
        reasons[who] = (await client.get(vote, headers=bearer(who))).json()["revoked_reason"]
    assert reasons == {OFFICER: "Ghi nhầm", AUDITOR: None, COUNCIL_ABOVE: "Ghi nhầm"}


async def test_thirty_papers_at_once_do_not_exceed_the_room_of_a_unit(
    client: Client, told: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits for the one before it, and is refused from the first on that does not fit."""
    path = f"/v1/units/{told['units']['huyen']}/papers"
    there = (await client.get(f"{path}?congress={A}", headers=bearer(OFFICER))).json()["items"]
    stored = sum(each["size"] for each in there if each["erased_at"] is None)
    monkeypatch.setattr("domain.papers.MOST_UNIT_BYTES", stored + 7 * len(MINUTES))
    headers = bearer(OFFICER, **{"Content-Type": "application/octet-stream"})
    sent = (
        client.http.post(
            f"{path}?congress={A}&kind=minutes",
            content=MINUTES,
            headers={**headers, "Idempotency-Key": f"giay-{n}"},
        )
        for n in range(30)
    )
    statuses = [answer.status_code for answer in await asyncio.gather(*sent)]
    assert (statuses.count(201), statuses.count(409)) == (7, 23)
