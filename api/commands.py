"""How a command acts: in a transaction of the command-line actor, on the database of the settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

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
    """A transaction of whoever has the command line."""
    actor = Actor.for_command_line()
    async with database.transaction(actor) as session:
        yield Work(session, actor, vault, today())


def run_act(act: Callable[[Work], Awaitable[T]], *, with_vault: bool = True) -> T:
    """Carry out one act in one transaction; without the vault no master key is needed."""
    vault = build_vault(Settings.read()) if with_vault else None

    async def act_once(database: Database) -> T:
        async with begin_command_work(database, vault) as work:
            return await act(work)

    return run_on_database(act_once)


def run_on_database(act: Callable[[Database], Awaitable[T]]) -> T:
    """Carry out an act that opens its own transactions; a refusal ends the command with its message."""
    from api.cli import provide_database_url

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
