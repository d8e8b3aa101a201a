"""Solver for many units: floats find where the giving of seats ends (the cutoff), whole numbers decide there.

A float quotient is right to a few parts in 10^16. Only units whose quotient lies within ``FLOAT_TOLERANCE``
of the cutoff can be on the wrong side of it, and those are decided exactly. The module imports numpy, which
takes time; import it only when it is needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.apportionment.rules import ApportionmentRule
from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.divisor_search import (
    build_float_method,
    build_one_seat_method,
    estimate_seats,
)
from domain.apportionment.solver.large_shares import compute_large_shares, shift_seats
from domain.apportionment.solver.max_min import Cutoff, enforce_max_min
from domain.apportionment.solver.ranking import SeatRanking, quotient_key, remainder_key, weight_exponent
from domain.apportionment.solver.small_solver import list_contested_units, solve_small

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

FLOAT_TOLERANCE = 1e-12
"""Distance, relative to a quotient or to the greatest share, within which floats are not trusted."""
EXACT_FLOAT_LIMIT = 2.0**53
"""Below it floats represent every whole number exactly."""
GREATEST_FLOAT_WEIGHT = 1e290
"""With heavier weights, sums and products of floats could overflow."""
BULK_MOVE_SEATS = 500
"""If more seats than this are missing, they are not moved one by one."""
MOST_ROUNDS = 40
"""After so many rounds without a decision the plain solver takes over; two rounds are usual."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Units, their bounds, and the worth of their seats.

    ``worth(k, weights)`` is the worth of seats numbered ``k`` in floats; ``order`` ranks chosen units
    exactly. ``near(worth)`` is the distance within which that worth is uncertain.
    """

    seats: int
    weights: Floats
    floors: Counts
    caps: Counts
    worth: Callable[[Counts, Floats], Floats]
    order: Callable[[Sequence[int]], SeatRanking]
    near: Callable[[float], float]

    def compute_edge_worths(self, counts: Counts, which: Mask | slice = slice(None)) -> tuple[Floats, Floats]:
        """The worth of each next seat below a cap, and of each last seat above a floor."""
        k, weights = counts[which], self.weights[which]
        nexts = np.where(k < self.caps[which], self.worth(k + 1, weights), -np.inf)
        lasts = np.where(k > self.floors[which], self.worth(np.maximum(k, 1), weights), np.inf)
        return nexts, lasts


def solve_large(problem: BoundedProblem, rule: ApportionmentRule) -> tuple[Cutoff, list[int]]:
    """The same as :func:`domain.apportionment.solver.small_solver.solve_small`, for many units."""
    try:
        weights = np.fromiter(problem.weights, dtype=np.float64, count=len(problem.weights))
    except OverflowError:
        return solve_small(problem, rule)
    if float(weights.max()) > GREATEST_FLOAT_WEIGHT:
        return solve_small(problem, rule)
    floors, caps = _convert_bounds(problem.floors), _convert_bounds(problem.caps)
    build_contest = _build_quotient_contest if rule.is_divisor_method else _build_remainder_contest
    contest, counts = build_contest(problem, rule, weights, floors, caps)
    for _ in range(MOST_ROUNDS):
        counts, cut, contested = _decide_near_cutoff(contest, counts)
        if cut is not None:
            return cut, contested
    return solve_small(problem, rule)


def _convert_bounds(bounds: Sequence[int]) -> Counts:
    """``bounds`` as an array. Usually all are equal; to test this first is faster than to convert them."""
    first = bounds[0]
    if bounds.count(first) == len(bounds):
        return np.full(len(bounds), first, dtype=np.int64)
    return np.fromiter(bounds, dtype=np.int64, count=len(bounds))


def _build_quotient_contest(
    problem: BoundedProblem, rule: ApportionmentRule, weights: Floats, floors: Counts, caps: Counts
) -> tuple[Contest, Counts]:
    method = build_float_method(rule)
    guess, most = 0.0, int(caps.max())
    if method.zero_signpost:
        without_floor = (floors == 0) & (caps > 0)
        spare = problem.seats - int(floors.sum())
        if spare < int(without_floor.sum()):
            method, caps = build_one_seat_method(), np.where(without_floor, 1, floors)
            guess = 1 / _find_ranked_value(weights[without_floor], spare) if spare else 0.0
        else:
            floors = np.maximum(floors, without_floor)
    heaviest = int(weights.max()) if float(weights.max()) < EXACT_FLOAT_LIMIT else max(problem.weights)
    key = quotient_key(rule, most + 1, heaviest ** weight_exponent(rule))

    def order(chosen: Sequence[int]) -> SeatRanking:
        return SeatRanking([problem.weights[i] ** weight_exponent(rule) for i in chosen], key)

    def worth(k: Counts, mass: Floats) -> Floats:
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # zero signposts: only of units fixed at their bounds
            return mass / method.post(k)

    counts = estimate_seats(method, problem.seats, weights, floors, caps, guess)
    return Contest(
        problem.seats, weights, floors, caps, worth, order, lambda worth: abs(worth) * FLOAT_TOLERANCE
    ), counts


def _build_remainder_contest(
    problem: BoundedProblem, rule: ApportionmentRule, weights: Floats, floors: Counts, caps: Counts
) -> tuple[Contest, Counts]:
    part = compute_large_shares(problem, rule, weights, floors, caps)
    key = remainder_key(part.unit)
    counts = shift_seats(np.floor(part.floats).astype(np.int64), floors, caps, problem.seats)
    slack = FLOAT_TOLERANCE * max(float(part.floats.max()), 1.0)

    def order(chosen: Sequence[int]) -> SeatRanking:
        return SeatRanking([part.exact(i) for i in chosen], key)

    def worth(k: Counts, share: Floats) -> Floats:
        return share - k + 1.0

    return Contest(problem.seats, part.floats, floors, caps, worth, order, lambda _: slack), counts


def _decide_near_cutoff(contest: Contest, counts: Counts) -> tuple[Counts, Cutoff | None, list[int]]:
    """Decide the units near the cutoff exactly; no cutoff yet if it turns out that others are near it too."""
    counts = _move_in_bulk(contest, counts)
    nexts, lasts = contest.compute_edge_worths(counts)
    near = _mark_near_units(contest, counts, nexts, lasts)
    chosen = np.flatnonzero(near).tolist()
    ranking = contest.order(chosen)
    missing = contest.seats - int(counts.sum())
    start = counts[near].tolist()
    cut = enforce_max_min(
        ranking, start, contest.floors[near].tolist(), contest.caps[near].tolist(), sum(start) + missing
    )
    counts = counts.copy()
    counts[near] = cut.seats
    if not _is_cutoff_clear(contest, counts, near, nexts, lasts):
        return counts, None, []
    tied = tuple(chosen[i] for i in cut.tied)
    contested = [chosen[i] for i in list_contested_units(cut, ranking)]
    return counts, Cutoff(counts.tolist(), cut.best, cut.worst, tied, cut.places), contested


def _move_in_bulk(contest: Contest, counts: Counts) -> Counts:
    """Give many missing seats in one step, greatest worth first, or take away many, least worth first.

    Errors made here are corrected later.
    """
    missing = contest.seats - int(counts.sum())
    if abs(missing) <= BULK_MOVE_SEATS:
        return counts
    nexts, lasts = contest.compute_edge_worths(counts)
    if missing > 0:
        return counts + ((nexts > _find_ranked_value(nexts, missing)) & (nexts > -np.inf))
    return counts - ((lasts < -_find_ranked_value(-lasts, -missing)) & (lasts < np.inf))


def _mark_near_units(contest: Contest, counts: Counts, nexts: Floats, lasts: Floats) -> Mask:
    """The units that may gain a missing seat or lose an excess one."""
    missing = contest.seats - int(counts.sum())
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
    """The value with this rank, the greatest first; minus infinity beyond the last."""
    place = len(values) - rank
    return float(np.partition(values, place)[place]) if place >= 0 else float("-inf")


def _is_cutoff_clear(contest: Contest, counts: Counts, near: Mask, nexts: Floats, lasts: Floats) -> bool:
    """Whether no other unit is near the cutoff."""
    mine_next, mine_last = contest.compute_edge_worths(counts, near)
    best, worst = float(mine_next.max(initial=-np.inf)), float(mine_last.min(initial=np.inf))
    other_best = float(nexts[~near].max(initial=-np.inf))
    other_worst = float(lasts[~near].min(initial=np.inf))
    clear_below = other_best == -np.inf or other_best < best - contest.near(best)
    clear_above = other_worst == np.inf or other_worst > worst + contest.near(worst)
    return clear_below and clear_above
