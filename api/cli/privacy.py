"""Commands for personal data: of one person, of a congress after its retention, and the master key."""

import json
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.commands import begin_command_work, run_act, run_on_database
from api.http.request_log import configure_logging
from db.session import Database
from service import erasures, exports, key_rotation, retention, vaults
from service.settings import SettingError, Settings
from service.work import Work

person_app = typer.Typer(no_args_is_help=True, help="Data of one person.")
retention_app = typer.Typer(no_args_is_help=True, help="Retention of the personal data of a congress.")
keys_app = typer.Typer(no_args_is_help=True, help="The master key.")

CongressArgument = Annotated[str, typer.Argument(help="The congress's id.")]
PersonArgument = Annotated[UUID, typer.Argument(help="The person's id.")]


class ErasureReason(StrEnum):
    """Why a person is erased."""

    REQUEST = "request"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    RETENTION = "retention"
    UNLAWFUL = "unlawful"


@person_app.command("erase")
def erase_person(
    person: PersonArgument,
    reason: Annotated[ErasureReason, typer.Option(help="The reason.")],
    source: Annotated[str, typer.Option(help="The number and day of the document that orders it.")],
) -> None:
    """Erase a person: destroy their key and data. Counts and audit chains stay."""

    async def act(work: Work) -> int:
        done = await erasures.erase_person(work, person, reason.value, source)
        return done.answers

    answers = run_act(act)
    typer.echo(f"{person}: erased; {answers} stored answers emptied")


@person_app.command("export")
def export_person(
    person: PersonArgument, purpose: Annotated[str, typer.Option(help="The purpose of the export.")]
) -> None:
    """Export all data of a person to standard output, as JSON."""
    configure_logging(sys.stderr)  # what cannot be opened is logged, and not into the document

    async def act(work: Work) -> str:
        data = dict(await exports.export_person(work, person, purpose))
        data["findings"] = [finding.plain() for finding in data["findings"]]
        return json.dumps(data, ensure_ascii=False, indent=2)

    typer.echo(run_act(act))


@retention_app.command("set")
def set_retention(
    congress: CongressArgument,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day of retention.")],
    source: Annotated[str, typer.Option(help="The document that sets this day.")],
) -> None:
    """Set the last day on which the personal data of a congress is kept."""
    day: date = until.date()

    async def act(work: Work) -> None:
        await retention.set_retention(work, congress, day, source)

    run_act(act)
    typer.echo(f"{congress}: kept until {day}")


@retention_app.command("preview")
def preview_retention(congress: CongressArgument) -> None:
    """Count what would be erased. Nothing is changed."""

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
    """Erase the people of a congress after its retention. After an interruption, run it again to continue."""
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
    """Encrypt every person's key with a new master key. After an interruption, run it again to continue.

    The old master key is needed until this command reports that no key is left under it. A service that runs
    in the meantime needs both: `DAIBIEU_NEXT_MASTER_KEY_FILE` is the file of the new one.
    """
    old, new = vaults.build_vault(Settings.read()), vaults.read_vault(to)
    if old.name == new.name:
        raise SettingError(f"{to.name} is the master key that is in use already")

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
            typer.echo(f"{rotated} keys encrypted again", err=True)

    rotated = run_on_database(act)
    typer.echo(f"{rotated} keys encrypted again, none is left under {old.name}")
    typer.echo("now set DAIBIEU_MASTER_KEY_FILE to the new file, and destroy the old one with its copies")
