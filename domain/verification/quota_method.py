"""The check of a stage by the quota method: from when on each seat is open, and which one is given when.

A unit's k-th seat after its base is open for h seats if its share of them, clamp(t · weight, floor, cap) with
the shares of all units adding up to h, is above k - 1. So it is open from the first whole number above the
sum of the shares at t = (k - 1) / weight.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from itertools import accumulate, chain
from typing import Protocol


class SharingUnit(Protocol):
    """What the method needs to know of a unit."""

    @property
    def id(self) -> str: ...

    @property
    def weight(self) -> Fraction: ...

    @property
    def base(self) -> int: ...

    @property
    def low(self) -> int: ...

    @property
    def high(self) -> int | None: ...


Level = tuple[list[int], list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class QuotaResult:
    """Unit → seats in all; the tied units, and how many of them have a seat in ``seats`` that others could
    have, these being ``winners``.

    ``levels`` are the seats of equal value on which lots act, the greatest value first: the numbers of seats
    with which one is given, and (unit, number of seats from which its seat is open).
    """

    seats: Mapping[str, int]
    tied: frozenset[str]
    winners: frozenset[str]
    levels: tuple[Level, ...]


def compute_by_quota(units: Sequence[SharingUnit], house: int, order: Sequence[str]) -> QuotaResult:
    """The seats by the definition; of equal ones that unit goes first which comes first in ``order``."""
    free = house - sum(unit.base for unit in units)
    opening = _map_opening_seats(units, free)
    place = {one: n for n, one in enumerate(order)}
    seats = {unit.id: unit.low for unit in units}
    open_seats: list[tuple[Fraction, int, str, int]] = []
    given: list[tuple[Fraction, str, int, int]] = []
    for h in range(sum(unit.low - unit.base for unit in units) + 1, free + 1):
        for value, one in opening.get(h, ()):
            heappush(open_seats, (-value, place.get(one, 0), one, h))
        if not open_seats:
            break
        negative, _, one, since = heappop(open_seats)
        seats[one] += 1
        given.append((-negative, one, since, h))
    return _find_rivals(seats, given, [(-value, one, since) for value, _, one, since in open_seats])


def _map_opening_seats(units: Sequence[SharingUnit], free: int) -> dict[int, list[tuple[Fraction, str]]]:
    """Number of seats after the bases → the seats that are open from then on: weight / k, unit."""
    total = _ShareSum(units)
    opening: dict[int, list[tuple[Fraction, str]]] = {}
    for unit in units:
        k, most = unit.low - unit.base + 1, free if unit.high is None else unit.high - unit.base
        while unit.weight and k <= most:
            since = total.compute((k - 1) / unit.weight) // 1 + 1
            if since > free:
                break
            opening.setdefault(since, []).append((unit.weight / k, unit.id))
            k += 1
    return opening


class _ShareSum:
    """Σ clamp(t · weight, floor, cap) over the units, for any t."""

    def __init__(self, units: Sequence[SharingUnit]):
        changes = sorted(chain.from_iterable(map(_list_changes, units)))
        self.points = [at for at, _, _ in changes]
        self.slopes = list(accumulate((slope for _, slope, _ in changes), initial=Fraction(0)))
        self.starts = list(accumulate((start for _, _, start in changes), initial=Fraction(0)))
        self.fixed = sum(unit.low - unit.base for unit in units)

    def compute(self, t: Fraction) -> Fraction:
        n = bisect_right(self.points, t)
        return self.fixed + self.starts[n] + self.slopes[n] * t


def _list_changes(unit: SharingUnit) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """From which t on the share of a unit grows, and stops to grow: by how much slope and start change."""
    floor, cap = unit.low - unit.base, None if unit.high is None else unit.high - unit.base
    if unit.weight and (cap is None or floor < cap):
        yield floor / unit.weight, unit.weight, Fraction(-floor)
        if cap is not None:
            yield cap / unit.weight, -unit.weight, Fraction(cap)


def _find_rivals(
    seats: Mapping[str, int],
    given: Sequence[tuple[Fraction, str, int, int]],
    left: Sequence[tuple[Fraction, str, int]],
) -> QuotaResult:
    """Which given seats could be others' of the same value, directly or by a chain of such exchanges."""
    tied, winners, levels = set[str](), set[str](), list[Level]()
    for value in sorted({value for value, _, _ in left}, reverse=True):
        since = min(begin for other, _, begin in left if other == value)
        level = [(one, begin, h) for other, one, begin, h in given if other == value]
        found: set[str] = set()
        while more := {one for one, _, h in level if h >= since} - found:
            found |= more
            since = min(since, *(begin for one, begin, _ in level if one in more))
        if found:
            winners |= found
            last = max(h for _, _, h in level)  # a seat that is open only later takes none of these
            rivals = [(one, begin) for other, one, begin in left if other == value and begin <= last]
            tied |= found | {one for one, _ in rivals}
            open_since = sorted([*rivals, *((one, begin) for one, begin, _ in level)])
            levels.append((sorted(h for _, _, h in level), open_since))
    return QuotaResult(seats, frozenset(tied), frozenset(winners), tuple(levels))
