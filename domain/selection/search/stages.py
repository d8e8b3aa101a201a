"""The stages of a search, each proven before the next: shortfalls by tier, the goals, the least list.

Each stage computes a bound (:mod:`domain.selection.search.sifting`) and searches a list that reaches it
(:mod:`domain.selection.search.optimum_search`). The columns that the bound does not decide go to the next
stage, which chooses among lists that are equally good so far. The least list is the one whose columns come
first in the order of the last goal, which is the lot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.result import SearchStep
from domain.selection.search.bound import Bound, Objective, build_shortfall_objective
from domain.selection.search.integer_search import search_columns
from domain.selection.search.optimum_search import (
    BudgetSpent,
    SearchProgress,
    mask_open_columns,
    search_optimum,
)
from domain.selection.search.pool_arrays import PoolArrays
from domain.selection.search.problem import SelectionProblem, build_problem
from domain.selection.search.sifting import (
    SiftedBound,
    choose_first_columns,
    sift_columns,
    sift_with_fallback,
)

BLOCK_SIZE = 20
"""Columns of the least list that one search decides."""

SHORTFALL_TOLERANCE = 1e-6
"""A relaxed shortfall below this part of a person counts as none; only the speed depends on it."""

StageState = Literal["proven", "best_so_far", "infeasible", "unfinished"]


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """``x`` (n) is the list over the problem's columns.

    ``least`` are lower bounds on the shortfalls of every list, by tier, and ``lead`` is the bound of the
    first goal under them. When ``state`` is "proven", the list has exactly these shortfalls. ``certified``:
    it follows from multipliers alone, not from a search, that no list keeps the hard rules.
    """

    state: StageState
    x: Mask | None
    least: list[int]
    lead: SiftedBound | None = None
    certified: bool = False


@dataclass(frozen=True, slots=True)
class RelaxedShortfalls:
    """Shortfalls from the relaxation, and the bound of the first goal under them; ``None`` if tier 0 falls
    short."""

    limits: dict[int, int]
    lead: SiftedBound | None


def solve_stages(
    problem: SelectionProblem,
    goals: Sequence[Longs],
    names: Sequence[str],
    progress: SearchProgress,
    allowed: Sequence[int] | None = None,
    *,
    least: bool = True,
) -> StageAnswer:
    """The one best list: least shortfalls by tier, then each of ``goals`` (n), then the least list.

    Without ``least``, any list that is best by the goals.

    ``names`` are the names of the goals in the steps. The problem must be built with the same goals in the
    same order, since it has only the best columns of each profile
    (:func:`domain.selection.search.problem.build_problem`). ``allowed`` are shortfalls by tier that need not
    be reduced; zero without it.
    """
    if not problem.size:
        return _answer_without_choice(problem)
    allowed = allowed or [0] * problem.tiers
    relaxed = relax_shortfalls(problem, goals[0], progress, allowed)
    limits, lead = relaxed.limits, relaxed.lead
    if lead is None:
        return StageAnswer("infeasible", None, _list_limits(limits, problem), certified=True)
    try:
        x = search_optimum(problem, Objective(goals[0], limits), lead, progress, names[0])
        if x is None:
            limits, witness = minimise_shortfalls(problem, goals[0], progress, allowed)
            if limits[0]:
                return StageAnswer("infeasible", None, _list_limits(limits, problem))
            objective = Objective(goals[0], limits)
            lead = sift_with_fallback(problem, objective, witness | choose_first_columns(problem, goals[0]))
            x = search_optimum(problem, objective, lead, progress, names[0], witness)
    except BudgetSpent as end:
        return answer_best_so_far(problem, end.x, limits, lead)
    try:
        if least or len(goals) > 1:
            x = _solve_later_goals(problem, goals, names, limits, lead.bound, x, progress, least=least)
    except BudgetSpent as end:
        return answer_best_so_far(problem, end.x, limits, lead)
    return StageAnswer("proven", x, _list_limits(limits, problem), lead)


def has_feasible_list(arrays: PoolArrays, progress: SearchProgress) -> bool:
    """Whether any list keeps the hard rules of the pool's arrays. Raises :class:`BudgetSpent`."""
    problem, _ = build_problem(arrays, (arrays.score, -arrays.lot))
    if not problem.size:
        return problem.compute_shortfalls(np.zeros(0, np.bool_))[0] == 0
    goal = arrays.score[problem.columns]
    problem = replace(problem, rules=tuple(rule for rule in problem.rules if rule.tier == 0), tiers=1)
    lead = relax_shortfalls(problem, goal, progress, [0]).lead
    if lead is None:
        return False
    if search_optimum(problem, Objective(goal, {0: 0}), lead, progress, "any") is not None:
        return True
    limits, _ = minimise_shortfalls(problem, goal, progress, [0])
    return limits[0] == 0


