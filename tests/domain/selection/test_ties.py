"""Whether the lot decides, against every list there is."""

import pytest

from domain.selection import Outcome, faults, select
from domain.selection.frozen import plain_pool, read_pool
from domain.selection.ties import tied, with_lots
from domain.snapshots import canonical

from .naive import best_lists
from .small import small


@pytest.mark.parametrize("seed", range(120))
def test_the_lot_is_asked_for_where_lists_are_equal_and_nowhere_else(seed: int) -> None:
    pool = small(seed, most=12, ties=True, lots=False)
    if faults(pool):
        return
    found = select(pool)
    if found.outcome is not Outcome.PROVEN:
        return
    equal = best_lists(pool)
    asked = set(tied(pool, found))
    assert bool(asked) == (len(equal) > 1)
    always = {one for one in equal[0] if all(one in each for each in equal)}
    assert set().union(*equal) - always <= asked


@pytest.mark.parametrize("seed", range(40))
def test_once_all_who_are_asked_for_are_drawn_nothing_else_decides(seed: int) -> None:
    pool = small(seed, most=12, ties=True, lots=False)
    if faults(pool):
        return
    found = select(pool)
    if found.outcome is not Outcome.PROVEN or not (asked := tied(pool, found)):
        return
    drawn = with_lots(pool, asked[::-1])
    again = select(drawn)
    assert tied(drawn, again) == ()
    assert set(again.chosen) in best_lists(pool)


@pytest.mark.parametrize("seed", range(40))
def test_a_frozen_pool_is_the_pool(seed: int) -> None:
    pool = small(seed, lots=False)
    if faults(pool):
        return
    text = canonical(plain_pool(pool))
    assert canonical(plain_pool(read_pool(plain_pool(pool)))) == text
    assert select(read_pool(plain_pool(pool)), explain=False) == select(pool, explain=False)
