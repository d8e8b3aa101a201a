"""Each journey's plan, units and conferences are loaded once; every test gets a copy of them."""

from collections.abc import AsyncIterator

import pytest

from db.embedded import Embedded
from db.session import Database
from tests.journeys.scenes import Prepare, Scene, copied, staged


@pytest.fixture(scope="module")
async def scene(postgres: Embedded, prepare: Prepare) -> AsyncIterator[Scene]:
    """What a module's ``prepare`` loads."""
    async with staged(postgres, prepare) as scene:
        yield scene


@pytest.fixture
async def database(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the scene."""
    async with copied(postgres, scene) as database:
        yield database
