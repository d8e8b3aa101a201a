"""Commands of whoever has the machine: the first keys and roles, which nobody can grant from within."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from api.commands import run_act
from db import units
from db.columns import now
from db.session import AsyncSession
from domain.access import Access, Role
from service import identities
from service.identities import Grantee, GrantRequest
from service.settings import SettingError, Settings
from service.work import Work

app = typer.Typer(no_args_is_help=True, help="Keys and roles.")

RoleArgument = Annotated[Role, typer.Argument(help="The role.")]
SubjectArgument = Annotated[str, typer.Argument(help="The person's or program's name to the issuer.")]
NameOption = Annotated[str, typer.Option("--name", help="What people call them.")]
UnitOption = Annotated[str | None, typer.Option(help="The unit's code; without it, the whole house.")]
CongressOption = Annotated[str | None, typer.Option(help="One congress chain; without it, all of them.")]
ScopesOption = Annotated[
    list[Access] | None, typer.Option("--scope", help="Fewer kinds of call than the role has.")
]
SourceOption = Annotated[str, typer.Option(help="The paper it rests on, or the reason.")]


@app.command("key")
def issue_key(
    role: RoleArgument,
    subject: SubjectArgument,
    name: NameOption,
    source: SourceOption,
    unit: UnitOption = None,
    congress: CongressOption = None,
    scope: ScopesOption = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good.")] = 90,
) -> None:
    """Issue a key and print what it says, once."""

    async def act(work: Work) -> str:
        granting = await _build_grant(work.session, role, unit, congress, scope, source)
        _, text = await identities.issue_key(
            work,
            Grantee(subject, name),
            [granting],
            purpose="command line",
            expires_at=now() + timedelta(days=days),
        )
        return text

    typer.echo(run_act(act, with_vault=False))


@app.command("grant")
def grant_role(
    role: RoleArgument,
    subject: SubjectArgument,
    name: NameOption,
    source: SourceOption,
    unit: UnitOption = None,
    congress: CongressOption = None,
    scope: ScopesOption = None,
) -> None:
    """Give a role to somebody whom the provider of identities knows by this subject (`sub`)."""
    issuer = Settings.read().oidc_issuer

    async def act(work: Work) -> str:
        granting = await _build_grant(work.session, role, unit, congress, scope, source)
        made = await identities.grant_role(work, issuer, Grantee(subject, name), granting)
        return str(made.grant.id)

    typer.echo(run_act(act, with_vault=False))


async def _build_grant(
    session: AsyncSession,
    role: Role,
    unit: str | None,
    congress: str | None,
    scopes: list[Access] | None,
    source: str,
) -> GrantRequest:
    place: UUID | None = None
    if unit is not None:
        place = (await units.map_units_by_code(session, [unit])).get(unit)
        if place is None:
            raise SettingError(f"there is no unit {unit}")
    return GrantRequest(role, place, congress, source, frozenset(scopes) if scopes else None)
