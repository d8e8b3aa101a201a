"""The fair share table is the entropy projection, published with exact margins."""

from itertools import combinations, permutations
from math import log
from random import Random

import pytest

from domain.composition.solver import fair_share, share_certificate
from domain.composition.solver.decimal_rows import DecimalRows
from domain.composition.solver.factor_search import FactorSearch
from domain.composition.solver.millionths import MILLION
from domain.composition.solver.reach import ColumnShortage, ReachedTable, find_reach
from domain.composition.solver.share_certificate import ShareProof, certify_decimals
from domain.composition.solver.share_problem import ShareProblem
from domain.composition.solver.split_table import SplitRow
from domain.composition.split import UnitSplit, split_partition
from tests.domain.composition.share_oracle import compute_oracle_shares
from tests.domain.composition.tables import (
    assert_lawful,
    cap,
    draw_hard_table,
    list_unit_cells,
    tables,
)


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


def test_small_units_that_send_most_of_their_people_get_the_projection() -> None:
    """a stands at its cap of two women, which the search has to see behind a plateau."""
    rows = [SplitRow("a", 3, {"women": 2, "men": 3}), SplitRow("b", 20, {"women": 15, "men": 34})]
    result = split_partition(rows, {"women": 15, "men": 8}, seed="e")
    assert [(row.shares[1], row.places[1]) for row in result.units] == [(2_000_000, 2), (13_000_000, 13)]


def test_three_values_over_two_units_get_the_projection() -> None:
    rows = [SplitRow("a", 40, {"x": 35, "y": 15, "z": 74}), SplitRow("b", 40, {"x": 42, "y": 25, "z": 60})]
    result = split_partition(rows, {"x": 10, "y": 31, "z": 39}, seed="e")
    assert [cell.fair_share for cell in result.list_cells() if cell.value == "y"] == [
        "12.494007",
        "18.505993",
    ]


def _expect_oracle_shares(rows: list[SplitRow], columns: dict[str, int], seed: str) -> bool:
    """Whether the oracle has an answer; then the published shares must be its."""
    expected, result = compute_oracle_shares(rows, columns), split_partition(rows, columns, seed="s")
    if expected is None:
        return False
    assert_lawful(rows, columns, result)
    for unit in result.units:
        for value, share in zip(result.values, unit.shares, strict=True):
            assert abs(share / MILLION - expected[unit.unit][value]) < 4e-6, f"{seed}: {unit.unit} {value}"
    return True


@pytest.mark.parametrize(("size", "count"), [(2, 250), (3, 8), (4, 20), (5, 20)])
def test_hard_tables_get_the_projection_that_plain_bisection_finds(size: int, count: int) -> None:
    found = [
        _expect_oracle_shares(*draw_hard_table(n, size), seed=f"{n}, {size} values") for n in range(count)
    ]
    assert sum(found) >= count * 0.95


def test_ordinary_tables_get_the_projection_that_plain_bisection_finds() -> None:
    found = 0
    for seed, (rows, columns) in enumerate(tables(60, first=9_000)):
        if len(columns) != 3 and all(sum((row.people or {}).values()) < 10_000 for row in rows):
            found += _expect_oracle_shares(rows, columns, seed=f"table {9_000 + seed}")
    assert found > 15


@pytest.mark.oracles
@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_thousands_of_hard_tables_get_the_projection(size: int) -> None:
    first = Random().randrange(10**9)
    count = {2: 6_000, 3: 200, 4: 1_000, 5: 800}[size]
    seeds = range(first, first + count)
    found = [_expect_oracle_shares(*draw_hard_table(n, size), seed=f"{n}, {size} values") for n in seeds]
    assert sum(found) >= count * 0.95, f"the oracle has too few answers from seed {first}"


def test_no_search_for_factors_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with eight values, and where targets need all that the units can give."""
    searches: list[FactorSearch] = []
    run = FactorSearch.run

    def watched(search: FactorSearch, most: int) -> bool:
        searches.append(search)
        return run(search, most)

    monkeypatch.setattr(FactorSearch, "run", watched)
    for seed in range(300):
        rows, columns = draw_hard_table(seed, 2 + seed % 7)
        assert_lawful(rows, columns, split_partition(rows, columns, seed="s"))
    assert max(search.evaluations for search in searches) <= 60


def test_targets_that_need_all_there_is_pin_their_cells_first(monkeypatch: pytest.MonkeyPatch) -> None:
    pinned: list[bool] = []

    def watched(problem: ShareProblem) -> ColumnShortage | ReachedTable:
        reach = find_reach(problem)
        pinned.append(isinstance(reach, ReachedTable) and bool(reach.forced.any()))
        return reach

    monkeypatch.setattr(fair_share, "find_reach", watched)
    for rows, columns in tables(200):
        split_partition(rows, columns, seed="s")
    assert sum(pinned) > 20


def test_units_without_figures_follow_their_seats_at_the_very_edge_too() -> None:
    """b gets 3 of 12 women and 5 of 20 men; then a needs all of its nine women."""
    rows = [SplitRow("a", 24, {"women": 9, "men": 90}), SplitRow("b", 8, None)]
    result = split_partition(rows, {"women": 12, "men": 20}, seed="s")
    assert [cell.fair_share for cell in result.list_cells() if cell.value == "women"] == [
        "9.000000",
        "3.000000",
    ]


def test_seats_by_the_million_are_proven_in_decimals(monkeypatch: pytest.MonkeyPatch) -> None:
    proofs: list[ShareProof] = []

    def watched(problem: ShareProblem, rows: DecimalRows) -> ShareProof:
        proofs.append(certify_decimals(problem, rows))
        return proofs[-1]

    monkeypatch.setattr(fair_share, "certify_decimals", watched)
    rows = [SplitRow(unit, 3 * 10**8, {"x": n, "y": 10**11}) for unit, n in (("a", 10**10), ("b", 10**11))]
    columns = {"x": 10**8, "y": 5 * 10**8}
    result = split_partition(rows, columns, seed="s")
    assert_lawful(rows, columns, result)
    (proof,) = proofs
    assert proof.bound < 1e-12
    # x of a / y of a = (x of b / y of b) / 10, a quadratic equation.
    one, other = (row.shares[0] / MILLION for row in result.units)
    assert abs(one * (3e8 - other) * 10 / (other * (3e8 - one)) - 1) < 1e-12


def test_shares_that_cannot_be_proven_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_certificate, "CERTIFIED_BOUND", -1.0)
    rows = [SplitRow("a", 3, {"women": 2, "men": 3}), SplitRow("b", 20, {"women": 15, "men": 34})]
    result = split_partition(rows, {"women": 15, "men": 8}, seed="e")
    assert not result.feasible
    assert result.units == ()
    assert [one.code for one in result.findings] == ["split_uncertified"]


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
