"""Figures of units: staff and population by date, each with its source.

A measure that was not reported is absent. It is unknown, never zero; only a written 0 is zero.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from domain.findings import Finding, Plain, Severity, limit_findings
from domain.units import EARLIEST, LATEST, DatedRecord, build_cell_finding, compute_last_day
from domain.vocabulary import ETHNIC_GROUPS, SECTORS

EQUAL_MEASURE = "equal"
"""The measure by which every unit has the weight 1: for blocs whose figures may not be published."""

STAFF_SECTORS = tuple(f"staff.sector.{sector}" for sector in SECTORS)
STAFF_GROUPS = ("staff.women", "staff.ethnic_minority", "staff.direct_workers", "staff.youth")
STAFF_ETHNIC = tuple(f"staff.ethnic.{code}" for code in ETHNIC_GROUPS)
POPULATION_AREAS = ("population.urban", "population.rural")
POPULATION_GROUPS = ("population.women", "population.ethnic_minority", "population.age_15_34")
POPULATION_ETHNIC = tuple(f"population.ethnic.{code}" for code in ETHNIC_GROUPS)
OTHER_MEASURES = ("members", "exemplars")
MEASURES = (
    "staff",
    *STAFF_GROUPS,
    *STAFF_SECTORS,
    "population",
    *POPULATION_AREAS,
    *POPULATION_GROUPS,
    *OTHER_MEASURES,
    *STAFF_ETHNIC,
    *POPULATION_ETHNIC,
)
"""The measures that may be reported; a plan may define others."""

LONGEST_SOURCE = 500
LARGEST_STAFF = 10_000_000
LARGEST_FIGURE = 200_000_000
"""A greater figure is a typing error: the country has about 100 million people."""

PARTITIONS = (STAFF_SECTORS, POPULATION_AREAS, STAFF_ETHNIC, POPULATION_ETHNIC)
"""Sets of measures that divide a whole without overlap."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures from one source for one unit and day; ``figures`` contains only known figures.

    ``made_up`` marks numbers without a survey or report as their source. A unit may have several rows for a
    day, from several sources, if no measure is in two of them. ``unread`` are the columns that could not be
    read; their fields have no meaning. Such a row is checked by its other columns and never stored.
    """

    row: int
    unit: str
    as_of: date
    source: str
    figures: Mapping[str, int]
    made_up: bool = False
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PredecessorFigures:
    """A unit that was merged or divided: the share of it that went to the successor, and its figures."""

    share: Fraction
    figures: Mapping[str, int]
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class InheritedFigures:
    """What a unit's predecessors reported, added up by their shares: a report for the day on which the unit
    began, which somebody may take over. ``source`` says how it was added up."""

    as_of: date
    source: str
    figures: Mapping[str, int]
    made_up: bool

    def offer(self, measures: Iterable[str]) -> dict[str, Plain]:
        """The report of these measures as it is sent; empty where the predecessors tell none of them."""
        figures = {measure: self.figures[measure] for measure in measures if measure in self.figures}
        if not figures:
            return {}
        day = self.as_of.isoformat()
        return {"as_of": day, "source": self.source, "figures": figures, "made_up": self.made_up}


def add_predecessors(parts: Sequence[PredecessorFigures], as_of: date, source: str) -> InheritedFigures:
    """The sums over all predecessors by their shares, one half rounded up.

    A measure that one of them did not report is unknown, and left out.
    """
    common = set.intersection(*(set(part.figures) for part in parts))
    exact = {
        measure: sum((part.figures[measure] * part.share for part in parts), Fraction(0))
        for measure in sorted(common)
    }
    figures = {measure: math.floor(total + Fraction(1, 2)) for measure, total in exact.items()}
    return InheritedFigures(as_of, source, figures, any(part.made_up for part in parts))


def derive_whole_measure(measure: str) -> str:
    """The measure of which ``measure`` is a part; ``measure`` itself if it is a whole."""
    return measure.partition(".")[0]


def get_largest_figure(measure: str) -> int:
    """The greatest figure of a measure that is no typing error."""
    return LARGEST_STAFF if derive_whole_measure(measure) == "staff" else LARGEST_FIGURE


def check_figures(
    rows: Sequence[FigureRow], units: Mapping[str, DatedRecord], *, defined: Collection[str] = ()
) -> tuple[Finding, ...]:
    """All findings about ``rows``, in row order; ``units`` is code → the days on which the unit exists.

    ``defined`` are the measures that plans define. If some columns of a row could not be read, only the
    others are checked.
    """
    findings = limit_findings(_check_all(rows, units, frozenset((*MEASURES, *defined))))
    return tuple(
        sorted(findings, key=lambda finding: (_extract_row_number(finding), finding.pointer, finding.code))
    )


def _check_all(
    rows: Sequence[FigureRow], units: Mapping[str, DatedRecord], measures: Collection[str]
) -> Iterator[Finding]:
    yield from (
        finding
        for row in rows
        for finding in _check_row(row, units, measures)
        if _is_column_read(finding, row)
    )
    read: dict[tuple[str, date], dict[str, tuple[int, int]]] = {}
    unread: dict[tuple[str, date], set[str]] = {}
    sources: dict[tuple[str, date, str], int] = {}
    for row in (row for row in rows if row.unread.isdisjoint(("unit", "as_of"))):
        known = read.setdefault((row.unit, row.as_of), {})
        unread.setdefault((row.unit, row.as_of), set()).update(row.unread)
        first = sources.setdefault((row.unit, row.as_of, row.source), row.row)
        if first != row.row and "source" not in row.unread:
            yield build_cell_finding(row.row, "source", "figure_source_repeated", first_row=first)
        for measure, figure in row.figures.items():
            if measure in known:
                yield build_cell_finding(row.row, measure, "figure_repeated", first_row=known[measure][1])
            known.setdefault(measure, (figure, row.row))
    for key, known in read.items():
        yield from _check_sums(known, unread[key])


def _is_column_read(finding: Finding, row: FigureRow) -> bool:
    return finding.params["column"] not in row.unread


def _extract_row_number(finding: Finding) -> int:
    row = finding.params["row"]
    return row if isinstance(row, int) else 0


def _check_row(
    row: FigureRow, units: Mapping[str, DatedRecord], measures: Collection[str]
) -> Iterator[Finding]:
    unit = units.get(row.unit)
    if unit is None:
        yield build_cell_finding(row.row, "unit", "figure_unit_unknown")
    if not EARLIEST <= row.as_of <= LATEST:
        yield build_cell_finding(
            row.row, "as_of", "unit_date_absurd", earliest=str(EARLIEST), latest=str(LATEST)
        )
    elif unit and not unit.valid_from <= row.as_of <= compute_last_day(unit):
        yield build_cell_finding(row.row, "as_of", "figure_outside_validity", Severity.WARNING)
    if not row.source:
        yield build_cell_finding(row.row, "source", "figure_source_missing")
    elif len(row.source) > LONGEST_SOURCE:
        yield build_cell_finding(row.row, "source", "figure_source_long", limit=LONGEST_SOURCE)
    if not row.figures and row.unread.isdisjoint(measures):
        yield build_cell_finding(row.row, "unit", "figure_none", Severity.WARNING)
    for measure, figure in row.figures.items():
        if measure not in measures:
            yield build_cell_finding(row.row, measure, "figure_measure_unknown")
        elif figure < 0:
            yield build_cell_finding(row.row, measure, "figure_negative")
        elif figure > get_largest_figure(measure):
            yield build_cell_finding(row.row, measure, "figure_absurd", limit=get_largest_figure(measure))


def _check_sums(known: Mapping[str, tuple[int, int]], unread: Collection[str]) -> Iterator[Finding]:
    """Check parts against wholes for one unit and day; ``known`` is measure → (figure, row)."""
    for measure, (figure, row) in known.items():
        total = known.get(derive_whole_measure(measure))
        if total and figure > total[0]:
            yield build_cell_finding(
                row, measure, "figure_part_exceeds", whole=derive_whole_measure(measure), limit=total[0]
            )
        elif not total and derive_whole_measure(measure) not in unread:
            yield build_cell_finding(
                row, measure, "figure_whole_unknown", Severity.WARNING, whole=derive_whole_measure(measure)
            )
    for parts in PARTITIONS:
        yield from _check_partition(known, parts, derive_whole_measure(parts[0]))
    for root, ethnic in (("staff", STAFF_ETHNIC), ("population", POPULATION_ETHNIC)):
        yield from _check_partition(known, ethnic[1:], f"{root}.ethnic_minority")


def _check_partition(
    known: Mapping[str, tuple[int, int]], parts: Sequence[str], total: str
) -> Iterator[Finding]:
    """The sum of parts without overlap must not exceed ``total``, and must equal it if all are known."""
    present = [part for part in parts if part in known]
    if total not in known or len(present) < (1 if "." in total else 2):
        return
    added, limit = sum(known[part][0] for part in present), known[total][0]
    row = max(known[part][1] for part in present)
    if added > limit:
        yield build_cell_finding(row, present[-1], "figure_parts_exceed", whole=total, sum=added, limit=limit)
    elif added < limit and len(present) == len(parts):
        yield build_cell_finding(
            row, present[-1], "figure_parts_short", Severity.WARNING, whole=total, sum=added, limit=limit
        )
