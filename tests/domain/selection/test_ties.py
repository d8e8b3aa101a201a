"""Whether the lot decides, against every list there is."""

import pytest

from domain.selection import SelectionOutcome, check_pool, select_list
from domain.selection.pool_snapshot import plain_pool, read_pool
from domain.selection.ties import assign_lots, list_tied_nominees
from domain.snapshots import encode_canonical

from .naive import best_lists
from .small import small


@pytest.mark.parametrize("seed", range(120))
def test_the_lot_is_asked_for_where_lists_are_equal_and_nowhere_else(seed: int) -> None:
    pool = small(seed, most=12, ties=True, lots=False)
    if check_pool(pool):
        return
    found = select_list(pool)
    if found.outcome is not SelectionOutcome.PROVEN:
        return
    equal = best_lists(pool)
    asked = set(list_tied_nominees(pool, found))
    assert bool(asked) == (len(equal) > 1)
    always = {one for one in equal[0] if all(one in each for each in equal)}
    assert set().union(*equal) - always <= asked


@pytest.mark.parametrize("seed", range(40))
def test_once_all_who_are_asked_for_are_drawn_nothing_else_decides(seed: int) -> None:
    pool = small(seed, most=12, ties=True, lots=False)
    if check_pool(pool):
        return
    found = select_list(pool)
    if found.outcome is not SelectionOutcome.PROVEN or not (asked := list_tied_nominees(pool, found)):
        return
    drawn = assign_lots(pool, asked[::-1])
    again = select_list(drawn)
    assert list_tied_nominees(drawn, again) == ()
    assert set(again.chosen) in best_lists(pool)


@pytest.mark.parametrize("seed", range(40))
def test_a_frozen_pool_is_the_pool(seed: int) -> None:
    pool = small(seed, lots=False)
    if check_pool(pool):
        return
    text = encode_canonical(plain_pool(pool))
    assert encode_canonical(plain_pool(read_pool(plain_pool(pool)))) == text
    assert select_list(read_pool(plain_pool(pool)), explain=False) == select_list(pool, explain=False)
