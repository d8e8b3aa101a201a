"""Largest remainders of shares within the bounds: every unit gets its share rounded down, or one seat more.

Such shares add up to the seats, so the seats that are missing are fewer than the units with a remainder, and
these are below their caps. One sort finds who gets one, and nobody's second seat can come into question.
"""

from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.max_min import Cutoff
from domain.apportionment.solver.shares import clamp_shares


def solve_remainders(problem: BoundedProblem) -> tuple[Cutoff, list[int]]:
    """The cutoff of a feasible ``problem``, and the tied units that have one of the contested seats in it.

    Keys are parts of a ``unit``: that of a next seat is the remainder, that of a last seat a whole more.
    """
    shares = clamp_shares(problem)
    unit, caps = shares.unit, problem.caps
    counts = [part // unit for part in shares.parts]
    rests = [part % unit for part in shares.parts]
    missing = problem.seats - sum(counts)
    if not missing:
        return _build_even_cutoff(problem, counts, unit), []
    ranked = sorted(rests, reverse=True)
    worst, best = ranked[missing - 1], ranked[missing]
    seats = [count + (rest > worst) for count, rest in zip(counts, rests, strict=True)]
    level = [i for i, rest in enumerate(rests) if rest == worst]
    places = problem.seats - sum(seats)
    for i in level[:places]:
        seats[i] += 1
    if best == worst:
        return Cutoff(seats, best, worst, tuple(level), places), level[:places]
    # With no remainder left over, the next seat may be that of a unit at its cap, or a second seat.
    waiting = best or max(
        (
            rest - unit * (seat - count)
            for rest, seat, count, cap in zip(rests, seats, counts, caps, strict=True)
            if seat < cap
        ),
        default=None,
    )
    return Cutoff(seats, waiting, worst), []


def _build_even_cutoff(problem: BoundedProblem, counts: list[int], unit: int) -> Cutoff:
    """The cutoff where every share is whole: each next seat has the key 0, each last seat a whole unit."""
    best = 0 if any(count < cap for count, cap in zip(counts, problem.caps, strict=True)) else None
    worst = unit if any(count > floor for count, floor in zip(counts, problem.floors, strict=True)) else None
    return Cutoff(counts, best, worst)
