"""The quota method: D'Hondt among the units that may have one more seat without exceeding their share.

Source: M. L. Balinski and H. P. Young, *The Quota Method of Apportionment*, American Mathematical Monthly 82
(1975). Seats are given one after the other; at each number of seats h, a unit is *open* for a seat if it has
fewer than its exact share of h seats within the bounds, and of the open units the one with the greatest
weight / (seats + 1) gets it. So the result stays within the shares, rounded down or up, and more seats in
total take none from anybody.

A unit's k-th seat is open from a certain number of seats on, whoever got seats before, and at each number of
seats the greatest open seat is given. So how many seats of each worth are given, and when, depends on no tie,
and only open seats of the same worth can stand for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from domain.apportionment.solver.bounded_problem import BoundedProblem
from domain.apportionment.solver.max_min import Cutoff

Ratio = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """Seat ``k`` of a unit, open ``since`` a number of seats; ``worth`` is negative: the least comes first.

    ``given`` is the number of seats with which it was given, 0 if it was not; ``level``: another open seat
    had the same worth then.
    """

    unit: int
    k: int
    worth: int
    since: int
    given: int = 0
    level: bool = False


def solve_by_quota(problem: BoundedProblem) -> tuple[Cutoff, list[int]]:
    """The result of a feasible ``problem``, and the tied units that have one of the contested seats in it."""
    given, left = list_open_seats(problem)
    contested, rivals = _list_contested_seats(given, left)
    tied = tuple(sorted({seat.unit for seat in (*contested, *rivals)}))
    return Cutoff(_count_seats(problem, given), None, None, tied, len(contested)), [
        seat.unit for seat in contested
    ]


def draw_by_quota(problem: BoundedProblem, order: Sequence[int]) -> list[int]:
    """The seats, where of equal open seats the one goes first whose unit comes first in ``order``."""
    return _count_seats(problem, list_open_seats(problem, order)[0])


def list_contested_levels(problem: BoundedProblem) -> list[list[OpenSeat]]:
    """The seats of each worth for which lots are drawn, given and left ones, the greatest worth first."""
    given, left = list_open_seats(problem)
    contested, rivals = _list_contested_seats(given, left)
    seats = [*given, *rivals]
    worths = sorted({seat.worth for seat in contested})
    return [[seat for seat in seats if seat.worth == worth] for worth in worths]


def list_open_seats(
    problem: BoundedProblem, order: Sequence[int] = ()
) -> tuple[list[OpenSeat], list[OpenSeat]]:
    """The seats beyond the floors in the order in which they are given, and the open ones that are left."""
    weights, caps = problem.weights, problem.caps
    rank = {unit: n for n, unit in enumerate(order)}
    worth_bits = 2 * max(caps, default=1).bit_length()
    share_bits = 2 * max(weights, default=1).bit_length()
    waiting = [
        ((floor << share_bits) // weight, i, floor + 1)
        for i, (weight, floor, cap) in enumerate(zip(weights, problem.floors, caps, strict=True))
        if floor < cap
    ]
    heapify(waiting)
    scale, opened, given = _GrowingScale(problem), list[tuple[int, int, int, int, int]](), list[OpenSeat]()
    for house in range(problem.floor_sum + 1, problem.seats + 1):
        n, d = scale.grow(house)
        while waiting and (waiting[0][2] - 1) * d < n * weights[waiting[0][1]]:
            _, i, k = heappop(waiting)
            heappush(opened, (-((weights[i] << worth_bits) // k), rank.get(i, i), i, k, house))
            if k < caps[i]:
                heappush(waiting, ((k << share_bits) // weights[i], i, k + 1))
        worth, _, i, k, since = heappop(opened)
        level = bool(opened and opened[0][0] == worth)
        given.append(OpenSeat(i, k, worth, since, house, level))
    return given, [OpenSeat(i, k, worth, since) for worth, _, i, k, since in opened]


class _GrowingScale:
    """The scale t = n / d at which Σ clamp(t · weight, floor, cap) is a number of seats that only grows."""

    def __init__(self, problem: BoundedProblem):
        bits = 2 * max(problem.weights, default=1).bit_length()
        rows = zip(problem.weights, problem.floors, problem.caps, strict=True)
        points = [
            ((bound << bits) // weight, bound, weight, begins)
            for weight, floor, cap in rows
            if floor < cap
            for bound, begins in ((floor, True), (cap, False))
        ]
        self._points = sorted(points)
        self._next = 0
        self._fixed = problem.floor_sum
        self._growing = 0
        self._last: Ratio = 0, 1

    def grow(self, seats: int) -> Ratio:
        """The scale for ``seats``, which are no fewer than before."""
        while self._next < len(self._points):
            _, bound, weight, begins = self._points[self._next]
            if self._fixed * weight + self._growing * bound > seats * weight:
                break
            self._fixed -= bound if begins else -bound
            self._growing += weight if begins else -weight
            self._last = bound, weight
            self._next += 1
        return (seats - self._fixed, self._growing) if self._growing else self._last


def _count_seats(problem: BoundedProblem, given: Sequence[OpenSeat]) -> list[int]:
    seats = list(problem.floors)
    for each in given:
        seats[each.unit] += 1
    return seats


def _list_contested_seats(
    given: Sequence[OpenSeat], left: Sequence[OpenSeat]
) -> tuple[list[OpenSeat], list[OpenSeat]]:
    """The given seats that another tied unit could have, and the seats that are left and could replace them.

    A left seat can take the place of any of its worth that was given since it was open; the unit that gives
    way can in turn take the place of another that was given since its own seat was open.
    """
    by_worth: dict[int, list[OpenSeat]] = {}
    for seat in left:
        by_worth.setdefault(seat.worth, []).append(seat)
    begin = {worth: min(seat.since for seat in seats) for worth, seats in by_worth.items()}
    contested = []
    # From the last given to the first: who gives way may have been open for longer, and then more can.
    for seat in reversed(given):
        if seat.given >= begin.get(seat.worth, seat.given + 1):
            contested.append(seat)
            begin[seat.worth] = min(begin[seat.worth], seat.since)
    last: dict[int, int] = {}
    for seat in contested:
        last[seat.worth] = max(seat.given, last.get(seat.worth, 0))
    return contested, [seat for seat in left if seat.since <= last.get(seat.worth, 0)]
