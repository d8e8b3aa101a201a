"""Streams of server-sent events (HTML standard, 9.2): how many are open, when they are woken, how they end.

A stream has no transaction: each reading is one of its own, in the name of the caller as identified again.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from api.http.problems import Problem
from db.session import Database, DatabaseUnreachable
from domain.access import Actor
from service.events import list_head_numbers

EVENT_STREAM = "text/event-stream"

MOST_STREAMS = 200
"""The most streams of this process."""
MOST_OF_CALLER = 5
"""The most streams of one caller."""
PAUSE_SECONDS = 1.0
"""How often the heads of the followed chains are read, in one statement for all streams.

A notification by the database for each act would make all writers wait for each other at their commits.
"""
HEARTBEAT_SECONDS = 15.0
"""After so long without an event a line is sent, and the caller is identified again."""
STREAM_SECONDS = 3600.0
"""Then the stream ends, and its reader begins a new one after the last event."""


@dataclass(slots=True)
class EventStreams:
    """The open streams of this process."""

    database: Database
    pause: float = PAUSE_SECONDS
    heartbeat: float = HEARTBEAT_SECONDS
    seconds: float = STREAM_SECONDS
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _open: Counter[str] = field(default_factory=Counter)
    _waiting: dict[asyncio.Future[None], tuple[str, int]] = field(default_factory=dict)
    _watching: asyncio.Task[None] | None = None

    def expect_room(self, caller: str) -> None:
        """Raise :class:`Problem` 429 or 503 where one more stream of this caller would be too many."""
        if self.ended.is_set() or self._open.total() >= MOST_STREAMS:
            raise Problem(503, "too_busy", headers={"Retry-After": "5"})
        if self._open[caller] >= MOST_OF_CALLER:
            params = {"limit": MOST_OF_CALLER}
            raise Problem(429, "streams_too_many", params, headers={"Retry-After": "60"})

    @contextmanager
    def count(self, caller: str) -> Iterator[None]:
        """Count a stream of a caller while it is open."""
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open -= Counter({caller: 1})

    async def wait_beyond(self, chain: str, n: int) -> None:
        """Wait until the chain has an event after number ``n``, for a heartbeat at most."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[woken] = chain, n
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.heartbeat):
                    await woken
        finally:
            del self._waiting[woken]

    async def _watch(self) -> None:
        while self._waiting:
            await asyncio.sleep(self.pause)
            with suppress(SQLAlchemyError, OSError, DatabaseUnreachable):  # the next reading may succeed
                await self._wake()

    async def _wake(self) -> None:
        chains = {chain for chain, _ in self._waiting.values()}
        async with self.database.transaction(Actor.for_service(), read_only=True) as session:
            heads = await list_head_numbers(session, chains)
        for woken, (chain, n) in self._waiting.items():
            if heads.get(chain, 0) > n and not woken.done():
                woken.set_result(None)

    def close(self) -> None:
        """End all streams, so that their connections do not hold up the end of the service."""
        self.ended.set()
        for woken in self._waiting:
            if not woken.done():
                woken.set_result(None)