def _answer_without_choice(problem: SelectionProblem) -> StageAnswer:
    x = np.zeros(0, np.bool_)
    least = problem.compute_shortfalls(x)
    return (
        StageAnswer("infeasible", None, least, certified=True)
        if least[0]
        else StageAnswer("proven", x, least)
    )


def answer_best_so_far(
    problem: SelectionProblem, x: Mask | None, limits: dict[int, int], lead: SiftedBound
) -> StageAnswer:
    """The answer when the budget has ended: a list that keeps the hard rules, if one was found."""
    least = _list_limits(limits, problem)
    for each in (x, lead.bound.inside):
        if each is not None and problem.is_feasible(each) and problem.compute_shortfalls(each)[0] == 0:
            return StageAnswer("best_so_far", each, least, lead)
    return StageAnswer("unfinished", None, least, lead)


def relax_shortfalls(
    problem: SelectionProblem, goal: Longs, progress: SearchProgress, allowed: Sequence[int]
) -> RelaxedShortfalls:
    """The least shortfalls of the relaxation by tier, or the ``allowed`` ones where those are larger.

    The usual case, no more than the allowed shortfalls, is tried first. Then one program with prices on
    shortfalls finds the tiers that fall short, and only these are bounded separately; if that gives no
    solution, all tiers are.
    """
    working = choose_first_columns(problem, goal)
    none = dict(enumerate(allowed))
    lead = sift_columns(problem, Objective(goal, none), working)
    if lead is not None:
        return RelaxedShortfalls(none, lead)
    priced = sift_columns(problem, _build_priced_objective(problem, goal), working)
    short = {
        tier
        for tier in none
        if priced is None or priced.short.get(tier, 0.0) > allowed[tier] + SHORTFALL_TOLERANCE
    }
    for tiers in (short, set(none)):
        limits = _compute_relaxed_limits(problem, tiers, working, progress, allowed)
        if limits[0]:
            return RelaxedShortfalls(limits, None)
        lead = sift_columns(problem, Objective(goal, limits), working)
        if lead is not None:
            return RelaxedShortfalls(limits, lead)
    return RelaxedShortfalls(limits, sift_with_fallback(problem, Objective(goal, limits), working))


def _build_priced_objective(problem: SelectionProblem, goal: Longs) -> Objective:
    """The goal with prices on shortfalls, where each tier's price is much higher than the next tier's."""
    spread = int(goal.max(initial=0)) - int(goal.min(initial=0)) + 1
    prices = {tier: 8 * spread * 4 ** min(8, problem.tiers - 1 - tier) for tier in range(problem.tiers)}
    return Objective(goal, {}, prices)


def _compute_relaxed_limits(
    problem: SelectionProblem,
    tiers: set[int],
    working: Mask,
    progress: SearchProgress,
    allowed: Sequence[int],
) -> dict[int, int]:
    """Lower bounds on the shortfalls of every list, or the allowed ones if larger; only ``tiers`` are
    computed."""
    limits = dict(enumerate(allowed))
    for tier in sorted(tiers):
        before = {each: limit for each, limit in limits.items() if each < tier}
        found = sift_with_fallback(problem, build_shortfall_objective(problem, tier, before), working)
        limits[tier] = max(allowed[tier], -found.bound.most)
        step = SearchStep(f"relaxed {tier}", problem.size, 0, found.rounds, 0, None, found.bound.most)
        progress.steps.append(step)
        if limits[0]:
            break
    return limits


