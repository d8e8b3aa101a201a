"""One goal after the other, each proven before the next: shortfalls tier by tier, the goals, the least list.

A stage is bounded (:mod:`domain.selection.sifting`) and climbed (:mod:`domain.selection.climb`). What the
bound leaves open goes on to the next stage, which chooses among lists that are equally good so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.bound import Bound, Objective, build_shortfall_objective
from domain.selection.integer_search import search_columns
from domain.selection.optimum_search import BudgetSpent, SearchProgress, mask_open_columns, search_optimum
from domain.selection.pool_arrays import PoolArrays
from domain.selection.problem import SelectionProblem, build_problem
from domain.selection.result import SearchStep
from domain.selection.sifting import SiftedBound, choose_first_columns, sift_columns, sift_with_fallback

BLOCK_SIZE = 20
"""Columns of the least list that one search settles."""

SHORTFALL_TOLERANCE = 1e-6
"""Less than this of a person short is taken for none; nothing rests on it."""

StageState = Literal["proven", "best_so_far", "infeasible", "unfinished"]


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """``x`` (n) is the list over the problem's columns.

    ``least`` are shortfalls, tier by tier, that no list undercuts, and ``lead`` the bound of the first goal
    under them. Both are those of the list when ``state`` is "proven". ``certified``: that nothing keeps the
    hard rules follows from multipliers alone, without trust in a search.
    """

    state: StageState
    x: Mask | None
    least: list[int]
    lead: SiftedBound | None = None
    certified: bool = False


@dataclass(frozen=True, slots=True)
class RelaxedShortfalls:
    """Shortfalls from the relaxation, and the bound of the first goal under them, if tier 0 allows any."""

    limits: dict[int, int]
    lead: SiftedBound | None


def solve_stages(
    problem: SelectionProblem,
    goals: Sequence[Longs],
    names: Sequence[str],
    course: SearchProgress,
    allowed: Sequence[int] | None = None,
) -> StageAnswer:
    """The one best list: least shortfalls tier by tier, then each of ``goals`` (n), then the least list.

    ``names`` are those of the goals, for the steps. The columns of equal profile have to be told apart by the
    goals and their order (:func:`domain.selection.problem.pose`). ``allowed`` are shortfalls, tier by
    tier, that need not be undercut; none without it.
    """
    if not problem.size:
        return _answer_without_choice(problem)
    allowed = allowed or [0] * problem.tiers
    relaxed = relax_shortfalls(problem, goals[0], course, allowed)
    limits, lead = relaxed.limits, relaxed.lead
    if lead is None:
        return StageAnswer("infeasible", None, _list_limits(limits, problem), certified=True)
    try:
        x = search_optimum(problem, Objective(goals[0], limits), lead, course, names[0])
        if x is None:
            limits, witness = minimise_shortfalls(problem, goals[0], course, allowed)
            if limits[0]:
                return StageAnswer("infeasible", None, _list_limits(limits, problem))
            aim = Objective(goals[0], limits)
            lead = sift_with_fallback(problem, aim, witness | choose_first_columns(problem, goals[0]))
            x = search_optimum(problem, aim, lead, course, names[0], witness)
    except BudgetSpent as end:
        return answer_best_so_far(problem, end.x, limits, lead)
    try:
        x = _solve_later_goals(problem, goals, names, limits, lead.bound, x, course)
    except BudgetSpent as end:
        return answer_best_so_far(problem, end.x, limits, lead)
    return StageAnswer("proven", x, _list_limits(limits, problem), lead)


def has_feasible_list(board: PoolArrays, course: SearchProgress) -> bool:
    """Whether any list keeps what is hard on the board. Raises :class:`Spent`."""
    problem, _ = build_problem(board, (board.score, -board.lot))
    if not problem.size:
        return problem.compute_shortfalls(np.zeros(0, np.bool_))[0] == 0
    goal = board.score[problem.columns]
    problem = replace(problem, rules=tuple(rule for rule in problem.rules if rule.tier == 0), tiers=1)
    lead = relax_shortfalls(problem, goal, course, [0]).lead
    if lead is None:
        return False
    if search_optimum(problem, Objective(goal, {0: 0}), lead, course, "any") is not None:
        return True
    limits, _ = minimise_shortfalls(problem, goal, course, [0])
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
    """What is known when the budget has ended: a list that keeps what is hard, if one was met on the way."""
    least = _list_limits(limits, problem)
    for each in (x, lead.bound.inside):
        if each is not None and problem.is_feasible(each) and problem.compute_shortfalls(each)[0] == 0:
            return StageAnswer("best_so_far", each, least, lead)
    return StageAnswer("unfinished", None, least, lead)


def relax_shortfalls(
    problem: SelectionProblem, goal: Longs, course: SearchProgress, allowed: Sequence[int]
) -> RelaxedShortfalls:
    """The least shortfalls of the relaxation, tier by tier, or the ``allowed`` ones where those are larger.

    The usual case, no more than is allowed, is tried first. Then one program with prices on shortfalls tells
    which tiers fall short, and only those are bounded by themselves; should that mislead, all are.
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
        limits = _compute_relaxed_limits(problem, tiers, working, course, allowed)
        if limits[0]:
            return RelaxedShortfalls(limits, None)
        lead = sift_columns(problem, Objective(goal, limits), working)
        if lead is not None:
            return RelaxedShortfalls(limits, lead)
    return RelaxedShortfalls(limits, sift_with_fallback(problem, Objective(goal, limits), working))


