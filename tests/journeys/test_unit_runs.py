"""How many allocations and lists the conferences of one unit may have computed, and when more."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from domain.runs import MOST_NEW_OF_UNIT, MOST_UNFINISHED_OF_UNIT
from tests.client import Client
from tests.conftest import connect_client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import OTHER, congress
from tests.journeys.steps import Json, open_conference

AT_ONCE = {"Prefer": "wait=0"}


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress with its nominees submitted."""
    return congress


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


@pytest.fixture
async def idle(app: FastAPI) -> AsyncIterator[Client]:
    """A client of a service without any worker: no run ends."""
    async with connect_client(app, with_worker=False) as client:
        yield client


async def test_a_unit_has_four_unfinished_runs(idle: Client, facts: Json) -> None:
    """Those sent at once are counted one after another; another unit has its own."""
    path = f"/v1/conferences/{facts['id']}/selections"

    async def start(n: int) -> httpx.Response:
        return await idle.http.post(path, json={}, headers={**AT_ONCE, "Idempotency-Key": f"run-{n}"})

    answers = await asyncio.gather(*map(start, range(MOST_UNFINISHED_OF_UNIT + 2)))
    assert sorted(each.status_code for each in answers) == [202] * MOST_UNFINISHED_OF_UNIT + [429, 429]
    refused = next(each for each in answers if each.status_code == 429)
    assert (refused.json()["code"], refused.headers["Retry-After"]) == ("unit_runs_unfinished", "10")
    other = await open_conference(idle, facts["plan"], OTHER, facts["units"]["bo"], "bo")
    await idle.post(f"/v1/conferences/{other['id']}/allocations", {}, 202, headers=AT_ONCE)
    run = next(each.headers["Location"] for each in answers if each.status_code == 202)
    await idle.post(f"{run}/cancellation")
    await idle.post(path, {}, 202, headers=AT_ONCE)


async def test_a_unit_has_so_many_runs_a_day(idle: Client, facts: Json, database: Database) -> None:
    """Then it is told when the oldest of them is a day old."""
    path = f"/v1/conferences/{facts['id']}/selections"
    run = (await idle.post(path, {}, 202, headers=AT_ONCE)).json()["id"]
    await idle.post(f"/v1/runs/{run}/cancellation")
    await change_runs(
        database,
        "INSERT INTO run SELECT (jsonb_populate_record(run, jsonb_build_object('id', gen_random_uuid(),"
        f" 'created_at', now() - interval '23 hours'))).* FROM run, generate_series(2, {MOST_NEW_OF_UNIT})",
    )
    refused = await idle.post(path, {}, 429, headers=AT_ONCE)
    assert refused.json()["code"] == "unit_runs_new"
    assert 3_000 < int(refused.headers["Retry-After"]) <= 3_600
    await change_runs(database, "UPDATE run SET created_at = created_at - interval '61 minutes'")
    await idle.post(path, {}, 202, headers=AT_ONCE)


async def change_runs(database: Database, statement: str) -> None:
    async with database.transaction(Actor.for_service()) as session:
        await (await session.connection()).execute(text(statement))
