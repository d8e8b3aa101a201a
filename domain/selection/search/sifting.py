"""The linear relaxation of a large problem, solved over few of its columns (sifting, column generation).

The program starts with the columns that are likely to be chosen. Its multipliers give the worth of all other
columns, and those worth choosing are added, until there are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from domain.selection.arrays import Floats, Longs, Mask
from domain.selection.search.bound import Bound, Multipliers, Objective, compute_bound, round_multipliers
from domain.selection.search.highs import INFINITY, LinearModel, LinearSolution, solve_relaxation
from domain.selection.search.problem import SelectionProblem

MAX_ROUNDS = 60
"""Rounds of adding columns; two or three are usual. Stopping too early would only give a weaker bound."""
GAP_TOLERANCE = 0.01
"""A bound this near to the optimum of the relaxation, in units of the goal, is good enough."""


@dataclass(frozen=True, slots=True)
class SiftedBound:
    """The exact bound, and the multipliers that give it; ``short``: tier → shortfall of the relaxed list."""

    bound: Bound
    by: Multipliers
    rounds: int
    short: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelLayout:
    """The layout of a model. Its columns are the nominees ``columns``, then the slacks ``slack_of`` (rule and
    tier); its rows are the ``places``, then the rules ``rules``, then the limited tiers ``tiers``."""

    model: LinearModel
    columns: Longs
    places: Longs
    rules: list[int]
    slack_of: list[tuple[int, int]]
    tiers: list[int]


def choose_first_columns(problem: SelectionProblem, goal: Longs) -> Mask:
    """The best columns of each place by the goal: three more than twice its seats."""
    order = np.lexsort((-goal, problem.place))
    counts = np.bincount(problem.place, minlength=len(problem.need))
    starts = np.cumsum(counts) - counts
    rank = np.empty(problem.size, np.int64)
    rank[order] = np.arange(problem.size) - starts[problem.place[order]]
    found: Mask = rank < 2 * problem.need[problem.place] + 3
    return found


def sift_columns(problem: SelectionProblem, objective: Objective, working: Mask) -> SiftedBound | None:
    """The bound at the optimum of the linear relaxation; columns that it needs are added to ``working``.

    ``None`` when the program over the working columns has no solution: they are too few, or no solution
    exists.
    """
    best: SiftedBound | None = None
    for rounds in range(1, MAX_ROUNDS + 1):
        plan = build_layout(problem, objective, np.flatnonzero(working))
        answer = solve_relaxation(plan.model)
        if answer is None:
            return None
        by = _compute_multipliers(problem, objective, plan, answer)
        now = compute_bound(problem, objective, by, working)
        if best is None or now.compute_ratio() <= best.bound.compute_ratio():
            best = SiftedBound(now, by, rounds, _compute_shortfalls(problem, plan, answer))
        wanted = now.inside & ~working
        if not wanted.any() or _is_close_enough(objective, best.bound, -answer.value):
            return best
        working |= wanted
    return best


def sift_with_fallback(problem: SelectionProblem, objective: Objective, working: Mask) -> SiftedBound:
    """As :func:`sift_columns`, over all columns where the working ones do not suffice; always gives a
    bound."""
    found = sift_columns(problem, objective, working)
    if found is None:
        working |= True
        found = sift_columns(problem, objective, working)
    if found is None:
        by = Multipliers(1, np.zeros(len(problem.rules), np.int64), {})
        found = SiftedBound(compute_bound(problem, objective, by), by, 0)
    return found


def _is_close_enough(objective: Objective, now: Bound, value: float) -> bool:
    """Whether the bound is nearly the best that the program can give. Only the speed depends on the
    answer."""
    reached = float(now.compute_ratio())
    if objective.goal.any():
        return reached - value < GAP_TOLERANCE
    return bool(np.floor(reached + 1e-9) == np.floor(value + 1e-6))


def _compute_shortfalls(
    problem: SelectionProblem, plan: ModelLayout, answer: LinearSolution
) -> dict[int, float]:
    short: dict[int, float] = {}
    slacks = answer.x[len(plan.columns) :].tolist()
    for (n, tier), slack in zip(plan.slack_of, slacks, strict=True):
        short[tier] = short.get(tier, 0.0) + slack * problem.rules[n].weight
    return short


def _compute_multipliers(
    problem: SelectionProblem, objective: Objective, plan: ModelLayout, answer: LinearSolution
) -> Multipliers:
    offset = len(plan.places)
    rules = np.zeros(len(problem.rules))
    rules[plan.rules] = answer.y[offset : offset + len(plan.rules)]
    tiers = dict(zip(plan.tiers, (-answer.y[offset + len(plan.rules) :]).tolist(), strict=True))
    return round_multipliers(problem, objective, rules, tiers)


def build_layout(problem: SelectionProblem, objective: Objective, columns: Longs) -> ModelLayout:
    """The model over some of the columns."""
    rules = [n for n, rule in enumerate(problem.rules) if objective.includes_tier(rule.tier)]
    slack_of = [
        (n, tier)
        for n in rules
        if (tier := problem.rules[n].tier) is not None
        and problem.rules[n].cap
        and not objective.is_rigid(tier)
    ]
    tiers = [tier for tier, limit in sorted(objective.limits.items()) if limit > 0]
    places = np.unique(problem.place[columns])
    row_of_rule = {n: len(places) + k for k, n in enumerate(rules)}
    row_of_tier = {tier: len(places) + len(rules) + k for k, tier in enumerate(tiers)}
    start, index, value = _build_nominee_entries(problem, columns, places, rules)
    cost, upper = [-objective.goal[columns].astype(np.float64)], [np.ones(len(columns))]
    starts, indices, values = [start], [index], [value]
    for n, tier in slack_of:
        rule = problem.rules[n]
        rows = [row_of_rule[n]] + ([row_of_tier[tier]] if tier in row_of_tier else [])
        starts.append(starts[-1][-1:] + len(rows))
        indices.append(np.array(rows, np.int64))
        values.append(np.array([1.0, float(rule.weight)])[: len(rows)])
        cost.append(np.array([float(rule.weight * objective.prices.get(tier, 0))]))
        upper.append(np.array([float(rule.cap)]))
    floors = [float(problem.rules[n].floor) for n in rules]
    need = problem.need[places].astype(np.float64)
    limits = [float(objective.limits[tier]) for tier in tiers]
    model = LinearModel(
        cost=np.concatenate(cost),
        upper=np.concatenate(upper),
        row_lower=np.concatenate([need, floors, np.full(len(tiers), -INFINITY)]),
        row_upper=np.concatenate([need, np.full(len(rules), INFINITY), limits]),
        start=np.concatenate(starts).astype(np.int32),
        index=np.concatenate(indices).astype(np.int32),
        value=np.concatenate(values),
    )
    return ModelLayout(model, columns, places, rules, slack_of, tiers)


def _build_nominee_entries(
    problem: SelectionProblem, columns: Longs, places: Longs, rules: list[int]
) -> tuple[Longs, Longs, Floats]:
    """Column starts, row indices and values of the nominees' part of the matrix."""
    count = len(columns)
    if not count:
        return np.zeros(1, np.int64), np.empty(0, np.int64), np.empty(0)
    coefs = np.empty((count, len(rules) + 1), np.int64)
    coefs[:, 0] = 1
    for k, n in enumerate(rules, 1):
        coefs[:, k] = problem.rules[n].coefs[columns]
    column, which = np.nonzero(coefs)
    place = np.searchsorted(places, problem.place[columns])[column]
    rows = np.where(which == 0, place, len(places) + which - 1)
    start = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=count))])
    return start.astype(np.int64), rows.astype(np.int64), coefs[column, which].astype(np.float64)
