"""Units as a file names them: who stands under whom, from when to when, and what became of whom.

A unit has at most one parent in each congress chain, so several in all (plan S3: a provincial congress and a
ministry's). A code stands for one unit for ever: a unit that is merged, divided or founded anew gets a new
code and names its predecessors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import chain
from typing import ClassVar, Protocol

from domain.findings import Finding, Plain, Severity, foremost, step
from domain.names import fold, slug

KINDS = (
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
    "enterprise",
    "subordinate",
)
EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
LONGEST_NAME = 300
LONGEST_CODE = 120
LONGEST_IDENTIFIER = 100

_CODE = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
_NAMED = 10
"""How many units of a cycle a finding names; its ``length`` says how many there are."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a file; ``row`` is its row there, counted from 1 as a spreadsheet does.

    ``valid_to`` is the last day, ``None`` when the unit has not ended. ``parents``: congress → code.
    ``codes``: scheme → identifier, old and new ones side by side. ``predecessors``: (code, the share of that
    predecessor that came here). ``made_up`` marks a unit that does not exist in life. ``unread``: columns
    that could not be read, whose fields hold anything; such a row is judged by the others and never stored.
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
    def dated(self) -> bool:
        """Whether both its days could be read."""
        return self.unread.isdisjoint(("valid_from", "valid_to"))


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that is stored already; ``passed_on`` is the share of it that known successors took."""

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    passed_on: Fraction = Fraction(0)
    dated: ClassVar[bool] = True


Unit = UnitRow | KnownUnit


class Lasting(Protocol):
    """Anything that holds from one day to another, both included."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def overlap(one: Lasting, other: Lasting) -> bool:
    """Whether there is a day on which both hold."""
    return one.valid_from <= last_day(other) and other.valid_from <= last_day(one)


def within(inner: Lasting, outer: Lasting) -> bool:
    """Whether ``outer`` holds on every day of ``inner``."""
    return outer.valid_from <= inner.valid_from and last_day(inner) <= last_day(outer)


def last_day(unit: Lasting) -> date:
    """The last day, the end of time when there is none yet."""
    return unit.valid_to or date.max


def at(row: int, column: str, code: str, severity: Severity = Severity.ERROR, /, **params: Plain) -> Finding:
    """A finding on one cell of a file: ``row`` and ``column`` as parameters, ``/rows/3/name`` as pointer."""
    pointer = f"/rows/{row}/{step(column)}"
    return Finding(code, {"row": row, "column": column, **params}, pointer, None, severity)


def check_rows(
    rows: Sequence[UnitRow],
    known: Mapping[str, KnownUnit],
    *,
    kinds: Sequence[str] = KINDS,
) -> tuple[Finding, ...]:
    """Everything that is wrong with ``rows``, as a whole and against what is ``known``, in row order.

    Of a row that could not be read as a whole, what was read is judged, and nothing that rests on the rest.
    Nothing may be stored while one finding is an error. A row that repeats a known unit exactly is only told.
    """
    findings = foremost(_every(rows, known, kinds))
    return tuple(sorted(findings, key=lambda finding: (_row_of(finding), finding.pointer, finding.code)))


def _every(
    rows: Sequence[UnitRow], known: Mapping[str, KnownUnit], kinds: Sequence[str]
) -> Iterator[Finding]:
    coded = [row for row in rows if "code" not in row.unread]
    units: dict[str, Unit] = {row.code: row for row in reversed(coded)} | dict(known)
    for row in rows:
        yield from _row(row, kinds)
        yield from _parents(row, units)
        yield from _origins(row, units)
    whole, dated = [row for row in rows if not row.unread], [row for row in rows if row.dated]
    yield from chain(_repeated(coded, known), _same_names(whole), _identifiers(dated, known))
    yield from chain(_cycles(coded, units), _shares(rows, known))


def check_congresses(rows: Sequence[UnitRow], congresses: Sequence[str]) -> Iterator[Finding]:
    """Parents stand in ``congresses``, those that plans have named."""
    for row in rows:
        for congress in row.parents:
            if not congresses:
                yield at(row.row, f"parent:{congress}", "congress_none")
            elif congress not in congresses:
                known: list[Plain] = [*congresses]
                yield at(row.row, f"parent:{congress}", "congress_unknown", congresses=known)


def _row_of(finding: Finding) -> int:
    row = finding.params["row"]
    return row if isinstance(row, int) else 0


