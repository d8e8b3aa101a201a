"""The ranking of the seats: one whole number for a unit's k-th seat, compared without rounding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.apportionment.rules import USUAL_FIRST_DIVISOR, ApportionmentRule, Method
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.shares import compute_shares

SeatKey = Callable[[int, int], int]
"""(a unit's mass, k) → the key of its k-th seat; the greater key comes first, equal keys tie. The mass is
what the method ranks by: the weight, its square, or the share."""


@dataclass(frozen=True, slots=True)
class SeatRanking:
    """The masses of the units, in their order, and the key function."""

    masses: Sequence[int]
    key: SeatKey


def rank_seats(problem: BoundedProblem, rule: ApportionmentRule) -> SeatRanking:
    """How ``rule`` ranks the seats of ``problem``."""
    if rule.method is not Method.LARGEST_REMAINDER:
        masses = (
            [weight * weight for weight in problem.weights] if weight_exponent(rule) == 2 else problem.weights
        )
        return SeatRanking(
            masses, quotient_key(rule, max(problem.caps, default=0) + 1, max(masses, default=0))
        )
    part = compute_shares(problem, rule)
    return SeatRanking(part.parts, remainder_key(part.unit))


def weight_exponent(rule: ApportionmentRule) -> int:
    """2 where weights are compared by their squares, so that no root is needed (Huntington-Hill)."""
    return 2 if rule.method is Method.HUNTINGTON_HILL else 1


def inverse_signpost(rule: ApportionmentRule) -> Callable[[int], tuple[int, int]]:
    """k → (a, b): the quotient of a k-th seat is weight * a / b, or its square is weight² * a / b.

    a / b is 1 / s(k), or 1 / s(k)². Where b is zero the quotient outranks every finite one.
    """
    match rule.method:
        case Method.DHONDT | Method.QUOTA:
            return lambda k: (1, k)
        case Method.SAINTE_LAGUE:
            return lambda k: (2, 2 * k - 1)
        case Method.MODIFIED_SAINTE_LAGUE:
            first = Fraction(rule.first_divisor or USUAL_FIRST_DIVISOR)
            first_quotient = (2 * first.denominator, first.numerator)
            return lambda k: (2, 2 * k - 1) if k > 1 else first_quotient
        case Method.HUNTINGTON_HILL:
            return lambda k: (1, k * (k - 1))
        case Method.DEAN:
            return lambda k: (2 * k - 1, 2 * k * (k - 1))
        case Method.ADAMS:
            return lambda k: (1, k - 1)
    p, q = Fraction(rule.c or 0).as_integer_ratio()
    return lambda k: (q, q * (k - 1) + p)


def quotient_key(rule: ApportionmentRule, most: int, heaviest: int) -> SeatKey:
    """The key of a divisor method, for masses up to ``heaviest`` and seats up to ``most``.

    Two different fractions with denominators up to b differ by at least 1/b²: times 2^bits ≥ b² their whole
    parts differ too, so comparing the whole parts is comparing the fractions.
    """
    post = inverse_signpost(rule)
    bits = 2 * max(post(max(most, 2))[1], post(1)[1]).bit_length()
    gain = max(post(1)[0], post(max(most, 2))[0])
    above = 1 << (heaviest * gain).bit_length() + bits

    def key(mass: int, k: int) -> int:
        a, b = post(k)
        return (mass * a << bits) // b if b else above + mass

    return key


def remainder_key(unit: int) -> SeatKey:
    """The key of the largest remainder: the share less the k - 1 seats before, in parts of a ``unit``."""

    def key(mass: int, k: int) -> int:
        return mass - (k - 1) * unit

    return key
