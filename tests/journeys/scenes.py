"""Scenes: what is loaded once over HTTP, and of which every test then gets a copy of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.app import create_app
from db.embedded import EmbeddedServer
from db.session import Database
from service.vaults import Vault
from tests.client import Client
from tests.conftest import SETTINGS, connect_client, two_people
from tests.databases import lent, name_of
from tests.journeys.steps import Json

Prepare = Callable[[Client], Awaitable[Json]]


@dataclass(frozen=True)
class Scene:
    """A database that is never written to again, and what its preparation said of it."""

    database: str
    facts: Json


@asynccontextmanager
async def load_scene(postgres: EmbeddedServer, prepare: Prepare) -> AsyncIterator[Scene]:
    """What ``prepare`` loads, in a database of its own."""
    async with lent(postgres, "migrated") as database:
        vault = Vault(bytes(range(32)))
        app = create_app(SETTINGS, database, vault, two_people)
        async with connect_client(app) as client:
            told = await prepare(client)
        await database.close()
        yield Scene(name_of(database), told)


@asynccontextmanager
async def copy_scene(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of a scene."""
    async with lent(postgres, scene.database) as database:
        yield database
