"""The world of :mod:`tests.access.world`, made once; each module that changes it takes a copy."""

from collections.abc import AsyncIterator

import pytest

from api.app import create_app
from db.embedded import Embedded
from db.session import Database
from service.sealing import Vault
from tests.access.world import Maker, identify
from tests.client import Client
from tests.conftest import SETTINGS, connected
from tests.journeys.scenes import Scene, copied, staged
from tests.journeys.steps import Json


async def prepare(client: Client) -> Json:
    return await Maker(client).make()


@pytest.fixture(scope="session")
async def scene(postgres: Embedded) -> AsyncIterator[Scene]:
    """The world as it was made."""
    async with staged(postgres, prepare) as scene:
        yield scene


@pytest.fixture(scope="module")
async def database(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    """A copy of it."""
    async with copied(postgres, scene) as database:
        yield database


@pytest.fixture(scope="module")
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    """A caller who says in each request who they are."""
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), identify(scene.told["units"]))
    async with connected(app) as client:
        yield client
