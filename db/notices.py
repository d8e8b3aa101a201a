"""Notices of runs (``migrations/sql/notices.sql``), and which workers are connected.

Listening needs a connection of its own, which stays open. A lost connection is made anew by the next
:meth:`RunNotices.connect`; what was missed in between is found by looking at the runs.

A worker is connected as long as its listening connection is. The connection holds two advisory locks: one
that all workers share, and one of the worker's own number. PostgreSQL frees both as soon as the connection is
gone, and a killed process loses its connection at once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, cast, column, func, select, table, text
from sqlmodel.ext.asyncio.session import AsyncSession

CHANNEL = "daibieu_run"

WORKER_LOCK = 7_391_004_816
"""The advisory lock that every connected worker shares: it is free when none is connected."""

NUMBER_LOCKS = 1_720_981
"""The class of the advisory locks of workers: each connected worker has the one of its number."""

Hearer = Callable[[str, UUID], None]
"""Is called with the new state of a run, and its id."""


class RunNotices:
    """The notices of one database. ``worker``: the connection also shows that the worker of that number is
    connected.

    ``arguments`` are those by which the driver connects. ``connected_at`` is when the present connection was
    made, by the clock that never goes back.
    """

    def __init__(self, arguments: Mapping[str, Any], *, worker: int | None = None):
        self.connected_at = -inf
        self._arguments = arguments
        self._worker = worker
        self._connection: Any = None
        self._hearers: set[Hearer] = set()

    async def connect(self) -> None:
        """Connect unless connected. Raises ``OSError`` or an error of the driver where that fails."""
        if self._connection is not None and not self._connection.is_closed():
            return
        connection = await asyncpg.connect(**self._arguments)
        try:
            if self._worker is not None:
                await connection.execute("SELECT pg_advisory_lock_shared($1)", WORKER_LOCK)
                await connection.execute(_LOCK_NUMBER, NUMBER_LOCKS, self._worker)
            await connection.add_listener(CHANNEL, self._receive_notice)
        except BaseException:
            await connection.close()
            raise
        self._connection, self.connected_at = connection, monotonic()

    async def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    @contextmanager
    def hearing(self, hearer: Hearer) -> Iterator[None]:
        """A block in which ``hearer`` hears of each run that waits or has ended."""
        self._hearers.add(hearer)
        try:
            yield
        finally:
            self._hearers.discard(hearer)

    def _receive_notice(self, _connection: object, _process: int, _channel: str, content: str) -> None:
        state, _, run = content.partition(" ")
        with suppress(ValueError):  # anybody who may connect may send anything
            for hearer in [*self._hearers]:
                hearer(state, UUID(run))


async def is_worker_connected(session: AsyncSession) -> bool:
    """Whether any worker is connected to this database."""
    connection = await session.connection()
    lock = {"high": WORKER_LOCK >> 32, "low": WORKER_LOCK & 0xFFFF_FFFF}
    return bool((await connection.execute(_CONNECTED, lock)).scalar_one())


_LOCK_NUMBER = "SELECT pg_advisory_lock_shared($1, $2)"
"""Shared, since a connection that was cut off may still have it when the next one is made."""


def is_number_connected(number: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Whether the worker of that number is connected to this database; never for no number."""
    locks = table(
        "pg_locks", *map(column, ("locktype", "granted", "objsubid", "database", "classid", "objid"))
    )
    databases = table("pg_database", column("oid"), column("datname"))
    here = select(databases.c.oid).where(databases.c.datname == func.current_database()).scalar_subquery()
    return (
        select(locks.c.objid)
        .where(
            locks.c.locktype == "advisory",
            locks.c.granted,
            locks.c.objsubid == 2,  # of a lock with two numbers
            locks.c.database == here,
            cast(locks.c.classid, BigInteger) == NUMBER_LOCKS,
            cast(locks.c.objid, BigInteger) == number,
        )
        .exists()
    )


_CONNECTED = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = CAST(:high AS bigint) AND objid = CAST(:low AS bigint))"
)
