"""A case is loaded only if its conference is within reach, and who may not act never waits for its lock."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from fastapi import Request

from api.app import create_app
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor, Grant, Role
from domain.findings import NotFound
from service.nominations import load_nomination
from service.vaults import Vault
from tests.conftest import SETTINGS, connect_client, two_people
from tests.databases import name_of
from tests.db.ground import open_connection
from tests.journeys.scenes import Prepare, Scene, copy_scene, load_scene
from tests.journeys.small_congress import CHAIN, congress
from tests.journeys.steps import nominee
from tests.works import make_work


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    return congress


@pytest.fixture(scope="module")
async def scene(postgres: EmbeddedServer, prepare: Prepare) -> AsyncIterator[Scene]:
    async with load_scene(postgres, prepare) as scene:
        yield scene


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
async def owner(postgres: EmbeddedServer, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection that no policy binds."""
    async with open_connection(postgres, name_of(database), None) as connection:
        yield connection


def build_actor(scene: Scene, role: Role) -> Actor:
    return Actor("somebody", "Somebody", (Grant(role, UUID(scene.facts["units"]["xa-hai"]), CHAIN),))


async def test_an_actor_who_may_not_act_is_refused_without_waiting_for_the_lock(
    database: Database, scene: Scene, owner: asyncpg.Connection
) -> None:
    reader = build_actor(scene, Role.STANDING_COUNCIL)

    def identify(request: Request) -> Actor:
        return reader if "x-reader" in request.headers else two_people(request)

    async with connect_client(create_app(SETTINGS, database, Vault(bytes(range(32))), identify)) as client:
        path = f"/v1/conferences/{scene.facts['id']}"
        (allocation,) = await client.list_all(f"{path}/allocations")
        async with owner.transaction():
            await owner.fetch("SELECT FROM conference WHERE id = $1 FOR UPDATE", scene.facts["id"])
            for target in (
                f"{path}/allocations",
                f"{path}/selections",
                f"/v1/allocations/{allocation['id']}/proposal",
            ):
                headers = {"x-reader": "yes", "If-Match": '"any"'}
                refused = client.post(target, {}, 403, headers=headers)
                assert (await asyncio.wait_for(refused, 10)).json()["code"] == "forbidden"


async def test_a_nomination_is_out_of_reach_with_its_conference(
    database: Database, scene: Scene, owner: asyncpg.Connection
) -> None:
    """By the first check alone: row-level security of conferences is switched off."""
    unit = scene.facts["units"]["xa-hai"]
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), two_people)
    async with connect_client(app) as client:
        drafted = await client.post(f"/v1/conferences/{scene.facts['id']}/nominations", nominee(unit))
    officer = build_actor(scene, Role.UNIT_OFFICER)
    async with database.transaction(officer) as session:
        case, _ = await load_nomination(make_work(session, officer), UUID(drafted.json()["id"]))
        assert str(case.conference.id) == scene.facts["id"]
    await owner.execute("ALTER TABLE conference DISABLE ROW LEVEL SECURITY")
    await owner.execute("UPDATE nomination SET quota = NULL, state = 'returned' WHERE unit = $1", unit)
    await owner.execute("DELETE FROM quota WHERE unit = $1", unit)
    await owner.execute(
        "UPDATE unit_above SET during = daterange(lower(during), '2021-01-01') WHERE unit = $1", unit
    )
    async with database.transaction(officer) as session:
        with pytest.raises(NotFound):
            await load_nomination(make_work(session, officer), UUID(drafted.json()["id"]))
