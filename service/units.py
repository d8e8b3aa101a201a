"""Units: founding, reading, figures. A file of units and a single unit are stored in the same way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from db import reach, unit_changes, units
from db.columns import new_id, now
from db.plans import list_congress_ids, list_defined_words
from db.session import AsyncSession
from db.units import (
    LOCAL_SCHEME,
    StaffFigure,
    StaffReport,
    Unit,
    UnitCode,
    UnitLink,
    UnitName,
    build_interval,
    insert_rows,
)
from domain.access import Access, build_forbidden
from domain.acts import Act
from domain.figures import FigureRow, check_figures
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain, Severity
from domain.names import compute_sort_key
from domain.units import (
    UNIT_KINDS,
    DatedRecord,
    UnitRow,
    build_cell_finding,
    check_congresses,
    check_rows,
    compute_last_day,
)
from service.access import is_in_subtree
from service.audit import record_event
from service.conferences.following import follow_facts
from service.stored_units import StoredUnits, collect_codes, load_stored_units
from service.work import Work


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """The latest figure of a measure, and where it comes from."""

    measure: str
    value: int
    as_of: date
    source: str
    made_up: bool


@dataclass(frozen=True, slots=True)
class UnitParent:
    """The unit above a unit in a congress chain."""

    congress: str
    unit: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitDescription:
    """A unit as it is on a day. ``figures`` has only the known ones."""

    id: UUID
    version: int
    code: str
    name: str
    kind: str
    valid_from: date | None
    valid_to: date | None
    codes: Mapping[str, str]
    parents: Sequence[UnitParent]
    predecessors: Sequence[UUID]
    successors: Sequence[UUID]
    figures: Sequence[UnitFigure]


async def create_units(work: Work, rows: Sequence[UnitRow], *, single: bool = False) -> Mapping[str, UUID]:
    """Store units that are checked as a whole; code → unit. Known rows of a file are skipped.

    Raises ``Invalid`` with every finding, and stores nothing then. With ``single``, for one unit by itself,
    findings point at its fields, and a unit that is known is a conflict.
    """
    await units.lock_tree(work.session)
    known = await load_stored_units(work, collect_codes(rows))
    await _expect_valid_rows(work, rows, known, single=single)
    if single and rows[0].code in known.units:
        raise Conflict("unit_known", {"code": rows[0].code}, errors=[Finding("unit_known", pointer="/code")])
    new = [row for row in rows if row.code not in known.units]
    ids = {row.code: new_id() for row in new}
    lasting: dict[str, DatedRecord] = {**known.units, **{row.code: row for row in new}}
    ids_of_all = {**known.ids, **ids}
    await insert_rows(work.session, Unit, [_build_unit_row(row, ids) for row in new])
    await insert_rows(
        work.session, UnitLink, [link for row in new for link in _build_link_rows(row, ids_of_all, lasting)]
    )
    await insert_rows(work.session, UnitName, [_build_name_row(row, ids) for row in new])
    await insert_rows(work.session, UnitCode, [code for row in new for code in _build_code_rows(row, ids)])
    await _insert_successions(work.session, new, ids_of_all)
    await record_event(work, Act.UNITS_FOUNDED, "units", str(len(new)), _summarize_codes(ids))
    return ids


async def report_figures(work: Work, rows: Sequence[FigureRow], *, single: bool = False) -> int:
    """Store and publish figures. A second report of a source for the same day is a revision: it replaces all
    earlier figures of that source and day, so a measure left out is withdrawn."""
    known = await load_stored_units(work, {row.unit for row in rows}, below=True)
    defined = await list_defined_words(work.session, "measures")
    found = check_figures(rows, known.units, defined=[*defined])
    errors = [error for error in found if error.severity is Severity.ERROR]
    if errors:
        alone = [_repoint_figure_finding(error) for error in errors]
        raise Invalid("figures_faulty", {"errors": len(errors)}, errors=alone if single else errors)
    await units.lock_units(work.session, known.ids.values())
    revisions = await units.map_revisions_by_report(work.session, known.ids.values())
    reports, figures = _build_report_rows(rows, known.ids, revisions)
    await insert_rows(work.session, StaffReport, reports)
    await insert_rows(work.session, StaffFigure, figures)
    changes = _summarize_codes({row.unit for row in rows})
    await follow_facts(work, known.ids.values())
    await record_event(work, Act.FIGURES_REPORTED, "units", str(len(rows)), changes)
    return len(rows)


async def describe_unit(work: Work, unit_id: UUID, day: date) -> UnitDescription:
    """One unit as it is on a day; a unit that has ended, as on its last day."""
    unit = await get_unit(work, unit_id)
    day = _clamp_day(unit, day)
    codes = await unit_changes.map_codes_by_scheme(work.session, unit_id, day)
    names = await units.describe_units(work.session, [unit_id], day)
    if not names:
        raise NotFound("unit_not_found")
    predecessors, successors = await units.list_relatives(work.session, unit_id)
    return UnitDescription(
        id=unit.id,
        version=unit.version,
        code=names[0][2],
        name=names[0][3],
        kind=unit.kind,
        valid_from=unit.during.lower,
        valid_to=units.find_last_day(unit.during),
        codes={scheme: code for scheme, code in sorted(codes.items()) if scheme != LOCAL_SCHEME},
        parents=[UnitParent(*parent) for parent in await units.list_parents(work.session, unit_id, day)],
        predecessors=predecessors,
        successors=successors,
        figures=[
            UnitFigure(*figure[1:])
            for figure in await units.list_latest_figures(work.session, [unit_id], day)
        ],
    )


async def get_unit(work: Work, unit_id: UUID) -> Unit:
    """The unit, for an actor of a unit above it, who may change it.

    Raises ``NotFound`` out of reach, ``Forbidden`` where the actor sees the unit but may not change it.
    """
    unit = await units.find_unit(work.session, work.actor, unit_id)
    if unit is None:
        raise NotFound("unit_not_found")
    if work.actor.access is Access.UNITS_WRITE and not await reach.evaluate_for_unit(
        work.session, reach.is_below_actor_anywhere, work.actor, unit_id
    ):
        raise build_forbidden(work.actor.access)
    return unit


async def _expect_valid_rows(
    work: Work, rows: Sequence[UnitRow], known: StoredUnits, *, single: bool
) -> None:
    kinds = await list_defined_words(work.session, "kinds")
    findings = [
        *check_rows(rows, known.units, kinds=(*UNIT_KINDS, *kinds)),
        *check_congresses(rows, await list_congress_ids(work.session)),
        *await _check_reach(work, rows, known.ids),
    ]
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        alone = [_repoint_unit_finding(error) for error in errors]
        raise Invalid("units_faulty", {"errors": len(errors)}, errors=alone if single else errors)


async def _check_reach(work: Work, rows: Sequence[UnitRow], ids: Mapping[str, UUID]) -> list[Finding]:
    """Without a service-wide role, units may be founded only below the actor's own, in the same chains.

    A parent out of reach or in another chain is treated as unknown.
    """
    if work.actor.is_service_wide:
        return []
    found = [build_cell_finding(row.row, "code", "unit_needs_parent") for row in rows if not row.parents]
    for row in rows:
        for congress, code in row.parents.items():
            if code in ids and not await is_in_subtree(work, congress, ids[code]):
                found.append(build_cell_finding(row.row, f"parent:{congress}", "unit_parent_unknown"))
        for code, _ in row.predecessors:
            if code in ids and not await reach.evaluate_for_unit(
                work.session, reach.is_below_actor_anywhere, work.actor, ids[code]
            ):
                found.append(build_cell_finding(row.row, "predecessors", "unit_predecessor_unknown"))
    return found


def _repoint_unit_finding(error: Finding) -> Finding:
    """A finding on the only unit, pointing into the body: "/rows/0/parent:v" → "/parents/v"."""
    column = error.pointer.removeprefix("/rows/0")
    for prefix, place in (("/parent:", "/parents/"), ("/code:", "/codes/")):
        column = column.replace(prefix, place)
    return _repoint_finding(error, column)


def _repoint_figure_finding(error: Finding) -> Finding:
    """A finding on the only report, pointing into the body: "/rows/0/staff" → "/figures/staff"."""
    column = error.pointer.removeprefix("/rows/0")
    return _repoint_finding(error, column if column in ("/as_of", "/source") else f"/figures{column}")


def _repoint_finding(error: Finding, pointer: str) -> Finding:
    params = {name: value for name, value in error.params.items() if name not in ("row", "column")}
    return replace(error, pointer=pointer, params=params)


_MAX_LISTED_CODES = 100


def _summarize_codes(codes: Collection[str]) -> dict[str, Plain]:
    """Codes for the audit trail: their number and digest, and the codes themselves unless they are many."""
    ordered = sorted(codes)
    digest = sha256("\n".join(ordered).encode()).hexdigest()
    listed: dict[str, Plain] = {"count": len(ordered), "digest": digest}
    return {**listed, "codes": ordered} if len(ordered) <= _MAX_LISTED_CODES else listed


def _build_report_rows(
    rows: Sequence[FigureRow], ids: Mapping[str, UUID], revisions: Mapping[tuple[UUID, date, str], int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(reports, figures): each report as the revision after the last one of its unit, day and source."""
    reports, figures = [], []
    for row in rows:
        key = (ids[row.unit], row.as_of, row.source)
        report = {
            "id": new_id(),
            "unit": key[0],
            "as_of": row.as_of,
            "source": row.source,
            "revision": revisions.get(key, 0) + 1,
            "made_up": row.made_up,
            "published_at": now(),
        }
        reports.append(report)
        figures += [{"report": report["id"], "measure": m, "value": v} for m, v in row.figures.items()]
    return reports, figures


