"""The apportionment engine beside its peers: time, peak memory, and whether the answer was right.

    python -m benchmarks.apportionment                     ours, and the peers that are installed
    python -m benchmarks.apportionment --peers PYTHON      the peers of another environment
    python -m benchmarks.apportionment --limit 120         so many seconds for each case

The peers are interregnum, votelib and apportionment; the project does not depend on them. Each case runs in a
process of its own, on the same made-up weights. "bounded" is ours with floors and caps, which no peer has for
every method. An answer is right when it is the exact one or, in a tie, one of the lawful ones; "silent" says
that it hid the tie. Where a peer fails, the name of its exception stands instead of the time.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from resource import RLIMIT_AS, RUSAGE_SELF, getrusage, setrlimit
from time import perf_counter
from typing import Any

PEERS_PYTHON = Path(".venv/peers/bin/python")
"""Where `make bench` puts the peers."""
SIZES = ((500, 150), (10_000, 100_000), (100_000, 1_000_000))
METHODS = (
    "dhondt",
    "sainte_lague",
    "modified_sainte_lague",
    "huntington_hill",
    "dean",
    "adams",
    "largest_remainder",
)
PEERS = ("interregnum", "votelib", "apportionment")
MEMORY = 6 * 2**30
"""Bytes that a case may take, so that a table of units times seats does not take the machine with it."""
ENOUGH = 0.5
"""Seconds within which a fast case is repeated; the best run counts."""
RUNS, LONG = 4, 10.0
"""So many runs at least, unless they take so many seconds: the first one also loads what it needs."""

Run = Callable[[], Any]
Read = Callable[[Any], tuple[list[int], bool]]
"""A peer's result → the seats in the order of the units, and whether it told of a tie."""


def make_weights(units: int) -> list[int]:
    """Numbers from a formula, spread over four orders of magnitude."""
    state, found = 20_250_815, []
    for _ in range(units):
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        least = 10 ** (2 + (state >> 62))
        found.append(least + (state >> 20) % (9 * least))
    return found


