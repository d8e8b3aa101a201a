"""Exact shares: what each unit would hold if seats could be cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.apportionment.bounded_problem import BoundedProblem
from domain.apportionment.rules import ApportionmentRule


@dataclass(frozen=True, slots=True)
class ExactShares:
    """Share i is ``parts[i] / unit`` seats; ``unit`` is positive."""

    parts: Sequence[int]
    unit: int


def fit_scale(
    seats: int, weights: Sequence[int], floors: Sequence[int], caps: Sequence[int]
) -> tuple[int, int]:
    """The scale t = (n, d), d > 0, at which Σ clamp(t · weight, floor, cap) is ``seats``.

    Every round settles those who are surely at a bound: where the clamped sum is too great t has to fall, so
    whoever is below the floor stays there, and the other way round. Weights of zero count for their floor.
    ``Σ floors ≤ seats ≤ Σ caps`` is required, with caps equal to floors where the weight is zero.
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


def clamp_shares(frame: BoundedProblem) -> ExactShares:
    """Shares within the bounds that add up to the house: clamp(t · weight, floor, cap)."""
    n, d = fit_scale(frame.seats, frame.weights, frame.floors, frame.caps)
    rows = zip(frame.weights, frame.floors, frame.caps, strict=True)
    return ExactShares([min(max(weight * n, floor * d), cap * d) for weight, floor, cap in rows], d)


def compute_shares(frame: BoundedProblem, rule: ApportionmentRule) -> ExactShares:
    """The shares that the largest remainder under ``rule`` starts from."""
    if rule.quota == "droop":
        return _compute_droop_shares(frame, rule)
    if rule.bounds == "refit":
        return clamp_shares(frame)
    total = sum(frame.weights) or 1
    return ExactShares([weight * frame.seats for weight in frame.weights], total)


def droop_quota(weight: Fraction, seats: int) -> int:
    """The Droop quota: the least whole number of which ``weight`` does not hold ``seats`` + 1."""
    return weight // (seats + 1) + 1


def _compute_droop_shares(frame: BoundedProblem, rule: ApportionmentRule) -> ExactShares:
    """Weights divided by the Droop quota.

    Under ``refit`` a unit on which the clamp acts keeps its bound, and the quota is formed from the weights
    and the seats of the others; where nobody is strictly within the bounds, all keep theirs.
    """
    acting = _list_acting_bounds(frame) if rule.bounds == "refit" else [None] * len(frame.weights)
    rows = list(zip(frame.weights, acting, strict=True))
    free = Fraction(sum(weight for weight, bound in rows if bound is None), frame.scale)
    unit = droop_quota(free, frame.seats - sum(bound for bound in acting if bound is not None)) * frame.scale
    return ExactShares([weight if bound is None else bound * unit for weight, bound in rows], unit)


def _list_acting_bounds(frame: BoundedProblem) -> list[int | None]:
    """The bound that the clamp puts on each unit at the scale of the house, where it puts one."""
    n, d = fit_scale(frame.seats, frame.weights, frame.floors, frame.caps)
    rows = [
        (w * n, floor, cap) for w, floor, cap in zip(frame.weights, frame.floors, frame.caps, strict=True)
    ]
    most = frame.seats
    if not any(floor * d < share and (share < cap * d or cap >= most) for share, floor, cap in rows):
        return [floor if share <= floor * d else cap for share, floor, cap in rows]
    return [floor if share < floor * d else cap if share > cap * d else None for share, floor, cap in rows]
