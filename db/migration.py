"""Migrating a database to the newest schema, and reading its current revision."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from db.session import APPLICATION_ROLE

MIGRATION_LOCK = 0x6461696269657531
"""The advisory lock that lets one process migrate at a time; others wait, and then have nothing to do."""

NEVER_RELEASED = frozenset({"0001", "0002", "0003", "0004", "0005", "0006"})
"""Revisions that were replaced before anything was released; no migration leads on from them."""

MIGRATIONS_FOLDER = Path(__file__).parent.parent / "migrations"


class NeverReleased(RuntimeError):  # noqa: N818 - the name says what happened
    """The database was made by a version that was never released."""

    def __init__(self, revision: str):
        super().__init__(
            f"the database was made by a version that was never released (revision {revision}), "
            "and no migration leads on from there"
        )


class OpenDatabase(RuntimeError):  # noqa: N818 - the name says what happened
    """The application role could make tables of its own, which functions might take for ours."""

    def __init__(self, database: str):
        super().__init__(
            f"the role {APPLICATION_ROLE} may make tables in the database {database}, or temporary ones, and "
            "the role that migrates may not forbid that; its owner may: "
            f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        )


def upgrade_database(url: str, revision: str = "head") -> None:
    """Migrate up, as the role in ``url``, which must be able to create roles the first time.

    Raises :class:`NeverReleased` or :class:`OpenDatabase`, and then changes nothing.
    """

    def act(config: Config) -> None:
        connection: Connection = config.attributes["connection"]
        expect_released(MigrationContext.configure(connection).get_current_revision())
        command.upgrade(config, revision)
        if revision == "head":
            close_database(connection)

    _run_command(url, act)


def close_database(connection: Connection) -> None:
    """Forbid temporary tables to all but the owner of the database.

    The right belongs to the database and not to the schema: a copy or a restored backup does not have what
    was forbidden in the original. So this happens in every migration, also when the schema is the newest.
    Raises :class:`OpenDatabase` when the application role may make tables nevertheless.
    """
    name, is_owner = connection.execute(_DATABASE).one()
    if is_owner:
        quoted = connection.dialect.identifier_preparer.quote_identifier(name)
        connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {quoted} FROM PUBLIC, {APPLICATION_ROLE}"))
    if connection.execute(_IS_OPEN, {"role": APPLICATION_ROLE}).scalar_one():
        raise OpenDatabase(name)


_DATABASE = text(
    "SELECT datname, pg_has_role(current_user, datdba, 'USAGE') FROM pg_database"
    " WHERE datname = current_database()"
)
_IS_OPEN = text(
    "SELECT has_database_privilege(:role, current_database(), 'TEMPORARY, CREATE')"
    " OR has_schema_privilege(:role, 'public', 'CREATE')"
)


def downgrade_database(url: str, revision: str) -> None:
    """Migrate down to ``revision`` (``base`` for an empty database)."""
    _run_command(url, lambda config: command.downgrade(config, revision))


def get_head_revision() -> str:
    """The newest revision this code knows."""
    newest = ScriptDirectory.from_config(_build_config()).get_current_head()
    if newest is None:
        raise RuntimeError("there are no migrations")
    return newest


def expect_released(revision: str | None) -> None:
    """Raise :class:`NeverReleased` for a revision from which no migration leads on."""
    if revision in NEVER_RELEASED:
        raise NeverReleased(revision)


async def find_current_revision(connection: AsyncConnection) -> str | None:
    """The revision of a database, or ``None`` when it was never migrated."""
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
