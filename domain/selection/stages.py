"""One goal after the other, each proven before the next: shortfalls tier by tier, the goals, the least list.

A stage is bounded (:mod:`domain.selection.sifting`) and climbed (:mod:`domain.selection.climb`). What the
bound leaves open goes on to the next stage, which chooses among lists that are equally good so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from domain.selection.arrays import Longs, Mask
from domain.selection.board import Board
from domain.selection.bound import Aim, Bound, shortest
from domain.selection.climb import Course, Spent, climb, open_columns
from domain.selection.core import search
from domain.selection.problem import Problem, pose
from domain.selection.result import Step
from domain.selection.sifting import Sifted, first_columns, sift, sifted

BLOCK = 20
"""Columns of the least list that one search settles."""

NOTHING = 1e-6
"""Less than this of a person short is taken for none; nothing rests on it."""

State = Literal["proven", "best_so_far", "infeasible", "unfinished"]


@dataclass(frozen=True, slots=True)
class Answer:
    """``x`` (n) is the list over the problem's columns.

    ``least`` are shortfalls, tier by tier, that no list undercuts, and ``lead`` the bound of the first goal
    under them. Both are those of the list when ``state`` is "proven". ``certified``: that nothing keeps the
    hard rules follows from multipliers alone, without trust in a search.
    """

    state: State
    x: Mask | None
    least: list[int]
    lead: Sifted | None = None
    certified: bool = False


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Shortfalls from the relaxation, and the bound of the first goal under them, if tier 0 allows any."""

    limits: dict[int, int]
    lead: Sifted | None


def settle(
    problem: Problem,
    goals: Sequence[Longs],
    names: Sequence[str],
    course: Course,
    allowed: Sequence[int] | None = None,
) -> Answer:
    """The one best list: least shortfalls tier by tier, then each of ``goals`` (n), then the least list.

    ``names`` are those of the goals, for the steps. The columns of equal profile have to be told apart by the
    goals and their order (:func:`domain.selection.problem.pose`). ``allowed`` are shortfalls, tier by
    tier, that need not be undercut; none without it.
    """
    if not problem.size:
        return _no_choice(problem)
    allowed = allowed or [0] * problem.tiers
    relaxed = relax(problem, goals[0], course, allowed)
    limits, lead = relaxed.limits, relaxed.lead
    if lead is None:
        return Answer("infeasible", None, _in_order(limits, problem), certified=True)
    try:
        x = climb(problem, Aim(goals[0], limits), lead, course, names[0])
        if x is None:
            limits, witness = descend(problem, goals[0], course, allowed)
            if limits[0]:
                return Answer("infeasible", None, _in_order(limits, problem))
            aim = Aim(goals[0], limits)
            lead = sifted(problem, aim, witness | first_columns(problem, goals[0]))
            x = climb(problem, aim, lead, course, names[0], witness)
    except Spent as end:
        return best_so_far(problem, end.x, limits, lead)
    try:
        x = _later(problem, goals, names, limits, lead.bound, x, course)
    except Spent as end:
        return best_so_far(problem, end.x, limits, lead)
    return Answer("proven", x, _in_order(limits, problem), lead)


def feasible(board: Board, course: Course) -> bool:
    """Whether any list keeps what is hard on the board. Raises :class:`Spent`."""
    problem, _ = pose(board, (board.score, -board.lot))
    if not problem.size:
        return problem.shortfalls(np.zeros(0, np.bool_))[0] == 0
    goal = board.score[problem.columns]
    problem = replace(problem, rules=tuple(rule for rule in problem.rules if rule.tier == 0), tiers=1)
    lead = relax(problem, goal, course, [0]).lead
    if lead is None:
        return False
    if climb(problem, Aim(goal, {0: 0}), lead, course, "any") is not None:
        return True
    limits, _ = descend(problem, goal, course, [0])
    return limits[0] == 0


def _no_choice(problem: Problem) -> Answer:
    x = np.zeros(0, np.bool_)
    least = problem.shortfalls(x)
    return Answer("infeasible", None, least, certified=True) if least[0] else Answer("proven", x, least)


def best_so_far(problem: Problem, x: Mask | None, limits: dict[int, int], lead: Sifted) -> Answer:
    """What is known when the budget has ended: a list that keeps what is hard, if one was met on the way."""
    least = _in_order(limits, problem)
    for each in (x, lead.bound.inside):
        if each is not None and problem.keeps(each) and problem.shortfalls(each)[0] == 0:
            return Answer("best_so_far", each, least, lead)
    return Answer("unfinished", None, least, lead)


def relax(problem: Problem, goal: Longs, course: Course, allowed: Sequence[int]) -> Relaxed:
    """The least shortfalls of the relaxation, tier by tier, or the ``allowed`` ones where those are larger.

    The usual case, no more than is allowed, is tried first. Then one program with prices on shortfalls tells
    which tiers fall short, and only those are bounded by themselves; should that mislead, all are.
    """
    working = first_columns(problem, goal)
    none = dict(enumerate(allowed))
    lead = sift(problem, Aim(goal, none), working)
    if lead is not None:
        return Relaxed(none, lead)
    priced = sift(problem, _priced(problem, goal), working)
    short = {tier for tier in none if priced is None or priced.short.get(tier, 0.0) > allowed[tier] + NOTHING}
    for tiers in (short, set(none)):
        limits = _relaxed_limits(problem, tiers, working, course, allowed)
        if limits[0]:
            return Relaxed(limits, None)
        lead = sift(problem, Aim(goal, limits), working)
        if lead is not None:
            return Relaxed(limits, lead)
    return Relaxed(limits, sifted(problem, Aim(goal, limits), working))


