"""Whether the lot decides, against every list there is."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest

from domain.composition.criteria import PersonRecord
from domain.selection import (
    Nominee,
    Pool,
    PoolQuota,
    SelectionOutcome,
    SelectionResult,
    check_pool,
    select_list,
)
from domain.selection.pool_snapshot import plain_pool, read_pool
from domain.selection.ties import assign_lots, give_next_lot, list_tied_nominees
from domain.snapshots import encode_canonical

from .naive import best_list, best_lists
from .small import small


def proven_pools(seeds: range) -> Iterator[tuple[int, Pool, SelectionResult]]:
    """Small pools in which nobody was drawn, with their lists."""
    for seed in seeds:
        pool = small(seed, most=12, ties=True, lots=False)
        if not check_pool(pool):
            found = select_list(pool)
            if found.outcome is SelectionOutcome.PROVEN:
                yield seed, pool, found


def test_the_lot_is_asked_for_where_lists_are_equal_and_nowhere_else() -> None:
    """And for all on whom it may depend, but for nobody else."""
    for seed, pool, found in proven_pools(range(100)):
        expect_tied(seed, pool, found)


def expect_tied(seed: int, pool: Pool, found: SelectionResult) -> None:
    equal = best_lists(pool)
    always = {one for one in equal[0] if all(one in each for each in equal)}
    assert set(list_tied_nominees(pool, found)) == set().union(*equal) - always, seed


def test_once_all_who_are_asked_for_are_drawn_nothing_else_decides() -> None:
    for _, pool, found in proven_pools(range(40)):
        drawn = assign_lots(pool, list_tied_nominees(pool, found)[::-1])
        again = select_list(drawn)
        assert list_tied_nominees(drawn, again) == ()
        assert set(again.chosen) in best_lists(pool)


def test_no_lot_is_asked_for_that_decides_nothing() -> None:
    """Some were drawn before: a lot is drawn only where two orders of the others give two lists."""
    kinds = {draw_further(seed, pool, found) for seed, pool, found in proven_pools(range(150))} - {None}
    assert {("decides", True), ("decides", False), ("nothing", True), ("one alone", True)} <= kinds
    assert ("in vain", True) not in kinds


def draw_further(seed: int, pool: Pool, found: SelectionResult) -> tuple[str, bool] | None:
    """What a lot does among those left when some were drawn, and whether some were; ``None`` for many."""
    tied = [*list_tied_nominees(pool, found)]
    random.Random(seed).shuffle(tied)
    first, others = tied[: seed % 4], tied[seed % 4 :]
    if len(others) > 5:
        return None
    drawn = assign_lots(pool, first)
    asked = list_tied_nominees(drawn, select_list(drawn))
    lists = {best_list(assign_lots(pool, [*first, *order])) for order in permutations(others)}
    alone = len(asked) == 1
    while len(asked) == 1:
        drawn = give_next_lot(drawn, asked[0])
        asked = list_tied_nominees(drawn, select_list(drawn))
    if not asked:
        now = select_list(drawn)
        assert {(now.chosen, now.vector)} == lists, seed
    if alone:
        assert not asked, seed
        return "one alone", bool(first)
    return "nothing" if not asked else "decides" if len(lists) > 1 else "in vain", bool(first)


@pytest.mark.oracles
def test_of_thousands_of_pools_none_is_left_to_ids_or_drawn_for_in_vain() -> None:
    first = random.Random().randrange(10**9)
    kinds = Counter[str]()
    for seed, pool, found in proven_pools(range(first, first + 2_500)):
        expect_tied(seed, pool, found)
        kind = draw_further(seed, pool, found)
        if kind is not None:
            kinds[kind[0]] += 1
    assert kinds.total() > 1_000, f"few lists from seed {first}"
    assert not kinds["in vain"], f"from seed {first}"


def test_whoever_leaves_the_pool_moves_no_lot_of_others() -> None:
    """Of 2 and 6, or 3 and 4, the latter go; that the fifth withdraws does not make it 2 and 5."""
    people = [
        Nominee(PersonRecord(name, unit, ""), lot=lot)
        for name, unit, lot in [("a", "u", 2), ("b", "v", 6), ("c", "u", 3), ("d", "v", 4), ("e", "w", 5)]
    ]
    seats = [PoolQuota("u", 1), PoolQuota("v", 1), PoolQuota("w", 1, empty=1)]
    pool = Pool(seats, people, apart=[("a", "d"), ("c", "b")])
    assert select_list(pool).chosen == ("c", "d")
    assert select_list(replace(pool, nominees=people[:4])).chosen == ("c", "d")


@pytest.mark.parametrize("seed", range(40))
def test_a_frozen_pool_is_the_pool(seed: int) -> None:
    pool = small(seed, lots=False)
    if check_pool(pool):
        return
    text = encode_canonical(plain_pool(pool))
    assert encode_canonical(plain_pool(read_pool(plain_pool(pool)))) == text
    assert select_list(read_pool(plain_pool(pool)), explain=False) == select_list(pool, explain=False)