def _row(row: UnitRow, kinds: Sequence[str]) -> Iterator[Finding]:
    """What one row says of itself, as far as it could be read."""
    return (finding for finding in _itself(row, kinds) if finding.params["column"] not in row.unread)


def _itself(row: UnitRow, kinds: Sequence[str]) -> Iterator[Finding]:
    if len(row.code) > LONGEST_CODE or not _CODE.fullmatch(row.code):
        yield at(row.row, "code", "unit_code_bad", suggestion=slug(row.name)[:LONGEST_CODE])
    if not row.name:
        yield at(row.row, "name", "unit_name_missing")
    elif len(row.name) > LONGEST_NAME:
        yield at(row.row, "name", "unit_name_long", limit=LONGEST_NAME)
    if row.kind not in kinds:
        known: list[Plain] = [*kinds]
        yield at(row.row, "kind", "unit_kind_unknown", kinds=known)
    for scheme, value in row.codes.items():
        if len(value) > LONGEST_IDENTIFIER:
            yield at(row.row, f"code:{scheme}", "unit_identifier_long", limit=LONGEST_IDENTIFIER)
    for column, day in (("valid_from", row.valid_from), ("valid_to", row.valid_to)):
        if day and not EARLIEST <= day <= LATEST:
            yield at(row.row, column, "unit_date_absurd", earliest=str(EARLIEST), latest=str(LATEST))
    if row.dated and row.valid_to and row.valid_to < row.valid_from:
        yield at(row.row, "valid_to", "unit_dates_reversed")


def _repeated(rows: Sequence[UnitRow], known: Mapping[str, KnownUnit]) -> Iterator[Finding]:
    """A code stands for one unit, in the file and in what is stored."""
    first: dict[str, int] = {}
    for row in rows:
        if row.code in first:
            yield at(row.row, "code", "unit_repeated", first_row=first[row.code])
        elif row.code in known and not row.unread:
            same = _facts(row) == _facts(known[row.code])
            code, severity = ("unit_unchanged", Severity.INFO) if same else ("unit_exists", Severity.ERROR)
            yield at(row.row, "code", code, severity)
        first.setdefault(row.code, row.row)


def _facts(unit: Unit) -> tuple[object, ...]:
    return unit.name, unit.kind, unit.valid_from, unit.valid_to, dict(unit.parents), dict(unit.codes)


def _same_names(rows: Sequence[UnitRow]) -> Iterator[Finding]:
    """Two units of one name under the same parents at the same time are mostly one unit written twice."""
    groups: dict[tuple[object, ...], list[UnitRow]] = defaultdict(list)
    for row in rows:
        groups[fold(row.name), row.kind, frozenset(row.parents.items())].append(row)
    for group in groups.values():
        for earlier, later in _overlapping(group):
            if earlier.code != later.code:
                yield at(later.row, "name", "unit_name_repeated", Severity.WARNING, first_row=earlier.row)


def _overlapping(units: Iterable[UnitRow]) -> Iterator[tuple[UnitRow, UnitRow]]:
    """Each unit that starts while an earlier one still holds, beside the one that holds longest."""
    longest: UnitRow | None = None
    for unit in sorted(units, key=lambda unit: (unit.valid_from, unit.row)):
        if longest and overlap(longest, unit):
            yield (longest, unit) if longest.row <= unit.row else (unit, longest)
        if longest is None or last_day(unit) > last_day(longest):
            longest = unit


def _identifiers(rows: Sequence[UnitRow], known: Mapping[str, KnownUnit]) -> Iterator[Finding]:
    """An identifier of a scheme belongs to one unit at a time; after that unit's end it may be given anew."""
    owners: dict[tuple[str, str], list[UnitRow]] = defaultdict(list)
    stored: dict[tuple[str, str], list[KnownUnit]] = defaultdict(list)
    for unit in known.values():
        for identifier in unit.codes.items():
            stored[identifier].append(unit)
    for row in rows:
        for identifier in row.codes.items():
            owners[identifier].append(row)
    for (scheme, value), group in owners.items():
        column = f"code:{scheme}"
        for earlier, later in _overlapping(group):
            if earlier.code != later.code:
                yield at(later.row, column, "unit_identifier_repeated", first_row=earlier.row)
        others = stored.get((scheme, value), [])
        for row in group:
            taken = [unit.code for unit in others if unit.code != row.code and overlap(unit, row)]
            if taken:
                yield at(row.row, column, "unit_identifier_taken", unit=taken[0])