def _build_unit_row(row: UnitRow, ids: Mapping[str, UUID]) -> dict[str, Any]:
    return {"id": ids[row.code], "kind": row.kind, "during": build_interval(row.valid_from, row.valid_to)}


def _build_name_row(row: UnitRow, ids: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "unit": ids[row.code],
        "name": row.name,
        "sort_key": compute_sort_key(row.name),
        "during": build_interval(row.valid_from, row.valid_to),
    }


def _build_code_rows(row: UnitRow, ids: Mapping[str, UUID]) -> list[dict[str, Any]]:
    during = build_interval(row.valid_from, row.valid_to)
    return [
        {"unit": ids[row.code], "scheme": scheme, "code": code, "during": during}
        for scheme, code in {**row.codes, LOCAL_SCHEME: row.code}.items()
    ]


def _build_link_rows(
    row: UnitRow, ids: Mapping[str, UUID], units_of_all: Mapping[str, DatedRecord]
) -> list[dict[str, Any]]:
    """A link to each parent, for the days on which both exist."""
    return [
        {
            "congress": congress,
            "child": ids[row.code],
            "parent": ids[code],
            "during": build_interval(
                max(row.valid_from, units_of_all[code].valid_from),
                min(compute_last_day(row), compute_last_day(units_of_all[code])),
            ),
        }
        for congress, code in row.parents.items()
    ]


async def _insert_successions(
    session: AsyncSession, rows: Sequence[UnitRow], ids: Mapping[str, UUID]
) -> None:
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
    await insert_rows(session, units.Succession, successions)
    await insert_rows(session, units.SuccessionPart, parts)


def _clamp_day(unit: Unit, day: date) -> date:
    first, last = unit.during.lower, units.find_last_day(unit.during)
    if last is not None and day > last:
        return last
    return first if first is not None and day < first else day
