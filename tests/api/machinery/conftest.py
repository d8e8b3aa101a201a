"""One database for all, migrated, with one table more; an application over it, and callers."""

from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from db.embedded import EmbeddedServer
from db.session import Database
from service.settings import Settings
from service.vaults import Vault
from tests.api.machinery.things import SCHEMA, Gate, identify, router, show_run


@pytest.fixture(scope="session")
def url(postgres: EmbeddedServer, clone: Callable[[], str]) -> str:
    return postgres.build_url(clone())


@pytest.fixture(scope="session")
async def database(url: str) -> AsyncIterator[Database]:
    owner = create_async_engine(url)
    async with owner.begin() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection
        await raw.driver_connection.execute(SCHEMA)
    await owner.dispose()
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
def app(database: Database) -> FastAPI:
    settings = Settings(cors_origins=("https://web.example",))
    app = create_app(settings, database, Vault(bytes(32)), identify, show_run=show_run, routers=[router])
    app.state.gate = Gate()
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": "Bearer officer", "Accept-Language": "en"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


@pytest.fixture(autouse=True)
async def _empty(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    yield
    if "database" in request.fixturenames:
        database: Database = request.getfixturevalue("database")
        async with database.transaction() as session:
            await (await session.connection()).execute(text("DELETE FROM thing"))


@pytest.fixture
def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def names(database: Database) -> list[str]:
    """What is stored."""
    async with database.transaction() as session:
        found = await (await session.connection()).execute(text("SELECT name FROM thing ORDER BY name"))
        return list(found.scalars())
