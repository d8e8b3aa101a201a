"""How long the split of composition targets takes: ``python -m benchmarks.split [units …]``.

Seeded units with seats from 1 to 9 and uneven people, eight values; then the cases that cost most: all units
alike (every place a tie), figures missing in three units of ten, a target at the very edge of what the people
allow, and one beyond it; and units that send most of their people, where many caps bind. Beside the whole
split the fair shares alone, certificate included. Each is the median of five runs in seconds of one
processor, and its ratio to the goal, which is kept below 1.
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from random import Random
from statistics import median
from time import process_time

from domain.composition.solver.fair_share import compute_fair_shares
from domain.composition.solver.split_table import SplitRow, build_split_table
from domain.composition.solver.ties import compute_tie_keys
from domain.composition.split import split_partition
from domain.composition.targets import round_partition

VALUES = tuple(f"v{n}" for n in range(8))
SHARE_GOALS = {1_000: 0.02, 100_000: 1.0}
SPLIT_GOALS = {1_000: 0.1, 100_000: 3.0}
RUNS = 5
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


def build_crowded_table(units: int) -> tuple[list[SplitRow], Columns]:
    """Units that send a third to all of their people, and targets off their shares."""
    draw = Random(units)
    rows = []
    for n in range(units):
        people = {value: draw.randint(0, 4) for value in VALUES}
        rows.append(SplitRow(f"u{n:06}", int(sum(people.values()) * draw.uniform(0.3, 1)), people))
    columns = dict.fromkeys(VALUES, 0)
    for row in rows:
        left = [value for value in VALUES for _ in range((row.people or {})[value])]
        for value in sorted(draw.sample(left, row.seats + (len(left) - row.seats) // 3))[-row.seats :]:
            columns[value] += row.seats > 0
    columns[VALUES[0]] += sum(row.seats for row in rows) - sum(columns.values())
    return rows, columns


CASES: dict[str, Callable[[int], tuple[list[SplitRow], Columns]]] = {
    "uneven": draw_table,
    "all alike": build_equal_table,
    "30 % missing": lambda units: draw_table(units, 0.3),
    "at the edge": build_edge_table,
    "beyond it": lambda units: build_edge_table(units, 5),
    "caps bind": build_crowded_table,
}


def time_runs(act: Callable[[], object]) -> float:
    """The median of the processor time of ``act``, in seconds."""
    runs = []
    for _ in range(RUNS):
        start = process_time()
        act()
        runs.append(process_time() - start)
    return median(runs)


def describe_time(seconds: float, goal: float | None) -> str:
    """Seconds, and their ratio to the goal."""
    return f"{seconds:>9.4f} {'' if goal is None else format(seconds / goal, '.2f'):>6}"


def main(sizes: list[int]) -> None:
    print(
        f"{'units × 8 values':>17}  {'case':<13}{'shares':>9} {'÷ goal':>6}{'split':>9} {'÷ goal':>6}"
        "  feasible"
    )
    for units in sizes:
        for name, case in CASES.items():
            rows, columns = case(units)
            table = build_split_table(rows, columns)
            keys = compute_tie_keys("bench", table.units, table.values)
            feasible = split_partition(rows, columns, seed="bench").feasible
            shares = time_runs(lambda table=table, keys=keys: compute_fair_shares(table, keys))  # type: ignore[misc]
            whole = time_runs(lambda rows=rows, columns=columns: split_partition(rows, columns, seed="bench"))  # type: ignore[misc]
            print(
                f"{units:>17,}  {name:<13}{describe_time(shares, SHARE_GOALS.get(units))}"
                f"{describe_time(whole, SPLIT_GOALS.get(units))}  {'yes' if feasible else 'no'}"
            )


if __name__ == "__main__":
    main([int(arg) for arg in sys.argv[1:]] or [60, 1_000, 100_000])
