"""Commands for the first keys and roles, which nobody can grant through the API."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from api.cli.commands import run_act
from db import units
from db.columns import now
from db.session import AsyncSession
from domain.access import Access, Role
from service import accounts, identities
from service.identities import Grantee, GrantRequest
from service.settings import SettingError, Settings
from service.work import Work

app = typer.Typer(no_args_is_help=True, help="Keys and roles.")

RoleArgument = Annotated[Role, typer.Argument(help="The role.")]
SubjectArgument = Annotated[str, typer.Argument(help="The person's or program's identifier (`sub`).")]
NameOption = Annotated[str, typer.Option("--name", help="The name of the person or program.")]
UnitOption = Annotated[str | None, typer.Option(help="The unit's code; left out: the whole service.")]
CongressOption = Annotated[str | None, typer.Option(help="The congress's id; left out: all of them.")]
ScopesOption = Annotated[list[Access] | None, typer.Option("--scope", help="Allow only these kinds of call.")]
IdentityArgument = Annotated[UUID, typer.Argument(help="The id of the identity (`holder` of a key or role).")]
ReasonOption = Annotated[str, typer.Option(help="Why; it is recorded.")]
SourceOption = Annotated[str, typer.Option(help="The document that orders this, or the reason.")]


@app.command("key")
def issue_key(
    role: RoleArgument,
    subject: SubjectArgument,
    name: NameOption,
    source: SourceOption,
    unit: UnitOption = None,
    congress: CongressOption = None,
    scope: ScopesOption = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days for which the key is valid.")] = 90,
) -> None:
    """Issue a service key and print it. It cannot be printed again."""

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
    """Grant a role to a person of the identity provider (OpenID Connect) with this `sub`."""
    issuer = Settings.read().oidc_issuer

    async def act(work: Work) -> str:
        granting = await _build_grant(work.session, role, unit, congress, scope, source)
        made = await identities.grant_role(work, issuer, Grantee(subject, name), granting)
        return str(made.grant.id)

    typer.echo(run_act(act, with_vault=False))


@app.command("link")
def link_identities(one: IdentityArgument, other: IdentityArgument, reason: ReasonOption) -> None:
    """Link two identities of one person, and print the account."""

    async def act(work: Work) -> str:
        return str((await accounts.link_identities(work, one, other, reason)).id)

    typer.echo(run_act(act, with_vault=False))


@app.command("separate")
def separate_identity(identity: IdentityArgument, reason: ReasonOption) -> None:
    """Separate an identity that was linked by mistake, and print its new account."""

    async def act(work: Work) -> str:
        return str((await accounts.separate_identity(work, identity, reason)).id)

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
