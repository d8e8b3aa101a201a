"""Commands of whoever has the machine: the first keys and roles, which nobody can grant from within."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from db import units
from db.columns import now
from db.session import AsyncSession, Database
from domain.access import Access, Actor, Role
from domain.findings import Refused
from service import identities
from service.identities import Grantee, GrantRequest
from service.sentences import translate_code
from service.settings import SettingError, Settings

Act = Callable[[AsyncSession], Awaitable[str]]

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

    async def act(session: AsyncSession) -> str:
        granting = await _build_grant(session, role, unit, congress, scope, source)
        _, text = await identities.issue_key(
            session,
            Actor.for_command_line(),
            Grantee(subject, name),
            [granting],
            purpose="command line",
            expires_at=now() + timedelta(days=days),
        )
        return text

    typer.echo(_run_act(act))


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

    async def act(session: AsyncSession) -> str:
        granting = await _build_grant(session, role, unit, congress, scope, source)
        made = await identities.grant_role(
            session, Actor.for_command_line(), issuer, Grantee(subject, name), granting
        )
        return str(made.grant.id)

    typer.echo(_run_act(act))


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


def _run_act(act: Act) -> str:
    from api.cli import provide_database_url

    async def within(url: str) -> str:
        database = Database(url)
        try:
            async with database.transaction(Actor.for_command_line()) as session:
                return await act(session)
        finally:
            await database.close()

    try:
        with provide_database_url(Settings.read()) as url:
            return asyncio.run(within(url))
    except Refused as refused:
        told = "; ".join(translate_code(each.code, each.params, "en") for each in refused.errors)
        raise SettingError(told or translate_code(refused.code, refused.params, "en")) from None
