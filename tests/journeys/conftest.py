"""Each journey's plan, units and conferences are loaded once; every test gets a copy of them."""

from collections.abc import AsyncIterator

import pytest

from db.embedded import EmbeddedServer
from db.session import Database
from tests.journeys.scenes import Prepare, Scene, copy_scene, load_scene


@pytest.fixture(scope="module")
async def scene(postgres: EmbeddedServer, prepare: Prepare) -> AsyncIterator[Scene]:
    """What a module's ``prepare`` loads."""
    async with load_scene(postgres, prepare) as scene:
        yield scene


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the scene."""
    async with copy_scene(postgres, scene) as database:
        yield database
