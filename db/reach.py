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

from db.columns import During, now, text
from db.session import AsyncSession, rows
from domain.access import OWN_ONLY, Actor, Grant
from domain.calendar import day_in_vietnam

Condition = ColumnElement[bool]


class UnitAbove(SQLModel, table=True):
    """Every unit above a unit in a chain, and when; triggers on ``unit_link`` and ``unit`` keep it.

    A path that lasts as long as the unit itself has no end here: whoever led it then answers for it still.
    """

    __tablename__ = "unit_above"

    unit: UUID = Field(primary_key=True)
    congress: str = text(primary_key=True)
    above: UUID = Field(primary_key=True, index=True)
    during: During = Field(sa_type=DATERANGE, primary_key=True)


def under(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below one, in that chain."""
    if actor.everywhere:
        return true()
    return _any(_reached(grant, congress, unit) for grant in actor.grants)


def held(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The actor may act for the unit: roles of a unit's own at that very unit, the others below it too."""
    if actor.everywhere:
        return true()
    return _any(
        (_stands if grant.role in OWN_ONLY else _reached)(grant, congress, unit) for grant in actor.grants
    )


def stands(actor: Actor, congress: Any, unit: Any) -> Condition:
    """A grant of the actor's stands at that very unit, in that chain."""
    if actor.everywhere:
        return true()
    return _any(_stands(grant, congress, unit) for grant in actor.grants)


def home(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit is the actor's own, drafts included."""
    if actor.home_everywhere:
        return true()
    return _any(_stands(grant, congress, unit) for grant in actor.homes)


def above(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit stands above one of the actor's, in that chain."""
    if actor.everywhere:
        return true()
    return _any(tuple_(congress, unit).in_(_over(grant, _congress, _above)) for grant in actor.grants)


def below(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit stands below one of the actor's, in that chain."""
    if actor.everywhere:
        return true()
    return _any(tuple_(congress, unit).in_(_beneath(grant, _congress, _unit)) for grant in actor.grants)


def unit_under(actor: Actor, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below one in some chain that was granted."""
    if actor.everywhere:
        return true()
    return or_(unit_below(actor, unit), *(unit == grant.unit for grant in actor.grants))


def unit_below(actor: Actor, unit: Any) -> Condition:
    """The unit stands below one of the actor's."""
    if actor.everywhere:
        return true()
    return _any(unit.in_(_beneath(grant, _unit)) for grant in actor.grants)


def unit_seen(actor: Actor, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below or above one."""
    if actor.everywhere:
        return true()
    return or_(unit_under(actor, unit), *(unit.in_(_over(grant, _above)) for grant in actor.grants))


async def holds(session: AsyncSession, condition: Condition) -> bool:
    """Whether a condition over given values is so."""
    if str(condition) == "true":
        return True
    found = await rows(session, columns(condition))
    return bool(found[0][0])


async def stands_over(session: AsyncSession, above: UUID, unit: UUID, day: date) -> bool:
    """Whether a unit stands above another on a day, in whatever chain."""
    query = columns(_unit).where(_unit == unit, _above == above, col(UnitAbove.during).op("@>")(day)).limit(1)
    return bool(await rows(session, query))


_unit, _above, _congress = col(UnitAbove.unit), col(UnitAbove.above), col(UnitAbove.congress)


def _any(conditions: Iterable[Condition]) -> Condition:
    return or_(false(), *conditions)


def _stands(grant: Grant, congress: Any, unit: Any) -> Condition:
    return and_(unit == grant.unit, true() if grant.congress is None else congress == grant.congress)


def _reached(grant: Grant, congress: Any, unit: Any) -> Condition:
    below = tuple_(congress, unit).in_(_beneath(grant, _congress, _unit))
    return or_(_stands(grant, congress, unit), below)


def _beneath(grant: Grant, *wanted: Any) -> Any:
    """What stands below a grant's unit today; asked by itself, so that it is asked once a query."""
    return _paths(grant, *wanted).where(_above == grant.unit)


def _over(grant: Grant, *wanted: Any) -> Any:
    """What stands above it."""
    return _paths(grant, *wanted).where(_unit == grant.unit)


def _paths(grant: Grant, *wanted: Any) -> Any:
    query = columns(*wanted).where(col(UnitAbove.during).op("@>")(_today()))
    return query if grant.congress is None else query.where(_congress == grant.congress)


def _today() -> date:
    return day_in_vietnam(now())
