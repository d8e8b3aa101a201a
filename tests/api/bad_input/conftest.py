"""The small example, loaded once for everything bad that is then sent to it."""

from collections.abc import AsyncIterator

import pytest

from db.embedded import EmbeddedServer
from db.session import Database
from tests.api.bad_input.sending import CONGRESS, contents
from tests.client import Client
from tests.journeys.scenes import Scene, copy_scene, load_scene
from tests.journeys.steps import Json, nominee, open_conference


async def prepare(client: Client) -> Json:
    """The small example with its sector's conference, and a nominee in draft."""
    plan = await client.plan("khanh_hoa_cong_thuong_2020")
    units = await client.units("khanh_hoa")
    conference = await open_conference(client, plan, CONGRESS, units["so-cong-thuong-khanh-hoa"], "sector")
    path = f"/v1/conferences/{conference['id']}"
    draft = await client.post(f"{path}/nominations", nominee(units["cong-ty-vi-du-g-khanh-hoa"]))
    return {
        "plan": plan,
        "units": units,
        "conference": conference,
        "path": path,
        "nomination": draft.json(),
        "etag": draft.headers["ETag"],
    }


@pytest.fixture(scope="package")
async def scene(postgres: EmbeddedServer) -> AsyncIterator[Scene]:
    """What every test here starts from."""
    async with load_scene(postgres, prepare) as scene:
        yield scene


@pytest.fixture(scope="package")
async def shared(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """One copy of it for all tests that change nothing."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
async def database(shared: Database) -> AsyncIterator[Database]:
    """The copy, which is the same after each test: every row of every table."""
    before = await contents(shared)
    yield shared
    assert await contents(shared) == before


@pytest.fixture
def told(scene: Scene) -> Json:
    """What the preparation knows: ids, paths and ETags."""
    return scene.facts
