"""Comparison of allocations: one method with another, one version with another.

Indices: J. Loosemore and V. J. Hanby, *British Journal of Political Science* 1 (1971); M. Gallagher,
*Electoral Studies* 10 (1991); A. Sainte-Laguë, *Annales scientifiques de l'École normale supérieure* 27
(1910).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from domain.apportionment.claims import Claim, Claims
from domain.apportionment.engine import apportion_seats
from domain.apportionment.result import Apportionment, Status
from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver.bounded_problem import scale_to_integers

COMPARED_RULES = (
    ApportionmentRule(Method.DHONDT),
    ApportionmentRule(Method.SAINTE_LAGUE),
    ApportionmentRule(Method.MODIFIED_SAINTE_LAGUE),
    ApportionmentRule(Method.HUNTINGTON_HILL),
    ApportionmentRule(Method.DEAN),
    ApportionmentRule(Method.ADAMS),
    ApportionmentRule(Method.LARGEST_REMAINDER),
    ApportionmentRule(Method.LARGEST_REMAINDER, quota="droop"),
    ApportionmentRule(Method.QUOTA),
)
"""The methods that are compared where the caller names none."""
INDEX_PRECISION = 10**12
"""Roots and sums of many fractions are cut off after twelve decimal places."""


@dataclass(frozen=True, slots=True)
class Indices:
    """How far the seats deviate from proportion to the weights, as parts of one; zero is exact proportion.

    The difference of a unit is its part of all seats less its part of all weights. ``loosemore_hanby`` is
    half the sum of the absolute differences, ``gallagher`` the root of half the sum of their squares,
    ``sainte_lague`` the sum of each square divided by the part of the weights (``None`` when a unit without
    weight has a seat), ``deviation`` the greatest absolute difference.
    """

    loosemore_hanby: Fraction
    gallagher: Fraction
    sainte_lague: Fraction | None
    deviation: Fraction


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a method would give.

    ``seats`` is in the order of the claims. Where a lot would have to decide, the tied units that come
    first by id get the seats, and ``provisional`` is true. ``outside`` are the units that get less than
    their quota rounded down or more than their quota rounded up.
    """

    rule: ApportionmentRule
    status: Status
    seats: tuple[int, ...]
    provisional: bool
    indices: Indices | None
    outside: tuple[str, ...]


def compare_methods(
    seats: int, claims: Sequence[Claim], rules: Sequence[ApportionmentRule] = COMPARED_RULES
) -> tuple[Comparison, ...]:
    """The result of each method for the same claims.

    :raises Invalid: as :func:`domain.apportionment.engine.apportion_seats`.
    """
    table = Claims.from_claims(claims)
    return tuple(_build_comparison(apportion_seats(seats, table, rule)) for rule in rules)


def compute_indices(seats: Sequence[int], weights: Sequence[int | Fraction]) -> Indices | None:
    """The disproportionality of ``seats``; ``None`` without any seat or any weight."""
    masses, _ = scale_to_integers(weights)
    total_seats, total_weight = sum(seats), sum(masses)
    if not total_seats or not total_weight:
        return None
    gaps = [abs(count * total_weight - mass * total_seats) for count, mass in zip(seats, masses, strict=True)]
    scale = total_seats * total_weight
    squares = Fraction(sum(gap * gap for gap in gaps), 2 * scale * scale)
    return Indices(
        loosemore_hanby=Fraction(sum(gaps), 2 * scale),
        gallagher=Fraction(
            isqrt(squares.numerator * INDEX_PRECISION * INDEX_PRECISION // squares.denominator),
            INDEX_PRECISION,
        ),
        sainte_lague=_compute_sainte_lague_index(seats, masses, gaps, total_seats * scale),
        deviation=Fraction(max(gaps), scale),
    )


def _compute_sainte_lague_index(
    seats: Sequence[int], masses: Sequence[int], gaps: Sequence[int], scale: int
) -> Fraction | None:
    rows = [(mass, gap) for count, mass, gap in zip(seats, masses, gaps, strict=True) if count or mass]
    if not all(mass for mass, _ in rows):
        return None
    return Fraction(sum(gap * gap * INDEX_PRECISION // (scale * mass) for mass, gap in rows), INDEX_PRECISION)


def _build_comparison(result: Apportionment) -> Comparison:
    if result.status == "infeasible":
        return Comparison(result.rule, result.status, (), provisional=False, indices=None, outside=())
    seats = compute_provisional_seats(result)
    return Comparison(
        result.rule,
        result.status,
        seats,
        provisional=result.status == "lots_required",
        indices=compute_indices(seats, result.claims.weights),
        outside=list_outside_quota(seats, result),
    )


def compute_provisional_seats(result: Apportionment) -> tuple[int, ...]:
    """The seats, where those that a lot has yet to decide go to the first ids; never to be adopted."""
    if result.tie is None or result.lots:
        return tuple(result.seats)
    if result.rule.method is Method.QUOTA:
        return tuple(apportion_seats(result.house, result.claims, result.rule, result.tie.ids).seats)
    first = set(result.tie.ids[: result.tie.places])
    return tuple(k + (one in first) for k, one in zip(result.seats, result.claims.ids, strict=True))


def list_outside_quota(seats: Sequence[int], result: Apportionment) -> tuple[str, ...]:
    """The units whose ``seats`` are not their quota within the bounds, rounded down or up."""
    quotas = [award.quota for award in result.awards]
    rows = zip(result.claims.ids, seats, quotas, strict=True)
    return tuple(sorted(one for one, count, quota in rows if count <= quota - 1 or count >= quota + 1))
