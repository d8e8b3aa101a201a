"""One real PostgreSQL for all tests, and for each test that asks a database of its own.

The schema is migrated once into a template; a database is then a file copy of it.
"""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request

from api.app import create_app
from db import migration
from db.embedded import EmbeddedServer
from db.session import AsyncSession, Database
from domain.access import Actor
from service.settings import Settings
from service.vaults import Vault
from tests.client import Client

SETTINGS = Settings(oidc_issuer="https://identities.example", oidc_audience="daibieu")
"""Those of the local mode, and a provider of identities that nobody asks."""

SHARED_MEMORY = Path("/dev/shm")
"""The fastest disk there is; everything on it goes with the tests."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedServer]:
    """PostgreSQL with a migrated template database."""
    place = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="daibieu-", dir=place, ignore_cleanup_errors=True) as folder,
        EmbeddedServer.start(Path(folder), fast=True) as server,
    ):
        server.create_database("migrated")
        migration.upgrade_database(server.build_url("migrated"))
        yield server


@pytest.fixture(scope="session")
def clone(postgres: EmbeddedServer) -> Callable[[], str]:
    """Makes databases: each call another one, migrated and empty; the answer is its name."""
    numbers = count()

    def make() -> str:
        name = f"test_{next(numbers)}"
        postgres.create_database(name, template="migrated")
        return name

    return make


@pytest.fixture
async def database(postgres: EmbeddedServer, clone: Callable[[], str]) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    name = clone()
    database = Database(postgres.build_url(name))
    yield database
    await database.close()
    postgres.drop_database(name)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction by the local actor, committed at the end of the test."""
    async with database.transaction(Actor.for_command_line()) as session:
        yield session


@pytest.fixture
def vault() -> Vault:
    """A vault whose key is no secret."""
    return Vault(bytes(range(32)))


@pytest.fixture
def app(database: Database, vault: Vault) -> FastAPI:
    """The service over the test's database."""
    return create_app(SETTINGS, database, vault, two_people)


def two_people(request: Request) -> Actor:
    """Whoever works may do everything, and whoever approves is somebody else, as plans want it."""
    actor = Actor.for_command_line()
    approving = request.url.path.endswith(("/approval", "/adoption"))
    return replace(actor, id="other") if approving else actor


@asynccontextmanager
async def connect_client(app: FastAPI) -> AsyncIterator[Client]:
    """A client without a socket in between."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Client(http)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """A client of the service."""
    async with connect_client(app) as client:
        yield client
