"""The pool in arrays, ordered by id, so that the order of the input has no effect."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.composition.criteria import AttributeValue, PersonRecord, TargetCriterion
from domain.composition.targets import CompositionTarget, Scope
from domain.selection.arrays import Longs, Mask, Shorts
from domain.selection.lots import UNDRAWN
from domain.selection.pool import Nominee, NomineeStatus, PlaceKey, Pool, PoolQuota, list_statuses
from domain.selection.result import Side

NO, YES, UNSTATED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class TargetSide:
    """One side of a target: at least, or at most, ``persons`` of those in ``counted``.

    A minimum counts the nominees who state that they meet the criterion; a maximum also counts those who did
    not state the attribute.
    """

    target: CompositionTarget
    side: Side
    persons: int
    weight: int
    counted: Mask

    @property
    def name(self) -> tuple[str, Side]:
        return self.target.id, self.side


@dataclass(frozen=True, slots=True)
class PoolArrays:
    """``n`` nominees in order of id, ``m`` places in order of unit and group.

    ``source`` (n) is the position in the pool, ``place`` (n) the index of the place, ``state`` (n) 1 for the
    seated, -1 for the excluded, 0 for the free; ``need`` (m) the seats to fill, those of the seated included;
    ``lines`` (m) the quotas. ``lot`` (n) is 1 … n. ``sides``: hard first, then by priority and target id, the
    minimum before the maximum. ``pairs`` are indices of nominees who may not both be chosen.
    """

    ids: list[str]
    source: Sequence[int]
    place: Longs
    places: list[PlaceKey]
    need: Longs
    statuses: list[NomineeStatus]
    state: Longs
    score: Longs
    lot: Longs
    sides: list[TargetSide]
    pairs: list[tuple[int, int]]
    lines: list[PoolQuota]

    def count_free_seats(self) -> Longs:
        """Seats of each place that are not taken by the seated (m)."""
        seated = np.bincount(self.place[self.state == 1], minlength=len(self.need))
        return self.need - seated.astype(np.int64)


def build_pool_arrays(pool: Pool) -> PoolArrays:
    """The arrays of a pool without faults."""
    nominees = pool.nominees
    ids = [nominee.record.id for nominee in nominees]
    source = sorted(range(len(ids)), key=ids.__getitem__)
    ids = [ids[n] for n in source]
    people = [nominees[n] for n in source]
    statuses = list_statuses(pool)
    sorted_statuses = [statuses[n] for n in source]
    lines = sorted(pool.quotas, key=lambda quota: quota.place)
    places = [quota.place for quota in lines]
    index_of = {place: n for n, place in enumerate(places)}
    records = [nominee.record for nominee in people]
    place = np.fromiter(((index_of[r.unit, r.group]) for r in records), np.int64, len(records))
    index = {one: n for n, one in enumerate(ids)} if pool.apart else {}
    return PoolArrays(
        ids=ids,
        source=source,
        place=place,
        places=places,
        need=np.array([quota.seats_to_fill for quota in lines], np.int64),
        statuses=sorted_statuses,
        state=_encode_statuses(sorted_statuses),
        score=np.fromiter((nominee.score for nominee in people), np.int64, len(people)),
        lot=_rank_lots(people),
        sides=_build_sides(pool, records, place, lines),
        pairs=sorted({(min(i, j), max(i, j)) for i, j in ((index[a], index[b]) for a, b in pool.apart)}),
        lines=lines,
    )


def _encode_statuses(statuses: list[NomineeStatus]) -> Longs:
    value = {each: 1 if each.is_seated else -1 if each.is_excluded else 0 for each in NomineeStatus}
    return np.fromiter((value[each] for each in statuses), np.int64, len(statuses))


def _rank_lots(people: list[Nominee]) -> Longs:
    """Lots as 1 … n: the drawn lots in their order, then the others by id."""
    drawn = [UNDRAWN if nominee.lot is None else nominee.lot for nominee in people]
    order = np.argsort(np.array(drawn, np.int64), kind="stable")
    lots = np.empty(len(people), np.int64)
    lots[order] = np.arange(1, len(people) + 1)
    return lots


def _build_sides(
    pool: Pool, records: list[PersonRecord], place: Longs, lines: list[PoolQuota]
) -> list[TargetSide]:
    bounds, matcher = pool.bounds(), CriterionMatcher(records)
    sides = []
    for target in sorted(pool.targets, key=lambda each: (not each.hard, each.priority, each.id)):
        answers = matcher.match_criterion(target.criterion)
        inside = mask_scope(target.scope, lines, place)
        least, most = bounds[target.id]
        weight = pool.derive_weight(target.id)
        if least is not None:
            sides.append(TargetSide(target, "least", least, weight, inside & (answers == YES)))
        if most is not None:
            sides.append(TargetSide(target, "most", most, weight, inside & (answers != NO)))
    return sides


def mask_scope(scope: Scope, lines: list[PoolQuota], place: Longs) -> Mask:
    """The nominees whose place is in ``scope`` (n)."""
    inside: Mask = np.array([scope.contains(line) for line in lines], np.bool_)[place]
    return inside


class CriterionMatcher:
    """Matches records with criteria; each different value is tested only one time."""

    def __init__(self, records: list[PersonRecord]) -> None:
        self._records = records
        self._coded: dict[str, tuple[list[AttributeValue], Shorts]] = {}

    def match_criterion(self, criterion: TargetCriterion) -> NDArray[np.int8]:
        """``NO``, ``YES`` or ``UNSTATED`` for each record."""
        values, codes = self.encode_values(criterion.attribute)
        verdicts = [criterion.accepts(value) for value in values]
        return np.array([UNSTATED if t is None else YES if t else NO for t in verdicts], np.int8)[codes]

    def encode_values(self, attribute: str) -> tuple[list[AttributeValue], Shorts]:
        """The different values (``None`` included), and the index of each record's value."""
        if attribute not in self._coded:
            stated = [record.values.get(attribute) for record in self._records]
            values = list(dict.fromkeys(stated))
            code = {value: n for n, value in enumerate(values)}
            codes = np.fromiter(map(code.__getitem__, stated), np.int32, len(stated))
            self._coded[attribute] = values, codes
        return self._coded[attribute]
