"""The stored data of those units to which a file, or an act on a unit, refers. Nothing else is read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, func, literal, null
from sqlalchemy import cast as cast_to
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import DATERANGE, distinct_on
from sqlmodel import SQLModel

from db.columns import During, is_among
from db.reach import is_below_actor_anywhere, is_visible_unit
from db.session import AsyncSession, fetch_rows
from db.units import LOCAL_SCHEME
from domain.access import Actor

_tables = SQLModel.metadata.tables


async def list_stored_units(session: AsyncSession, units: Collection[UUID]) -> Sequence[Any]:
    """One row for each unit: id, kind, during, local code, newest name."""
    unit, code, name = (_tables[each].c for each in ("unit", "unit_code", "unit_name"))
    query = (
        columns(unit.id, unit.kind, unit.during, code.code, name.name)
        .join_from(_tables["unit"], _tables["unit_code"], code.unit == unit.id)
        .join(_tables["unit_name"], name.unit == unit.id)
        .where(code.scheme == LOCAL_SCHEME, is_among(unit.id, units))
        .ext(distinct_on(unit.id))
        .order_by(unit.id, func.lower(name.during).desc().nulls_last())
    )
    return await fetch_rows(session, query)


async def list_parent_links(session: AsyncSession, children: Collection[UUID]) -> Sequence[Any]:
    """Every link to a parent, also former ones: congress, child, the parent's code; the newest last."""
    link, code = _tables["unit_link"].c, _tables["unit_code"].c
    query = (
        columns(link.congress, link.child, code.code)
        .join_from(_tables["unit_link"], _tables["unit_code"], code.unit == link.parent)
        .where(code.scheme == LOCAL_SCHEME, is_among(link.child, children))
        .order_by(func.lower(link.during))
    )
    return await fetch_rows(session, query)


async def list_other_codes(session: AsyncSession, units: Collection[UUID]) -> Sequence[Any]:
    """Codes in schemes other than ``LOCAL_SCHEME``: unit, scheme, code."""
    code = _tables["unit_code"].c
    query = columns(code.unit, code.scheme, code.code).where(
        code.scheme != LOCAL_SCHEME, is_among(code.unit, units)
    )
    return await fetch_rows(session, query)


async def list_succession_shares(session: AsyncSession, units: Collection[UUID]) -> Sequence[Any]:
    """The share of each unit that went to each successor: predecessor, numerator, denominator."""
    part = _tables["succession_part"].c
    query = columns(part.predecessor, part.share_num, part.share_den).where(is_among(part.predecessor, units))
    return await fetch_rows(session, query)


async def list_units_with_codes(session: AsyncSession, codes: Collection[str]) -> Sequence[UUID]:
    """Units that have one of these codes, in any scheme and at any time."""
    code = _tables["unit_code"].c
    return [
        row.unit
        for row in await fetch_rows(session, columns(code.unit).where(is_among(code.code, codes)).distinct())
    ]


async def list_visible_units(
    session: AsyncSession, actor: Actor, units: Collection[UUID], *, below: bool = False
) -> Sequence[UUID]:
    """Those of the units that are visible to the actor; with ``below``, those below the actor's units."""
    if actor.is_service_wide:
        return [*units]
    unit = _tables["unit"].c
    query = columns(unit.id).where(
        is_among(unit.id, units), (is_below_actor_anywhere if below else is_visible_unit)(actor, unit.id)
    )
    return [row.id for row in await fetch_rows(session, query)]


async def list_unit_chains(session: AsyncSession, unit: UUID) -> Sequence[str]:
    """The congress chains in which a unit has, or ever had, a parent."""
    link = _tables["unit_link"].c
    query = columns(link.congress).where(link.child == unit).distinct()
    return [row.congress for row in await fetch_rows(session, query)]


async def list_units_above(session: AsyncSession, congress: str, unit: UUID, during: During) -> Sequence[Any]:
    """The units above a unit on any of these days: rows of (unit, the unit below it, days).

    The unit itself comes first, with no unit below. ``days`` are those on which all links of the line from
    the first unit are valid.
    """
    link = _tables["unit_link"].c
    first = columns(
        literal(unit, Uuid()).label("unit"),
        cast_to(null(), Uuid()).label("below"),
        literal(during, DATERANGE()).label("during"),
    ).cte("above", recursive=True)
    upward = columns(link.parent, link.child, link.during.op("*")(first.c.during)).where(
        link.congress == congress, link.child == first.c.unit, link.during.op("&&")(first.c.during)
    )
    walk = first.union(upward)
    return await fetch_rows(session, columns(walk.c.unit, walk.c.below, walk.c.during))


async def map_codes_by_unit(session: AsyncSession, units: Collection[UUID]) -> Mapping[UUID, str]:
    """unit → its local code, by which plans and files name it."""
    code = _tables["unit_code"].c
    return dict(
        await fetch_rows(
            session,
            columns(code.unit, code.code).where(code.scheme == LOCAL_SCHEME, is_among(code.unit, units)),
        )
    )