def prepare_ours(method: str, seats: int, units: int, *, bounded: bool = False) -> tuple[Run, Read]:
    """The domain function, on columns as the peers get lists; checking the input counts too."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from domain.apportionment import ApportionmentRule, Claims, Method, apportion_seats

    ids, masses, rule = (
        [f"unit-{i}" for i in range(units)],
        make_weights(units),
        ApportionmentRule(Method(method)),
    )
    floors = [int(i % 50 == 0) for i in range(units)] if bounded else None
    caps = [(None, 3, 30)[i % 3] for i in range(units)] if bounded else None

    def read(result: Any) -> tuple[list[int], bool]:
        if not bounded:
            Path(sys.argv[-1]).write_text(json.dumps({"seats": result.seats, **tie(result)}))
        return [], True

    def tie(result: Any) -> dict[str, Any]:
        tied = set(result.tie.ids) if result.tie else set()
        return {
            "tied": [i for i, one in enumerate(ids) if one in tied],
            "places": result.tie.places if tied else 0,
        }

    return lambda: apportion_seats(seats, Claims(ids, masses, floors, caps), rule), read


def interregnum(method: str, seats: int, units: int) -> tuple[Run, Read]:
    """Its allocator that adjusts a first guess where it has one, else the one that gives seat after seat."""
    methods = "interregnum.methods.singlevote."
    votes = list(enumerate(make_weights(units)))
    series = {"modified_sainte_lague": "sainte_lague_1.4"}
    opened = method in ("huntington_hill", "dean") and seats >= units
    first = dict.fromkeys(range(units), 1) if opened else {}
    if method == "largest_remainder":
        allocator = import_module(f"{methods}largest_remainder").LargestRemainderAllocator("hare")
    elif method in ("dhondt", "sainte_lague", "adams"):
        allocator = import_module(f"{methods}iterative_divisor").IterativeDivisorAllocator(method)
    else:
        averages = import_module(f"{methods}highest_averages")
        allocator = averages.HighestAveragesAllocator(series.get(method, method))

    def read(result: Any) -> tuple[list[int], bool]:
        held = {one.name: one.seats for one in result.allocation}
        return [held.get(i, 0) for i in range(units)], bool(getattr(result.data, "ties", ()))

    if not first:
        return lambda: allocator.calc(votes, seats), read
    return lambda: allocator.calc(votes, seats - units, initial_seats=first), read


def votelib(method: str, seats: int, units: int) -> tuple[Run, Read]:
    """Its evaluators, with the divisors it has; the first seats of Huntington-Hill as it asks for them."""
    proportional, divisors = map(
        import_module, ("votelib.evaluate.proportional", "votelib.component.divisor")
    )
    tie = import_module("votelib.evaluate.core").Tie
    votes = {f"unit-{i}": mass for i, mass in enumerate(make_weights(units))}
    first = dict.fromkeys(votes, 1) if method == "huntington_hill" else {}
    if method == "largest_remainder":
        evaluator = proportional.LargestRemainder("hare")
    elif method == "modified_sainte_lague":
        evaluator = proportional.HighestAverages(divisors.modified_first_coef(divisors.sainte_lague))
    elif method in ("dhondt", "sainte_lague", "huntington_hill"):
        evaluator = proportional.HighestAverages(method.replace("dhondt", "d_hondt"))
    else:
        raise NotImplementedError(method)

    def read(result: Any) -> tuple[list[int], bool]:
        return [result.get(one, 0) + (one in first) for one in votes], any(
            isinstance(one, tie) for one in result
        )

    return lambda: evaluator.evaluate(votes, seats, prev_gains=dict(first)), read


def apportionment(method: str, seats: int, units: int) -> tuple[Run, Read]:
    """Its one function; it never tells of a tie except in print."""
    methods = import_module("apportionment.methods")
    votes = make_weights(units)
    called = {"sainte_lague": "saintelague", "modified_sainte_lague": "modified_saintelague"}
    name = called.get(method, "huntington" if method == "huntington_hill" else method)
    parties = [f"unit-{i}" for i in range(units)]
    return lambda: methods.compute(name, votes, seats, parties=parties), lambda result: (list(result), False)


def measure_case(engine: str, method: str, seats: int, units: int) -> dict[str, Any]:
    """One case, in this process."""
    setrlimit(RLIMIT_AS, (MEMORY, MEMORY))
    if engine in ("ours", "bounded"):
        run, read = prepare_ours(method, seats, units, bounded=engine == "bounded")
    else:
        run, read = globals()[engine](method, seats, units)
    before, best, spent, runs = getrusage(RUSAGE_SELF).ru_maxrss, float("inf"), 0.0, 0
    while spent < ENOUGH or (runs < RUNS and spent < LONG):
        start = perf_counter()
        result = run()
        took = perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    held, told = read(result)
    grown = getrusage(RUSAGE_SELF).ru_maxrss - before
    return {"seconds": best, "megabytes": grown / 1024, "seats": held, "told": told}


def run_case(
    python: str, engine: str, method: str, size: Sequence[int], limit: float, truth: Path
) -> dict[str, Any]:
    """One case, in a process of its own."""
    command = [python, "-P", __file__, "--one", engine, method, *map(str, size), str(truth)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit + 20)
    except subprocess.TimeoutExpired:
        return {"failed": f"over {limit:.0f} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return {"failed": last.split(":")[0].split(".")[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def judge_result(found: dict[str, Any], truth: dict[str, Any]) -> str:
    """Right, silent about a tie, or wrong."""
    tied, held = set(truth["tied"]), found["seats"]
    open_places = 0
    for i, (mine, theirs) in enumerate(zip(truth["seats"], held, strict=True)):
        if theirs != mine and not (i in tied and theirs == mine + 1):
            return "wrong"
        open_places += theirs - mine
    if not tied:
        return "right"
    if found["told"]:
        return "right"
    return "silent" if open_places == truth["places"] else "wrong"


def format_line(engine: str, found: dict[str, Any], own: float | None, answer: str) -> str:
    """One row of the table."""
    if "failed" in found:
        return f"    {engine:<14}{found['failed']:>12}"
    times = f"{found['seconds'] / own:>9.1f} x" if own else " " * 11
    return f"    {engine:<14}{found['seconds'] * 1000:>12.2f}{found['megabytes']:>10.0f}{times}  {answer}"


def compare_engines(peers: str, limit: float, sizes: Sequence[tuple[int, int]]) -> None:
    """The whole table."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        truth = Path(folder) / "truth.json"
        for size in sizes:
            for method in METHODS:
                print(f"{size[0]:,} seats, {size[1]:,} units, {method}", flush=True)
                print(f"    {'':<14}{'ms':>12}{'MB':>10}{'':>11}")
                own = run_case(sys.executable, "ours", method, size, limit, truth)
                print(format_line("daibieu", own, None, "exact"), flush=True)
                print(
                    format_line(
                        "  bounded",
                        run_case(sys.executable, "bounded", method, size, limit, truth),
                        None,
                        "exact",
                    )
                )
                for peer in PEERS:
                    found = run_case(peers, peer, method, size, limit, truth)
                    answer = "" if "failed" in found else judge_result(found, json.loads(truth.read_text()))
                    print(format_line(peer, found, own.get("seconds"), answer), flush=True)


def main() -> None:
    """Read the command line."""
    if sys.argv[1:2] == ["--one"]:
        engine, method, seats, units = sys.argv[2:6]
        print(json.dumps(measure_case(engine, method, int(seats), int(units))))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--peers",
        default=str(PEERS_PYTHON) if PEERS_PYTHON.exists() else sys.executable,
        help="the interpreter that has the peers",
    )
    parser.add_argument("--limit", type=float, default=60, help="seconds for each case")
    parser.add_argument(
        "--sizes", type=int, default=len(SIZES), help="only so many of the sizes, small first"
    )
    chosen = parser.parse_args()
    compare_engines(chosen.peers, chosen.limit, SIZES[: chosen.sizes])


if __name__ == "__main__":
    main()
