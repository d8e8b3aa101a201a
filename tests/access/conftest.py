"""The world of :mod:`tests.access.world`, made once; each module that changes it takes a copy."""

from collections.abc import AsyncIterator

import pytest

from api.app import create_app
from db.embedded import EmbeddedServer
from db.session import Database
from service.vaults import Vault
from tests.access.world import Maker, identify
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.journeys.scenes import Scene, copy_scene, load_scene
from tests.journeys.steps import Json


async def prepare(client: Client) -> Json:
    return await Maker(client).make()


@pytest.fixture(scope="session")
async def scene(postgres: EmbeddedServer) -> AsyncIterator[Scene]:
    """The world as it was made."""
    async with load_scene(postgres, prepare) as scene:
        yield scene


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of it."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture(scope="module")
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    """A caller who says in each request who they are."""
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), identify(scene.facts["units"]))
    async with connect_client(app) as client:
        yield client
