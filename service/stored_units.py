"""Stored units in the types of the rules: only those that a file or a single unit refers to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from db import stored_units as stored_rows
from db import units
from domain.units import StoredUnit, UnitRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class StoredUnits:
    """Units by their local code, and their ids."""

    units: Mapping[str, StoredUnit]
    ids: Mapping[str, UUID]


def collect_codes(rows: Iterable[UnitRow]) -> set[str]:
    """Every code in the rows, of any scheme: their own codes and those that they refer to.

    No more is needed to check them: a stored unit is never below one that is still to be founded.
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
    """The stored units with one of these codes, of any scheme, that the actor sees.

    With ``below`` only those below the actor's unit.
    """
    ids = await stored_rows.list_visible_units(
        work.session, work.actor, await stored_rows.list_units_with_codes(work.session, codes), below=below
    )
    parents: dict[UUID, dict[str, str]] = {}
    for congress, child, parent in await stored_rows.list_parent_links(work.session, ids):
        parents.setdefault(child, {})[congress] = parent
    identifiers: dict[UUID, dict[str, str]] = {}
    for unit, scheme, code in await stored_rows.list_other_codes(work.session, ids):
        identifiers.setdefault(unit, {})[scheme] = code
    passed_on: dict[UUID, Fraction] = {}
    for unit, num, den in await stored_rows.list_succession_shares(work.session, ids):
        passed_on[unit] = passed_on.get(unit, Fraction(0)) + Fraction(num, den)
    rows = await stored_rows.list_stored_units(work.session, ids)
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