def _priced(problem: Problem, goal: Longs) -> Aim:
    """The goal with prices on shortfalls, each tier's well above the next."""
    spread = int(goal.max(initial=0)) - int(goal.min(initial=0)) + 1
    prices = {tier: 8 * spread * 4 ** min(8, problem.tiers - 1 - tier) for tier in range(problem.tiers)}
    return Aim(goal, {}, prices)


def _relaxed_limits(
    problem: Problem, tiers: set[int], working: Mask, course: Course, allowed: Sequence[int]
) -> dict[int, int]:
    """Shortfalls that no list undercuts, or the allowed ones; only ``tiers`` are looked at."""
    limits = dict(enumerate(allowed))
    for tier in sorted(tiers):
        before = {each: limit for each, limit in limits.items() if each < tier}
        found = sifted(problem, shortest(problem, tier, before), working)
        limits[tier] = max(allowed[tier], -found.bound.most)
        step = Step(f"relaxed {tier}", problem.size, 0, found.rounds, 0, None, found.bound.most)
        course.steps.append(step)
        if limits[0]:
            break
    return limits


def descend(
    problem: Problem, goal: Longs, course: Course, allowed: Sequence[int]
) -> tuple[dict[int, int], Mask]:
    """The least shortfalls in whole numbers, tier by tier, and a list that has them.

    Ends with tier 0 when that one cannot be kept. Reached only where the relaxation promises too much.
    """
    working = first_columns(problem, goal)
    x = sifted(problem, shortest(problem, 0, {}), working).bound.inside
    limits: dict[int, int] = {}
    for tier in range(problem.tiers):
        aim = shortest(problem, tier, limits)
        lead = sifted(problem, aim, working | x)
        x = climb(problem, aim, lead, course, f"shortfall {tier}", x)
        limits[tier] = max(allowed[tier], problem.shortfalls(x)[tier])
        if limits[0]:
            break
    return limits, x


def _in_order(limits: dict[int, int], problem: Problem) -> list[int]:
    return [limits.get(tier, 0) for tier in range(problem.tiers)]


def _later(
    problem: Problem, goals: Sequence[Longs], names: Sequence[str], limits: dict[int, int],
    now: Bound, x: Mask, course: Course,
) -> Mask:  # fmt: skip
    """The goals after the first, then the least list, among the lists that are as good as ``x`` so far.

    ``now`` is the bound of the first goal. Only columns that it leaves open are looked at again.
    """
    aim = Aim(goals[0], limits)
    still = open_columns(problem, aim, now, x)
    if not still.any():
        return x
    part = problem.within(still, now.inside)
    settled = int(goals[0][now.inside & ~still].sum())
    part = part.keeping(goals[0][still], aim.value(problem, x) - settled)
    rest, best = [goal[still] for goal in goals[1:]], x.copy()
    try:
        if not rest:
            best[still] = least_list(part, limits, x[still], course)
            return best
        aim = Aim(rest[0], limits)
        lead = sifted(part, aim, x[still] | first_columns(part, rest[0]))
        found = climb(part, aim, lead, course, names[1], x[still])
        best[still] = found
        best[still] = _later(part, rest, names[1:], limits, lead.bound, found, course)
    except Spent as end:
        if end.x is not None:
            best[still] = end.x
        raise Spent(best) from None
    return best


def least_list(problem: Problem, limits: dict[int, int], x: Mask, course: Course) -> Mask:
    """Of all lists the one whose ids, in their order, come first; ``x`` is any of them."""
    x = x.copy()
    if problem.size > BLOCK and not _another(problem, limits, x, course):
        return x
    order = np.argsort(problem.columns)
    open_ = np.ones(problem.size, np.bool_)
    for begin in range(0, problem.size, BLOCK):
        block = order[begin : begin + BLOCK]
        goal = np.zeros(problem.size, np.int64)
        goal[block] = 1 << np.arange(len(block) - 1, -1, -1, dtype=np.int64)
        x = _found(problem, Aim(goal, limits), open_, x, course)
        open_[block] = False
    return x


def _another(problem: Problem, limits: dict[int, int], x: Mask, course: Course) -> bool:
    """Whether there is a list beside ``x``."""
    aim = Aim(-x.astype(np.int64), limits)
    other = _found(problem, aim, np.ones(problem.size, np.bool_), x, course)
    return aim.value(problem, other) > aim.value(problem, x)


def _found(problem: Problem, aim: Aim, core: Mask, x: Mask, course: Course) -> Mask:
    found = search(problem, aim, core, x, course.budget, x)
    if not found.complete or found.x is None:
        raise Spent(x if found.x is None else found.x)
    return found.x
