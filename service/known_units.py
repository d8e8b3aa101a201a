"""Stored units, as the rules know them: those that a file or a single unit refers to, and no others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlmodel import select

from db import known_units as stored
from db import units
from db.plans import Congress
from db.session import AsyncSession
from domain.access import Actor
from domain.units import KnownUnit, UnitRow


@dataclass(frozen=True, slots=True)
class Known:
    """Units by their local code, and their ids."""

    units: Mapping[str, KnownUnit]
    ids: Mapping[str, UUID]


def referred(rows: Iterable[UnitRow]) -> set[str]:
    """Every code that rows bear or name, in whatever scheme.

    No more is needed to judge them: a stored unit never stands under one that is yet to be founded.
    """
    return {
        code
        for row in rows
        for code in (
            row.code,
            *row.parents.values(),
            *row.codes.values(),
            *(code for code, _ in row.predecessors),
        )
    }


async def known_units(
    session: AsyncSession, actor: Actor, codes: Collection[str], *, below: bool = False
) -> Known:
    """The stored units that bear one of these codes, in whatever scheme, and that the actor sees.

    ``below`` leaves those that stand below the actor's.
    """
    ids = await stored.within(session, actor, await stored.bearing(session, codes), below=below)
    parents: dict[UUID, dict[str, str]] = {}
    for congress, child, parent in await stored.links(session, ids):
        parents.setdefault(child, {})[congress] = parent
    identifiers: dict[UUID, dict[str, str]] = {}
    for unit, scheme, code in await stored.other_codes(session, ids):
        identifiers.setdefault(unit, {})[scheme] = code
    passed_on: dict[UUID, Fraction] = {}
    for unit, num, den in await stored.passed_on(session, ids):
        passed_on[unit] = passed_on.get(unit, Fraction(0)) + Fraction(num, den)
    rows = await stored.stored(session, ids)
    known = {
        row.code: KnownUnit(
            code=row.code,
            name=row.name,
            kind=row.kind,
            valid_from=row.during.lower or date.min,
            valid_to=units.last_day(row.during),
            parents=parents.get(row.id, {}),
            codes=identifiers.get(row.id, {}),
            passed_on=passed_on.get(row.id, Fraction(0)),
        )
        for row in rows
    }
    return Known(known, {row.code: row.id for row in rows})


async def congresses(session: AsyncSession) -> Sequence[str]:
    """The congresses that plans have named."""
    return (await session.exec(select(Congress.id).order_by(Congress.id))).all()
