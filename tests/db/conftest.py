"""A database with the ground laid, and connections in the roles that act on it."""

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from db.embedded import EmbeddedServer
from tests.db import ground


@pytest.fixture(scope="module")
async def laid(postgres: EmbeddedServer, clone: Callable[[], str]) -> AsyncIterator[str]:
    """The name of a database with the ground laid, one for all tests of a module."""
    name = clone()
    await ground.lay_ground(postgres, name)
    yield name
    postgres.drop_database(name)


@pytest.fixture(scope="module")
async def connection(postgres: EmbeddedServer, laid: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection of the module, in the application role."""
    async with ground.open_connection(postgres, laid) as connection:
        yield connection


@pytest.fixture
async def application(connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The same in a transaction that leaves nothing behind."""
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
