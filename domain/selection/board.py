"""The pool in arrays, in an order of its own: by id, so that the order of the input is forgotten here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.composition.criteria import Criterion, Record, Value
from domain.composition.targets import Scope, Target
from domain.selection.arrays import Longs, Mask, Shorts
from domain.selection.lots import UNDRAWN
from domain.selection.model import Hold, Nominee, Pool, Quota, holds

Side = Literal["least", "most"]

NO, YES, UNSTATED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One side of a target: at least, or at most, ``persons`` of those in ``counted``.

    A minimum counts those who state that they belong, a maximum those who do not say as well.
    """

    target: Target
    side: Side
    persons: int
    weight: int
    counted: Mask

    @property
    def name(self) -> tuple[str, Side]:
        return self.target.id, self.side


@dataclass(frozen=True, slots=True)
class Board:
    """``n`` nominees in order of id, ``m`` places in order of unit and group.

    ``source`` (n) is the position in the pool, ``place`` (n) the place, ``state`` (n) 1 for the seated, -1
    for those out, 0 for the free; ``need`` (m) seats to fill, the seated included; ``lines`` (m) the quotas.
    ``lot`` is 1 … n. ``bars``: hard first, then by priority and target id, the minimum before the maximum.
    """

    ids: list[str]
    source: Sequence[int]
    place: Longs
    places: list[tuple[str, str]]
    need: Longs
    hold: list[Hold]
    state: Longs
    score: Longs
    lot: Longs
    bars: list[Bar]
    apart: list[tuple[int, int]]
    lines: list[Quota]

    def free_need(self) -> Longs:
        """Seats of each place that are not taken by the seated (m)."""
        seated = np.bincount(self.place[self.state == 1], minlength=len(self.need))
        return self.need - seated.astype(np.int64)


def lay_out(pool: Pool) -> Board:
    """The pool, which has no faults, as arrays."""
    nominees = pool.nominees
    ids = [nominee.record.id for nominee in nominees]
    source = sorted(range(len(ids)), key=ids.__getitem__)
    ids = [ids[n] for n in source]
    people = [nominees[n] for n in source]
    settled = holds(pool)
    hold = [settled[n] for n in source]
    lines = sorted(pool.quotas, key=lambda quota: quota.place)
    places = [quota.place for quota in lines]
    at = {place: n for n, place in enumerate(places)}
    records = [nominee.record for nominee in people]
    place = np.fromiter(((at[r.unit, r.group]) for r in records), np.int64, len(records))
    index = {one: n for n, one in enumerate(ids)} if pool.apart else {}
    return Board(
        ids=ids,
        source=source,
        place=place,
        places=places,
        need=np.array([quota.filled for quota in lines], np.int64),
        hold=hold,
        state=_states(hold),
        score=np.fromiter((nominee.score for nominee in people), np.int64, len(people)),
        lot=_lots(people),
        bars=_bars(pool, records, place, lines),
        apart=sorted({(min(i, j), max(i, j)) for i, j in ((index[a], index[b]) for a, b in pool.apart)}),
        lines=lines,
    )


def _states(hold: list[Hold]) -> Longs:
    value = {each: 1 if each.seated else -1 if each.out else 0 for each in Hold}
    return np.fromiter((value[each] for each in hold), np.int64, len(hold))


def _lots(people: list[Nominee]) -> Longs:
    """Lots as 1 … n: those drawn in their order, then the others by id."""
    drawn = [UNDRAWN if nominee.lot is None else nominee.lot for nominee in people]
    order = np.argsort(np.array(drawn, np.int64), kind="stable")
    lots = np.empty(len(people), np.int64)
    lots[order] = np.arange(1, len(people) + 1)
    return lots


def _bars(pool: Pool, records: list[Record], place: Longs, lines: list[Quota]) -> list[Bar]:
    sizes, judge = pool.sizes(), Judge(records)
    bars = []
    for target in sorted(pool.targets, key=lambda each: (not each.hard, each.priority, each.id)):
        answers = judge.answers(target.criterion)
        inside = within(target.scope, lines, place)
        least, most = target.bounds(sizes[target.id])
        weight = pool.weight(target.id)
        if least is not None:
            bars.append(Bar(target, "least", least, weight, inside & (answers == YES)))
        if most is not None:
            bars.append(Bar(target, "most", most, weight, inside & (answers != NO)))
    return bars


def within(scope: Scope, lines: list[Quota], place: Longs) -> Mask:
    """Whose place (n) lies in a scope."""
    inside: Mask = np.array([scope.holds(line) for line in lines], np.bool_)[place]
    return inside


class Judge:
    """Who meets a criterion; each stated value is judged once, however many state it."""

    def __init__(self, records: list[Record]) -> None:
        self._records = records
        self._coded: dict[str, tuple[list[Value], Shorts]] = {}

    def answers(self, criterion: Criterion) -> NDArray[np.int8]:
        """``NO``, ``YES`` or ``UNSTATED`` for each record."""
        values, codes = self.values(criterion.attribute)
        told = [criterion.holds(value) for value in values]
        return np.array([UNSTATED if t is None else YES if t else NO for t in told], np.int8)[codes]

    def values(self, attribute: str) -> tuple[list[Value], Shorts]:
        """The different values that are stated (or not), and which of them each record has."""
        if attribute not in self._coded:
            stated = [record.values.get(attribute) for record in self._records]
            values = list(dict.fromkeys(stated))
            code = {value: n for n, value in enumerate(values)}
            codes = np.fromiter(map(code.__getitem__, stated), np.int32, len(stated))
            self._coded[attribute] = values, codes
        return self._coded[attribute]
