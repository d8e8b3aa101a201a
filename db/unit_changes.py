"""The names, codes and links of one unit, as an act that changes the unit needs them."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from db.columns import During
from db.session import AsyncSession
from db.units import UnitCode, UnitLink, UnitName, build_day_range, build_interval


async def find_unit_name(session: AsyncSession, unit: UUID, day: date) -> UnitName | None:
    """The name of a unit on a day."""
    query = select(UnitName).where(
        col(UnitName.unit) == unit, col(UnitName.during).op("&&")(build_day_range(day))
    )
    return (await session.exec(query)).first()


async def map_codes_by_scheme(session: AsyncSession, unit: UUID, day: date) -> Mapping[str, str]:
    """scheme → code of a unit on a day."""
    query = select(UnitCode.scheme, UnitCode.code).where(
        col(UnitCode.unit) == unit, col(UnitCode.during).op("&&")(build_day_range(day))
    )
    return dict((await session.exec(query)).all())


async def list_links_from(
    session: AsyncSession, congress: str, unit: UUID, first: date
) -> Sequence[UnitLink]:
    """The links of a unit to its parents in a congress chain that are valid on ``first`` or later."""
    query = select(UnitLink).where(
        col(UnitLink.child) == unit,
        col(UnitLink.congress) == congress,
        col(UnitLink.during).op("&&")(build_interval(first, None)),
    )
    return (await session.exec(query)).all()


async def list_unit_rows(session: AsyncSession, unit: UUID) -> Sequence[UnitName | UnitCode | UnitLink]:
    """All names, codes and links to parents that a unit ever had."""
    return [
        *(await session.exec(select(UnitName).where(col(UnitName.unit) == unit))).all(),
        *(await session.exec(select(UnitCode).where(col(UnitCode.unit) == unit))).all(),
        *(await session.exec(select(UnitLink).where(col(UnitLink.child) == unit))).all(),
    ]


async def has_units_below(session: AsyncSession, unit: UUID, during: During) -> bool:
    """Whether a unit is the parent of another on one of these days."""
    query = select(UnitLink.id).where(col(UnitLink.parent) == unit, col(UnitLink.during).op("&&")(during))
    return (await session.exec(query.limit(1))).first() is not None


async def find_parent(session: AsyncSession, congress: str, unit: UUID, day: date) -> UUID | None:
    """The unit directly above another in a congress chain on a day."""
    query = select(UnitLink.parent).where(
        col(UnitLink.congress) == congress,
        col(UnitLink.child) == unit,
        col(UnitLink.during).op("&&")(build_day_range(day)),
    )
    return (await session.exec(query)).first()
