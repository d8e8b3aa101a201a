"""Units in a file: their parents, the days on which they exist, and their successors.

A unit has at most one parent in each congress chain, so it may have several in all (plan S3: one for a
provincial congress, one for a ministry's). A code is never used for another unit: a unit that results from a
merger, a division or a new foundation gets a new code and names its predecessors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain
from typing import ClassVar, Protocol

from domain.findings import Finding, Plain, Severity, escape_pointer_step, limit_findings
from domain.names import derive_slug, fold_text

UNIT_KINDS = (
    "nation",
    "province",
    "ministry",
    "department",
    "public_unit",
    "party_body",
    "front",
    "union",
    "central_agency",
    "district",
    "commune",
    "village",
    "enterprise",
    "cooperative",
    "subordinate",
)
EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
LONGEST_NAME = 300
LONGEST_CODE = 120
LONGEST_IDENTIFIER = 100

_CODE = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
_NAMED_UNITS_LIMIT = 10
"""The most units of a cycle that a finding names; its ``length`` is the number of all."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a file; ``row`` is the number of its row, counted from 1 as in a spreadsheet.

    ``valid_to`` is the last day, ``None`` when the unit has not ended. ``parents`` is congress → code.
    ``codes`` is scheme → identifier, old and new ones together. ``predecessors`` are (code, the share of that
    predecessor that went to this unit). ``made_up`` marks a unit that does not exist in reality. ``unread``
    are the columns that could not be read; their fields have no meaning. Such a row is checked by its other
    columns and never stored.
    """

    row: int
    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    predecessors: tuple[tuple[str, Fraction], ...] = ()
    made_up: bool = False
    unread: frozenset[str] = frozenset()

    @property
    def has_dates(self) -> bool:
        """Whether both dates could be read."""
        return self.unread.isdisjoint(("valid_from", "valid_to"))


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit that is stored already; ``passed_on`` is the share of it that went to known successors."""

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    passed_on: Fraction = Fraction(0)
    has_dates: ClassVar[bool] = True


AnyUnit = UnitRow | StoredUnit


