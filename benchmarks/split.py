"""How long the split of composition targets takes: ``python -m benchmarks.split [units …]``.

Seeded units with seats from 1 to 9 and uneven people, eight values; then the cases that cost most: all units
alike (every place a tie), figures missing in three units of ten, a target at the very edge of what the people
allow, and one beyond it.
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from random import Random
from statistics import median
from time import perf_counter

from domain.composition.solver.split_table import SplitRow
from domain.composition.split import Split, split_partition
from domain.composition.targets import round_partition

VALUES = tuple(f"v{n}" for n in range(8))
GOALS = {1_000: 0.1, 100_000: 5.0}
Columns = dict[str, int]


def draw_table(units: int, missing: float = 0.0) -> tuple[list[SplitRow], Columns]:
    """Uneven units, and targets that differ by up to a fifth from what the units' shares come to."""
    draw = Random(units)
    weights = [draw.random() ** 2 + 0.02 for _ in VALUES]
    rows = []
    for n in range(units):
        heads = draw.randint(20, 2_000)
        people = {v: int(heads * w * draw.random() ** 1.5) for v, w in zip(VALUES, weights, strict=True)}
        people[VALUES[0]] += 9
        rows.append(SplitRow(f"u{n:06}", draw.randint(1, 9), None if draw.random() < missing else people))
    known = [(row.seats, row.people) for row in rows if row.people]
    expected = [sum(seats * people[v] / sum(people.values()) for seats, people in known) for v in VALUES]
    wanted = [int(share * draw.uniform(0.8, 1.2)) + 1 for share in expected]
    shares = {v: Fraction(n, sum(wanted)) for v, n in zip(VALUES, wanted, strict=True)}
    return rows, round_partition(shares, sum(row.seats for row in rows))


def build_equal_table(units: int) -> tuple[list[SplitRow], Columns]:
    """One seat each, the same people everywhere."""
    rows = [SplitRow(f"u{n:06}", 1, {v: n + 1 for n, v in enumerate(VALUES)}) for n in range(units)]
    return rows, round_partition({v: Fraction(8 - n, 36) for n, v in enumerate(VALUES)}, units)


def build_edge_table(units: int, beyond: int = 0) -> tuple[list[SplitRow], Columns]:
    """The last value wants all who are there, or ``beyond`` more."""
    rows, _ = draw_table(units)
    columns = dict.fromkeys(VALUES, 0)
    for row in rows:
        left = row.seats
        for value in reversed(VALUES):
            part = min(left, (row.people or {})[value])
            columns[value] += part
            left -= part
    columns[VALUES[-1]] += beyond
    columns[max(VALUES[:-1], key=columns.__getitem__)] -= beyond
    return rows, columns


CASES: dict[str, Callable[[int], tuple[list[SplitRow], Columns]]] = {
    "uneven": draw_table,
    "all alike": build_equal_table,
    "30 % missing": lambda units: draw_table(units, 0.3),
    "at the edge": build_edge_table,
    "beyond it": lambda units: build_edge_table(units, 5),
}


def time_split(rows: list[SplitRow], columns: Columns) -> tuple[float, Split]:
    start = perf_counter()
    result = split_partition(rows, columns, seed="bench")
    return perf_counter() - start, result


def main(sizes: list[int]) -> None:
    split_partition(
        [SplitRow(f"u{n}", 1, None) for n in range(2_000)], {"yes": 900, "no": 1_100}, seed="warm"
    )
    print(f"{'units × 8 values':>18}  {'case':<14}{'seconds':>9}  goal  feasible")
    for units in sizes:
        for name, case in CASES.items():
            rows, columns = case(units)
            runs = [time_split(rows, columns) for _ in range(3)]
            seconds = median(run[0] for run in runs)
            goal = GOALS.get(units)
            told = "" if goal is None else f"{goal:>5}"
            print(
                f"{units:>18,}  {name:<14}{seconds:>9.3f} {told:>5}  {'yes' if runs[0][1].feasible else 'no'}"
            )


if __name__ == "__main__":
    main([int(arg) for arg in sys.argv[1:]] or [60, 1_000, 100_000])
