"""Runs over HTTP: waited for, not waited for, sent again."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from fastapi import FastAPI

from service import runs
from service.work import Work
from tests.client import Client
from tests.conftest import connect_client, start_worker
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import load
from tests.journeys.steps import Json


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


@pytest.fixture
async def idle(app: FastAPI) -> AsyncIterator[Client]:
    """A client of a service without any worker."""
    async with connect_client(app, with_worker=False) as client:
        yield client


async def start(client: Client, path: str, body: Json | None = None, wait: int = 0) -> Json:
    started = await client.post(path, body or {}, 202, headers={"Prefer": f"wait={wait}"})
    run: Json = started.json()
    assert started.headers["Location"] == f"/v1/runs/{run['id']}"
    return run


async def test_without_a_worker_nothing_is_computed_and_the_run_says_so(
    idle: Client, app: FastAPI, scene: Scene
) -> None:
    """The service itself computes no run, however long somebody waits."""
    run = await start(idle, f"/v1/conferences/{scene.facts['id']}/allocations", wait=1)
    assert (run["state"], run["progress"]["step"]) == ("queued", "waiting_without_worker")
    assert run["progress"]["detail"].startswith("Đang chờ, nhưng hiện không có chương trình tính nào")
    ready = (await idle.get("/readyz")).json()
    assert ready == {"status": "ok", "workers": False, "runs_waiting": 1}
    async with start_worker(app.state.database, app.state.vault), asyncio.timeout(60):
        while (await idle.get(f"/v1/runs/{run['id']}")).json()["state"] != "done":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        ready = (await idle.get("/readyz")).json()
        assert ready == {"status": "ok", "workers": True, "runs_waiting": 0}
    assert (await idle.get(f"/v1/runs/{run['id']}")).json()["progress"] is None


async def test_whoever_waits_hears_of_the_end_and_does_not_look_again(
    idle: Client, app: FastAPI, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look before the notice, and one after it."""
    monkeypatch.setattr("api.runs.POLL_SECONDS", 1000.0)
    looks = 0
    look = runs.has_finished

    async def count_looks(work: Work, run: UUID) -> bool:
        nonlocal looks
        looks += 1
        return await look(work, run)

    monkeypatch.setattr(runs, "has_finished", count_looks)
    path = f"/v1/conferences/{scene.facts['id']}/allocations"
    waiting = asyncio.create_task(idle.post(path, {}, 201, headers={"Prefer": "wait=60"}))
    await asyncio.sleep(0.5)
    async with start_worker(app.state.database, app.state.vault):
        assert (await waiting).json()["state"] == "decided"
    assert looks == 2


async def test_whoever_waits_is_answered_when_the_service_stops(
    idle: Client, app: FastAPI, scene: Scene
) -> None:
    """The run waits for a worker, and is found again where the answer says."""
    app.state.stopping.set()
    run = await start(idle, f"/v1/conferences/{scene.facts['id']}/allocations", wait=60)
    assert run["state"] == "queued"


async def test_a_cancelled_allocation_says_so_and_another_can_be_started(
    idle: Client, app: FastAPI, scene: Scene
) -> None:
    path = f"/v1/conferences/{scene.facts['id']}/allocations"
    run = await start(idle, path)
    cancelled = (await idle.post(f"/v1/runs/{run['id']}/cancellation")).json()
    assert (cancelled["state"], cancelled["progress"]) == ("cancelled", None)
    assert cancelled["finished_at"] is not None
    allocation = (await idle.get(f"/v1/allocations/{run['subject']}")).json()
    assert (allocation["state"], allocation["n"]) == ("cancelled", 1)
    again = await idle.post(f"/v1/runs/{run['id']}/cancellation", status=409)
    assert again.json()["code"] == "run_ended"
    async with start_worker(app.state.database, app.state.vault):
        second = (await idle.post(path, {})).json()
    assert (second["state"], second["n"]) == ("decided", 2)
    events = await idle.list_all(f"/v1/audit_events?chain={scene.facts['plan']['id']}")
    acts = [each["act"] for each in events if each["subject"] == run["subject"]]
    assert acts == ["allocation_started", "allocation_cancelled"]


async def test_who_waits_for_a_run_that_is_cancelled_is_answered(idle: Client, scene: Scene) -> None:
    path = f"/v1/conferences/{scene.facts['id']}/allocations"
    waiting = asyncio.create_task(idle.post(path, {}, 201, headers={"Prefer": "wait=60"}))
    async with asyncio.timeout(30):
        while not (found := (await idle.get(path)).json()["items"]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    run = (await idle.get(f"/v1/allocations/{found[0]['id']}")).json()["run"]
    await idle.post(f"/v1/runs/{run}/cancellation")
    assert (await waiting).json()["state"] == "cancelled"


async def test_nothing_that_has_ended_is_cancelled(client: Client, scene: Scene) -> None:
    done = (await client.post(f"/v1/conferences/{scene.facts['id']}/allocations", {})).json()
    refused = await client.post(f"/v1/runs/{done['run']}/cancellation", status=409)
    assert (refused.json()["code"], refused.json()["params"]) == ("run_ended", {"state": "done"})
    assert (await client.get(f"/v1/allocations/{done['id']}")).json()["state"] == "decided"


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
