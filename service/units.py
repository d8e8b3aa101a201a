"""Units: founded, read, reported on. A file of units and a single unit take the same way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, insert, literal
from sqlmodel import SQLModel, col, select

from db import reach, units
from db.columns import new_id, now
from db.plans import Congress
from db.session import AsyncSession
from db.units import LOCAL, StaffFigure, StaffReport, Unit, UnitCode, UnitLink, UnitName, days
from domain.access import Access, Actor
from domain.figures import MEASURES, FigureRow, check_figures
from domain.findings import Conflict, Finding, Forbidden, Invalid, NotFound, Severity
from domain.names import sort_key
from domain.units import KnownUnit, Lasting, UnitRow, at, check_rows, last_day
from service.audit import record


@dataclass(frozen=True, slots=True)
class Figure:
    """The latest figure of a measure, and where it comes from."""

    measure: str
    value: int
    as_of: date
    source: str
    made_up: bool


@dataclass(frozen=True, slots=True)
class Parent:
    """Whom a unit stands under in a congress chain."""

    congress: str
    unit: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Described:
    """A unit as it is on a day. ``figures`` holds what is known and nothing else."""

    id: UUID
    version: int
    code: str
    name: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    codes: Mapping[str, str]
    parents: Sequence[Parent]
    predecessors: Sequence[UUID]
    successors: Sequence[UUID]
    figures: Sequence[Figure]


async def found(
    session: AsyncSession, actor: Actor, rows: Sequence[UnitRow], *, single: bool = False
) -> Mapping[str, UUID]:
    """Store units that are checked as a whole; code → unit. Rows of a file already known are passed over.

    Raises ``Invalid`` with a finding for each thing that is wrong; then nothing is stored. ``single`` is one
    unit by itself: findings point at its fields, and one that is known is a conflict.
    """
    await units.lock_tree(session)
    known = await known_units(session, actor)
    findings = [
        *check_rows(rows, known),
        *await _congresses_known(session, rows),
        *await beyond(session, actor, rows, known),
    ]
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise Invalid("units_faulty", {"errors": len(errors)}, errors=_alone(errors) if single else errors)
    if single and rows[0].code in known:
        raise Conflict("unit_known", {"code": rows[0].code}, errors=[Finding("unit_known", pointer="/code")])
    new = [row for row in rows if row.code not in known]
    ids = {row.code: new_id() for row in new}
    lasting: dict[str, Lasting] = {**known, **{row.code: row for row in new}}
    ids_of_all = {**await units.by_code(session, [*known]), **ids}
    await _insert(session, Unit, [_unit(row, ids) for row in new])
    await _insert(session, UnitLink, [link for row in new for link in _links(row, ids_of_all, lasting)])
    await _insert(session, UnitName, [_name(row, ids) for row in new])
    await _insert(session, UnitCode, [code for row in new for code in _codes(row, ids)])
    await _successions(session, new, ids_of_all)
    await record(session, actor, "units_founded", "units", str(len(new)), {"codes": [*ids][:100]})
    return ids


async def report(
    session: AsyncSession, actor: Actor, rows: Sequence[FigureRow], *, single: bool = False
) -> int:
    """Store and publish figures; a second report from the same source for the same day is a revision."""
    known = await known_units(session, actor, below=True)
    errors = [finding for finding in check_figures(rows, known) if finding.severity is Severity.ERROR]
    if errors:
        raise Invalid("figures_faulty", {"errors": len(errors)}, errors=_alone(errors) if single else errors)
    ids = await units.by_code(session, {row.unit for row in rows})
    revisions = await _revisions(session, [*ids.values()])
    reports, figures = [], []
    for row in rows:
        key = (ids[row.unit], row.as_of, row.source)
        revisions[key] = revisions.get(key, 0) + 1
        report_id = new_id()
        reports.append(
            {
                "id": report_id,
                "unit": key[0],
                "as_of": row.as_of,
                "source": row.source,
                "revision": revisions[key],
                "made_up": row.made_up,
                "published_at": now(),
            }
        )
        figures += [{"report": report_id, "measure": m, "value": v} for m, v in row.figures.items()]
    await _insert(session, StaffReport, reports)
    await _insert(session, StaffFigure, figures)
    await record(session, actor, "figures_reported", "units", str(len(rows)), {"units": sorted(ids)[:100]})
    return len(rows)


async def describe(session: AsyncSession, actor: Actor, unit_id: UUID, day: date) -> Described:
    """One unit with all that is known of it on a day; a unit that has ended shows its last day."""
    unit = await reachable(session, actor, unit_id)
    day = _lived(unit, day)
    codes = dict(
        (
            await session.exec(
                select(UnitCode.scheme, UnitCode.code).where(
                    col(UnitCode.unit) == unit_id, col(UnitCode.during).op("&&")(units.on(day))
                )
            )
        ).all()
    )
    names = await units.described(session, [unit_id], day)
    if not names:
        raise NotFound("unit_not_found")
    predecessors, successors = await units.relatives(session, unit_id)
    return Described(
        id=unit.id,
        version=unit.version,
        code=names[0][2],
        name=names[0][3],
        kind=unit.kind,
        valid_from=unit.during.lower,
        valid_to=units.last_day(unit.during),
        codes={scheme: code for scheme, code in sorted(codes.items()) if scheme != LOCAL},
        parents=[Parent(*parent) for parent in await units.parents(session, unit_id, day)],
        predecessors=predecessors,
        successors=successors,
        figures=[Figure(*figure[1:]) for figure in await units.latest(session, [unit_id], day)],
    )


async def reachable(session: AsyncSession, actor: Actor, unit_id: UUID) -> Unit:
    """The unit, if it exists within the actor's reach; who is to change it must stand above it.

    Raises ``NotFound``, and ``Forbidden`` where the actor sees the unit and may not change it.
    """
    unit = await units.get(session, actor, unit_id)
    if unit is None:
        raise NotFound("unit_not_found")
    if actor.access is Access.UNITS_WRITE and not await reach.holds(
        session, reach.unit_below(actor, literal(unit_id, Uuid()))
    ):
        raise Forbidden("forbidden")
    return unit


async def known_units(session: AsyncSession, actor: Actor, *, below: bool = False) -> dict[str, KnownUnit]:
    """Every unit within reach (or ``below`` the actor's) by its local code, as a file may refer to it."""
    rows = await units.whole(session, actor, below=below)
    code_of = {row.id: row.code for row in rows}
    parents: dict[UUID, dict[str, str]] = {}
    for congress, child, parent in await units.links(session):
        if parent in code_of:
            parents.setdefault(child, {})[congress] = code_of[parent]
    codes: dict[UUID, dict[str, str]] = {}
    for unit, scheme, code in await units.other_codes(session):
        codes.setdefault(unit, {})[scheme] = code
    passed_on: dict[UUID, Fraction] = {}
    for unit, num, den in await units.passed_on(session):
        passed_on[unit] = passed_on.get(unit, Fraction(0)) + Fraction(num, den)
    return {
        row.code: KnownUnit(
            code=row.code,
            name=row.name,
            kind=row.kind,
            valid_from=row.during.lower or date.min,
            valid_to=units.last_day(row.during),
            parents=parents.get(row.id, {}),
            codes=codes.get(row.id, {}),
            passed_on=passed_on.get(row.id, Fraction(0)),
        )
        for row in rows
    }


async def _congresses_known(session: AsyncSession, rows: Sequence[UnitRow]) -> list[Finding]:
    known = set((await session.exec(select(Congress.id))).all())
    return [
        at(row.row, f"parent:{congress}", "congress_unknown", congress=congress)
        for row in rows
        for congress in row.parents
        if congress not in known
    ]


async def beyond(
    session: AsyncSession, actor: Actor, rows: Sequence[UnitRow], known: Mapping[str, KnownUnit]
) -> list[Finding]:
    """Whoever does not have the whole house founds units below their own, in their own chains only.

    A parent out of reach, or in another chain, is as unknown as one that is not there.
    """
    if actor.everywhere:
        return []
    ids = await units.by_code(session, known)
    found = [at(row.row, "code", "unit_needs_parent") for row in rows if not row.parents]
    for row in rows:
        for congress, code in row.parents.items():
            if code in known and not await reach.holds(
                session, reach.under(actor, literal(congress, Text()), literal(ids[code], Uuid()))
            ):
                found.append(at(row.row, f"parent:{congress}", "unit_parent_unknown"))
        for code, _ in row.predecessors:
            if code in known and not await reach.holds(
                session, reach.unit_below(actor, literal(ids[code], Uuid()))
            ):
                found.append(at(row.row, "predecessors", "unit_predecessor_unknown"))
    return found


def _alone(errors: Sequence[Finding]) -> list[Finding]:
    """Findings on the only row, pointing into what was sent: "/rows/0/parent:v" → "/parents/v"."""
    alone = []
    for error in errors:
        column = error.pointer.removeprefix("/rows/0")
        for prefix, place in (("/parent:", "/parents/"), ("/code:", "/codes/")):
            column = column.replace(prefix, place)
        if column[1:] in MEASURES:
            column = f"/figures{column}"
        alone.append(replace(error, pointer=column, params={**error.params, "row": 1}))
    return alone


def _unit(row: UnitRow, ids: Mapping[str, UUID]) -> dict[str, Any]:
    return {"id": ids[row.code], "kind": row.kind, "during": days(row.valid_from, row.valid_to)}


def _name(row: UnitRow, ids: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "unit": ids[row.code],
        "name": row.name,
        "sort_key": sort_key(row.name),
        "during": days(row.valid_from, row.valid_to),
    }


def _codes(row: UnitRow, ids: Mapping[str, UUID]) -> list[dict[str, Any]]:
    during = days(row.valid_from, row.valid_to)
    return [
        {"unit": ids[row.code], "scheme": scheme, "code": code, "during": during}
        for scheme, code in {**row.codes, LOCAL: row.code}.items()
    ]


def _links(
    row: UnitRow, ids: Mapping[str, UUID], units_of_all: Mapping[str, Lasting]
) -> list[dict[str, Any]]:
    """Under each parent for the days on which both exist."""
    return [
        {
            "congress": congress,
            "child": ids[row.code],
            "parent": ids[code],
            "during": days(
                max(row.valid_from, units_of_all[code].valid_from),
                min(last_day(row), last_day(units_of_all[code])),
            ),
        }
        for congress, code in row.parents.items()
    ]


async def _successions(session: AsyncSession, rows: Sequence[UnitRow], ids: Mapping[str, UUID]) -> None:
    successions, parts = [], []
    for row in rows:
        if not row.predecessors:
            continue
        kind = "merger" if len(row.predecessors) > 1 else "succession"
        successions.append({"id": new_id(), "kind": kind, "on": row.valid_from, "source": ""})
        parts += [
            {
                "succession": successions[-1]["id"],
                "predecessor": ids[code],
                "successor": ids[row.code],
                "share_num": share.numerator,
                "share_den": share.denominator,
            }
            for code, share in row.predecessors
        ]
    await _insert(session, units.Succession, successions)
    await _insert(session, units.SuccessionPart, parts)


async def _revisions(session: AsyncSession, unit_ids: Sequence[UUID]) -> dict[tuple[UUID, date, str], int]:
    query = select(StaffReport).where(col(StaffReport.unit).in_(unit_ids))
    latest: dict[tuple[UUID, date, str], int] = {}
    for row in await session.exec(query):
        key = (row.unit, row.as_of, row.source)
        latest[key] = max(latest.get(key, 0), row.revision)
    return latest


async def _insert(session: AsyncSession, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await session.exec(insert(table), params=rows)


def _lived(unit: Unit, day: date) -> date:
    first, last = unit.during.lower, units.last_day(unit.during)
    if last is not None and day > last:
        return last
    return first if first is not None and day < first else day
