"""One real PostgreSQL for all tests, and for each test that asks a database of its own.

The schema is migrated once into a template; a database is then a file copy of it.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from itertools import count
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request
from hypothesis import settings
from starlette.routing import BaseRoute

from api.app import ROUTER_MODULES, App, create_app
from api.http.processes import preload_modules
from api.http.routes import Router
from api.worker import COMPUTING_MODULES, Worker
from db import migration
from db.embedded import EmbeddedServer
from db.session import AsyncSession, Database
from domain.access import Actor
from service.settings import Settings
from service.vaults import Vault
from tests.client import Client
from tests.databases import connect_worker, lent

preload_modules((*ROUTER_MODULES, *COMPUTING_MODULES))

pytest_plugins = ["tests.durations"]

USUAL = 100
"""How many examples a property gets in the quick profile, the same ones in every run."""

settings.register_profile("quick", max_examples=USUAL, derandomize=True, deadline=None, database=None)
settings.register_profile(
    "thorough", max_examples=10 * USUAL, derandomize=False, deadline=None, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def examples(count: int) -> settings:
    """For a property whose examples cost more or less than most: so many, ten times that when thorough."""
    return settings(max_examples=count * settings().max_examples // USUAL)


SETTINGS = Settings(oidc_issuer="https://identities.example", oidc_audience="daibieu")
"""Those of the local mode, and a provider of identities that nobody asks."""

SHARED_MEMORY = Path("/dev/shm")
"""The fastest disk there is; everything on it goes with the tests."""


@pytest.fixture(scope="session", autouse=True)
def mounted_once() -> Iterator[None]:
    """All applications share the routes of the first one that mounted them.

    FastAPI works a route out when a request first comes past it, and does so for each application anew: a
    tenth of a second of every test with an application of its own. Nothing of a route belongs to one of them.
    """
    include, mounted = App.include_router, dict[tuple[int, str], BaseRoute]()

    def share(app: App, router: Router, *, prefix: str = "") -> None:
        key = id(router), prefix  # no other one gets this number: what is mounted keeps its router
        if key in mounted:
            app.router.routes.append(mounted[key])
        else:
            include(app, router, prefix=prefix)
            mounted[key] = app.router.routes[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(App, "include_router", share)
        yield


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
async def database(postgres: EmbeddedServer) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    async with lent(postgres, "migrated") as database:
        yield database


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
    path = request.url.path
    confirming = path.startswith("/v1/quotas/") and path.endswith("/confirmation")
    approving = path.endswith(("/approval", "/adoption")) or confirming
    return replace(actor, id="other") if approving else actor


@asynccontextmanager
async def connect_client(app: FastAPI, *, with_worker: bool = True) -> AsyncIterator[Client]:
    """A client without a socket in between, and a worker that computes the runs."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://test") as http,
        start_worker(app.state.database, app.state.vault) if with_worker else nullcontext(),
    ):
        yield Client(http)


@asynccontextmanager
async def start_worker(database: Database, vault: Vault) -> AsyncIterator[Worker]:
    """A worker, whose computations are done in processes of their own, as always."""
    async with connect_worker(database) as own:
        worker, stop = Worker(own, vault), asyncio.Event()
        working = asyncio.create_task(worker.process_queue(stop))
        try:
            yield worker
        finally:  # also where a test fails within: else it works on in the next one's database
            stop.set()
            await working
            worker.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """A client of the service."""
    async with connect_client(app) as client:
        yield client