def _parents(row: UnitRow, units: Mapping[str, Unit]) -> Iterator[Finding]:
    for congress, code in row.parents.items():
        column, parent = f"parent:{congress}", units.get(code)
        if code == row.code:
            yield at(row.row, column, "unit_parent_itself")
        elif parent is None:
            yield at(row.row, column, "unit_parent_unknown")
        elif not (row.dated and parent.dated):
            continue
        elif not overlap(row, parent):
            yield at(row.row, column, "unit_parent_not_valid", **_during(parent))
        elif not within(row, parent):
            yield at(row.row, column, "unit_parent_partly_valid", Severity.WARNING, **_during(parent))


def _during(unit: Lasting) -> dict[str, Plain]:
    return {"valid_from": str(unit.valid_from), "valid_to": str(unit.valid_to or "…")}


def _cycles(rows: Sequence[UnitRow], units: Mapping[str, Unit]) -> Iterator[Finding]:
    """Circles of parents, one chain after the other, each told once at its first row of the file."""
    own = {row.code: row.row for row in reversed(rows)}
    for congress in dict.fromkeys(name for row in rows for name in row.parents):
        for circle in _circles(congress, own, units):
            turn = min((own[code], place) for place, code in enumerate(circle) if code in own)[1]
            codes = circle[turn:] + circle[:turn]
            named: list[Plain] = [*codes[:_NAMED]]
            column = f"parent:{congress}"
            yield at(own[codes[0]], column, "unit_parent_cycle", units=named, length=len(codes))


def _circles(congress: str, start: Iterable[str], units: Mapping[str, Unit]) -> Iterator[list[str]]:
    """Circles of two units and more that can be reached from ``start``; each unit is walked once."""
    walked: set[str] = set()
    for first in start:
        path: dict[str, int] = {}
        code: str | None = first
        while code is not None and code not in walked and code not in path:
            path[code] = len(path)
            code = _parent(units, code, congress)
        if code is not None and code in path and len(path) - path[code] > 1:
            yield list(path)[path[code] :]
        walked.update(path)


def _parent(units: Mapping[str, Unit], code: str, congress: str) -> str | None:
    unit = units.get(code)
    return unit.parents.get(congress) if unit else None


def _origins(row: UnitRow, units: Mapping[str, Unit]) -> Iterator[Finding]:
    """Predecessors are known, are named once, and were there the day before."""
    column, seen = "predecessors", set[str]()
    for code, share in row.predecessors:
        before = units.get(code)
        if code in seen:
            yield at(row.row, column, "unit_predecessor_repeated")
        elif code == row.code:
            yield at(row.row, column, "unit_predecessor_itself")
        elif not 0 < share <= 1:
            yield at(row.row, column, "unit_share_bad")
        elif before is None:
            yield at(row.row, column, "unit_predecessor_unknown")
        elif row.dated and before.dated:
            yield from _succession(row, before, share)
        seen.add(code)


def _succession(row: UnitRow, before: Unit, share: Fraction) -> Iterator[Finding]:
    if before.valid_from >= row.valid_from:
        yield at(row.row, "predecessors", "unit_predecessor_not_before", **_during(before))
    elif last_day(before) >= row.valid_from and share == 1:
        yield at(row.row, "predecessors", "unit_predecessor_still_valid", Severity.WARNING, unit=before.code)
    elif last_day(before) < row.valid_from - timedelta(days=1):
        yield at(row.row, "predecessors", "unit_predecessor_long_gone", Severity.WARNING, unit=before.code)


def _shares(rows: Sequence[UnitRow], known: Mapping[str, KnownUnit]) -> Iterator[Finding]:
    """What successors take of a unit is never more than the whole, and when it has ended not less either."""
    ended = {row.code for row in rows if row.valid_to} | {
        unit.code for unit in known.values() if unit.valid_to
    }
    totals = {row.code: Fraction(0) for row in rows if row.dated} | {
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
            yield at(number, "predecessors", "unit_shares_exceed", unit=code, total=str(totals[code]))
        elif totals[code] < 1 and code in ended:
            yield at(
                number,
                "predecessors",
                "unit_shares_incomplete",
                Severity.WARNING,
                unit=code,
                total=str(totals[code]),
            )
