"""Runs over HTTP: waited for, not waited for, sent again."""

import asyncio
from uuid import UUID

import pytest

from api.worker import Worker
from db.session import Database
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import load


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress, opened."""
    return load


async def test_whoever_does_not_wait_is_told_where_to_look(client: Client, scene: Scene) -> None:
    path = f"/v1/conferences/{scene.facts['id']}/allocations"
    headers = {"Prefer": "wait=0", "Idempotency-Key": "not-waiting"}
    started = await client.post(path, {}, 202, headers=headers)
    assert started.json()["state"] in ("queued", "running")
    run = started.json()
    async with asyncio.timeout(30):
        while run["state"] != "done":
            await asyncio.sleep(0.05)
            run = (await client.get(started.headers["Location"])).json()
    again = await client.post(path, {}, 201, headers=headers)
    assert (again.json()["id"], again.json()["state"]) == (run["subject"], "decided")
    assert again.headers["Location"] == f"/v1/allocations/{run['subject']}"


async def test_whoever_waits_is_not_turned_away_when_another_worker_has_the_run(
    client: Client, scene: Scene, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    process_run = Worker.process_run

    async def process_elsewhere(self: Worker, run: UUID | None = None) -> bool:
        await process_run(self)
        return False

    monkeypatch.setattr(Worker, "process_run", process_elsewhere)
    path = f"/v1/conferences/{scene.facts['id']}/allocations"
    assert (await client.post(path, {}, 201)).json()["state"] == "decided"


async def test_a_conference_is_never_answered_as_unchanged(client: Client, scene: Scene) -> None:
    path = f"/v1/conferences/{scene.facts['id']}"
    etag = (await client.get(path)).headers["ETag"]
    await client.get(path, 200, headers={"If-None-Match": etag})


async def test_the_same_inputs_have_the_same_digest_and_the_same_split(client: Client, scene: Scene) -> None:
    """Nobody can draw again by opening the conference anew: all rests on plan, day and figures."""
    first = (await client.post(f"/v1/conferences/{scene.facts['id']}/allocations", {})).json()
    etag = (await client.get(f"/v1/conferences/{scene.facts['id']}")).headers["ETag"]
    await client.act(f"/v1/conferences/{scene.facts['id']}/cancellation", etag, {"reason": "thử lại"})
    body = {
        "plan": scene.facts["plan"]["id"],
        "congress": "soc-trang-v",
        "unit": scene.facts["units"]["tinh-soc-trang"],
        "tier": "province",
    }
    conference = (await client.post("/v1/conferences", body)).json()
    second = (await client.post(f"/v1/conferences/{conference['id']}/allocations", {})).json()
    assert first["snapshot"] == second["snapshot"]
    seats = [(await client.get(f"/v1/allocations/{each['id']}/seats")).json() for each in (first, second)]
    assert seats[0] == seats[1]
