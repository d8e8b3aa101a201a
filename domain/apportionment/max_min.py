"""From any seats to the right ones: the max-min inequality, made true step by step in whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from domain.apportionment.ranking import SeatRanking


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Where the giving stopped.

    ``held`` are the seats of each unit. ``best`` is the greatest key of a next seat below a cap, ``worst``
    the least key of a last seat above a floor; ``None`` where nobody is left. ``best ≤ worst`` always;
    where they are equal, ``tied`` are the places of the units that stand exactly there and ``places`` the
    seats they share.
    """

    seats: Sequence[int]
    best: int | None
    worst: int | None
    tied: tuple[int, ...] = ()
    places: int = 0


def enforce_max_min(
    order: SeatRanking, start: Sequence[int], floors: Sequence[int], caps: Sequence[int], seats: int
) -> Cutoff:
    """The seats that belong to ``seats`` in this order, found from ``start``, which keeps to the bounds.

    Takes as many steps as ``start`` is seats away, each in logarithmic time.
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
    """Two heaps of (key, unit, k): next seats and last seats. What ``held`` has left behind is stale."""

    def __init__(self, order: SeatRanking, held: list[int], floors: Sequence[int], caps: Sequence[int]):
        self.masses = masses = order.masses
        self.key = key = order.key
        self.held = held
        self.floors = floors
        self.caps = caps
        rows = list(zip(range(len(held)), held, masses, strict=True))
        self.nexts = [(-key(mass, k + 1), i, k + 1) for i, k, mass in rows if k < caps[i]]
        self.lasts = [(key(mass, k), i, k) for i, k, mass in rows if k > floors[i]]
        heapify(self.nexts)
        heapify(self.lasts)

    def add_seat(self) -> None:
        """One seat more, to the greatest next key."""
        self._drop_stale()
        rank, i, k = heappop(self.nexts)
        self.held[i] = k
        heappush(self.lasts, (-rank, i, k))
        if k < self.caps[i]:
            heappush(self.nexts, (-self.key(self.masses[i], k + 1), i, k + 1))

    def remove_seat(self) -> None:
        """One seat less, from the least last key."""
        self._drop_stale()
        rank, i, k = heappop(self.lasts)
        self.held[i] = k - 1
        heappush(self.nexts, (-rank, i, k))
        if k - 1 > self.floors[i]:
            heappush(self.lasts, (self.key(self.masses[i], k - 1), i, k - 1))

    def has_violation(self) -> bool:
        """Whether a next seat outranks a last one, so that one has to move."""
        self._drop_stale()
        return bool(self.nexts and self.lasts and -self.nexts[0][0] > self.lasts[0][0])

    def compute_cutoff(self) -> Cutoff:
        """What the table says when nothing is left to move."""
        self._drop_stale()
        best = -self.nexts[0][0] if self.nexts else None
        worst = self.lasts[0][0] if self.lasts else None
        if best is None or best != worst:
            return Cutoff(self.held, best, worst)
        held = self.held
        waiting = {i for rank, i, k in self.nexts if -rank == best and k == held[i] + 1}
        holding = {i for rank, i, k in self.lasts if rank == worst and k == held[i]}
        return Cutoff(held, best, worst, tuple(sorted(waiting | holding)), len(holding))

    def _drop_stale(self) -> None:
        held, nexts, lasts = self.held, self.nexts, self.lasts
        while nexts and nexts[0][2] != held[nexts[0][1]] + 1:
            heappop(nexts)
        while lasts and lasts[0][2] != held[lasts[0][1]]:
            heappop(lasts)
