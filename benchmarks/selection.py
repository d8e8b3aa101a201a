"""How long a selection takes, explanation and all: ``python -m benchmarks.selection [small|middle|large …]``.

Seeded pools with 14 targets over 8 attributes, some strongly correlated, in three moods: feasible, short (the
pool lacks people for some targets) and clashing (each target is within reach, and not all together).

Beside ours stand, on the same pools:

* the plain program: the same model over all nominees as one mixed-integer program for HiGHS. It is given our
  shortfalls and only has to find the score, without lot and explanation, in at most ``LIMIT`` seconds;
* ``sortition-algorithms``, which only has to find *any* panel that keeps the reached targets: run by the
  interpreter named in ``SORTITION_PYTHON``, an environment of its own (it is under the GPL and no part of
  this project); without one the column stays empty.

Each pool has a process of its own. Memory is its peak with the pool and the libraries in it, and what of that
the selection added. ``cpu`` is the processor's time of ours, for machines that others use too.
"""

import json
import os
import resource
import subprocess
import sys
from statistics import median
from time import perf_counter, process_time
from typing import Any

from domain.composition.criteria import PersonRecord
from domain.composition.targets import CompositionTarget
from domain.selection import Pool, SelectionResult, select_list
from tests.domain.selection.plain import Program
from tests.domain.selection.pools import province

SIZES = {"small": (350, 3_000, 60), "middle": (500, 20_000, 200), "large": (2_000, 100_000, 1_000)}
GOALS = {"small": 0.1, "middle": 0.2, "large": 1.0}
MEMORY = 150
MOODS = ("feasible", "short", "clashing")
LIMIT = 120.0
Measures = dict[str, object]

PANEL = """
import json, sys, time
from sortition_algorithms.core import find_random_sample
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings
told = json.load(sys.stdin)
head = ["feature", "value", "min", "max"]
rows = [dict(zip(head, row)) for row in told["features"]]
features, column, _ = read_in_features(head, rows, told["seats"])
head = ["id", *told["columns"]]
rows = [dict(zip(head, row)) for row in told["people"]]
people, _ = read_in_people(head, rows, features, Settings(id_column="id", columns_to_keep=[]), column)
began = time.perf_counter()
panels, _ = find_random_sample(features, people, told["seats"], [], test_selection=True)
assert len(panels[0]) == told["seats"]
print(time.perf_counter() - began)
"""


def measure_peak() -> float:
    """The greatest memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_selection(pool: Pool) -> tuple[SelectionResult, Measures]:
    """Median of five selections, after one that also pays for the imports."""
    before = measure_peak()
    began = perf_counter()
    found = select_list(pool)
    first, times, cpu = perf_counter() - began, [], []
    for _ in range(5):
        del found
        began, busy = perf_counter(), process_time()
        found = select_list(pool)
        times.append(perf_counter() - began)
        cpu.append(process_time() - busy)
    told: Measures = {
        "outcome": found.outcome.value,
        "short": sum(each.short for each in found.shortfalls),
        "score": found.score,
        "first": first,
        "ours": median(times),
        "cpu": median(cpu),
        "peak": measure_peak(),
        "added": measure_peak() - before,
    }
    return found, told


def time_plain_program(pool: Pool, found: SelectionResult) -> tuple[float, int | None]:
    """Seconds of the plain program for the score, and the score, if it got that far."""
    program = Program(pool)
    for (_, slacks), each in zip(sorted(program.short.items()), found.shortfalls, strict=True):
        cost = [0.0] * len(program.lower)
        for slack, weight in slacks:
            cost[slack] = float(weight)
        program.keep(cost, each.short)
    cost = program.over_people([-nominee.score for nominee in program.people])
    began = perf_counter()
    x = program.least(cost, limit=LIMIT)
    return perf_counter() - began, None if x is None else -round(
        sum(a * b for a, b in zip(x, cost, strict=True))
    )


def time_panel(pool: Pool, found: SelectionResult) -> float | str:
    """Seconds in which sortition-algorithms finds any panel with what our list reaches."""
    python = os.environ.get("SORTITION_PYTHON")
    if not python:
        return ""
    features = [
        ["unit", quota.unit, str(quota.seats_to_fill), str(quota.seats_to_fill)] for quota in pool.quotas
    ]
    columns, states = ["unit"], {state.target: state for state in found.states}
    for target in pool.targets:
        state = states[target.id]
        seats = state.yes + state.no + state.unknown
        least = min(state.least or 0, state.yes)
        most = seats if state.most is None else min(seats, max(state.most, state.yes + state.unknown))
        features += [
            [target.id, "yes", str(least), str(most)],
            [target.id, "no", "0", str(len(found.chosen))],
        ]
        columns.append(target.id)
    people = [
        [n.id, n.record.unit, *("yes" if _is_counted(t, n.record) else "no" for t in pool.targets)]
        for n in pool.nominees
    ]
    told = {"features": features, "columns": columns, "people": people, "seats": len(found.chosen)}
    try:
        done = subprocess.run(
            [python, "-c", PANEL], input=json.dumps(told), capture_output=True, text=True, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return f"over {LIMIT:.0f}"
    return (
        float(done.stdout.split()[-1]) if done.returncode == 0 else done.stderr.strip().splitlines()[-1][:60]
    )


def _is_counted(target: CompositionTarget, record: PersonRecord) -> bool:
    """Whether a person counts for a target; one who has not said counts for a maximum only."""
    answer = target.criterion.matches(record)
    upper = target.at_least is None and target.share is None
    return target.scope.contains(record) and (answer is True or (answer is None and upper))


def measure_pool(size: str, mood: str) -> Measures:
    """Everything about one pool."""
    pool = province(*SIZES[size], mood=mood)
    found, told = measure_selection(pool)
    told["plain"], score = time_plain_program(pool, found)
    if score not in (None, found.score):
        raise RuntimeError(f"the plain program reaches {score}, the selection {found.score}")
    told["finished"] = score is not None
    told["panel"] = time_panel(pool, found)
    return told


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1] == "--one":
        print(json.dumps(measure_pool(sys.argv[2], sys.argv[3])))
        return
    print("seconds; goals " + ", ".join(f"{size} {goal}" for size, goal in GOALS.items()) + f"; {MEMORY} MiB")
    print(
        f"{'pool':18}{'short':>6}{'score':>8}{'first':>8}{'ours':>8}{'cpu':>8}{'plain':>9}{'times':>7}",
        end="",
    )
    print(f"{'any panel':>11}{'MiB':>6}{'added':>7}")
    for size in sys.argv[1:] or SIZES:
        for mood in MOODS:
            command = [sys.executable, "-m", "benchmarks.selection", "--one", size, mood]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            print_row(f"{size}, {mood}", json.loads(done.stdout))


def print_row(name: str, told: dict[str, Any]) -> None:
    beyond = "" if told["finished"] else ">"
    any_panel = told["panel"] if isinstance(told["panel"], str) else f"{told['panel']:.2f}"
    print(
        f"{name:18}{told['short']:6}{told['score']:8}{told['first']:8.3f}{told['ours']:8.3f}{told['cpu']:8.3f}",
        end="",
    )
    print(f"{beyond + format(told['plain'], '.2f'):>9}{told['plain'] / told['ours']:7.0f}", end="")
    print(f"{any_panel:>11}{told['peak']:6.0f}{told['added']:7.0f}", flush=True)


if __name__ == "__main__":
    main()
