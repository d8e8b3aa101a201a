"""The first of two access checks (docs/access.md): query conditions for what is within an actor's reach.

They use the actor's grants, which are bound into the query. The row-level security policies of the database
(``migrations/sql/policies``) are the second check and test the same independently. Both look up which unit
is above which in ``unit_above``.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, and_, false, literal, or_, true, tuple_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlmodel import Field, SQLModel, col

from db.columns import During, now, text_column
from db.session import AsyncSession, fetch_rows
from domain.access import OWN_UNIT_ROLES, Actor, Grant
from domain.calendar import day_in_vietnam

Condition = ColumnElement[bool]


class UnitAbove(SQLModel, table=True):
    """Every unit above a unit in a congress chain, and on which days; triggers on ``unit_link`` and ``unit``
    write these rows.

    A path that is valid until the unit ends has no end here: the units above remain responsible afterwards.
    """

    __tablename__ = "unit_above"

    unit: UUID = Field(primary_key=True)
    congress: str = text_column(primary_key=True)
    above: UUID = Field(primary_key=True, index=True)
    during: During = Field(sa_type=DATERANGE, primary_key=True)


def is_in_subtree(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The actor has a role at the unit or at one above it, in that congress chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(_is_in_grant_subtree(grant, congress, unit) for grant in actor.grants)


def may_act_for(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The actor may act for the unit: own-unit roles for exactly their unit, others also for units below."""
    if actor.is_service_wide:
        return true()
    return _any_of(
        (_is_grant_unit if grant.role in OWN_UNIT_ROLES else _is_in_grant_subtree)(grant, congress, unit)
        for grant in actor.grants
    )


def has_role_at(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The actor has a role at exactly that unit, in that congress chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(_is_grant_unit(grant, congress, unit) for grant in actor.grants)


def is_own_unit(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is the actor's own, so its drafts are visible too."""
    if actor.owns_all_units:
        return true()
    return _any_of(_is_grant_unit(grant, congress, unit) for grant in actor.own_unit_grants)


def is_above_actor(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is above a unit at which the actor has a role, in that congress chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(
        tuple_(congress, unit).in_(_query_above(grant, _congress, _above)) for grant in actor.grants
    )


def is_below_actor(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is below a unit at which the actor has a role, in that congress chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(
        tuple_(congress, unit).in_(_query_below(grant, _congress, _unit)) for grant in actor.grants
    )


def is_in_subtree_anywhere(actor: Actor, unit: Any) -> Condition:
    """The actor has a role at the unit, or at one above it in any congress chain of the grant."""
    if actor.is_service_wide:
        return true()
    return or_(is_below_actor_anywhere(actor, unit), *(unit == grant.unit for grant in actor.grants))


def is_below_actor_anywhere(actor: Actor, unit: Any) -> Condition:
    """The unit is below a unit at which the actor has a role, in any congress chain of the grant."""
    if actor.is_service_wide:
        return true()
    return _any_of(unit.in_(_query_below(grant, _unit)) for grant in actor.grants)


def is_visible_unit(actor: Actor, unit: Any) -> Condition:
    """The actor has a role at the unit, or at one above or below it."""
    if actor.is_service_wide:
        return true()
    return or_(
        is_in_subtree_anywhere(actor, unit),
        *(unit.in_(_query_above(grant, _above)) for grant in actor.grants),
    )


async def evaluate_condition(session: AsyncSession, condition: Condition) -> bool:
    """The value of a condition that compares constant values with the actor's grants."""
    if str(condition) == "true":
        return True
    found = await fetch_rows(session, columns(condition))
    return bool(found[0][0])


async def evaluate_for_unit(
    session: AsyncSession,
    rule: Callable[..., Condition],
    actor: Actor,
    unit: UUID,
    congress: str | None = None,
) -> bool:
    """Whether one of the conditions above is true of one unit; those with a chain take its ``congress``."""
    chain = () if congress is None else (literal(congress, Text()),)
    return await evaluate_condition(session, rule(actor, *chain, literal(unit, Uuid())))


async def is_unit_above(
    session: AsyncSession, above: UUID, unit: UUID, day: date, congress: str | None = None
) -> bool:
    """Whether a unit is above another on a day, in one congress chain or in any."""
    query = columns(_unit).where(_unit == unit, _above == above, col(UnitAbove.during).op("@>")(day)).limit(1)
    if congress is not None:
        query = query.where(_congress == congress)
    return bool(await fetch_rows(session, query))


_unit, _above, _congress = col(UnitAbove.unit), col(UnitAbove.above), col(UnitAbove.congress)


def _any_of(conditions: Iterable[Condition]) -> Condition:
    return or_(false(), *conditions)


def _is_grant_unit(grant: Grant, congress: Any, unit: Any) -> Condition:
    return and_(unit == grant.unit, true() if grant.congress is None else congress == grant.congress)


def _is_in_grant_subtree(grant: Grant, congress: Any, unit: Any) -> Condition:
    below = tuple_(congress, unit).in_(_query_below(grant, _congress, _unit))
    return or_(_is_grant_unit(grant, congress, unit), below)


def _query_below(grant: Grant, *selected: Any) -> Any:
    """Columns of the units below a grant's unit today; a subquery, so that it runs one time in each query."""
    return _query_paths(grant, *selected).where(_above == grant.unit)


def _query_above(grant: Grant, *selected: Any) -> Any:
    """Columns of the units above a grant's unit today."""
    return _query_paths(grant, *selected).where(_unit == grant.unit)


def _query_paths(grant: Grant, *selected: Any) -> Any:
    query = columns(*selected).where(col(UnitAbove.during).op("@>")(_today_in_vietnam()))
    return query if grant.congress is None else query.where(_congress == grant.congress)


def _today_in_vietnam() -> date:
    return day_in_vietnam(now())
