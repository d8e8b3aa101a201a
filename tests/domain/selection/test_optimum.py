"""The list is the best one: against every list there is, and against the textbook's programs."""

from collections import Counter
from dataclasses import replace

import pytest

from domain.selection import Pool, SelectionOutcome, SelectionResult, check_pool, select_list
from domain.selection.recount import recount_list
from domain.selection.search import optimum_search as climbing

from .naive import best_list, lots
from .plain import plain
from .pools import province
from .small import make_crossed_pool, small

pytestmark = pytest.mark.oracles  # each pool is solved by plain programs too


def check(pool: Pool) -> SelectionResult:
    """The selection, when it is what the definition says."""
    found, best = select_list(pool), best_list(pool)
    if best is None:
        assert (found.outcome, found.chosen) == (SelectionOutcome.INFEASIBLE, ())
        assert found.hard_short > 0
    else:
        assert found.outcome is SelectionOutcome.PROVEN
        assert (found.chosen, found.vector) == best
        assert not recount_list(pool, found.chosen).broken
    return found


def right(pools: list[Pool]) -> list[Pool]:
    kept = [pool for pool in pools if not check_pool(pool)]
    assert len(kept) > 0.9 * len(pools)
    return kept


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("with_lots", [True, False])
def test_small_pools_have_the_list_of_the_definition(ties: bool, tight: bool, with_lots: bool) -> None:
    for pool in right([small(seed, ties=ties, tight=tight, lots=with_lots) for seed in range(40)]):
        check(pool)


def reached(found: list[SelectionResult]) -> Counter[str]:
    """Which paths were gone, and how often."""
    paths: Counter[str] = Counter()
    for each in found:
        for step in each.steps:
            stage = step.stage.split()[0]
            paths[stage] += 1
            paths[f"{stage} widened"] += step.searches > 1
        if each.outcome is SelectionOutcome.INFEASIBLE:
            paths["certified" if each.certified else "searched"] += 1
    return paths


def test_crossed_targets_take_the_paths_beside_the_usual_one() -> None:
    pools = [
        pool for seed in range(16) for pool in (make_crossed_pool(seed), make_crossed_pool(seed, hard=True))
    ]
    paths = reached([check(pool) for pool in right(pools)])
    for path in ("relaxed", "shortfall", "score", "lot", "certified", "searched"):
        assert paths[path], path


@pytest.mark.parametrize("size", [1, 4])
def test_cores_that_are_too_small_are_widened(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(climbing, "FIRST_COLUMNS", size)
    monkeypatch.setattr(climbing, "COLUMNS_PER_RULE", 0)
    pools = [
        pool for seed in range(16) for pool in (make_crossed_pool(seed), make_crossed_pool(seed, hard=True))
    ]
    pools += [small(seed, tight=True) for seed in range(40)]
    paths = reached([check(pool) for pool in right(pools)])
    for path in ("score widened", "lot widened", "shortfall widened", "shortfall"):
        assert paths[path], path


def check_plain(pool: Pool) -> None:
    """Shortfalls, score and lots are those of the plain programs."""
    ours, theirs = select_list(pool), plain(pool)
    assert theirs is not None
    drawn = lots(pool)
    assert ours.outcome is SelectionOutcome.PROVEN
    assert tuple(each.short for each in ours.shortfalls) == theirs.shortfalls
    assert (ours.score, sum(drawn[one] for one in ours.chosen)) == (theirs.score, theirs.lots)


@pytest.mark.parametrize("mood", ["feasible", "short", "clashing"])
def test_larger_pools_agree_with_the_plain_programs(mood: str) -> None:
    for seed in range(20):
        check_plain(province(20, 60, 8, seed=seed, mood=mood))


@pytest.mark.parametrize("mood", ["feasible", "short", "clashing"])
def test_a_pool_in_which_all_have_equal_points_is_settled_by_the_lot(mood: str) -> None:
    for seed in range(10):
        pool = province(16, 48, 6, seed=seed, mood=mood)
        check_plain(replace(pool, nominees=[replace(each, score=7) for each in pool.nominees]))


@pytest.mark.parametrize("mood", ["feasible", "short"])
def test_units_that_named_just_their_seats_leave_the_choice_to_the_others(mood: str) -> None:
    for seed in range(10):
        pool = province(24, 60, 8, seed=seed, mood=mood)
        exact = {quota.place for quota in pool.quotas[::2]}
        seats = {quota.place: quota.seats for quota in pool.quotas}
        people = []
        for each in pool.nominees:
            seats[each.place] -= 1
            if each.place not in exact or seats[each.place] >= 0:
                people.append(each)
        check_plain(replace(pool, nominees=people))


def test_where_nothing_is_left_to_choose_the_list_is_counted_all_the_same() -> None:
    pool = province(12, 12, 4)
    found = select_list(pool)
    assert found.outcome is SelectionOutcome.PROVEN
    assert found.chosen == tuple(sorted(each.id for each in pool.nominees))
    assert found.vector == recount_list(pool, found.chosen).vector


def test_without_targets_each_unit_sends_its_best() -> None:
    pool = replace(province(30, 120, 9), targets=())
    drawn = lots(pool)
    best = []
    for quota in pool.quotas:
        line = sorted(
            (-each.score, drawn[each.id], each.id) for each in pool.nominees if each.place == quota.place
        )
        best += [one for _, _, one in line[: quota.seats]]
    assert select_list(pool).chosen == tuple(sorted(best))
