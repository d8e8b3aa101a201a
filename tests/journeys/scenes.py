"""Scenes: what is loaded once over HTTP, and of which every test then gets a copy of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from api import allocations
from api.app import create_app
from db.embedded import Embedded
from db.session import Database
from domain.access import Actor
from service.sealing import Vault
from service.settings import Settings
from tests.client import Client
from tests.conftest import connected
from tests.journeys.steps import Json

Prepare = Callable[[Client], Awaitable[Json]]

_numbers = count(1)


@dataclass(frozen=True)
class Scene:
    """A database that is never written to again, and what its preparation said of it."""

    database: str
    told: Json


@asynccontextmanager
async def staged(postgres: Embedded, prepare: Prepare) -> AsyncIterator[Scene]:
    """What ``prepare`` loads, in a database of its own."""
    name = _named(postgres, "migrated")
    database = Database(postgres.url(name))
    vault = Vault(bytes(range(32)))
    app = create_app(Settings(), database, vault, lambda _: Actor.local(), show_run=allocations.show)
    async with connected(app) as client:
        told = await prepare(client)
    await database.close()
    yield Scene(name, told)
    postgres.drop_database(name)


@asynccontextmanager
async def copied(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    """A copy of a scene."""
    name = _named(postgres, scene.database)
    database = Database(postgres.url(name))
    yield database
    await database.close()
    postgres.drop_database(name)


def _named(postgres: Embedded, template: str) -> str:
    name = f"scene_{next(_numbers)}"
    postgres.create_database(name, template=template)
    return name
