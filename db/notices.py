"""Notices of runs (``migrations/sql/notices.sql``), and which workers are connected.

Listening needs a connection of its own, which stays open. A lost connection is made anew by the next
:meth:`RunNotices.connect`; what was missed in between is found by looking at the runs.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

CHANNEL = "daibieu_run"

WORKER_LOCK = 7_391_004_816
"""The advisory lock that every connected worker shares: it is free when none is connected."""

Hearer = Callable[[str, UUID], None]
"""Is called with the new state of a run, and its id."""


class RunNotices:
    """The notices of one database. ``of_worker``: the connection also shows that a worker is connected.

    ``arguments`` are those by which the driver connects.
    """

    def __init__(self, arguments: Mapping[str, Any], *, of_worker: bool = False):
        self._arguments = arguments
        self._of_worker = of_worker
        self._connection: Any = None
        self._hearers: set[Hearer] = set()

    async def connect(self) -> None:
        """Connect unless connected. Raises ``OSError`` or an error of the driver where that fails."""
        if self._connection is not None and not self._connection.is_closed():
            return
        connection = await asyncpg.connect(**self._arguments)
        try:
            if self._of_worker:
                await connection.execute("SELECT pg_advisory_lock_shared($1)", WORKER_LOCK)
            await connection.add_listener(CHANNEL, self._receive_notice)
        except BaseException:
            await connection.close()
            raise
        self._connection = connection

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


_CONNECTED = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = CAST(:high AS bigint) AND objid = CAST(:low AS bigint))"
)
