"""The proof holds for every list there is, whatever multipliers it is given."""

import random

import numpy as np

from domain.selection import Pool
from domain.selection.arrays import Longs
from domain.selection.search.bound import Multipliers, Objective, compute_bound, round_multipliers
from domain.selection.search.pool_arrays import build_pool_arrays
from domain.selection.search.problem import SelectionProblem, build_problem

from .naive import every_list
from .small import make_crossed_pool, small


def posed(pool: Pool) -> tuple[SelectionProblem, Longs, list[str]]:
    board = build_pool_arrays(pool)
    problem, _ = build_problem(board, (board.score, -board.lot))
    return problem, board.score[problem.columns], [board.ids[n] for n in problem.columns]


def test_no_list_exceeds_the_bound_nor_changes_a_column_for_less_than_its_cost() -> None:
    compared = 0
    for seed in range(30):
        pool = make_crossed_pool(seed) if seed % 2 else small(seed)
        problem, goal, ids = posed(pool)
        draw = random.Random(seed)
        limits = {tier: draw.randrange(4) for tier in range(problem.tiers)}
        aim = Objective(goal, limits)
        scale = 1 << 10
        by = Multipliers(
            scale,
            np.array([draw.randrange(0, 9 * scale) for _ in problem.rules], np.int64),
            {tier: draw.randrange(0, 9 * scale) for tier, limit in limits.items() if limit},
        )
        found = compute_bound(problem, aim, by)
        for chosen in every_list(pool):
            names = {each.id for each in chosen}
            x = np.array([one in names for one in ids], np.bool_)
            short = problem.compute_shortfalls(x)
            if not problem.is_feasible(x) or any(short[tier] > limits[tier] for tier in limits):
                continue
            changed = x != found.inside
            most = found.value - int(found.cost[changed].max(initial=0))
            assert int(goal[x].sum()) * scale <= most
            compared += 1
    assert compared > 800


def test_multipliers_are_as_fine_as_sixty_four_bits_allow() -> None:
    pool = small(3)
    problem, goal, _ = posed(pool)
    rough = np.full(len(problem.rules), 1 / 3)
    fine = round_multipliers(problem, Objective(goal, {}), rough, {0: 0.5, 1: -2.0})
    huge = round_multipliers(problem, Objective(goal * 10**6, {}), rough * 1e6, {})
    assert abs(int(fine.rules[0]) / fine.scale - 1 / 3) < 1e-6
    assert fine.tiers == {0: fine.scale // 2, 1: 0}
    top = int(np.abs(goal).max()) * 10**6 * huge.scale + int(huge.rules.sum())
    assert top * int(problem.need.sum()) < 2**62
    assert huge.scale > 1


def test_multipliers_beyond_every_scale_become_smaller_and_not_wrong() -> None:
    """A bound with numbers that do not fit into 64 bits would be no bound."""
    pool = small(3)
    problem, goal, _ = posed(pool)
    one = Objective(goal, {0: 5})
    for size in (1e12, 1e17, 1e25, 1e300, float("inf")):
        by = round_multipliers(problem, one, np.full(len(problem.rules), size), {0: size})
        exact = [
            int(goal[i]) * by.scale
            + sum(
                int(rule.coefs[i]) * int(multiplier)
                for rule, multiplier in zip(problem.rules, by.rules, strict=True)
                if one.includes_tier(rule.tier)
            )
            for i in range(problem.size)
        ]
        assert compute_bound(problem, one, by).worth.tolist() == exact
        assert max(map(abs, exact)) * int(problem.need.sum()) < 2**63