def _build_priced_objective(problem: SelectionProblem, goal: Longs) -> Objective:
    """The goal with prices on shortfalls, each tier's well above the next."""
    spread = int(goal.max(initial=0)) - int(goal.min(initial=0)) + 1
    prices = {tier: 8 * spread * 4 ** min(8, problem.tiers - 1 - tier) for tier in range(problem.tiers)}
    return Objective(goal, {}, prices)


def _compute_relaxed_limits(
    problem: SelectionProblem, tiers: set[int], working: Mask, course: SearchProgress, allowed: Sequence[int]
) -> dict[int, int]:
    """Shortfalls that no list undercuts, or the allowed ones; only ``tiers`` are looked at."""
    limits = dict(enumerate(allowed))
    for tier in sorted(tiers):
        before = {each: limit for each, limit in limits.items() if each < tier}
        found = sift_with_fallback(problem, build_shortfall_objective(problem, tier, before), working)
        limits[tier] = max(allowed[tier], -found.bound.most)
        step = SearchStep(f"relaxed {tier}", problem.size, 0, found.rounds, 0, None, found.bound.most)
        course.steps.append(step)
        if limits[0]:
            break
    return limits


def minimise_shortfalls(
    problem: SelectionProblem, goal: Longs, course: SearchProgress, allowed: Sequence[int]
) -> tuple[dict[int, int], Mask]:
    """The least shortfalls in whole numbers, tier by tier, and a list that has them.

    Ends with tier 0 when that one cannot be kept. Reached only where the relaxation promises too much.
    """
    working = choose_first_columns(problem, goal)
    x = sift_with_fallback(problem, build_shortfall_objective(problem, 0, {}), working).bound.inside
    limits: dict[int, int] = {}
    for tier in range(problem.tiers):
        aim = build_shortfall_objective(problem, tier, limits)
        lead = sift_with_fallback(problem, aim, working | x)
        x = search_optimum(problem, aim, lead, course, f"shortfall {tier}", x)
        limits[tier] = max(allowed[tier], problem.compute_shortfalls(x)[tier])
        if limits[0]:
            break
    return limits, x


def _list_limits(limits: dict[int, int], problem: SelectionProblem) -> list[int]:
    return [limits.get(tier, 0) for tier in range(problem.tiers)]


def _solve_later_goals(
    problem: SelectionProblem, goals: Sequence[Longs], names: Sequence[str], limits: dict[int, int],
    now: Bound, x: Mask, course: SearchProgress,
) -> Mask:  # fmt: skip
    """The goals after the first, then the least list, among the lists that are as good as ``x`` so far.

    ``now`` is the bound of the first goal. Only columns that it leaves open are looked at again.
    """
    aim = Objective(goals[0], limits)
    still = mask_open_columns(problem, aim, now, x)
    if not still.any():
        return x
    part = problem.restrict_columns(still, now.inside)
    settled = int(goals[0][now.inside & ~still].sum())
    part = part.add_goal_rule(goals[0][still], aim.compute_value(problem, x) - settled)
    rest, best = [goal[still] for goal in goals[1:]], x.copy()
    try:
        if not rest:
            best[still] = find_least_list(part, limits, x[still], course)
            return best
        aim = Objective(rest[0], limits)
        lead = sift_with_fallback(part, aim, x[still] | choose_first_columns(part, rest[0]))
        found = search_optimum(part, aim, lead, course, names[1], x[still])
        best[still] = found
        best[still] = _solve_later_goals(part, rest, names[1:], limits, lead.bound, found, course)
    except BudgetSpent as end:
        if end.x is not None:
            best[still] = end.x
        raise BudgetSpent(best) from None
    return best


def find_least_list(
    problem: SelectionProblem, limits: dict[int, int], x: Mask, course: SearchProgress
) -> Mask:
    """Of all lists the one whose ids, in their order, come first; ``x`` is any of them."""
    x = x.copy()
    if problem.size > BLOCK_SIZE and not _has_other_list(problem, limits, x, course):
        return x
    order = np.argsort(problem.columns)
    open_ = np.ones(problem.size, np.bool_)
    for begin in range(0, problem.size, BLOCK_SIZE):
        block = order[begin : begin + BLOCK_SIZE]
        goal = np.zeros(problem.size, np.int64)
        goal[block] = 1 << np.arange(len(block) - 1, -1, -1, dtype=np.int64)
        x = _complete_search(problem, Objective(goal, limits), open_, x, course)
        open_[block] = False
    return x


def _has_other_list(
    problem: SelectionProblem, limits: dict[int, int], x: Mask, course: SearchProgress
) -> bool:
    """Whether there is a list beside ``x``."""
    aim = Objective(-x.astype(np.int64), limits)
    other = _complete_search(problem, aim, np.ones(problem.size, np.bool_), x, course)
    return aim.compute_value(problem, other) > aim.compute_value(problem, x)


def _complete_search(
    problem: SelectionProblem, aim: Objective, core: Mask, x: Mask, course: SearchProgress
) -> Mask:
    found = search_columns(problem, aim, core, x, course.budget, x)
    if not found.complete or found.x is None:
        raise BudgetSpent(x if found.x is None else found.x)
    return found.x
