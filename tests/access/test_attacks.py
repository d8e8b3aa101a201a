"""Somebody with a credential of their own who wants what is another's: each attempt, and what comes of it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.app import create_app
from api.identity import identify
from db.embedded import Embedded
from db.session import Database
from domain.access import Role
from service.sealing import Vault
from service.settings import Settings
from tests.access.keyring import issued, key
from tests.access.world import A, B
from tests.conftest import connected
from tests.journeys.scenes import Scene, copied


@pytest.fixture(scope="module")
async def database(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world, which these tests change."""
    async with copied(postgres, scene) as database:
        yield database


@pytest.fixture(scope="module")
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service on a server."""
    settings = Settings("server", database_url="given")
    app = create_app(settings, database, Vault(bytes(32)), identify(settings))
    async with connected(app) as client:
        yield client.http


@pytest.fixture
def units(scene: Scene) -> dict[str, str]:
    found: dict[str, str] = scene.told["units"]
    return found


# --- as somebody else


async def test_nobody_gets_a_key_in_the_name_of_somebody_with_other_roles(
    http: httpx.AsyncClient, database: Database, units: dict[str, str]
) -> None:
    """Whoever bears another's name acts in it, takes back what is the other's, and is not a second person."""
    place = units["huyen"]
    council = await key(database, Role.STANDING_COUNCIL, place, A)
    elsewhere = await key(database, Role.STANDING_COUNCIL, place, B)
    approver = await key(database, Role.APPROVER, place, A)
    signing = await issued(http, approver, subject="nguoi-ky", role="approver", unit=place, congress=A)
    assert signing.status_code == 201
    officer = await issued(http, council, subject="can-bo", unit=place, congress=A)
    assert officer.status_code == 201
    for thief, subject, chain in ((council, "nguoi-ky", A), (elsewhere, "can-bo", B)):
        answer = await issued(http, thief, subject=subject, unit=place, congress=chain)
        assert (answer.status_code, answer.json()["code"]) == (403, "grant_beyond_own")
    again = await issued(http, council, subject="can-bo", unit=place, congress=A)
    assert again.json()["holder"] == officer.json()["holder"]
