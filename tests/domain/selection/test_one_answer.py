"""One pool has one answer: in any order, in any process, on any number of threads."""

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import highspy
import numpy as np

from domain.selection import Pool, select_list

from .pools import province

ROOT = Path(__file__).parents[3]
T = TypeVar("T")


def ties(seed: int) -> Pool:
    """A pool with many lists of equal points."""
    pool = province(40, 200, 12, seed=seed)
    return replace(pool, nominees=[replace(each, score=each.score // 20) for each in pool.nominees])


def shuffled(pool: Pool, seed: int) -> Pool:
    """The same pool, its parts in another order."""
    draw = random.Random(seed)

    def mixed(things: Sequence[T]) -> list[T]:
        return draw.sample(list(things), len(things))

    people = [
        replace(each, record=replace(each.record, values=dict(mixed(list(each.record.values.items())))))
        for each in mixed(pool.nominees)
    ]
    return replace(pool, quotas=mixed(pool.quotas), nominees=people, targets=mixed(pool.targets))


def digests(orders: Sequence[int]) -> str:
    """The answer for each order of the same pool."""
    return " ".join(select_list(shuffled(ties(3), order)).digest for order in orders)


def test_twelve_configurations_give_one_digest() -> None:
    """Four processes with other hash seeds and thread settings, three orders in each."""
    program = f"from {__name__} import digests; print(digests([0, 1, 2]))"
    found: list[str] = []
    running = []
    for hash_seed, threads in (("0", "1"), ("1", "2"), ("77", "8"), ("random", "1")):
        settings = {**os.environ, "PYTHONHASHSEED": hash_seed, "OMP_NUM_THREADS": threads}
        command = [sys.executable, "-c", program]
        running.append(subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True))
    for process in running:
        told, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        found += told.split()
    assert len(found) == 12
    assert len(set(found)) == 1


def test_threads_that_others_set_in_the_process_change_nothing() -> None:
    alone = select_list(ties(4)).digest
    other = highspy.Highs()  # type: ignore[no-untyped-call] # the class has types, its __init__ has not
    highspy.Highs.resetGlobalScheduler(True)
    other.setOptionValue("output_flag", False)
    other.setOptionValue("threads", 2)
    other.addVar(0.0, 1.0)
    other.changeColCost(0, -1.0)
    other.changeColIntegrality(0, highspy.HighsVarType.kInteger)
    other.addRow(0.0, 1.0, 1, np.array([0], np.int32), np.array([1.0]))
    assert other.run() == highspy.HighsStatus.kOk
    assert select_list(ties(4)).digest == alone


def test_selections_side_by_side_in_one_process_do_not_disturb_each_other() -> None:
    alone = [select_list(ties(seed)).digest for seed in range(8, 12)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda seed: select_list(ties(seed)).digest, range(8, 12)))
    assert together == alone


def test_the_digest_tells_lists_apart() -> None:
    found = select_list(ties(5))
    assert (
        len({found.digest, replace(found, chosen=found.chosen[1:]).digest, select_list(ties(6)).digest}) == 3
    )


def test_equal_points_are_settled_by_the_lot_and_by_nothing_else() -> None:
    pool = ties(7)
    again = list(range(1, len(pool.nominees) + 1))
    random.Random(7).shuffle(again)
    redrawn = replace(
        pool, nominees=[replace(n, lot=lot) for n, lot in zip(pool.nominees, again, strict=True)]
    )
    one, other = select_list(pool), select_list(redrawn)
    assert one.vector == other.vector
    assert one.chosen != other.chosen
