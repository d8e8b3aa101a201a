"""Exact shares of many units: floats find out who is at a bound, whole numbers confirm it."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.frame import Frame
from domain.apportionment.rules import Rule
from domain.apportionment.shares import droop, fit

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

NEAR = 1e-12
SAFE = 2.0**53
ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Parts:
    """Shares of the seats: in floats for all, exactly as ``exact(i) / unit`` for unit i."""

    floats: Floats
    exact: Callable[[int], int]
    unit: int


def parts(problem: Frame, rule: Rule, weights: Floats, floors: Counts, caps: Counts) -> Parts:
    """The shares that the largest remainder under ``rule`` starts from."""
    if rule.bounds == "whole_house":
        everyone = np.ones(len(weights), dtype=np.bool_)
        total = _sum(problem, weights, everyone)
        if rule.quota == "droop":
            return _plain(
                problem, weights, 1, droop(Fraction(total, problem.scale), problem.seats) * problem.scale
            )
        return _plain(problem, weights, problem.seats, total or 1)
    n, d = _scale(problem, weights, floors, caps)
    if rule.quota == "droop":
        return _droop(problem, weights, floors, caps, (n, d))

    def exact(i: int) -> int:
        return min(max(problem.weights[i] * n, problem.floors[i] * d), problem.caps[i] * d)

    return Parts(np.clip(weights * (n / d), floors, caps), exact, d)


def _plain(problem: Frame, weights: Floats, n: int, d: int) -> Parts:
    return Parts(weights * (n / d), lambda i: problem.weights[i] * n, d)


def _droop(problem: Frame, weights: Floats, floors: Counts, caps: Counts, scale: tuple[int, int]) -> Parts:
    acting, inside = _acting(problem, weights, floors, caps, *scale)
    bound = np.where(acting < 0, floors, caps)
    free = acting == 0
    if not inside:
        share = weights * (scale[0] / scale[1])
        bound = np.where(share - floors < caps - share, floors, caps)
        free = np.zeros(len(weights), dtype=np.bool_)
    left = problem.seats - int(bound[~free].sum())
    unit = droop(Fraction(_sum(problem, weights, free), problem.scale), left) * problem.scale

    def exact(i: int) -> int:
        return problem.weights[i] if free[i] else int(bound[i]) * unit

    return Parts(np.where(free, weights * (1 / unit), bound), exact, unit)


def _sum(problem: Frame, weights: Floats, which: Mask) -> int:
    """The exact sum of the weights of ``which``."""
    if float(weights.max(initial=0.0)) * len(weights) < SAFE:
        return int(weights[which].sum())
    return sum(problem.weights[i] for i in np.flatnonzero(which).tolist())


def _scale(problem: Frame, weights: Floats, floors: Counts, caps: Counts) -> tuple[int, int]:
    """The scale of :func:`domain.apportionment.shares.fit`, found in floats and confirmed exactly."""
    n, d = _guess(problem, weights, floors, caps)
    acting, _ = _acting(problem, weights, floors, caps, n, d)
    bound = int(floors[acting < 0].sum()) + int(caps[acting > 0].sum())
    if n * _sum(problem, weights, acting == 0) + d * bound == d * problem.seats:
        return n, d
    return fit(problem.seats, problem.weights, problem.floors, problem.caps)


def _guess(problem: Frame, weights: Floats, floors: Counts, caps: Counts) -> tuple[int, int]:
    side = np.where(weights > 0, 0, -1)
    n, d = 0, 1
    for _ in range(ROUNDS):
        free = side == 0
        total = _sum(problem, weights, free)
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


def _acting(
    problem: Frame, weights: Floats, floors: Counts, caps: Counts, n: int, d: int
) -> tuple[Counts, bool]:
    """-1 where the scale n / d leaves a unit below its floor, 1 where above its cap, else 0.

    With it, whether anybody stands strictly within the bounds.
    """
    share = weights * (n / d)
    acting = np.where(share < floors, -1, np.where(share > caps, 1, 0))
    slack = NEAR * np.maximum(share, 1.0)
    doubtful = (np.abs(share - floors) <= slack) | (np.abs(share - caps) <= slack)
    most, inside = problem.seats, bool(((acting == 0) & ~doubtful).any())
    for i in np.flatnonzero(doubtful).tolist():
        weighed, floor, cap = problem.weights[i] * n, problem.floors[i] * d, problem.caps[i] * d
        acting[i] = -1 if weighed < floor else int(weighed > cap)
        inside = inside or (floor < weighed and (weighed < cap or cap >= most * d))
    return acting, inside


def even(near: Counts, floors: Counts, caps: Counts, seats: int) -> Counts:
    """``near`` within the bounds, all raised or lowered by as much until they add up to nearly ``seats``."""
    held = np.clip(near, floors, caps)
    if abs(seats - int(held.sum())) <= len(near):
        return held
    low, high = -int(near.max()) - 1, int(caps.max()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if int(np.clip(near + middle, floors, caps).sum()) <= seats:
            low = middle
        else:
            high = middle
    return np.clip(near + low, floors, caps)
