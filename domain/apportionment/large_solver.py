"""Many units: floats look for the place where the giving stops, whole numbers decide there.

A float quotient is right to a few parts in 10^16. Only units whose quotient lies within ``NEAR`` of the cut
can be on the wrong side of it, and those are settled exactly. The module costs numpy; import it when it is
needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.bounded_problem import BoundedProblem
from domain.apportionment.divisor_search import build_float_method, build_one_seat_method, estimate_seats
from domain.apportionment.large_shares import compute_large_shares, shift_seats
from domain.apportionment.max_min import Cutoff, enforce_max_min
from domain.apportionment.ranking import SeatRanking, quotient_key, remainder_key, weight_exponent
from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.solver import list_contested_units, solve_small

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

FLOAT_TOLERANCE = 1e-12
"""Distance, relative to a quotient or to the greatest share, within which floats are not trusted."""
EXACT_FLOAT_LIMIT = 2.0**53
"""Below it a float is every whole number."""
GREATEST_FLOAT_WEIGHT = 1e290
"""Heavier weights leave floats no room to add and multiply."""
BULK_MOVE_SEATS = 500
"""More missing seats than these are not settled one by one."""
MOST_ROUNDS = 40
"""What is not settled in so many rounds is left to the plain path; two are usual."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Units, their bounds, and what the seats are worth to them.

    ``worth(k, weights)`` is the worth of seats numbered ``k`` in floats; ``order`` ranks chosen units
    exactly. ``near`` is the distance within which a worth is uncertain, given the worth.
    """

    seats: int
    weights: Floats
    floors: Counts
    caps: Counts
    worth: Callable[[Counts, Floats], Floats]
    order: Callable[[Sequence[int]], SeatRanking]
    near: Callable[[float], float]

    def compute_edge_worths(self, held: Counts, which: Mask | slice = slice(None)) -> tuple[Floats, Floats]:
        """What each next seat below a cap and each last seat above a floor is worth."""
        k, weights = held[which], self.weights[which]
        nexts = np.where(k < self.caps[which], self.worth(k + 1, weights), -np.inf)
        lasts = np.where(k > self.floors[which], self.worth(np.maximum(k, 1), weights), np.inf)
        return nexts, lasts


def solve_large(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[Cutoff, list[int]]:
    """The same as :func:`domain.apportionment.solving.solve_small`, for many units."""
    try:
        weights = np.fromiter(problem.weights, dtype=np.float64, count=len(problem.weights))
    except OverflowError:
        return solve_small(problem, rule)
    if float(weights.max()) > GREATEST_FLOAT_WEIGHT:
        return solve_small(problem, rule)
    floors, caps = _convert_bounds(problem.floors), _convert_bounds(problem.caps)
    contestants = _build_quotient_contest if rule.is_divisor_method else _build_remainder_contest
    contest, held = contestants(problem, rule, weights, floors, caps)
    for _ in range(MOST_ROUNDS):
        held, cut, keeps = _decide_near_cutoff(contest, held)
        if cut is not None:
            return cut, keeps
    return solve_small(problem, rule)


def _convert_bounds(bounds: Sequence[int]) -> Counts:
    """``bounds`` as an array; most often they are all the same, which is faster to see than to convert."""
    first = bounds[0]
    if bounds.count(first) == len(bounds):
        return np.full(len(bounds), first, dtype=np.int64)
    return np.fromiter(bounds, dtype=np.int64, count=len(bounds))


def _build_quotient_contest(
    problem: BoundedProblem, rule: ApportionmentRule, weights: Floats, floors: Counts, caps: Counts
) -> tuple[Contest, Counts]:
    ruler = build_float_method(rule)
    guess, most = 0.0, int(caps.max())
    if ruler.opens:
        opening = (floors == 0) & (caps > 0)
        spare = problem.seats - int(floors.sum())
        if spare < int(opening.sum()):
            ruler, caps = build_one_seat_method(), np.where(opening, 1, floors)
            guess = 1 / _find_ranked_value(weights[opening], spare) if spare else 0.0
        else:
            floors = np.maximum(floors, opening)
    heaviest = int(weights.max()) if float(weights.max()) < EXACT_FLOAT_LIMIT else max(problem.weights)
    key = quotient_key(rule, most + 1, heaviest ** weight_exponent(rule))

    def order(chosen: Sequence[int]) -> SeatRanking:
        return SeatRanking([problem.weights[i] ** weight_exponent(rule) for i in chosen], key)

    def worth(k: Counts, mass: Floats) -> Floats:
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # zero signposts: only of units held at their bounds
            return mass / ruler.post(k)

    held = estimate_seats(ruler, problem.seats, weights, floors, caps, guess)
    return Contest(
        problem.seats, weights, floors, caps, worth, order, lambda worth: abs(worth) * FLOAT_TOLERANCE
    ), held


def _build_remainder_contest(
    problem: BoundedProblem, rule: ApportionmentRule, weights: Floats, floors: Counts, caps: Counts
) -> tuple[Contest, Counts]:
    part = compute_large_shares(problem, rule, weights, floors, caps)
    key = remainder_key(part.unit)
    held = shift_seats(np.floor(part.floats).astype(np.int64), floors, caps, problem.seats)
    slack = FLOAT_TOLERANCE * max(float(part.floats.max()), 1.0)

    def order(chosen: Sequence[int]) -> SeatRanking:
        return SeatRanking([part.exact(i) for i in chosen], key)

    def worth(k: Counts, share: Floats) -> Floats:
        return share - k + 1.0

    return Contest(problem.seats, part.floats, floors, caps, worth, order, lambda _: slack), held


def _decide_near_cutoff(contest: Contest, held: Counts) -> tuple[Counts, Cutoff | None, list[int]]:
    """One exact settlement among the units near the cut; no cut yet if others turn out to be concerned."""
    held = _move_in_bulk(contest, held)
    nexts, lasts = contest.compute_edge_worths(held)
    near = _mark_near_units(contest, held, nexts, lasts)
    chosen = np.flatnonzero(near).tolist()
    ranking = contest.order(chosen)
    missing = contest.seats - int(held.sum())
    start = held[near].tolist()
    cut = enforce_max_min(
        ranking, start, contest.floors[near].tolist(), contest.caps[near].tolist(), sum(start) + missing
    )
    held = held.copy()
    held[near] = cut.seats
    if not _is_cutoff_clear(contest, held, near, nexts, lasts):
        return held, None, []
    tied = tuple(chosen[i] for i in cut.tied)
    keeps = [chosen[i] for i in list_contested_units(cut, ranking)]
    return held, Cutoff(held.tolist(), cut.best, cut.worst, tied, cut.places), keeps


def _move_in_bulk(contest: Contest, held: Counts) -> Counts:
    """Many missing seats at once, to those worth most, and many too many from those worth least.

    What this gets wrong is settled later.
    """
    missing = contest.seats - int(held.sum())
    if abs(missing) <= BULK_MOVE_SEATS:
        return held
    nexts, lasts = contest.compute_edge_worths(held)
    if missing > 0:
        return held + ((nexts > _find_ranked_value(nexts, missing)) & (nexts > -np.inf))
    return held - ((lasts < -_find_ranked_value(-lasts, -missing)) & (lasts < np.inf))


def _mark_near_units(contest: Contest, held: Counts, nexts: Floats, lasts: Floats) -> Mask:
    """The units that may gain or lose one of the seats still missing or too many."""
    missing = contest.seats - int(held.sum())
    top, low = float(nexts.max()), float(lasts.min())
    reach, depth = min(top, low), max(top, low)
    if missing > 0:
        reach = min(reach, _find_ranked_value(nexts, missing + 1))
    elif missing < 0:
        depth = max(depth, -_find_ranked_value(-lasts, 1 - missing))
    gaining = (nexts >= reach - contest.near(reach)) if np.isfinite(reach) else nexts > -np.inf
    losing = (lasts <= depth + contest.near(depth)) if np.isfinite(depth) else lasts < np.inf
    mask: Mask = gaining | losing
    return mask


def _find_ranked_value(values: Floats, rank: int) -> float:
    """The value of that rank from above; minus infinity beyond the last."""
    place = len(values) - rank
    return float(np.partition(values, place)[place]) if place >= 0 else float("-inf")


def _is_cutoff_clear(contest: Contest, held: Counts, near: Mask, nexts: Floats, lasts: Floats) -> bool:
    """Whether everybody else stands clear of the cut."""
    mine_next, mine_last = contest.compute_edge_worths(held, near)
    best, worst = float(mine_next.max(initial=-np.inf)), float(mine_last.min(initial=np.inf))
    other_best = float(nexts[~near].max(initial=-np.inf))
    other_worst = float(lasts[~near].min(initial=np.inf))
    clear_below = other_best == -np.inf or other_best < best - contest.near(best)
    clear_above = other_worst == np.inf or other_worst > worst + contest.near(worst)
    return clear_below and clear_above
