"""Commands for personal data: one person's, a congress's when its time is over, and the master key."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from db.session import AsyncSession, Database
from domain.access import Actor
from domain.findings import Refused
from service import erasures, exports, key_rotation, retention, vaults
from service.sentences import translate_code
from service.settings import SettingError, Settings
from service.vaults import Vault

person_app = typer.Typer(no_args_is_help=True, help="One person's data.")
retention_app = typer.Typer(no_args_is_help=True, help="Until when a congress's personal data is kept.")
keys_app = typer.Typer(no_args_is_help=True, help="The master key.")

T = TypeVar("T")
DatabaseWork = Callable[[Database], Awaitable[T]]
CongressArgument = Annotated[str, typer.Argument(help="The congress's id.")]
PersonArgument = Annotated[UUID, typer.Argument(help="The person's id.")]


class ErasureReason(StrEnum):
    """Why somebody is erased."""

    REQUEST = "request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RETENTION = "retention"
    UNLAWFUL = "unlawful"


@person_app.command("erase")
def erase_person(
    person: PersonArgument,
    reason: Annotated[ErasureReason, typer.Option(help="Why.")],
    source: Annotated[str, typer.Option(help="The number and day of the paper it rests on.")],
) -> None:
    """Destroy a person's key and all that was said of them; counts and audit chains stay."""

    async def act(session: AsyncSession, vault: Vault) -> int:
        done = await erasures.erase_person(
            session, Actor.for_command_line(), vault, person, reason.value, source
        )
        return done.answers

    answers = _run_act(act)
    typer.echo(f"{person}: erased; {answers} stored answers emptied")


@person_app.command("export")
def export_person(
    person: PersonArgument, purpose: Annotated[str, typer.Option(help="What it is given out for.")]
) -> None:
    """Write everything that is held of a person to standard output, as JSON."""

    async def act(session: AsyncSession, vault: Vault) -> str:
        told = await exports.export_person(session, Actor.for_command_line(), vault, person, purpose)
        return json.dumps(told, ensure_ascii=False, indent=2)

    typer.echo(_run_act(act))


@retention_app.command("set")
def set_retention(
    congress: CongressArgument,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
    source: Annotated[str, typer.Option(help="The paper that says so.")],
) -> None:
    """Set until when the personal data of a congress is kept."""
    day: date = until.date()

    async def act(session: AsyncSession, _: Vault) -> None:
        await retention.set_retention(session, Actor.for_command_line(), congress, day, source)

    _run_act(act)
    typer.echo(f"{congress}: kept until {day}")


@retention_app.command("preview")
def preview_retention(congress: CongressArgument) -> None:
    """Say what would be erased, by count; nothing is changed."""

    async def act(session: AsyncSession, _: Vault) -> retention.RetentionPreview:
        return await retention.preview_erasure(session, congress)

    found = _run_act(act)
    when = "is over" if found.over else "is not over"
    typer.echo(f"{congress}: kept until {found.until}, which {when}")
    typer.echo(f"people to be erased: {found.persons}, in {found.lines} nominations and invitations")
    typer.echo(f"people who stay for another congress: {found.staying}")


@retention_app.command("apply")
def apply_retention(
    congress: CongressArgument,
    part: Annotated[
        int, typer.Option(min=1, help="People erased in one transaction.")
    ] = retention.BATCH_SIZE,
) -> None:
    """Erase the people of a congress whose time is over; interrupted, it goes on where it was."""
    vault = vaults.build_vault(Settings.read())

    async def work(database: Database) -> int:
        erased = 0
        while True:
            async with database.transaction(Actor.for_command_line()) as session:
                found = await retention.erase_batch(session, Actor.for_command_line(), vault, congress, part)
                if not found:
                    if erased:
                        await retention.record_retention_end(
                            session, Actor.for_command_line(), congress, erased
                        )
                    return erased
            erased += len(found)
            typer.echo(f"{erased} people erased", err=True)

    typer.echo(f"{congress}: {_run_work(work)} people erased")


@keys_app.command("rotate")
def rotate_keys(
    to: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The new master key.")],
    part: Annotated[int, typer.Option(min=1, help="Keys in one transaction.")] = key_rotation.BATCH_SIZE,
) -> None:
    """Wrap every person's key by a new master key; interrupted, it goes on where it was.

    The old master key is needed until this has said that none is left. A service that runs meanwhile needs
    both: `DAIBIEU_NEXT_MASTER_KEY_FILE` names the new one.
    """
    old, new = vaults.build_vault(Settings.read()), vaults.read_vault(to)
    if old.name == new.name:
        raise SettingError(f"{to.name} holds the master key that is in use already")

    async def work(database: Database) -> int:
        rotated = 0
        while True:
            async with database.transaction(Actor.for_command_line()) as session:
                found = await key_rotation.rewrap_keys(session, old, new, part)
                if not found:
                    left = await key_rotation.count_waiting_keys(session, new)
                    if left:
                        names = ", ".join(f"{name} ({n})" for name, n in sorted(left.items()))
                        raise SettingError(f"keys are left under other master keys: {names}")
                    await key_rotation.record_rotation(session, Actor.for_command_line(), old, new, rotated)
                    return rotated
            rotated += found
            typer.echo(f"{rotated} keys wrapped anew", err=True)

    rotated = _run_work(work)
    typer.echo(f"{rotated} keys wrapped anew, none is left under {old.name}")
    typer.echo("now name the new file in DAIBIEU_MASTER_KEY_FILE, and destroy the old one with its copies")


def _run_act(act: Callable[[AsyncSession, Vault], Awaitable[T]]) -> T:
    """One act in one transaction, by whoever has the machine."""
    vault = vaults.build_vault(Settings.read())

    async def work(database: Database) -> T:
        async with database.transaction(Actor.for_command_line()) as session:
            return await act(session, vault)

    return _run_work(work)


def _run_work(work: DatabaseWork[T]) -> T:
    from api.cli import provide_database_url

    async def within(url: str) -> T:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        with provide_database_url(Settings.read()) as url:
            return asyncio.run(within(url))
    except Refused as refused:
        raise SettingError(translate_code(refused.code, refused.params, "en")) from None
