"""Each journey's plan, units and conferences are loaded once, over HTTP; every test gets a copy of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import pytest

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
    """A database that is never written to again, and what the preparation said of it."""

    database: str
    told: Json


@pytest.fixture(scope="module")
async def scene(postgres: Embedded, clone: Callable[[], str], prepare: Prepare) -> AsyncIterator[Scene]:
    """What a module's ``prepare`` loads."""
    name = clone()
    database = Database(postgres.url(name))
    app = create_app(
        Settings(), database, Vault(bytes(range(32))), lambda _: Actor.local(), show_run=allocations.show
    )
    async with connected(app) as client:
        told = await prepare(client)
    await database.close()
    yield Scene(name, told)
    postgres.drop_database(name)


@pytest.fixture
async def database(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the scene."""
    name = f"journey_{next(_numbers)}"
    postgres.create_database(name, template=scene.database)
    database = Database(postgres.url(name))
    yield database
    await database.close()
    postgres.drop_database(name)