def minimise_shortfalls(
    problem: SelectionProblem, goal: Longs, progress: SearchProgress, allowed: Sequence[int]
) -> tuple[dict[int, int], Mask]:
    """The least shortfalls in whole numbers, by tier, and a list that has them.

    Ends with tier 0 when the hard rules cannot be kept. Needed only where the relaxation is too optimistic.
    """
    working = choose_first_columns(problem, goal)
    x = sift_with_fallback(problem, build_shortfall_objective(problem, 0, {}), working).bound.inside
    limits: dict[int, int] = {}
    for tier in range(problem.tiers):
        objective = build_shortfall_objective(problem, tier, limits)
        lead = sift_with_fallback(problem, objective, working | x)
        x = search_optimum(problem, objective, lead, progress, f"shortfall {tier}", x)
        limits[tier] = max(allowed[tier], problem.compute_shortfalls(x)[tier])
        if limits[0]:
            break
    return limits, x


def _list_limits(limits: dict[int, int], problem: SelectionProblem) -> list[int]:
    return [limits.get(tier, 0) for tier in range(problem.tiers)]


def _solve_later_goals(
    problem: SelectionProblem, goals: Sequence[Longs], names: Sequence[str], limits: dict[int, int],
    now: Bound, x: Mask, progress: SearchProgress, *, least: bool,
) -> Mask:  # fmt: skip
    """The goals after the first, then the ``least`` list, among the lists that are as good as ``x`` so far.

    ``now`` is the bound of the first goal. Only the columns that it does not decide are searched again.
    """
    objective = Objective(goals[0], limits)
    open_columns = mask_open_columns(problem, objective, now, x)
    if not open_columns.any():
        return x
    part = problem.restrict_columns(open_columns, now.inside)
    fixed = int(goals[0][now.inside & ~open_columns].sum())
    part = part.add_goal_rule(goals[0][open_columns], objective.compute_value(problem, x) - fixed)
    rest, best = [goal[open_columns] for goal in goals[1:]], x.copy()
    try:
        if not rest:
            order = np.argsort(-goals[0][open_columns], kind="stable")
            best[open_columns] = find_least_list(part, limits, x[open_columns], progress, order)
            return best
        objective = Objective(rest[0], limits)
        lead = sift_with_fallback(part, objective, x[open_columns] | choose_first_columns(part, rest[0]))
        found = search_optimum(part, objective, lead, progress, names[1], x[open_columns])
        best[open_columns] = found
        if least or len(rest) > 1:
            best[open_columns] = _solve_later_goals(
                part, rest, names[1:], limits, lead.bound, found, progress, least=least
            )
    except BudgetSpent as end:
        if end.x is not None:
            best[open_columns] = end.x
        raise BudgetSpent(best) from None
    return best


def find_least_list(
    problem: SelectionProblem, limits: dict[int, int], x: Mask, progress: SearchProgress, order: Longs
) -> Mask:
    """Of all lists within the limits, the one whose columns come first in ``order``; ``x`` is any of these
    lists."""
    x = x.copy()
    if problem.size > BLOCK_SIZE and not _has_other_list(problem, limits, x, progress):
        return x
    open_ = np.ones(problem.size, np.bool_)
    for begin in range(0, problem.size, BLOCK_SIZE):
        block = order[begin : begin + BLOCK_SIZE]
        goal = np.zeros(problem.size, np.int64)
        goal[block] = 1 << np.arange(len(block) - 1, -1, -1, dtype=np.int64)
        x = _complete_search(problem, Objective(goal, limits), open_, x, progress)
        open_[block] = False
    return x


def _has_other_list(
    problem: SelectionProblem, limits: dict[int, int], x: Mask, progress: SearchProgress
) -> bool:
    """Whether there is a list other than ``x``."""
    objective = Objective(-x.astype(np.int64), limits)
    other = _complete_search(problem, objective, np.ones(problem.size, np.bool_), x, progress)
    return objective.compute_value(problem, other) > objective.compute_value(problem, x)


def _complete_search(
    problem: SelectionProblem, objective: Objective, core: Mask, x: Mask, progress: SearchProgress
) -> Mask:
    found = search_columns(problem, objective, core, x, progress.budget, x)
    if not found.complete or found.x is None:
        raise BudgetSpent(x if found.x is None else found.x)
    return found.x
