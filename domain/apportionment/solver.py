"""The engine: one definition, two speeds.

Start at the floors and give seat after seat to the unit below its cap whose next seat ranks first. Both paths
reach the outcome of that definition without taking all the steps, and compare whole numbers where it matters.
"""

from collections.abc import Sequence

from domain.apportionment.bounded_problem import BoundedProblem
from domain.apportionment.max_min import Cutoff, enforce_max_min
from domain.apportionment.ranking import SeatRanking, rank_seats, remainder_key
from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.shares import compute_shares, fit_scale

MANY_UNITS = 4_000
"""From so many units on, importing numpy (120 ms, once) costs less than doing without."""
FLOAT_SEAT_LIMIT = 2**50
"""From so many seats on, floats no longer count them."""


def solve_problem(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[Cutoff, list[int]]:
    """Where the giving stops in a feasible ``problem``; with the tied units that hold a contested seat."""
    if len(problem.weights) >= MANY_UNITS and problem.seats < FLOAT_SEAT_LIMIT:
        from domain.apportionment.large_solver import solve_large

        return solve_large(problem, rule)
    return solve_small(problem, rule)


def solve_small(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[Cutoff, list[int]]:
    """The same in plain Python, whatever the size."""
    ranking, start = _estimate_seats(problem, rule)
    cut = enforce_max_min(ranking, start, problem.floors, problem.caps, problem.seats)
    return cut, list_contested_units(cut, ranking)


def _estimate_seats(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[SeatRanking, list[int]]:
    """The ranking, and seats within the bounds that are about right."""
    floors, caps = problem.floors, problem.caps
    if rule.is_divisor_method:
        ranking = rank_seats(problem, rule)
        n, d = fit_scale(problem.seats, problem.weights, floors, caps)
        near = [(2 * weight * n + d) // (2 * d) for weight in problem.weights]
    else:
        part = compute_shares(problem, rule)
        ranking = SeatRanking(part.parts, remainder_key(part.unit))
        near = [mass // part.unit for mass in part.parts]
    return ranking, _shift_seats(near, floors, caps, problem.seats)


def _shift_seats(near: list[int], floors: Sequence[int], caps: Sequence[int], seats: int) -> list[int]:
    """``near`` within the bounds, all raised or lowered by as much until they add up to nearly ``seats``."""

    def shift_all(by: int) -> list[int]:
        return [min(max(k + by, floor), cap) for k, floor, cap in zip(near, floors, caps, strict=True)]

    held = shift_all(0)
    if abs(seats - sum(held)) <= len(near):
        return held
    low, high = -max(near) - 1, max(caps) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if sum(shift_all(middle)) <= seats:
            low = middle
        else:
            high = middle
    return shift_all(low)


def list_contested_units(cut: Cutoff, ranking: SeatRanking) -> list[int]:
    """The tied units that hold one of the seats in question, in ``cut.held``."""
    held, masses = cut.seats, ranking.masses
    return [i for i in cut.tied if held[i] and ranking.key(masses[i], held[i]) == cut.worst]
