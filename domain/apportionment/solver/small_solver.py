"""Solver in plain Python, for any number of units.

:mod:`domain.apportionment.solver.large_solver` is faster for many.
"""

from collections.abc import Sequence

from domain.apportionment.rules import ApportionmentRule, Method
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.max_min import Cutoff, enforce_max_min
from domain.apportionment.solver.ranking import SeatRanking, rank_seats, remainder_key
from domain.apportionment.solver.remainders import solve_remainders
from domain.apportionment.solver.shares import compute_shares, fit_scale


def solve_small(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[Cutoff, list[int]]:
    """The cutoff of a feasible ``problem``, and the tied units that have one of the contested seats in it."""
    if rule.method is Method.LARGEST_REMAINDER and rule.quota == "hare" and rule.bounds == "refit":
        return solve_remainders(problem)
    ranking, start = _estimate_seats(problem, rule)
    cut = enforce_max_min(ranking, start, problem.floors, problem.caps, problem.seats)
    return cut, list_contested_units(cut, ranking)


def _estimate_seats(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[SeatRanking, list[int]]:
    """The ranking, and approximate seats within the bounds."""
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
    """``near``, all raised or lowered by the same number and clamped to the bounds, so that the sum is nearly
    ``seats``."""

    def shift_all(by: int) -> list[int]:
        return [min(max(k + by, floor), cap) for k, floor, cap in zip(near, floors, caps, strict=True)]

    counts = shift_all(0)
    if abs(seats - sum(counts)) <= len(near):
        return counts
    low, high = -max(near) - 1, max(caps) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if sum(shift_all(middle)) <= seats:
            low = middle
        else:
            high = middle
    return shift_all(low)


def list_contested_units(cut: Cutoff, ranking: SeatRanking) -> list[int]:
    """The tied units that have one of the contested seats in ``cut.seats``."""
    counts, masses = cut.seats, ranking.masses
    return [i for i in cut.tied if counts[i] and ranking.key(masses[i], counts[i]) == cut.worst]
