"""Search, in floats, for a divisor at which the units get nearly the wanted total of seats."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.rules import USUAL_FIRST_DIVISOR, ApportionmentRule, Method

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

CLOSE_SEATS = 64
"""The search stops at this distance from the wanted total, or at one seat in 200 units, if that is more."""
MOST_STEPS = 200
GREATEST_COUNT = 2.0**52
"""More seats than any total for which the search is used; keeps squares finite."""


@dataclass(frozen=True, slots=True)
class FloatMethod:
    """A method in floats: ``count`` (weights over the divisor → seats) and ``post`` (k → s(k))."""

    count: Callable[[Floats], Floats]
    post: Callable[[Counts], Floats]
    zero_signpost: bool = False
    """Whether the first signpost is zero: each unit with weight gets a seat before any unit gets a second."""


def build_float_method(rule: ApportionmentRule) -> FloatMethod:
    """The divisor method of ``rule`` in floats."""
    match rule.method:
        case Method.DHONDT:
            return _build_stationary(1.0)
        case Method.ADAMS:
            return _build_stationary(0.0)
        case Method.STATIONARY:
            return _build_stationary(float(rule.c or 0), zero_signpost=not rule.c)
        case Method.MODIFIED_SAINTE_LAGUE:
            return _build_modified(float(rule.first_divisor or USUAL_FIRST_DIVISOR) / 2)
        case Method.HUNTINGTON_HILL:
            return FloatMethod(
                lambda x: np.floor(0.5 + np.sqrt(x * x + 0.25)),
                lambda k: np.asarray(np.sqrt(k * (k - 1.0)), dtype=np.float64),
                zero_signpost=True,
            )
        case Method.DEAN:
            return FloatMethod(
                lambda x: np.floor((1 + x + np.sqrt(x * x + 1)) / 2),
                lambda k: k.astype(np.float64) * (k - 1) / (k - 0.5),
                zero_signpost=True,
            )
    return _build_stationary(0.5)


def build_one_seat_method() -> FloatMethod:
    """A method that gives at most one seat to each unit, the heaviest units first."""
    return FloatMethod(np.floor, lambda k: k.astype(np.float64))


def _build_stationary(c: float, *, zero_signpost: bool | None = None) -> FloatMethod:
    return FloatMethod(
        lambda x: np.floor(x + (1 - c)),
        lambda k: k.astype(np.float64) - 1 + c,
        zero_signpost=c == 0 if zero_signpost is None else zero_signpost,
    )


def _build_modified(first: float) -> FloatMethod:
    def count(x: Floats) -> Floats:
        return np.where(x < first, 0.0, np.maximum(np.floor(x + 0.5), 1.0))

    def post(k: Counts) -> Floats:
        return np.where(k == 1, first, k - 0.5)

    return FloatMethod(count, post)


def estimate_seats(
    method: FloatMethod, seats: int, weights: Floats, floors: Counts, caps: Counts, guess: float
) -> Counts:
    """Seats of each unit within the bounds, at a divisor at which they add up to nearly ``seats``."""
    loose = bool((floors == 0).all() and (caps >= seats).all())
    low, high = floors.astype(np.float64), caps.astype(np.float64)

    def at(scale: float) -> Floats:
        with np.errstate(over="ignore"):
            counts = method.count(np.minimum(weights * scale, GREATEST_COUNT))
        return counts if loose else np.clip(counts, low, high, out=counts)

    total = float(weights.sum())
    rough = seats / total if total and seats else 1.0
    counts = _search_by_secant(
        at, seats, guess or rough, float(floors.sum()), max(CLOSE_SEATS, len(weights) // 200)
    )
    return np.clip(counts, low, high, out=counts).astype(np.int64)


def _search_by_secant(
    at: Callable[[float], Floats], seats: int, scale: float, least: float, close: int
) -> Floats:
    """Interpolate between scales that give too few and too many seats; bisect every third time."""
    below, above = (0.0, least), (np.inf, np.inf)
    counts = at(scale)
    for step in range(MOST_STEPS):
        spent = float(counts.sum())
        if abs(spent - seats) <= close or above[0] - below[0] <= 1e-13 * scale:
            break
        if spent < seats:
            below = (scale, spent)
        else:
            above = (scale, spent)
        if above[0] == np.inf:
            scale *= 4
        elif step % 3 == 2:
            scale = (below[0] + above[0]) / 2
        else:
            scale = below[0] + (above[0] - below[0]) * (seats - below[1]) / (above[1] - below[1])
        counts = at(scale)
    return counts
