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

MIGRATION_LOCK = 0x6461696269657531
"""The advisory lock that lets one migrate at a time; others wait, and find nothing left to do."""

MIGRATIONS_FOLDER = Path(__file__).parent.parent / "migrations"


def upgrade_database(url: str, revision: str = "head") -> None:
    """Migrate up, as the role in ``url``, which must be able to create roles the first time."""
    _run_command(url, lambda config: command.upgrade(config, revision))


def downgrade_database(url: str, revision: str) -> None:
    """Migrate down to ``revision`` (``base`` for an empty database)."""
    _run_command(url, lambda config: command.downgrade(config, revision))


def get_head_revision() -> str:
    """The newest revision this code knows."""
    newest = ScriptDirectory.from_config(_build_config()).get_current_head()
    if newest is None:
        raise RuntimeError("there are no migrations")
    return newest


async def find_current_revision(connection: AsyncConnection) -> str | None:
    """The revision a database stands at, or ``None`` when it was never migrated."""
    return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def _build_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _run_command(url: str, act: Callable[[Config], None]) -> None:
    asyncio.run(_run_on_connection(url, act))


async def _run_on_connection(url: str, act: Callable[[Config], None]) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            await connection.run_sync(_bind_connection(act))
    finally:
        await engine.dispose()


def _bind_connection(act: Callable[[Config], None]) -> Callable[[Connection], None]:
    def call(connection: Connection) -> None:
        config = _build_config()
        config.attributes["connection"] = connection
        act(config)

    return call
