"""Connections and transactions.

Every session runs as the application role, which owns nothing and may not change the audit trail; migrations
connect without it (``db.migration``). Only entry points start transactions. Each transaction passes the actor
and the actor's reach to the database, and the row-level security policies let nothing else through.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import Executable, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from db.notices import RunNotices
from domain.access import Actor

APPLICATION_ROLE = "daibieu_app"
OWNER_ROLE = "daibieu_owner"

CONNECT_TIMEOUT = 5.0
"""Seconds after which a server that does not answer counts as unreachable."""

__all__ = [
    "APPLICATION_ROLE",
    "OWNER_ROLE",
    "AsyncSession",
    "Database",
    "DatabaseLimits",
    "DatabaseUnreachable",
    "allow_counting",
    "allow_unsealing",
    "fetch_rows",
]


class DatabaseUnreachable(RuntimeError):  # noqa: N818 - the name says what happened
    """The database server does not answer."""


def _write_json(value: object) -> str:
    """JSON with its letters as they are: a file of 20 MB would be written as 60 MB of escapes."""
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class DatabaseLimits:
    """How many connections a process has, and for how many seconds anything waits; 0 seconds: without end.

    Half of the ``connections`` are kept, the others are made under load. A quarter of them serves reading
    alone, so that writers who wait for each other keep no reader waiting.
    """

    connections: int = 20
    patience_seconds: float = 10.0
    """For a free connection."""
    lock_seconds: int = 0
    """For a row that another transaction has locked."""
    statement_seconds: int = 0
    """For the end of one statement."""
    idle_seconds: int = 0
    """For the next statement of a transaction."""

    @property
    def kept(self) -> int:
        """How many connections are kept."""
        return ceil(self.connections / 2)

    @property
    def writing(self) -> int:
        """How many connections may write at a time."""
        return max(1, self.connections - max(1, self.connections // 4))

    def build_settings(self) -> dict[str, str]:
        """The settings of a connection that hold these limits."""
        seconds = {
            "lock_timeout": self.lock_seconds,
            "statement_timeout": self.statement_seconds,
            "idle_in_transaction_session_timeout": self.idle_seconds,
        }
        return {name: f"{limit}s" for name, limit in seconds.items() if limit}


NO_LIMITS = DatabaseLimits()
"""The usual connections, and no end of waiting: for commands, whose statements may take long."""


class Database:
    """A pool of connections to one migrated database, within limits.

    ``url`` is an SQLAlchemy URL for asyncpg. ``notices`` are for those who wait for a run.
    """

    def __init__(self, url: str, limits: DatabaseLimits = NO_LIMITS):
        self.url = url
        self._patience = limits.patience_seconds
        self._writing = asyncio.Semaphore(limits.writing)
        fixed = {"role": APPLICATION_ROLE, "timezone": "UTC"}
        settings: dict[str, Any] = {
            "timeout": CONNECT_TIMEOUT,
            # Policies make cheap statements look costly; compiling takes far longer than running.
            "server_settings": {**fixed, "jit": "off", **limits.build_settings()},
        }
        self.engine = create_async_engine(
            url,
            pool_size=limits.kept,
            max_overflow=limits.connections - limits.kept,
            pool_timeout=limits.patience_seconds,
            pool_pre_ping=True,
            json_serializer=_write_json,
            hide_parameters=True,  # bound values may be personal data, and errors are logged
            connect_args=settings,
        )
        _, address = self.engine.dialect.create_connect_args(self.engine.url)
        self._driver_arguments = {**address, **settings}
        self.notices = self.listen()

    def listen(self, *, worker: int | None = None) -> RunNotices:
        """Notices over a connection of their own, which is made when it is needed."""
        return RunNotices(self._driver_arguments, worker=worker)

    async def close(self) -> None:
        """Close every connection."""
        await self.notices.close()
        await self.engine.dispose()

    @asynccontextmanager
    async def transaction(
        self, actor: Actor | None = None, *, read_only: bool = False, brief: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end of the block, rolled back on any error.

        A ``read_only`` transaction reads one snapshot of the database throughout. A ``brief`` one writes, but
        waits for nobody, and has a connection like those who read. Raises :class:`DatabaseUnreachable` when
        the server does not answer, and SQLAlchemy's ``TimeoutError`` when no connection becomes free.
        """
        writing = nullcontext() if read_only or brief else self._await_turn()
        async with (
            writing,
            AsyncSession(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            try:
                await session.connection()
            except OSError as error:
                raise DatabaseUnreachable(type(error).__name__) from None
            if read_only:
                await session.exec(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))  # type: ignore[call-overload]  # plain SQL
            if actor is not None:
                await set_actor(session, actor, reads=read_only)
            yield session

    @asynccontextmanager
    async def _await_turn(self) -> AsyncIterator[None]:
        """One of the places for those who write."""
        try:
            async with asyncio.timeout(self._patience):
                await self._writing.acquire()
        except TimeoutError:
            raise PoolTimeout("every connection for writing is in use") from None
        try:
            yield
        finally:
            self._writing.release()


async def set_actor(session: AsyncSession, actor: Actor, *, reads: bool = False) -> None:
    """Pass the actor and the actor's reach to the database, until the transaction ends.

    For ``reads``, generic plans are used: the same few statements come again and again, and each is planned
    only once in a connection. With the policies, planning would often take longer than running.
    """
    connection = await session.connection()
    await connection.execute(_SET_READER if reads else _SET_ACTOR, build_reach_settings(actor))


def build_reach_settings(actor: Actor) -> dict[str, str]:
    """The settings by which the policies of the database know an actor (see ``migrations/sql/actor.sql``)."""
    placed = [grant for grant in actor.grants if grant.unit is not None]
    return {
        "actor": actor.id,
        "reach": "on" if actor.is_service_wide else "",
        "units": _format_array(str(grant.unit) for grant in placed),
        "chains": _format_array(grant.congress or "" for grant in placed),
        "home": "on" if actor.owns_all_units else "",
        "homes": _format_array(str(grant.unit) for grant in actor.own_unit_grants),
        "home_chains": _format_array(grant.congress or "" for grant in actor.own_unit_grants),
        "sealed": "on" if actor.may_read_sealed else "",
    }


_SETTINGS = ("actor", "reach", "units", "chains", "home", "homes", "home_chains", "sealed")
_SET = "SELECT " + ", ".join(f"set_config('daibieu.{name}', :{name}, true)" for name in _SETTINGS)
_SET_ACTOR = text(_SET)
_SET_READER = text(f"{_SET}, set_config('plan_cache_mode', 'force_generic_plan', true)")


def _format_array(values: Iterable[str]) -> str:
    """An array in PostgreSQL's text format."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


@asynccontextmanager
async def allow_counting(session: AsyncSession) -> AsyncIterator[None]:
    """A block that reads more than the actor may see; the answer may contain only numbers.

    Within it the policies also let through the drafts of units below the actor's units, and the lists of
    their conferences.
    """
    connection = await session.connection()
    await connection.execute(_SET_AGGREGATES, {"on": "on"})
    try:
        yield
    except DBAPIError:  # the transaction has ended, and the setting with it
        raise
    except BaseException:
        await connection.execute(_SET_AGGREGATES, {"on": ""})
        raise
    await connection.execute(_SET_AGGREGATES, {"on": ""})


_SET_AGGREGATES = text("SELECT set_config('daibieu.aggregates', :on, true)")


@asynccontextmanager
async def allow_unsealing(session: AsyncSession) -> AsyncIterator[None]:
    """A block that may read people's sealed boxes regardless of the actor's rights, to write them again.

    Data from a box may go only into a box.
    """
    connection = await session.connection()
    before = (await connection.execute(_ALLOW_UNSEALING)).scalar_one()
    yield
    if before != "on":
        await connection.execute(_SET_SEALED, {"sealed": before})


_SET_SEALED = text("SELECT set_config('daibieu.sealed', :sealed, true)")
_ALLOW_UNSEALING = text(  # from left to right: the first value is the one from before
    "SELECT coalesce(current_setting('daibieu.sealed', true), ''), set_config('daibieu.sealed', 'on', true)"
)


async def fetch_rows(
    session: AsyncSession, query: Executable, params: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The rows of a statement over plain columns, without building row objects."""
    await session.flush()
    return (await (await session.connection()).execute(query, params)).all()
