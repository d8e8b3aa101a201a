"""Bringing a database to the newest schema, and saying where it stands."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

MIGRATING = 0x6461696269657531
"""The advisory lock that lets one migrate at a time; others wait, and find nothing left to do."""

FOLDER = Path(__file__).parent.parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up, as the role in ``url``, which must be able to create roles the first time."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Migrate down to ``revision`` (``base`` for an empty database)."""
    _run(url, lambda config: command.downgrade(config, revision))


def head() -> str:
    """The newest revision this code knows."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError("there are no migrations")
    return newest


async def current(connection: AsyncConnection) -> str | None:
    """The revision a database stands at, or ``None`` when it was never migrated."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _run(url: str, act: Callable[[Config], None]) -> None:
    asyncio.run(_connected(url, act))


async def _connected(url: str, act: Callable[[Config], None]) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            await connection.run_sync(_with(act))
    finally:
        await engine.dispose()


def _with(act: Callable[[Config], None]) -> Callable[[Connection], None]:
    def call(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        act(config)

    return call
