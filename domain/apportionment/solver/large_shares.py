"""Exact shares of many units: floats find the units at a bound, whole numbers confirm them."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.shares import droop_quota, fit_scale

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

FLOAT_TOLERANCE = 1e-12
EXACT_FLOAT_LIMIT = 2.0**53
MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class LargeShares:
    """Shares of the seats: as floats for all units; the exact share of unit i is ``exact(i) / unit``."""

    floats: Floats
    exact: Callable[[int], int]
    unit: int


def compute_large_shares(
    problem: BoundedProblem, rule: ApportionmentRule, weights: Floats, floors: Counts, caps: Counts
) -> LargeShares:
    """The shares that the largest remainder under ``rule`` starts from."""
    if rule.bounds == "whole_house":
        everyone = np.ones(len(weights), dtype=np.bool_)
        total = _sum_weights(problem, weights, everyone)
        if rule.quota == "droop":
            return _scale_shares(
                problem,
                weights,
                1,
                droop_quota(Fraction(total, problem.scale), problem.seats) * problem.scale,
            )
        return _scale_shares(problem, weights, problem.seats, total or 1)
    n, d = _fit_exact_scale(problem, weights, floors, caps)
    if rule.quota == "droop":
        return _compute_droop_shares(problem, weights, floors, caps, (n, d))

    def exact(i: int) -> int:
        return min(max(problem.weights[i] * n, problem.floors[i] * d), problem.caps[i] * d)

    return LargeShares(np.clip(weights * (n / d), floors, caps), exact, d)


def _scale_shares(problem: BoundedProblem, weights: Floats, n: int, d: int) -> LargeShares:
    return LargeShares(weights * (n / d), lambda i: problem.weights[i] * n, d)


def _compute_droop_shares(
    problem: BoundedProblem, weights: Floats, floors: Counts, caps: Counts, scale: tuple[int, int]
) -> LargeShares:
    acting, inside = _compute_acting_bounds(problem, weights, floors, caps, *scale)
    bound = np.where(acting < 0, floors, caps)
    free = acting == 0
    if not inside:
        share = weights * (scale[0] / scale[1])
        bound = np.where(share - floors < caps - share, floors, caps)
        free = np.zeros(len(weights), dtype=np.bool_)
    left = problem.seats - int(bound[~free].sum())
    unit = droop_quota(Fraction(_sum_weights(problem, weights, free), problem.scale), left) * problem.scale

    def exact(i: int) -> int:
        return problem.weights[i] if free[i] else int(bound[i]) * unit

    return LargeShares(np.where(free, weights * (1 / unit), bound), exact, unit)


def _sum_weights(problem: BoundedProblem, weights: Floats, which: Mask) -> int:
    """The exact sum of the weights of ``which``."""
    if float(weights.max(initial=0.0)) * len(weights) < EXACT_FLOAT_LIMIT:
        return int(weights[which].sum())
    return sum(problem.weights[i] for i in np.flatnonzero(which).tolist())


def _fit_exact_scale(
    problem: BoundedProblem, weights: Floats, floors: Counts, caps: Counts
) -> tuple[int, int]:
    """The scale of :func:`domain.apportionment.solver.shares.fit_scale`, found in floats, then proved."""
    n, d = _guess_scale(problem, weights, floors, caps)
    acting, _ = _compute_acting_bounds(problem, weights, floors, caps, n, d)
    bound = int(floors[acting < 0].sum()) + int(caps[acting > 0].sum())
    if n * _sum_weights(problem, weights, acting == 0) + d * bound == d * problem.seats:
        return n, d
    return fit_scale(problem.seats, problem.weights, problem.floors, problem.caps)


def _guess_scale(problem: BoundedProblem, weights: Floats, floors: Counts, caps: Counts) -> tuple[int, int]:
    side = np.where(weights > 0, 0, -1)
    n, d = 0, 1
    for _ in range(MOST_ROUNDS):
        free = side == 0
        total = _sum_weights(problem, weights, free)
        if not total:
            break
        n, d = problem.seats - int(floors[side < 0].sum()) - int(caps[side > 0].sum()), total
        share = weights * (n / d)
        low, high = free & (share < floors), free & (share > caps)
        lacking, beyond = float((floors - share)[low].sum()), float((share - caps)[high].sum())
        if lacking == beyond:
            break
        side[low if lacking > beyond else high] = -1 if lacking > beyond else 1
    return n, d


def _compute_acting_bounds(
    problem: BoundedProblem, weights: Floats, floors: Counts, caps: Counts, n: int, d: int
) -> tuple[Counts, bool]:
    """For each unit: -1 where the scale n / d puts it below its floor, 1 above its cap, else 0.

    The second value: whether any unit is strictly within its bounds.
    """
    share = weights * (n / d)
    acting = np.where(share < floors, -1, np.where(share > caps, 1, 0))
    slack = FLOAT_TOLERANCE * np.maximum(share, 1.0)
    doubtful = (np.abs(share - floors) <= slack) | (np.abs(share - caps) <= slack)
    most, inside = problem.seats, bool(((acting == 0) & ~doubtful).any())
    for i in np.flatnonzero(doubtful).tolist():
        weighed, floor, cap = problem.weights[i] * n, problem.floors[i] * d, problem.caps[i] * d
        acting[i] = -1 if weighed < floor else int(weighed > cap)
        inside = inside or (floor < weighed and (weighed < cap or cap >= most * d))
    return acting, inside


def shift_seats(near: Counts, floors: Counts, caps: Counts, seats: int) -> Counts:
    """``near``, all raised or lowered by the same number and clamped to the bounds, so that the sum is nearly
    ``seats``."""
    counts = np.clip(near, floors, caps)
    if abs(seats - int(counts.sum())) <= len(near):
        return counts
    low, high = -int(near.max()) - 1, int(caps.max()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if int(np.clip(near + middle, floors, caps).sum()) <= seats:
            low = middle
        else:
            high = middle
    return np.clip(near + low, floors, caps)
