"""The first wall: whether something lies within an actor's reach, as conditions of queries.

They rest on the actor's grants, bound into the query itself; the policies of the database (migration 0002)
ask the same by themselves. Both look up who stands above whom in ``unit_above``.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
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
    return _any(_superior(grant, congress, unit) for grant in actor.grants)


def unit_under(actor: Actor, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below one in some chain that was granted."""
    if actor.everywhere:
        return true()
    return _any(or_(unit == grant.unit, _path(unit, grant.unit, grant.congress)) for grant in actor.grants)


def unit_below(actor: Actor, unit: Any) -> Condition:
    """The unit stands below one of the actor's."""
    if actor.everywhere:
        return true()
    return _any(_path(unit, grant.unit, grant.congress) for grant in actor.grants)


def below(actor: Actor, congress: Any, unit: Any) -> Condition:
    """The unit stands below one of the actor's, in that chain."""
    if actor.everywhere:
        return true()
    return _any(and_(_chain(grant, congress), _path(unit, grant.unit, congress)) for grant in actor.grants)


def unit_seen(actor: Actor, unit: Any) -> Condition:
    """The unit is one of the actor's, or stands below or above one."""
    if actor.everywhere:
        return true()
    upwards = (_path(grant.unit, unit, grant.congress) for grant in actor.grants)
    return or_(unit_under(actor, unit), *upwards)


async def holds(session: AsyncSession, condition: Condition) -> bool:
    """Whether a condition over given values is so."""
    if str(condition) == "true":
        return True
    found = await rows(session, columns(condition))
    return bool(found[0][0])


def _any(conditions: Iterable[Condition]) -> Condition:
    return or_(false(), *conditions)


def _stands(grant: Grant, congress: Any, unit: Any) -> Condition:
    return and_(unit == grant.unit, _chain(grant, congress))


def _reached(grant: Grant, congress: Any, unit: Any) -> Condition:
    return and_(_chain(grant, congress), or_(unit == grant.unit, _path(unit, grant.unit, congress)))


def _superior(grant: Grant, congress: Any, unit: Any) -> Condition:
    return and_(_chain(grant, congress), _path(grant.unit, unit, congress))


def _chain(grant: Grant, congress: Any) -> Condition:
    return true() if grant.congress is None else congress == grant.congress


def _path(unit: Any, superior: Any, congress: Any) -> Condition:
    """``superior`` stands above ``unit`` today, in a chain or (``None``) in any."""
    path = col(UnitAbove.unit), col(UnitAbove.above), col(UnitAbove.congress), col(UnitAbove.during)
    query = columns(path[0]).where(path[0] == unit, path[1] == superior, path[3].op("@>")(_today()))
    query = query if congress is None else query.where(path[2] == congress)
    # What else it names is of the queries around it, however far out; by default it would join a table.
    return query.correlate_except(UnitAbove).exists()


def _today() -> date:
    return day_in_vietnam(now())
