"""Correct any start to the right seats: moves seats in whole numbers until the max-min inequality is true."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from domain.apportionment.solver.ranking import SeatRanking


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The cutoff between the seats that were given and those that were not.

    ``seats`` are the seats of each unit. ``best`` is the greatest key of a next seat below a cap, ``worst``
    the least key of a last seat above a floor; ``None`` where there is no such seat. ``best ≤ worst`` always;
    where they are equal, ``tied`` are the indices of the units with exactly this key, and ``places`` is the
    number of seats for which they compete.
    """

    seats: Sequence[int]
    best: int | None
    worst: int | None
    tied: tuple[int, ...] = ()
    places: int = 0


def enforce_max_min(
    order: SeatRanking, start: Sequence[int], floors: Sequence[int], caps: Sequence[int], seats: int
) -> Cutoff:
    """The right distribution of ``seats`` by this ranking, found from ``start``, which is within the bounds.

    One step for each seat by which ``start`` is wrong, each in logarithmic time.
    """
    table = _SeatHeaps(order, list(start), floors, caps)
    missing = seats - sum(start)
    while missing > 0:
        table.add_seat()
        missing -= 1
    while missing < 0:
        table.remove_seat()
        missing += 1
    while table.has_violation():
        table.remove_seat()
        table.add_seat()
    return table.compute_cutoff()


class _SeatHeaps:
    """Two heaps of (key, unit, k): next seats and last seats. Entries that no longer fit ``seats`` are
    stale."""

    def __init__(self, order: SeatRanking, seats: list[int], floors: Sequence[int], caps: Sequence[int]):
        self.masses = masses = order.masses
        self.key = key = order.key
        self.seats = seats
        self.floors = floors
        self.caps = caps
        rows = list(zip(range(len(seats)), seats, masses, strict=True))
        self.nexts = [(-key(mass, k + 1), i, k + 1) for i, k, mass in rows if k < caps[i]]
        self.lasts = [(key(mass, k), i, k) for i, k, mass in rows if k > floors[i]]
        heapify(self.nexts)
        heapify(self.lasts)

    def add_seat(self) -> None:
        """Add one seat: the next seat with the greatest key."""
        self._drop_stale()
        rank, i, k = heappop(self.nexts)
        self.seats[i] = k
        heappush(self.lasts, (-rank, i, k))
        if k < self.caps[i]:
            heappush(self.nexts, (-self.key(self.masses[i], k + 1), i, k + 1))

    def remove_seat(self) -> None:
        """Remove one seat: the last seat with the least key."""
        self._drop_stale()
        rank, i, k = heappop(self.lasts)
        self.seats[i] = k - 1
        heappush(self.nexts, (-rank, i, k))
        if k - 1 > self.floors[i]:
            heappush(self.lasts, (self.key(self.masses[i], k - 1), i, k - 1))

    def has_violation(self) -> bool:
        """Whether a next seat outranks a last one, so that one has to move."""
        self._drop_stale()
        return bool(self.nexts and self.lasts and -self.nexts[0][0] > self.lasts[0][0])

    def compute_cutoff(self) -> Cutoff:
        """The cutoff, when no seat is left to move."""
        self._drop_stale()
        best = -self.nexts[0][0] if self.nexts else None
        worst = self.lasts[0][0] if self.lasts else None
        if best is None or best != worst:
            return Cutoff(self.seats, best, worst)
        seats = self.seats
        waiting = {i for rank, i, k in self.nexts if -rank == best and k == seats[i] + 1}
        seated = {i for rank, i, k in self.lasts if rank == worst and k == seats[i]}
        return Cutoff(seats, best, worst, tuple(sorted(waiting | seated)), len(seated))

    def _drop_stale(self) -> None:
        seats, nexts, lasts = self.seats, self.nexts, self.lasts
        while nexts and nexts[0][2] != seats[nexts[0][1]] + 1:
            heappop(nexts)
        while lasts and lasts[0][2] != seats[lasts[0][1]]:
            heappop(lasts)
