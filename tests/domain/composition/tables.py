"""Seeded tables to split, and what every split of them has to keep."""

from collections.abc import Iterator
from random import Random

import pytest

from domain.composition.solver import rounding
from domain.composition.solver.millionths import MILLION
from domain.composition.solver.split_table import SplitRow
from domain.composition.split import Split, SplitCell

Columns = dict[str, int]


def table(seed: int) -> tuple[list[SplitRow], Columns]:
    """A small table: some units without figures, some cells without people, sometimes out of reach."""
    draw = Random(seed)
    values = [f"v{n}" for n in range(draw.randint(1, 5))]
    most = draw.choice([2, 4, 10, 1_000, 10**9])
    rows = [_row(draw, f"u{n:02}", values, most) for n in range(draw.randint(1, 12))]
    fits = draw.random() < 0.6
    return rows, _draw_fitting_totals(draw, rows, values) if fits else _draw_any_totals(draw, rows, values)


def tables(count: int, first: int = 0) -> Iterator[tuple[list[SplitRow], Columns]]:
    return (table(seed) for seed in range(first, first + count))


def list_unit_cells(split: Split, unit: str) -> list[SplitCell]:
    """The cells of one unit, in the order of the split's values."""
    return [cell for cell in split.list_cells() if cell.unit == unit]


def cap(row: SplitRow, value: str) -> int:
    """The most places of ``value`` that the people of a unit can fill."""
    return row.seats if row.people is None else min(row.seats, row.people.get(value, 0))


def draw_hard_table(seed: int, size: int) -> tuple[list[SplitRow], Columns]:
    """A table of ``size`` values whose units send a large part of their people, so that many caps bind.

    Some units sent no figures; some targets need all that the units can give.
    """
    draw = Random(seed)
    values = [f"v{n}" for n in range(size)]
    rows = [_draw_small_unit(draw, f"u{n}", values) for n in range(draw.randint(2, 8 if size == 2 else 4))]
    return rows, _draw_fitting_totals(draw, rows, values)


def draw_wide_table(seed: int) -> tuple[list[SplitRow], Columns]:
    """A table of 2 to 16 values with figures from one to 10¹¹, whose factors lie very far apart."""
    draw = Random(seed)
    values = [f"v{n:02}" for n in range(draw.choice([2, 3, 6, 10, 16]))]
    rows = [_draw_wide_unit(draw, f"u{n:02}", values) for n in range(draw.randint(2, 25))]
    columns = dict.fromkeys(values, 0)
    for row in rows:
        left, seats = {value: cap(row, value) for value in values}, row.seats
        for value in [*draw.sample(values, len(values)), *values, *values]:
            part = min(seats, draw.choice([left[value], left[value] // 2, -(-left[value] // 9)]))
            columns[value] += part
            left[value] -= part
            seats -= part
        for value in values:
            part = min(seats, left[value])
            columns[value] += part
            seats -= part
    return rows, columns


def _draw_wide_unit(draw: Random, unit: str, values: list[str]) -> SplitRow:
    people = dict.fromkeys(values, 0)
    for value in draw.sample(values, min(len(values), draw.choice([2, 2, 3, 16]))):
        people[value] = draw.choice([1, 2, draw.randint(1, 50), 10 ** draw.randint(0, 11)])
    counted = sum(people.values())
    seats = min(counted, draw.choice([1, 2, 5, 50, 10_000]))
    heads = None if draw.random() < 0.8 else counted + draw.randint(0, 9)
    return SplitRow(unit, seats, None if draw.random() < 0.1 else people, heads)


def _draw_small_unit(draw: Random, unit: str, values: list[str]) -> SplitRow:
    if draw.random() < 0.15:
        return SplitRow(unit, draw.randint(1, 9), None)
    most = draw.choice([3, 10, 40])
    people = {value: 0 if draw.random() < 0.1 else draw.randint(0, most) for value in values}
    return SplitRow(unit, int(sum(people.values()) * draw.uniform(0.3, 1)), people)


def _row(draw: Random, unit: str, values: list[str], most: int) -> SplitRow:
    people = {value: 0 if draw.random() < 0.2 else draw.randint(0, most) for value in values}
    seats = min(sum(people.values()), draw.randint(0, 9))
    return SplitRow(unit, seats, None if draw.random() < 0.15 else people)


def _draw_fitting_totals(draw: Random, rows: list[SplitRow], values: list[str]) -> Columns:
    """Column totals of some table that fits; often one at the very edge of what fits."""
    columns = dict.fromkeys(values, 0)
    keen = draw.random() < 0.5
    for row in rows:
        left = {value: cap(row, value) for value in values}
        for _ in range(row.seats):
            open_ = [value for value in values if left[value]]
            value = open_[0] if keen else draw.choice(open_)
            left[value] -= 1
            columns[value] += 1
    return columns


def _draw_any_totals(draw: Random, rows: list[SplitRow], values: list[str]) -> Columns:
    seats = sum(row.seats for row in rows)
    cuts = [0, *sorted(draw.randint(0, seats) for _ in values[1:]), seats]
    return {value: cuts[n + 1] - cuts[n] for n, value in enumerate(values)}


def assert_lawful(rows: list[SplitRow], columns: Columns, result: Split) -> None:
    """Margins exact in shares and places, no cell above its people, each floor or ceiling of its share."""
    row_of = {row.unit: row for row in rows}
    assert result.feasible
    assert [row.unit for row in result.units] == sorted(row_of)
    for v, value in enumerate(result.values):
        assert sum(row.shares[v] for row in result.units) == columns[value] * MILLION
        assert sum(row.places[v] for row in result.units) == columns[value]
    for row in result.units:
        assert sum(row.shares) == row.seats * MILLION
        assert sum(row.places) == row.seats == row_of[row.unit].seats
        for value, share, places in zip(result.values, row.shares, row.places, strict=True):
            assert 0 <= share <= cap(row_of[row.unit], value) * MILLION
            assert places in (share // MILLION, -(-share // MILLION))


def on_arrays(patch: pytest.MonkeyPatch) -> None:
    """From here on even the smallest table goes the way of the large ones."""
    patch.setattr(rounding, "MAX_LIST_CELLS", -1)
