"""How commands work: on the configured database, in a transaction of the command-line actor."""

import asyncio
import shlex
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy import make_url

from db import migration
from db.embedded import EmbeddedServer, find_shared_server
from db.session import Database
from domain.access import Actor
from domain.findings import Refused
from service.clock import today
from service.settings import SettingError, Settings
from service.texts import translate_code
from service.vaults import Vault, build_vault
from service.work import Work

T = TypeVar("T")


@asynccontextmanager
async def begin_command_work(database: Database, vault: Vault | None) -> AsyncIterator[Work]:
    """Begin a transaction in the name of the command-line actor."""
    actor = Actor.for_command_line()
    async with database.transaction(actor) as session:
        yield Work(session, actor, vault, today())


def run_act(act: Callable[[Work], Awaitable[T]], *, with_vault: bool = True) -> T:
    """Run ``act`` in one transaction; without the vault no master key is needed."""
    vault = build_vault(Settings.read()) if with_vault else None

    async def act_once(database: Database) -> T:
        async with begin_command_work(database, vault) as work:
            return await act(work)

    return run_on_database(act_once)


def run_on_database(act: Callable[[Database], Awaitable[T]]) -> T:
    """Run ``act``, which begins its own transactions; a refusal ends the command with its message."""

    async def act_within(url: str) -> T:
        database = Database(url)
        try:
            return await act(database)
        finally:
            await database.close()

    try:
        with provide_database_url(Settings.read()) as url:
            return asyncio.run(act_within(url))
    except Refused as refused:
        details = "; ".join(translate_code(each.code, each.params, "en") for each in refused.errors)
        raise SettingError(details or translate_code(refused.code, refused.params, "en")) from None


@contextmanager
def provide_database_url(settings: Settings) -> Iterator[str]:
    """The URL of the database: of the configured server, or of the one embedded in the data folder.

    If a running service has the folder, its server is joined; else one is started for this block.
    """
    with explain_old_data(settings), _provide_server_url(settings) as url:
        yield url


@contextmanager
def explain_old_data(settings: Settings) -> Iterator[None]:
    """Say what to do about data that cannot be migrated, or may not be served as they are."""
    try:
        yield
    except migration.OpenDatabase as error:
        raise SettingError(str(error)) from None
    except migration.NeverReleased as error:
        raise SettingError(f"{error}; {_describe_fresh_start(settings)}") from None


def _describe_fresh_start(settings: Settings) -> str:
    """Describe what to do about data that cannot be migrated."""
    if settings.database_url is not None:
        name = shlex.quote(make_url(settings.database_url).database or "")
        return (
            "drop the database, create it again and migrate: "
            f"dropdb {name} && createdb {name} && python -m api.cli.main migrate"
        )
    data = shlex.quote(str(settings.data))
    return f"move the data folder away and start again: mv {data} {data}.old"


@contextmanager
def _provide_server_url(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
        return
    if settings.mode == "server":
        raise SettingError("DAIBIEU_DATABASE_URL must be set in server mode")
    if (running := find_shared_server(settings.embedded_folder)) is not None:
        yield running.build_url()
        return
    settings.make_data_folder()
    with EmbeddedServer.start(settings.embedded_folder, user=settings.postgres_user) as server:
        yield server.build_url()
