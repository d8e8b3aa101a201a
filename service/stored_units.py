"""Stored units, as the rules know them: those that a file or a single unit refers to, and no others."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from db import stored_units as stored
from db import units
from domain.units import StoredUnit, UnitRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class StoredUnits:
    """Units by their local code, and their ids."""

    units: Mapping[str, StoredUnit]
    ids: Mapping[str, UUID]


def collect_codes(rows: Iterable[UnitRow]) -> set[str]:
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


async def load_stored_units(work: Work, codes: Collection[str], *, below: bool = False) -> StoredUnits:
    """The stored units that bear one of these codes, in whatever scheme, and that the actor sees.

    ``below`` leaves those that stand below the actor's.
    """
    ids = await stored.list_visible_units(
        work.session, work.actor, await stored.list_units_with_codes(work.session, codes), below=below
    )
    parents: dict[UUID, dict[str, str]] = {}
    for congress, child, parent in await stored.list_parent_links(work.session, ids):
        parents.setdefault(child, {})[congress] = parent
    identifiers: dict[UUID, dict[str, str]] = {}
    for unit, scheme, code in await stored.list_other_codes(work.session, ids):
        identifiers.setdefault(unit, {})[scheme] = code
    passed_on: dict[UUID, Fraction] = {}
    for unit, num, den in await stored.list_succession_shares(work.session, ids):
        passed_on[unit] = passed_on.get(unit, Fraction(0)) + Fraction(num, den)
    rows = await stored.list_stored_units(work.session, ids)
    known = {
        row.code: StoredUnit(
            code=row.code,
            name=row.name,
            kind=row.kind,
            valid_from=row.during.lower or date.min,
            valid_to=units.find_last_day(row.during),
            parents=parents.get(row.id, {}),
            codes=identifiers.get(row.id, {}),
            passed_on=passed_on.get(row.id, Fraction(0)),
        )
        for row in rows
    }
    return StoredUnits(known, {row.code: row.id for row in rows})