class DatedRecord(Protocol):
    """Anything that is valid from one day to another, both included."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def has_overlap(one: DatedRecord, other: DatedRecord) -> bool:
    """Whether there is a day on which both are valid."""
    return one.valid_from <= compute_last_day(other) and other.valid_from <= compute_last_day(one)


def is_within(inner: DatedRecord, outer: DatedRecord) -> bool:
    """Whether ``outer`` is valid on every day of ``inner``."""
    return outer.valid_from <= inner.valid_from and compute_last_day(inner) <= compute_last_day(outer)


def compute_last_day(unit: DatedRecord) -> date:
    """The last day, ``date.max`` when there is none yet."""
    return unit.valid_to or date.max


def build_cell_finding(
    row: int, column: str, code: str, severity: Severity = Severity.ERROR, /, **params: Plain
) -> Finding:
    """A finding on one cell of a file: ``row`` and ``column`` as parameters, ``/rows/3/name`` as pointer."""
    pointer = f"/rows/{row}/{escape_pointer_step(column)}"
    return Finding(code, {"row": row, "column": column, **params}, pointer, None, severity)


def check_rows(
    rows: Sequence[UnitRow], known: Mapping[str, StoredUnit], *, kinds: Sequence[str] = UNIT_KINDS
) -> tuple[Finding, ...]:
    """All findings about ``rows``, among themselves and compared with ``known`` (code → unit), in row order.

    If some columns of a row could not be read, only the others are checked. Nothing may be stored while one
    finding is an error. A row that repeats a known unit exactly gives a finding for information only.
    """
    findings = limit_findings(_check_all(rows, known, kinds))
    return tuple(
        sorted(findings, key=lambda finding: (_extract_row_number(finding), finding.pointer, finding.code))
    )


def _check_all(
    rows: Sequence[UnitRow], known: Mapping[str, StoredUnit], kinds: Sequence[str]
) -> Iterator[Finding]:
    coded = [row for row in rows if "code" not in row.unread]
    units: dict[str, AnyUnit] = {row.code: row for row in reversed(coded)} | dict(known)
    for row in rows:
        yield from _check_row(row, kinds)
        yield from _check_parents(row, units)
        yield from _check_predecessors(row, units)
    complete, dated = [row for row in rows if not row.unread], [row for row in rows if row.has_dates]
    yield from chain(
        _check_repeated_codes(coded, known), _check_names(complete), _check_identifiers(dated, known)
    )
    yield from chain(_check_parent_cycles(coded, units), _check_shares(rows, known))


def check_congresses(rows: Sequence[UnitRow], congresses: Sequence[str]) -> Iterator[Finding]:
    """A finding for each parent in a congress that is not among ``congresses``, those that plans name."""
    for row in rows:
        for congress in row.parents:
            if not congresses:
                yield build_cell_finding(row.row, f"parent:{congress}", "congress_none")
            elif congress not in congresses:
                known: list[Plain] = [*congresses]
                yield build_cell_finding(row.row, f"parent:{congress}", "congress_unknown", congresses=known)


def _extract_row_number(finding: Finding) -> int:
    row = finding.params["row"]
    return row if isinstance(row, int) else 0


def _check_row(row: UnitRow, kinds: Sequence[str]) -> Iterator[Finding]:
    """Findings about the columns of one row that could be read."""
    return (finding for finding in _check_fields(row, kinds) if finding.params["column"] not in row.unread)


def _check_fields(row: UnitRow, kinds: Sequence[str]) -> Iterator[Finding]:
    if len(row.code) > LONGEST_CODE or not _CODE.fullmatch(row.code):
        yield build_cell_finding(
            row.row, "code", "unit_code_bad", suggestion=derive_slug(row.name)[:LONGEST_CODE]
        )
    if not row.name:
        yield build_cell_finding(row.row, "name", "unit_name_missing")
    elif len(row.name) > LONGEST_NAME:
        yield build_cell_finding(row.row, "name", "unit_name_long", limit=LONGEST_NAME)
    if row.kind not in kinds:
        known: list[Plain] = [*kinds]
        yield build_cell_finding(row.row, "kind", "unit_kind_unknown", kinds=known)
    for scheme, value in row.codes.items():
        if len(value) > LONGEST_IDENTIFIER:
            yield build_cell_finding(
                row.row, f"code:{scheme}", "unit_identifier_long", limit=LONGEST_IDENTIFIER
            )
    for column, day in (("valid_from", row.valid_from), ("valid_to", row.valid_to)):
        if day and not EARLIEST <= day <= LATEST:
            yield build_cell_finding(
                row.row, column, "unit_date_absurd", earliest=str(EARLIEST), latest=str(LATEST)
            )
    if row.has_dates and row.valid_to and row.valid_to < row.valid_from:
        yield build_cell_finding(row.row, "valid_to", "unit_dates_reversed")


def _check_repeated_codes(rows: Sequence[UnitRow], known: Mapping[str, StoredUnit]) -> Iterator[Finding]:
    """A code belongs to one unit, in the file and among stored units."""
    first: dict[str, int] = {}
    for row in rows:
        if row.code in first:
            yield build_cell_finding(row.row, "code", "unit_repeated", first_row=first[row.code])
        elif row.code in known and not row.unread:
            same = _collect_facts(row) == _collect_facts(known[row.code])
            code, severity = ("unit_unchanged", Severity.INFO) if same else ("unit_exists", Severity.ERROR)
            yield build_cell_finding(row.row, "code", code, severity)
        first.setdefault(row.code, row.row)


def _collect_facts(unit: AnyUnit) -> tuple[object, ...]:
    return unit.name, unit.kind, unit.valid_from, unit.valid_to, dict(unit.parents), dict(unit.codes)


def _check_names(rows: Sequence[UnitRow]) -> Iterator[Finding]:
    """Two units with the same name and parents on the same day are mostly one unit entered twice."""
    groups: dict[tuple[object, ...], list[UnitRow]] = defaultdict(list)
    for row in rows:
        groups[fold_text(row.name), row.kind, frozenset(row.parents.items())].append(row)
    for group in groups.values():
        for earlier, later in _list_overlaps(group):
            if earlier.code != later.code:
                yield build_cell_finding(
                    later.row, "name", "unit_name_repeated", Severity.WARNING, first_row=earlier.row
                )


def _list_overlaps(units: Iterable[UnitRow]) -> Iterator[tuple[UnitRow, UnitRow]]:
    """Each unit that starts while an earlier one is still valid, with the one that is valid longest."""
    longest: UnitRow | None = None
    for unit in sorted(units, key=lambda unit: (unit.valid_from, unit.row)):
        if longest and has_overlap(longest, unit):
            yield (longest, unit) if longest.row <= unit.row else (unit, longest)
        if longest is None or compute_last_day(unit) > compute_last_day(longest):
            longest = unit


def _check_identifiers(rows: Sequence[UnitRow], known: Mapping[str, StoredUnit]) -> Iterator[Finding]:
    """An identifier of a scheme belongs to one unit at a time; after that unit's end it may be used again."""
    owners: dict[tuple[str, str], list[UnitRow]] = defaultdict(list)
    stored: dict[tuple[str, str], list[StoredUnit]] = defaultdict(list)
    for unit in known.values():
        for identifier in unit.codes.items():
            stored[identifier].append(unit)
    for row in rows:
        for identifier in row.codes.items():
            owners[identifier].append(row)
    for (scheme, value), group in owners.items():
        column = f"code:{scheme}"
        for earlier, later in _list_overlaps(group):
            if earlier.code != later.code:
                yield build_cell_finding(later.row, column, "unit_identifier_repeated", first_row=earlier.row)
        others = stored.get((scheme, value), [])
        for row in group:
            taken = [unit.code for unit in others if unit.code != row.code and has_overlap(unit, row)]
            if taken:
                yield build_cell_finding(row.row, column, "unit_identifier_taken", unit=taken[0])


