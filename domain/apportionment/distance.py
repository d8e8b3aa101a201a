"""How much more weight gives a unit one more seat without a lot, if all else is equal."""

from collections.abc import Callable
from math import isqrt

from domain.apportionment.result import Apportionment
from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.quota_method import solve_by_quota
from domain.apportionment.solver.ranking import inverse_signpost, weight_exponent
from domain.apportionment.solver.shares import compute_shares

MOST_SINGLE_TRIALS = 200
"""The Droop quota jumps, so an increase may help where a greater one does not: increases up to this number
are tried one by one."""


def find_weight_increase(result: Apportionment, i: int) -> int | None:
    """The least whole increase of unit ``i``'s weight that surely brings it one more seat; ``None`` if none
    does.

    Under the Droop quota an increase above ``MOST_SINGLE_TRIALS`` is sufficient, but may not be the least; by
    the quota method any.
    """
    base = result.claims.bases[i] if result.claims.bases else 0
    wanted = result.seats[i] - base + 1
    problem = _restore_own_cap(result, i)
    others = problem.floor_sum - problem.floors[i]
    if wanted > problem.caps[i] or wanted > problem.seats - others:
        return None
    if result.rule.method is Method.QUOTA:
        return _find_increase_by_quota(problem, i, wanted)
    if not result.rule.is_divisor_method:
        return _find_increase_by_trial(problem, result.rule, i, wanted)
    least = _find_least_weight(result, problem, i, wanted)
    if least is None:
        return None
    lacking = least - problem.weights[i]
    return max(1, -(-lacking // problem.scale))


def _restore_own_cap(result: Apportionment, i: int) -> BoundedProblem:
    """The bounded problem, with unit ``i``'s own cap even if the unit has no weight yet."""
    problem, caps = result.problem, list(result.problem.caps)
    own = result.claims.caps[i] if result.claims.caps else None
    base = result.claims.bases[i] if result.claims.bases else 0
    caps[i] = max(problem.seats, caps[i]) if own is None else own - base
    return BoundedProblem(problem.seats, problem.weights, problem.scale, problem.floors, caps)


def _find_least_weight(result: Apportionment, problem: BoundedProblem, i: int, wanted: int) -> int | None:
    """The least weight, in the problem's scale, with which seat ``wanted`` outranks the rival's last seat."""
    post, rival = inverse_signpost(result.rule), _find_rival_seat(result, i)
    if rival is None:
        return None
    j, k = rival
    squares = weight_exponent(result.rule)
    a, b = post(wanted)
    rival_a, rival_b = post(k)
    mass = problem.weights[j] ** squares
    if b and not rival_b:
        return None
    if not b:
        return _round_root_up(mass + 1, squares) if not rival_b else 1
    return _round_root_up(mass * rival_a * b // (rival_b * a) + 1, squares)


def _round_root_up(mass: int, squares: int) -> int:
    """The least whole number whose power with exponent ``squares`` is at least ``mass``."""
    return mass if squares == 1 else isqrt(mass - 1) + 1


def _find_rival_seat(result: Apportionment, i: int) -> tuple[int, int] | None:
    """The seat of another unit that unit ``i`` would win first, as (unit, k)."""
    cut = result.cut
    if result.status == "lots_required" and cut is not None:
        j = cut.tied[0]
        return j, _count_certain_seats(result, j) + 1
    return next((seat for seat in result.weakest_seats if seat[0] != i), None)


def _count_certain_seats(result: Apportionment, j: int) -> int:
    return result.certain[j] - (result.claims.bases[j] if result.claims.bases else 0)


def _find_increase_by_trial(
    problem: BoundedProblem, rule: ApportionmentRule, i: int, wanted: int
) -> int | None:
    """The least increase for the largest remainder, where more weight raises no other unit's share."""

    def enough(more: int) -> bool:
        return _is_seat_certain(problem, rule, i, wanted, more)

    if rule.quota == "droop":
        for more in range(1, MOST_SINGLE_TRIALS + 1):
            if enough(more):
                return more
    high, most = 1, 4 * (sum(problem.weights) + 1) * (problem.seats + 1)
    while not enough(high):
        high *= 2
        if high > most:
            return None
    return _find_least_sufficient(enough, high // 2, high)


def _find_increase_by_quota(problem: BoundedProblem, i: int, wanted: int) -> int | None:
    """An increase that is enough by the quota method, found by halving: more weight can also cost a seat."""

    def enough(more: int) -> bool:
        weights = list(problem.weights)
        weights[i] += more * problem.scale
        tried = BoundedProblem(problem.seats, weights, problem.scale, problem.floors, problem.caps)
        cut, contested = solve_by_quota(tried)
        return cut.seats[i] - (i in contested) >= wanted

    high, most = 1, 4 * (sum(problem.weights) + 1) * (problem.seats + 1)
    while not enough(high):
        high *= 2
        if high > most:
            return None
    return _find_least_sufficient(enough, high // 2, high)


def _find_least_sufficient(enough: Callable[[int], bool], low: int, high: int) -> int:
    """The least number above ``low``, up to ``high``, that is enough."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _is_seat_certain(
    problem: BoundedProblem, rule: ApportionmentRule, i: int, wanted: int, more: int
) -> bool:
    """Whether ``problem.seats`` suffice for all seats that rank before unit ``i``'s seat ``wanted`` or equal
    to it, that seat included."""
    weights = list(problem.weights)
    weights[i] += more * problem.scale
    tried = BoundedProblem(problem.seats, weights, problem.scale, problem.floors, problem.caps)
    part = compute_shares(tried, rule)
    bar, unit = part.parts[i] - (wanted - 1) * part.unit, part.unit
    rows = zip(part.parts, problem.floors, problem.caps, strict=True)
    return sum(min(max((own - bar) // unit + 1, floor), cap) for own, floor, cap in rows) <= problem.seats
