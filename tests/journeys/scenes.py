"""Scenes: what is loaded once over HTTP, and of which every test then gets a copy of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from api.app import create_app
from db.embedded import EmbeddedServer
from db.session import Database
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS, connect_client, two_people
from tests.journeys.steps import Json

Prepare = Callable[[Client], Awaitable[Json]]

_numbers = count(1)


@dataclass(frozen=True)
class Scene:
    """A database that is never written to again, and what its preparation said of it."""

    database: str
    facts: Json


@asynccontextmanager
async def load_scene(postgres: EmbeddedServer, prepare: Prepare) -> AsyncIterator[Scene]:
    """What ``prepare`` loads, in a database of its own."""
    async with _database(postgres, "migrated") as (name, database):
        vault = Vault(bytes(range(32)))
        app = create_app(SETTINGS, database, vault, two_people)
        async with connect_client(app) as client:
            told = await prepare(client)
        await database.close()
        yield Scene(name, told)


@asynccontextmanager
async def copy_scene(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of a scene."""
    async with _database(postgres, scene.database) as (_, database):
        yield database


@asynccontextmanager
async def _database(postgres: EmbeddedServer, template: str) -> AsyncIterator[tuple[str, Database]]:
    name = f"scene_{next(_numbers)}"
    postgres.create_database(name, template=template)
    database = Database(postgres.build_url(name))
    try:
        yield name, database
    finally:
        await database.close()
        postgres.drop_database(name)
