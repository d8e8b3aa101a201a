"""The inputs of the methods, reduced to what they need: whole weights, tight bounds, seats after bases."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from domain.apportionment.claims import Claims


@dataclass(frozen=True, slots=True)
class BoundedProblem:
    """What is left to share out after the base seats, in the order of the claims.

    ``weights`` are the true ones times ``scale``. ``caps`` never exceed ``seats`` and equal the floor where
    the weight is zero: a unit without weight gets no seat beyond the floor.
    """

    seats: int
    weights: Sequence[int]
    scale: int
    floors: Sequence[int]
    caps: Sequence[int]

    @property
    def is_free(self) -> bool:
        """Whether no bound can act: no floor, no cap below all seats, and so no unit without weight."""
        return bool(self.seats) and not any(self.floors) and min(self.caps) >= self.seats

    @property
    def floor_sum(self) -> int:
        """The sum of the floors."""
        return sum(self.floors)

    @property
    def cap_sum(self) -> int:
        """The sum of the caps."""
        return sum(self.caps)


def build_problem(seats: int, claims: Claims) -> BoundedProblem:
    """The problem of ``claims`` to ``seats``, with the base seats subtracted from both."""
    bases = claims.bases
    left = seats - sum(bases) if bases else seats
    weights: Sequence[int]
    if claims.has_whole_weights:
        weights, scale = claims.weights, 1  # type: ignore[assignment]  # no Fraction among them
    else:
        weights, scale = scale_to_integers(claims.weights)
    floors = _compute_floors(claims)
    caps = _compute_caps(claims, max(left, 0), floors)
    if not claims.least_weight:
        rows = zip(caps, weights, floors, strict=True)
        caps = [cap if weight else floor for cap, weight, floor in rows]
    return BoundedProblem(left, weights, scale, floors, caps)


def scale_to_integers(weights: Sequence[int | Fraction]) -> tuple[list[int], int]:
    """The weights as whole numbers in the same proportion, and what they were multiplied by."""
    scale = lcm(*{weight.denominator for weight in weights})
    return [weight.numerator * (scale // weight.denominator) for weight in weights], scale


def _compute_floors(claims: Claims) -> list[int]:
    if claims.floors is None:
        return [0] * len(claims)
    if claims.bases is None:
        return list(claims.floors)
    return [max(floor - base, 0) for floor, base in zip(claims.floors, claims.bases, strict=True)]


def _compute_caps(claims: Claims, left: int, floors: Sequence[int]) -> list[int]:
    """Caps on the seats after the bases; a missing cap becomes the most that one unit could get."""
    most = max(left, max(floors, default=0))
    if claims.caps is None:
        return [most] * len(claims)
    if claims.bases is None and claims.greatest_cap <= most:
        return [most if cap is None else cap for cap in claims.caps]
    if claims.bases is None:
        return [most if cap is None or cap > most else cap for cap in claims.caps]
    pairs = zip(claims.caps, claims.bases, strict=True)
    return [most if cap is None or cap - base > most else cap - base for cap, base in pairs]
