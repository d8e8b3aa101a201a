"""Commands for personal data: one person's, a congress's when its time is over, and the master key."""

import json
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.commands import begin_command_work, run_act, run_on_database
from db.session import Database
from service import erasures, exports, key_rotation, retention, vaults
from service.settings import SettingError, Settings
from service.work import Work

person_app = typer.Typer(no_args_is_help=True, help="One person's data.")
retention_app = typer.Typer(no_args_is_help=True, help="Until when a congress's personal data is kept.")
keys_app = typer.Typer(no_args_is_help=True, help="The master key.")

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

    async def act(work: Work) -> int:
        done = await erasures.erase_person(work, person, reason.value, source)
        return done.answers

    answers = run_act(act)
    typer.echo(f"{person}: erased; {answers} stored answers emptied")


@person_app.command("export")
def export_person(
    person: PersonArgument, purpose: Annotated[str, typer.Option(help="What it is given out for.")]
) -> None:
    """Write everything that is held of a person to standard output, as JSON."""

    async def act(work: Work) -> str:
        told = await exports.export_person(work, person, purpose)
        return json.dumps(told, ensure_ascii=False, indent=2)

    typer.echo(run_act(act))


@retention_app.command("set")
def set_retention(
    congress: CongressArgument,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
    source: Annotated[str, typer.Option(help="The paper that says so.")],
) -> None:
    """Set until when the personal data of a congress is kept."""
    day: date = until.date()

    async def act(work: Work) -> None:
        await retention.set_retention(work, congress, day, source)

    run_act(act)
    typer.echo(f"{congress}: kept until {day}")


@retention_app.command("preview")
def preview_retention(congress: CongressArgument) -> None:
    """Say what would be erased, by count; nothing is changed."""

    async def act(work: Work) -> retention.RetentionPreview:
        return await retention.preview_erasure(work, congress)

    found = run_act(act)
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

    async def act(database: Database) -> int:
        erased = 0
        while True:
            async with begin_command_work(database, vault) as work:
                found = await retention.erase_batch(work, congress, part)
                if not found:
                    if erased:
                        await retention.record_retention_end(work, congress, erased)
                    return erased
            erased += len(found)
            typer.echo(f"{erased} people erased", err=True)

    typer.echo(f"{congress}: {run_on_database(act)} people erased")


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

    async def act(database: Database) -> int:
        rotated = 0
        while True:
            async with begin_command_work(database, old) as work:
                found = await key_rotation.rewrap_keys(work.session, old, new, part)
                if not found:
                    left = await key_rotation.count_waiting_keys(work.session, new)
                    if left:
                        names = ", ".join(f"{name} ({n})" for name, n in sorted(left.items()))
                        raise SettingError(f"keys are left under other master keys: {names}")
                    await key_rotation.record_rotation(work, old, new, rotated)
                    return rotated
            rotated += found
            typer.echo(f"{rotated} keys wrapped anew", err=True)

    rotated = run_on_database(act)
    typer.echo(f"{rotated} keys wrapped anew, none is left under {old.name}")
    typer.echo("now name the new file in DAIBIEU_MASTER_KEY_FILE, and destroy the old one with its copies")
