"""The checked table of a split: units by values, in one canonical order.

Rows are sorted by unit and columns by value before anything is computed, so that no answer depends on the
order of the input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.findings import Finding, Invalid, Plain, escape_pointer_step

MOST_VALUES = 64
MOST_SEATS = 10**9
MOST_PEOPLE = 10**12
"""Larger figures are refused: up to this limit a float represents each of them exactly."""


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One unit: its seats, and the known numbers of its people by value.

    ``people`` is ``None`` where the unit reported no figures; a value that is missing from it is unknown too
    (it follows from ``headcount`` when it is the only one). People of the headcount who are counted under no
    value have not stated theirs and may have any value.
    """

    unit: str
    seats: int
    people: Mapping[str, int] | None = None
    headcount: int | None = None


@dataclass(frozen=True, slots=True)
class SplitTable:
    """Rows and columns of a split in canonical order.

    ``caps`` are the most seats of each cell, ``prior`` the weights of the cells for the fair share, of which
    only the ratios inside a row count. ``by_seats``: the unit's figures are missing. ``pinned`` are the cells
    fixed beforehand (row → column → seats); they are already subtracted from ``seats``, ``columns`` and
    ``caps``.
    """

    units: list[str]
    values: tuple[str, ...]
    seats: list[int]
    columns: list[int]
    caps: list[tuple[int, ...]]
    prior: list[Sequence[int]]
    by_seats: list[bool]
    pinned: dict[int, dict[int, int]]

    def pin_cells(self, cells: Mapping[int, Mapping[int, int]]) -> "SplitTable":
        """The same table with ``cells`` (row → column → seats) fixed."""
        seats, columns = list(self.seats), list(self.columns)
        caps, pinned = list(self.caps), dict(self.pinned)
        for i, cell in cells.items():
            seats[i] -= sum(cell.values())
            caps[i] = tuple(0 if v in cell else cap for v, cap in enumerate(caps[i]))
            pinned[i] = {**pinned.get(i, {}), **cell}
            for v, places in cell.items():
                columns[v] -= places
        return replace(self, seats=seats, columns=columns, caps=caps, pinned=pinned)


def build_split_table(rows: Sequence[SplitRow], columns: Mapping[str, int]) -> SplitTable:
    """The table of ``rows`` and ``columns``; raises :class:`Invalid` where they are not valid."""
    values = tuple(sorted(columns))
    errors = _check_columns(rows, columns)
    line = sorted(range(len(rows)), key=lambda n: rows[n].unit)
    errors += [
        Finding("split_unit_twice", {"unit": rows[n].unit}, f"/rows/{n}/unit")
        for m, n in pairwise(line)
        if rows[m].unit == rows[n].unit
    ]
    known = frozenset(columns)
    for n, row in enumerate(rows):
        if _is_suspect(row, known):
            errors += _check_row(row, known, f"/rows/{n}")
    if errors:
        raise Invalid("split_invalid", errors=errors)
    targets = [columns[value] for value in values]
    total = sum(targets)
    cells = [_derive_cells(rows[n], values, targets, total) for n in line]
    return SplitTable(
        units=[rows[n].unit for n in line],
        values=values,
        seats=[rows[n].seats for n in line],
        columns=targets,
        caps=[caps for caps, _, _ in cells],
        prior=[prior for _, prior, _ in cells],
        by_seats=[missing for _, _, missing in cells],
        pinned={},
    )


def _check_columns(rows: Sequence[SplitRow], columns: Mapping[str, int]) -> list[Finding]:
    if not rows or not 0 < len(columns) <= MOST_VALUES:
        return [Finding("split_empty", {"units": len(rows), "values": len(columns), "most": MOST_VALUES})]
    errors = [
        _build_range_finding(wanted, MOST_SEATS, f"/columns/{escape_pointer_step(value)}")
        for value, wanted in columns.items()
        if not 0 <= wanted <= MOST_SEATS
    ]
    wanted, seats = sum(columns.values()), sum(row.seats for row in rows)
    if wanted != seats or seats > MOST_SEATS:
        params: dict[str, Plain] = {"columns": wanted, "seats": seats, "most": MOST_SEATS}
        errors.append(Finding("split_off_seats", params, "/columns"))
    return errors


def _build_range_finding(figure: int, most: int, at: str) -> Finding:
    return Finding("split_figure_out_of_range", {"figure": figure, "most": most}, at)


def _is_suspect(row: SplitRow, known: frozenset[str]) -> bool:
    """Whether a row needs the detailed check: this quick test lets valid rows pass."""
    people, heads = row.people, row.headcount
    if row.seats < 0 or (heads is not None and not 0 <= heads <= MOST_PEOPLE):
        return True
    if not people:
        return False
    figures = people.values()
    total = sum(figures)
    off = min(figures) < 0 or total > MOST_PEOPLE or (heads is not None and total > heads)
    return off or not people.keys() <= known


