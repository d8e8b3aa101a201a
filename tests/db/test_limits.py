"""Waiting has an end, and writers who wait for each other keep no reader waiting."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from api.http.problems import find_database_problem
from db.embedded import EmbeddedServer
from db.embedded.folders import PORT
from db.session import APPLICATION_ROLE, AsyncSession, Database, DatabaseLimits

SMALL = DatabaseLimits(connections=4, patience_seconds=0.3)


@asynccontextmanager
async def limited(database: Database, limits: DatabaseLimits) -> AsyncIterator[Database]:
    """The same database within other limits."""
    within = Database(database.url, limits)
    try:
        yield within
    finally:
        await within.close()


async def ask(session: AsyncSession, statement: str) -> Any:
    return (await (await session.connection()).execute(text(statement))).scalar()


@pytest.mark.parametrize("connections", [1, 2, 4, 20])
def test_a_quarter_of_the_connections_is_for_reading(connections: int) -> None:
    limits = DatabaseLimits(connections=connections)
    assert 1 <= limits.kept <= connections
    assert limits.writing == max(1, connections - max(1, connections // 4))


async def test_readers_and_callers_are_served_while_writers_take_every_place(database: Database) -> None:
    async with limited(database, SMALL) as within:
        go_on = asyncio.Event()

        async def write() -> None:
            async with within.transaction() as session:
                await ask(session, "SELECT 1")
                await go_on.wait()

        writers = [asyncio.create_task(write()) for _ in range(SMALL.writing)]
        await asyncio.sleep(0.1)
        for opening in (within.transaction(read_only=True), within.transaction(brief=True)):
            async with opening as session:
                assert await ask(session, "SELECT 1") == 1
        with pytest.raises(PoolTimeout) as full:
            async with within.transaction():
                pytest.fail("there was no place left")
        problem = find_database_problem(full.value)
        assert problem is not None
        assert (problem.status_code, problem.code) == (503, "try_again")
        go_on.set()
        await asyncio.gather(*writers)
        async with within.transaction() as session:
            assert await ask(session, "SELECT 1") == 1, "the places are free again"


async def lock_row(session: AsyncSession) -> None:
    await ask(session, "SELECT pg_advisory_xact_lock(7)")


async def be_slow(session: AsyncSession) -> None:
    await ask(session, "SELECT pg_sleep(30)")


async def fall_asleep(session: AsyncSession) -> None:
    await ask(session, "SELECT 1")
    await asyncio.sleep(1.5)
    await ask(session, "SELECT 1")


@pytest.mark.parametrize(
    ("limits", "wait"),
    [
        (DatabaseLimits(lock_seconds=1), lock_row),
        (DatabaseLimits(statement_seconds=1), be_slow),
        (DatabaseLimits(idle_seconds=1), fall_asleep),
    ],
)
async def test_nothing_waits_for_ever(
    database: Database,
    postgres: EmbeddedServer,
    limits: DatabaseLimits,
    wait: Callable[[AsyncSession], Awaitable[None]],
) -> None:
    """A lock, a statement, the next statement: each ends with an answer that says to try again."""
    holder = await asyncpg.connect(
        host=str(postgres.socket),
        port=PORT,
        user="postgres",
        database=database.engine.url.database,
        server_settings={"role": APPLICATION_ROLE},
    )
    await holder.execute("SELECT pg_advisory_lock(7)")
    async with limited(database, limits) as within:
        with pytest.raises(DBAPIError) as ended:
            async with within.transaction() as session:
                await wait(session)
        problem = find_database_problem(ended.value)
        assert problem is not None
        assert (problem.status_code, problem.headers is not None) == (503, True)
        async with within.transaction() as session:
            assert await ask(session, "SELECT 1") == 1
    await holder.close()
