"""The engine: one definition, two speeds.

Start at the floors and give seat after seat to the unit below its cap whose next seat ranks first. Both paths
reach the outcome of that definition without taking all the steps, and compare whole numbers where it matters.
"""

from collections.abc import Sequence

from domain.apportionment.frame import Frame
from domain.apportionment.keys import Order, order, remainder_key
from domain.apportionment.rules import Rule
from domain.apportionment.settle import Cut, settle
from domain.apportionment.shares import fit, shares

MANY = 4_000
"""From so many units on, importing numpy (120 ms, once) costs less than doing without."""
VAST = 2**50
"""From so many seats on, floats no longer count them."""


def solve(problem: Frame, rule: Rule) -> tuple[Cut, list[int]]:
    """Where the giving stops in a feasible ``problem``; with the tied units that hold a contested seat."""
    if len(problem.weights) >= MANY and problem.seats < VAST:
        from domain.apportionment.large import solve_large

        return solve_large(problem, rule)
    return solve_small(problem, rule)


def solve_small(problem: Frame, rule: Rule) -> tuple[Cut, list[int]]:
    """The same in plain Python, whatever the size."""
    ranking, start = _near(problem, rule)
    cut = settle(ranking, start, problem.floors, problem.caps, problem.seats)
    return cut, contested(cut, ranking)


def _near(problem: Frame, rule: Rule) -> tuple[Order, list[int]]:
    """The ranking, and seats within the bounds that are about right."""
    floors, caps = problem.floors, problem.caps
    if rule.divides:
        ranking = order(problem, rule)
        n, d = fit(problem.seats, problem.weights, floors, caps)
        near = [(2 * weight * n + d) // (2 * d) for weight in problem.weights]
    else:
        part = shares(problem, rule)
        ranking = Order(part.parts, remainder_key(part.unit))
        near = [mass // part.unit for mass in part.parts]
    return ranking, _even(near, floors, caps, problem.seats)


def _even(near: list[int], floors: Sequence[int], caps: Sequence[int], seats: int) -> list[int]:
    """``near`` within the bounds, all raised or lowered by as much until they add up to nearly ``seats``."""

    def shifted(by: int) -> list[int]:
        return [min(max(k + by, floor), cap) for k, floor, cap in zip(near, floors, caps, strict=True)]

    held = shifted(0)
    if abs(seats - sum(held)) <= len(near):
        return held
    low, high = -max(near) - 1, max(caps) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if sum(shifted(middle)) <= seats:
            low = middle
        else:
            high = middle
    return shifted(low)


def contested(cut: Cut, ranking: Order) -> list[int]:
    """The tied units that hold one of the seats in question, in ``cut.held``."""
    held, masses = cut.held, ranking.masses
    return [i for i in cut.tied if held[i] and ranking.key(masses[i], held[i]) == cut.worst]
