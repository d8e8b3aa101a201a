"""The first wall: whether something lies within an actor's reach, as conditions of queries.

They rest on the actor's grants, bound into the query itself; the policies of the database (migration 0002)
ask the same by themselves. Both look up who stands above whom in ``unit_above``.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true, tuple_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlmodel import Field, SQLModel, col

from db.columns import During, now, text_column
from db.session import AsyncSession, fetch_rows
from domain.access import OWN_UNIT_ROLES, Actor, Grant
from domain.calendar import day_in_vietnam

Condition = ColumnElement[bool]


class UnitAbove(SQLModel, table=True):
    """Every unit above a unit in a chain, and when; triggers on ``unit_link`` and ``unit`` keep it.

    A path that lasts as long as the unit itself has no end here: whoever led it then answers for it still.
    """

    __tablename__ = "unit_above"

    unit: UUID = Field(primary_key=True)
    congress: str = text_column(primary_key=True)
    above: UUID = Field(primary_key=True, index=True)
    during: During = Field(sa_type=DATERANGE, primary_key=True)


def is_in_subtree(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below one, in that chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(_is_in_grant_subtree(grant, congress, unit) for grant in actor.grants)


def may_act_for(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The actor may act for the unit: roles of a unit's own at that very unit, the others below it too."""
    if actor.is_service_wide:
        return true()
    return _any_of(
        (_is_grant_unit if grant.role in OWN_UNIT_ROLES else _is_in_grant_subtree)(grant, congress, unit)
        for grant in actor.grants
    )


def has_role_at(actor: Actor, congress: Any, unit: Any) -> Condition:
    """A grant of the actor's stands at that very unit, in that chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(_is_grant_unit(grant, congress, unit) for grant in actor.grants)


def is_own_unit(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is the actor's own, drafts included."""
    if actor.owns_all_units:
        return true()
    return _any_of(_is_grant_unit(grant, congress, unit) for grant in actor.own_unit_grants)


def is_above_actor(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit stands above one of the actor's, in that chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(
        tuple_(congress, unit).in_(_query_above(grant, _congress, _above)) for grant in actor.grants
    )


def is_below_actor(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit stands below one of the actor's, in that chain."""
    if actor.is_service_wide:
        return true()
    return _any_of(
        tuple_(congress, unit).in_(_query_below(grant, _congress, _unit)) for grant in actor.grants
    )


def is_in_subtree_anywhere(actor: Actor, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below one in some chain that was granted."""
    if actor.is_service_wide:
        return true()
    return or_(is_below_actor_anywhere(actor, unit), *(unit == grant.unit for grant in actor.grants))


def is_below_actor_anywhere(actor: Actor, unit: Any) -> Condition:
    """The unit stands below one of the actor's."""
    if actor.is_service_wide:
        return true()
    return _any_of(unit.in_(_query_below(grant, _unit)) for grant in actor.grants)


def is_visible_unit(actor: Actor, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below or above one."""
    if actor.is_service_wide:
        return true()
    return or_(
        is_in_subtree_anywhere(actor, unit),
        *(unit.in_(_query_above(grant, _above)) for grant in actor.grants),
    )


async def evaluate_condition(session: AsyncSession, condition: Condition) -> bool:
    """Whether a condition over given values is so."""
    if str(condition) == "true":
        return True
    found = await fetch_rows(session, columns(condition))
    return bool(found[0][0])


async def is_unit_above(session: AsyncSession, above: UUID, unit: UUID, day: date) -> bool:
    """Whether a unit stands above another on a day, in whatever chain."""
    query = columns(_unit).where(_unit == unit, _above == above, col(UnitAbove.during).op("@>")(day)).limit(1)
    return bool(await fetch_rows(session, query))


_unit, _above, _congress = col(UnitAbove.unit), col(UnitAbove.above), col(UnitAbove.congress)


def _any_of(conditions: Iterable[Condition]) -> Condition:
    return or_(false(), *conditions)


def _is_grant_unit(grant: Grant, congress: Any, unit: Any) -> Condition:
    return and_(unit == grant.unit, true() if grant.congress is None else congress == grant.congress)


def _is_in_grant_subtree(grant: Grant, congress: Any, unit: Any) -> Condition:
    below = tuple_(congress, unit).in_(_query_below(grant, _congress, _unit))
    return or_(_is_grant_unit(grant, congress, unit), below)


def _query_below(grant: Grant, *wanted: Any) -> Any:
    """What stands below a grant's unit today; asked by itself, so that it is asked once a query."""
    return _query_paths(grant, *wanted).where(_above == grant.unit)


def _query_above(grant: Grant, *wanted: Any) -> Any:
    """What stands above it."""
    return _query_paths(grant, *wanted).where(_unit == grant.unit)


def _query_paths(grant: Grant, *wanted: Any) -> Any:
    query = columns(*wanted).where(col(UnitAbove.during).op("@>")(_today_in_vietnam()))
    return query if grant.congress is None else query.where(_congress == grant.congress)


def _today_in_vietnam() -> date:
    return day_in_vietnam(now())
