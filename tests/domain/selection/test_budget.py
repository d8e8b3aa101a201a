"""A budget counts nodes; its end is told, and is never mistaken for an answer about the pool."""

from domain.selection import Pool, SelectionOutcome, select_list

from .naive import best_list, hard_short, vector
from .small import make_crossed_pool


def hard_pools() -> list[Pool]:
    """Pools on which the search needs nodes."""
    return [make_crossed_pool(seed) for seed in range(40)]


def test_without_a_node_the_answer_is_the_best_so_far_or_none_and_never_that_there_is_none() -> None:
    ended = 0
    for pool in hard_pools():
        found, best = select_list(pool, nodes=0), best_list(pool)
        assert best is not None
        assert found.outcome is not SelectionOutcome.INFEASIBLE
        if found.outcome is SelectionOutcome.PROVEN:
            assert (found.chosen, found.vector) == best
            continue
        ended += 1
        assert [each.code for each in found.findings] == ["selection_budget_ended"]
        if found.outcome is SelectionOutcome.BEST_SO_FAR:
            chosen = [each for each in pool.nominees if each.id in found.chosen]
            assert hard_short(pool, chosen) == 0
            assert found.vector == vector(pool, chosen)
            assert best[1] <= found.vector
    assert ended


def test_the_gap_encloses_the_best_list() -> None:
    looked = 0
    for pool in hard_pools():
        found, best = select_list(pool, nodes=0), best_list(pool)
        assert best is not None
        if found.outcome is not SelectionOutcome.BEST_SO_FAR:
            continue
        looked += 1
        least = tuple(each.short for each in found.gap.shortfalls)
        assert least <= best[1][:-1]
        if least == best[1][:-1] and found.gap.score is not None:
            assert found.gap.score >= -best[1][-1]
    assert looked


def test_the_same_budget_ends_in_the_same_place() -> None:
    pool = make_crossed_pool(3)
    assert select_list(pool, nodes=0).digest == select_list(pool, nodes=0).digest


def test_what_is_spent_is_told() -> None:
    assert max(select_list(pool).nodes for pool in hard_pools()) > 0
