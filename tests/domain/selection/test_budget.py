"""A budget counts nodes; its end is told, and is never mistaken for an answer about the pool."""

import random

import pytest

from domain.composition.criteria import AnyOf, PersonRecord
from domain.composition.targets import CompositionTarget
from domain.selection import MAX_NODES, Nominee, Pool, PoolQuota, SelectionOutcome, select_list
from domain.selection.search.integer_search import EMPTY_WORK, MAX_WORK, ROOT_NODES, NodeBudget

from .naive import best_list, hard_short, vector
from .small import make_crossed_pool


def hard_pools() -> list[Pool]:
    """Pools on which the search needs nodes."""
    return [make_crossed_pool(seed) for seed in range(40)]


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_a_larger_model_gets_fewer_nodes_for_the_same_work() -> None:
    assert NodeBudget(MAX_NODES).limit_nodes(10) == MAX_NODES
    assert NodeBudget(MAX_NODES).limit_nodes(1_000) == MAX_WORK // 1_000 - ROOT_NODES
    assert NodeBudget(MAX_NODES).limit_nodes(MAX_WORK) == 0
    budget = NodeBudget(MAX_NODES)
    budget.spend(500, 1_000)
    assert (budget.left, budget.spent) == (MAX_NODES - 500, 500)
    assert budget.limit_nodes(1_000) == MAX_WORK // 1_000 - 500 - 2 * ROOT_NODES


def two_dozen_exact_targets() -> Pool:
    """A pool of one search that finds no list."""
    draw = random.Random(1)
    names = [f"a{n}" for n in range(24)]
    people = [
        Nominee(PersonRecord(f"n{n:03}", "u", values={name: draw.choice("yn") for name in names}))
        for n in range(100)
    ]
    targets = []
    for name in names:
        half = sum(each.record.values[name] == "y" for each in people) // 2
        criterion = AnyOf(name, frozenset("y"))
        targets.append(CompositionTarget(name, criterion, at_least=half, at_most=half, hard=True))
    return Pool([PoolQuota("u", 50)], people, targets)


@pytest.mark.slow
def test_a_long_search_says_how_far_it_has_come() -> None:
    told: list[tuple[int, int]] = []
    found = select_list(two_dozen_exact_targets(), nodes=2_000, report=lambda *each: told.append(each))
    done = [each for each, _ in told]
    assert done[0] == 0
    assert done == sorted(done)
    assert 10 <= len(set(done)) <= 110, "during the one search too, and not at every node"
    assert {most for _, most in told} == {MAX_WORK}
    silent = select_list(two_dozen_exact_targets(), nodes=2_000)
    assert (found.outcome, found.nodes, found.chosen) == (silent.outcome, silent.nodes, silent.chosen)


@pytest.mark.slow
def test_two_dozen_exact_targets_are_given_up_soon() -> None:
    """Such a pool took minutes, and ended unproven all the same. A second search ends at the same node."""
    found = select_list(two_dozen_exact_targets())
    assert found.outcome is SelectionOutcome.UNFINISHED
    assert [each.code for each in found.findings] == ["selection_budget_ended"]
    assert 0 < found.nodes * (100 + 24) <= EMPTY_WORK < MAX_WORK / 2
    assert select_list(two_dozen_exact_targets()).nodes == found.nodes
