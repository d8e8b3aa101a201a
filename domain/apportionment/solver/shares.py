"""Exact shares: the seats of each unit if seats could be divided."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.solver.bounded_problem import BoundedProblem


@dataclass(frozen=True, slots=True)
class ExactShares:
    """Share i is ``parts[i] / unit`` seats; ``unit`` is positive."""

    parts: Sequence[int]
    unit: int


def fit_scale(
    seats: int, weights: Sequence[int], floors: Sequence[int], caps: Sequence[int]
) -> tuple[int, int]:
    """The scale t = (n, d), d > 0, at which Σ clamp(t · weight, floor, cap) is ``seats``.

    Every round fixes the units that are surely at a bound: where the clamped sum is too great, t has to fall,
    so the units below their floor stay there; where it is too small, the units above their cap stay there.
    Units without weight count with their floor. ``Σ floors ≤ seats ≤ Σ caps`` is required, with caps equal to
    floors where the weight is zero.
    """
    free = [row for row in zip(weights, floors, caps, strict=True) if row[0]]
    left = seats - sum(floor for weight, floor in zip(weights, floors, strict=True) if not weight)
    n, d = 0, 1
    while free:
        n, d = left, sum(weight for weight, _, _ in free)
        low = sum(floor * d - weight * n for weight, floor, _ in free if weight * n < floor * d)
        high = sum(weight * n - cap * d for weight, _, cap in free if weight * n > cap * d)
        if low == high:
            break
        if low > high:
            left -= sum(floor for weight, floor, _ in free if weight * n < floor * d)
            free = [row for row in free if row[0] * n >= row[1] * d]
        else:
            left -= sum(cap for weight, _, cap in free if weight * n > cap * d)
            free = [row for row in free if row[0] * n <= row[2] * d]
    return n, d


def clamp_shares(problem: BoundedProblem) -> ExactShares:
    """Shares within the bounds that add up to the seats: clamp(t · weight, floor, cap)."""
    if problem.is_free:
        seats = problem.seats
        return ExactShares([weight * seats for weight in problem.weights], sum(problem.weights))
    n, d = fit_scale(problem.seats, problem.weights, problem.floors, problem.caps)
    rows = zip(problem.weights, problem.floors, problem.caps, strict=True)
    return ExactShares([min(max(weight * n, floor * d), cap * d) for weight, floor, cap in rows], d)


def compute_shares(problem: BoundedProblem, rule: ApportionmentRule) -> ExactShares:
    """The shares that the largest remainder under ``rule`` starts from."""
    if rule.quota == "droop":
        return _compute_droop_shares(problem, rule)
    if rule.bounds == "refit":
        return clamp_shares(problem)
    total = sum(problem.weights) or 1
    return ExactShares([weight * problem.seats for weight in problem.weights], total)


def droop_quota(weight: Fraction, seats: int) -> int:
    """The Droop quota: the least whole number q with q · (``seats`` + 1) greater than ``weight``."""
    return weight // (seats + 1) + 1


def _compute_droop_shares(problem: BoundedProblem, rule: ApportionmentRule) -> ExactShares:
    """Weights divided by the Droop quota.

    Under ``refit`` a clamped unit gets its bound as its share, and the quota is computed from the weights and
    the seats of the others; where no unit is strictly within its bounds, each unit gets a bound.
    """
    acting = _list_acting_bounds(problem) if rule.bounds == "refit" else [None] * len(problem.weights)
    rows = list(zip(problem.weights, acting, strict=True))
    free = Fraction(sum(weight for weight, bound in rows if bound is None), problem.scale)
    unit = (
        droop_quota(free, problem.seats - sum(bound for bound in acting if bound is not None)) * problem.scale
    )
    return ExactShares([weight if bound is None else bound * unit for weight, bound in rows], unit)


def _list_acting_bounds(problem: BoundedProblem) -> list[int | None]:
    """The bound to which each unit is clamped at the fitted scale; ``None`` where it is not clamped."""
    n, d = fit_scale(problem.seats, problem.weights, problem.floors, problem.caps)
    rows = [
        (w * n, floor, cap)
        for w, floor, cap in zip(problem.weights, problem.floors, problem.caps, strict=True)
    ]
    most = problem.seats
    if not any(floor * d < share and (share < cap * d or cap >= most) for share, floor, cap in rows):
        return [floor if share <= floor * d else cap for share, floor, cap in rows]
    return [floor if share < floor * d else cap if share > cap * d else None for share, floor, cap in rows]