def _check_row(row: SplitRow, known: frozenset[str], at: str) -> list[Finding]:
    errors = []
    if row.seats < 0:
        errors.append(_build_range_finding(row.seats, MOST_SEATS, f"{at}/seats"))
    if row.headcount is not None and not 0 <= row.headcount <= MOST_PEOPLE:
        errors.append(_build_range_finding(row.headcount, MOST_PEOPLE, f"{at}/headcount"))
    for value, figure in (row.people or {}).items():
        if value not in known:
            errors.append(
                Finding("split_value_unknown", {"value": value}, f"{at}/people/{escape_pointer_step(value)}")
            )
        if not 0 <= figure <= MOST_PEOPLE:
            errors.append(
                _build_range_finding(figure, MOST_PEOPLE, f"{at}/people/{escape_pointer_step(value)}")
            )
    counted = sum((row.people or {}).values())
    if row.headcount is not None and counted > row.headcount:
        params: dict[str, Plain] = {"unit": row.unit, "people": counted, "headcount": row.headcount}
        errors.append(Finding("split_people_over_headcount", params, f"{at}/people"))
    return errors


def _derive_cells(
    row: SplitRow, values: tuple[str, ...], targets: list[int], total: int
) -> tuple[tuple[int, ...], Sequence[int], bool]:
    """Caps, prior and whether the figures are missing, for one unit."""
    seats, heads = row.seats, row.headcount
    stated: Mapping[str, int | None] = row.people or {}
    figures = [stated.get(value) for value in values]
    silent = 0
    if heads is not None:
        silent = heads - sum(row.people.values() if row.people else ())
        if figures.count(None) == 1:
            figures, silent = [silent if figure is None else figure for figure in figures], 0
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(values):
        return tuple([seats if n is None else min(seats, n) for n in figures]), targets, True
    if silent and total:
        prior = [n * total + silent * target for n, target in zip(known, targets, strict=True)]
        return tuple([min(seats, n + silent) for n in known]), prior, False
    return tuple([min(n, seats) for n in known]), tuple(known), False


def pin_by_hand(table: SplitTable, by_hand: Mapping[str, Mapping[str, int]]) -> SplitTable:
    """``table`` with the seats that were set for named units by hand (unit → value → seats).

    Raises :class:`Invalid` where a unit or value is unknown, or where the numbers exceed the unit's seats or
    people, or the column's total.
    """
    row_of = {unit: i for i, unit in enumerate(table.units)}
    column_of = {value: v for v, value in enumerate(table.values)}
    errors: list[Finding] = []
    cells: dict[int, dict[int, int]] = {}
    for unit, row in by_hand.items():
        at = f"/by_hand/{escape_pointer_step(unit)}"
        unknown = [Finding("split_unit_unknown", {"unit": unit}, at)] if unit not in row_of else []
        unknown += [
            Finding("split_value_unknown", {"value": value}, f"{at}/{escape_pointer_step(value)}")
            for value in row
            if value not in column_of
        ]
        errors += unknown or _check_hand_row(table, row_of[unit], row, at)
        if not unknown:
            cells[row_of[unit]] = {column_of[value]: places for value, places in row.items()}
    errors += _check_hand_columns(table, cells)
    if errors:
        raise Invalid("split_invalid", errors=errors)
    return table.pin_cells(cells)


def _check_hand_row(table: SplitTable, i: int, row: Mapping[str, int], at: str) -> list[Finding]:
    seats, caps = table.seats[i], dict(zip(table.values, table.caps[i], strict=True))
    errors = []
    for value, places in row.items():
        most: dict[str, Plain] = {
            "unit": table.units[i],
            "value": value,
            "by_hand": places,
            "most": caps[value],
        }
        if not 0 <= places <= caps[value]:
            errors.append(Finding("split_by_hand_out_of_range", most, f"{at}/{escape_pointer_step(value)}"))
    asked = sum(row.values())
    if asked > seats or (asked < seats and len(row) == len(caps)):
        off: dict[str, Plain] = {"unit": table.units[i], "by_hand": asked, "seats": seats}
        errors.append(Finding("split_by_hand_off_seats", off, at))
    return errors


def _check_hand_columns(table: SplitTable, cells: Mapping[int, Mapping[int, int]]) -> list[Finding]:
    errors = []
    for v, (value, wanted) in enumerate(zip(table.values, table.columns, strict=True)):
        by_hand = sum(cell.get(v, 0) for cell in cells.values())
        params: dict[str, Plain] = {"value": value, "by_hand": by_hand, "wanted": wanted}
        if by_hand > wanted:
            errors.append(
                Finding("split_by_hand_over_target", params, f"/columns/{escape_pointer_step(value)}")
            )
    return errors
