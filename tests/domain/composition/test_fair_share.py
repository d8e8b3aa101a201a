"""The fair share table is the entropy projection, published with exact margins."""

from itertools import combinations, permutations
from math import log

import pytest

from domain.composition.solver import fair_share
from domain.composition.solver.grid import MILLION, ShareGrid
from domain.composition.solver.split_table import SplitRow
from domain.composition.split import UnitSplit, split_partition
from tests.domain.composition.tables import assert_lawful, cap, list_unit_cells, on_arrays, tables


def _shortfall(rows: list[SplitRow], columns: dict[str, int]) -> int:
    """By how much some set of values wants more than all units have, over all sets (Gale's condition)."""
    return max(
        sum(columns[value] for value in some)
        - sum(min(row.seats, sum(cap(row, v) for v in some)) for row in rows)
        for size in range(1, len(columns) + 1)
        for some in combinations(columns, size)
    )


def test_a_table_exists_unless_some_values_want_more_than_all_units_have() -> None:
    answers = {True: 0, False: 0}
    for rows, columns in tables(250):
        result, short = split_partition(rows, columns, seed="s"), _shortfall(rows, columns)
        assert result.feasible == (short <= 0)
        answers[result.feasible] += 1
        if result.feasible:
            assert_lawful(rows, columns, result)
        else:
            (finding,) = [one for one in result.findings if one.code == "split_out_of_reach"]
            assert finding.params["short"] == short
    assert min(answers.values()) > 20


def test_no_exchange_of_places_brings_it_nearer_to_the_units_own_shares() -> None:
    """Along v → w in one unit and w → v in another the relative entropy only grows."""
    tried = 0
    for rows, columns in tables(200, first=1_000):
        result = split_partition(rows, columns, seed="s")
        row_of = {row.unit: row for row in rows}
        known = [unit for unit in result.units if not unit.by_seats]
        for one, other in permutations(known, 2):
            for v, w in permutations(range(len(result.values)), 2):
                here = _gain(one, v, w, row_of[one.unit], result.values)
                there = _gain(other, w, v, row_of[other.unit], result.values)
                if here is not None and there is not None:
                    assert here + there > -1e-3
                    tried += 1
    assert tried > 1_000


def _gain(unit: UnitSplit, v: int, w: int, row: SplitRow, values: tuple[str, ...]) -> float | None:
    """How the entropy grows as a little of ``v`` becomes ``w`` in one unit; ``None`` where it cannot."""
    little = MILLION // 50
    if unit.shares[v] < little or unit.shares[w] < little:
        return None
    if unit.shares[w] > cap(row, values[w]) * MILLION - little:
        return None
    people = row.people or {}
    return log(unit.shares[w] / people[values[w]]) - log(unit.shares[v] / people[values[v]])


def test_equal_units_with_a_target_of_their_own_share_get_just_that() -> None:
    rows = [SplitRow(f"u{n}", 7, {"women": 30, "men": 40}) for n in range(4)]
    result = split_partition(rows, {"women": 12, "men": 16}, seed="s")
    assert {cell.fair_share for cell in result.list_cells() if cell.value == "women"} == {"3.000000"}


def test_a_unit_without_figures_is_taken_by_its_seats_and_marked() -> None:
    rows = [
        SplitRow("a", 10, {"yes": 90, "no": 10}),
        SplitRow("b", 6, {"yes": 1, "no": 99}),
        SplitRow("c", 8, None),
    ]
    result = split_partition(rows, {"yes": 9, "no": 15}, seed="s")
    no, yes = list_unit_cells(result, "c")
    assert (yes.fair_share, no.fair_share) == ("3.000000", "5.000000")  # 8 × 9/24, 8 × 15/24
    assert yes.by_seats
    assert not list_unit_cells(result, "a")[0].by_seats
    assert [(one.code, one.params["units"]) for one in result.findings] == [("split_by_seats", ["c"])]


def test_a_unit_without_figures_takes_more_where_the_others_lack_the_people() -> None:
    """By seats b would get 4 and a the other 4, of one person there."""
    rows = [SplitRow("a", 10, {"yes": 1, "no": 99}), SplitRow("b", 10, None)]
    columns = {"yes": 8, "no": 12}
    result = split_partition(rows, columns, seed="s")
    assert_lawful(rows, columns, result)
    assert list_unit_cells(result, "b")[1].seats >= 7


def test_the_one_missing_value_follows_from_the_headcount() -> None:
    known = split_partition(
        [SplitRow("a", 4, {"yes": 3, "no": 9}), SplitRow("b", 4, {"yes": 6, "no": 6})],
        {"yes": 3, "no": 5},
        seed="s",
    )
    told = split_partition(
        [SplitRow("a", 4, {"yes": 3}, 12), SplitRow("b", 4, {"yes": 6}, 12)], {"yes": 3, "no": 5}, seed="s"
    )
    assert told == known


def test_people_who_have_not_stated_it_may_be_of_any_value() -> None:
    rows = [SplitRow("a", 5, {"yes": 1, "no": 1}, 20), SplitRow("b", 5, {"yes": 0, "no": 30}, 30)]
    result = split_partition(rows, {"yes": 4, "no": 6}, seed="s")
    assert [list_unit_cells(result, unit)[1].seats for unit in "ab"] == [4, 0]
    assert not list_unit_cells(result, "a")[0].by_seats


def test_cells_that_can_have_one_value_only_have_it() -> None:
    """Three Khmer are wanted and three is the most that all units could send."""
    rows = [
        SplitRow("a", 2, {"khmer": 9, "kinh": 9}),
        SplitRow("b", 3, {"khmer": 1, "kinh": 500}),
        SplitRow("c", 9, {"khmer": 0, "kinh": 90}),
    ]
    result = split_partition(rows, {"khmer": 3, "kinh": 11}, seed="s")
    assert [list_unit_cells(result, unit)[0].fair_share for unit in "abc"] == [
        "2.000000",
        "1.000000",
        "0.000000",
    ]


@pytest.mark.parametrize("first", [0, 5_000])
def test_lists_and_arrays_give_the_same_bits(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list(tables(100, first))
    on_lists = [split_partition(rows, columns, seed="s") for rows, columns in drawn]
    on_arrays(monkeypatch)
    assert [split_partition(rows, columns, seed="s") for rows, columns in drawn] == on_lists


def test_tables_whose_scales_run_away_are_settled_first(monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[bool] = []
    settled_tables: list[bool] = []
    forced = fair_share._map_forced_cells

    def watched(grid: ShareGrid) -> dict[int, dict[int, int]]:
        cells = forced(grid)
        settled.append(bool(cells))
        return cells

    monkeypatch.setattr(fair_share, "_map_forced_cells", watched)
    for rows, columns in tables(200):
        settled.clear()
        result = split_partition(rows, columns, seed="s")
        if settled:
            assert_lawful(rows, columns, result)
            settled_tables.append(any(settled))
    assert sum(settled_tables) > 3


def test_a_large_table_keeps_every_law() -> None:
    rows = [
        SplitRow(
            f"u{n:05}",
            1 + n % 7,
            {f"v{v}": (n * (v + 3) * 7919) % (40 * (v + 1)) + (v == 0) * 9 for v in range(6)},
        )
        for n in range(3_000)
    ]
    seats = sum(row.seats for row in rows)
    columns = {f"v{v}": seats // 6 for v in range(6)}
    columns["v5"] += seats - sum(columns.values())
    assert_lawful(rows, columns, split_partition(rows, columns, seed="s"))