def _check_parents(row: UnitRow, units: Mapping[str, AnyUnit]) -> Iterator[Finding]:
    for congress, code in row.parents.items():
        column, parent = f"parent:{congress}", units.get(code)
        if code == row.code:
            yield build_cell_finding(row.row, column, "unit_parent_itself")
        elif parent is None:
            yield build_cell_finding(row.row, column, "unit_parent_unknown")
        elif not (row.has_dates and parent.has_dates):
            continue
        elif not has_overlap(row, parent):
            yield build_cell_finding(row.row, column, "unit_parent_not_valid", **_plain_validity(parent))
        elif not is_within(row, parent):
            yield build_cell_finding(
                row.row, column, "unit_parent_partly_valid", Severity.WARNING, **_plain_validity(parent)
            )


def _plain_validity(unit: DatedRecord) -> dict[str, Plain]:
    return {"valid_from": str(unit.valid_from), "valid_to": str(unit.valid_to or "…")}


def _check_parent_cycles(rows: Sequence[UnitRow], units: Mapping[str, AnyUnit]) -> Iterator[Finding]:
    """Cycles of parents in each congress chain; one finding for each cycle, at its first row of the file."""
    own = {row.code: row.row for row in reversed(rows)}
    for congress in dict.fromkeys(name for row in rows for name in row.parents):
        for cycle in _list_circles(congress, own, units):
            turn = min((own[code], place) for place, code in enumerate(cycle) if code in own)[1]
            codes = cycle[turn:] + cycle[:turn]
            named: list[Plain] = [*codes[:_NAMED_UNITS_LIMIT]]
            column = f"parent:{congress}"
            yield build_cell_finding(
                own[codes[0]], column, "unit_parent_cycle", units=named, length=len(codes)
            )


def _list_circles(congress: str, start: Iterable[str], units: Mapping[str, AnyUnit]) -> Iterator[list[str]]:
    """Cycles of two or more units that can be reached from ``start``; each unit is visited one time."""
    visited: set[str] = set()
    for first in start:
        path: dict[str, int] = {}
        code: str | None = first
        while code is not None and code not in visited and code not in path:
            path[code] = len(path)
            code = _find_parent(units, code, congress)
        if code is not None and code in path and len(path) - path[code] > 1:
            yield list(path)[path[code] :]
        visited.update(path)


def _find_parent(units: Mapping[str, AnyUnit], code: str, congress: str) -> str | None:
    unit = units.get(code)
    return unit.parents.get(congress) if unit else None


def _check_predecessors(row: UnitRow, units: Mapping[str, AnyUnit]) -> Iterator[Finding]:
    """Predecessors are known, are not repeated, and existed until the day before."""
    column, named = "predecessors", set[str]()
    for code, share in row.predecessors:
        before = units.get(code)
        if code in named:
            yield build_cell_finding(row.row, column, "unit_predecessor_repeated")
        elif code == row.code:
            yield build_cell_finding(row.row, column, "unit_predecessor_itself")
        elif not 0 < share <= 1:
            yield build_cell_finding(row.row, column, "unit_share_bad")
        elif before is None:
            yield build_cell_finding(row.row, column, "unit_predecessor_unknown")
        elif row.has_dates and before.has_dates:
            yield from _check_succession(row, before, share)
        named.add(code)


def _check_succession(row: UnitRow, before: AnyUnit, share: Fraction) -> Iterator[Finding]:
    if before.valid_from >= row.valid_from:
        yield build_cell_finding(
            row.row, "predecessors", "unit_predecessor_not_before", **_plain_validity(before)
        )
    elif compute_last_day(before) >= row.valid_from and share == 1:
        yield build_cell_finding(
            row.row, "predecessors", "unit_predecessor_still_valid", Severity.WARNING, unit=before.code
        )
    elif compute_last_day(before) < row.valid_from - timedelta(days=1):
        yield build_cell_finding(
            row.row, "predecessors", "unit_predecessor_long_gone", Severity.WARNING, unit=before.code
        )


def _check_shares(rows: Sequence[UnitRow], known: Mapping[str, StoredUnit]) -> Iterator[Finding]:
    """The shares of a unit add up to at most 1, and to exactly 1 when the unit has ended."""
    ended = {row.code for row in rows if row.valid_to} | {
        unit.code for unit in known.values() if unit.valid_to
    }
    totals = {row.code: Fraction(0) for row in rows if row.has_dates} | {
        code: unit.passed_on for code, unit in known.items()
    }
    last: dict[str, int] = {}
    for row in (row for row in rows if row.code not in known):
        for code, share in row.predecessors:
            if code in totals:
                totals[code] += share
                last[code] = row.row
    for code, number in last.items():
        if totals[code] > 1:
            yield build_cell_finding(
                number, "predecessors", "unit_shares_exceed", unit=code, total=str(totals[code])
            )
        elif totals[code] < 1 and code in ended:
            yield build_cell_finding(
                number,
                "predecessors",
                "unit_shares_incomplete",
                Severity.WARNING,
                unit=code,
                total=str(totals[code]),
            )
