"""Checks of a pool that do not depend on the list, with JSON pointers into the pool."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from domain.composition import targets as composition
from domain.findings import Finding, Invalid, Plain, escape_pointer_step
from domain.selection.lots import UNDRAWN
from domain.selection.pool import (
    MOST_SCORE,
    MOST_WEIGHT,
    Nominee,
    NomineeStatus,
    PlaceKey,
    Pool,
    list_statuses,
)

T = TypeVar("T", str, int)


SHORT_UNIT = frozenset({"selection_unit_short"})
"""The fault of a unit with too few nominees, which does not prevent counting."""

EMPTY_SEAT_FAULTS = SHORT_UNIT | {
    "selection_nobody", "target_on_empty_scope", "target_over_size", "partition_over_size",
}  # fmt: skip
"""The faults that seats without a nominee cause: they do not prevent the replacement of a delegate."""


def expect_valid_pool(pool: Pool, *, tolerated: Collection[str] = ()) -> None:
    """Refuse a pool with faults other than the ``tolerated`` codes.

    :raises Invalid: ``selection_invalid``, with pointers into the pool.
    """
    wrong = [each for each in check_pool(pool) if each.code not in tolerated]
    if wrong:
        raise Invalid("selection_invalid", errors=wrong)


def check_pool(pool: Pool) -> tuple[Finding, ...]:
    """All faults that prevent a selection from ``pool``; empty when it can be run."""
    found = [*_check_quotas(pool), *_check_nominees(pool)]
    if found:
        return tuple(found)
    statuses = list_statuses(pool)
    return (*_check_places(pool, statuses), *_check_pairs(pool, statuses), *_check_targets(pool))


def _check_quotas(pool: Pool) -> Iterator[Finding]:
    earlier = set()
    for n, quota in enumerate(pool.quotas):
        name: dict[str, Plain] = {"unit": quota.unit, "group": quota.group}
        if quota.place in earlier:
            yield Finding("selection_quota_twice", name, f"/quotas/{n}")
        earlier.add(quota.place)
        if quota.seats < 0 or not 0 <= quota.empty <= max(0, quota.seats):
            params: dict[str, Plain] = {**name, "seats": quota.seats, "empty": quota.empty}
            yield Finding("selection_seats_out_of_range", params, f"/quotas/{n}")
    total = sum(quota.seats for quota in pool.quotas)
    if pool.size is not None and total != pool.size:
        yield Finding("selection_off_size", {"seats": total, "size": pool.size}, "/size")
    if not sum(quota.seats_to_fill for quota in pool.quotas):
        yield Finding("selection_nobody", {}, "/quotas")


def _check_nominees(pool: Pool) -> Iterator[Finding]:
    """The faults of single nominees."""
    people = pool.nominees
    places = {quota.place: quota.bloc for quota in pool.quotas}
    if not people:
        yield Finding("selection_nobody", {}, "/nominees")
    twice = _list_repeated_items([nominee.id for nominee in people])
    persons = _list_repeated_items([nominee.person or nominee.id for nominee in people])
    lots = _list_repeated_items([nominee.lot for nominee in people if nominee.lot is not None])
    for n, nominee in enumerate(people):
        record = nominee.record
        if places.get((record.unit, record.group)) != record.bloc:
            yield _build_place_finding(nominee, places, f"/nominees/{n}")
        if not -MOST_SCORE <= nominee.score <= MOST_SCORE:
            params: dict[str, Plain] = {"nominee": record.id, "most": MOST_SCORE}
            yield Finding("selection_score_out_of_range", params, f"/nominees/{n}/score")
        if nominee.lot is not None and (not 1 <= nominee.lot < UNDRAWN or nominee.lot in lots):
            yield Finding("selection_lot_unclear", {"lot": nominee.lot}, f"/nominees/{n}/lot")
        if record.id in twice or (nominee.person or record.id) in persons:
            yield Finding("selection_person_twice", {"nominee": record.id}, f"/nominees/{n}")


def _list_repeated_items(things: list[T]) -> frozenset[T]:
    """The items that occur more than one time; usually there are none."""
    if len(set(things)) == len(things):
        return frozenset()
    return frozenset(thing for thing, times in Counter(things).items() if times > 1)


def _build_place_finding(nominee: Nominee, places: dict[PlaceKey, str], at: str) -> Finding:
    record = nominee.record
    params: dict[str, Plain] = {"nominee": record.id, "unit": record.unit, "group": record.group}
    if nominee.place not in places:
        return Finding("selection_quota_unknown", params, f"{at}/unit")
    return Finding("selection_bloc_differs", params, f"{at}/bloc")


def _check_places(pool: Pool, statuses: list[NomineeStatus]) -> Iterator[Finding]:
    named = Counter(nominee.place for nominee in pool.nominees)
    out, seated, office = Counter[PlaceKey](), Counter[PlaceKey](), Counter[PlaceKey]()
    for nominee, status in zip(pool.nominees, statuses, strict=True):
        if status is not NomineeStatus.FREE:
            out[nominee.place] += status.is_excluded
            seated[nominee.place] += status.is_seated
            office[nominee.place] += status is NomineeStatus.EX_OFFICIO
    for n, quota in enumerate(pool.quotas):
        at, place = f"/quotas/{n}", quota.place
        name: dict[str, Plain] = {"unit": quota.unit, "group": quota.group, "seats": quota.seats_to_fill}
        if office[place] > quota.seats_to_fill:
            yield Finding("selection_ex_officio_over_seats", {**name, "ex_officio": office[place]}, at)
        elif seated[place] > quota.seats_to_fill:
            yield Finding("selection_seated_over_seats", {**name, "seated": seated[place]}, at)
        able = named[place] - out[place]
        if able < quota.seats_to_fill:
            short = quota.seats_to_fill - able
            yield Finding("selection_unit_short", {**name, "eligible": able, "short": short}, at)
        if quota.nominee_limit is not None and named[place] > quota.nominee_limit:
            params = {**name, "named": named[place], "limit": quota.nominee_limit}
            yield Finding("selection_over_nominee_limit", params, f"{at}/nominee_limit")
    barred = frozenset() if pool.both_chains else pool.elsewhere
    for n, (nominee, status) in enumerate(zip(pool.nominees, statuses, strict=True)):
        if barred and status.is_seated and (nominee.person or nominee.id) in barred:
            yield Finding("selection_seated_elsewhere", {"nominee": nominee.id}, f"/nominees/{n}/hold")


def _check_pairs(pool: Pool, statuses: list[NomineeStatus]) -> Iterator[Finding]:
    if not pool.apart:
        return
    status = {nominee.id: each for nominee, each in zip(pool.nominees, statuses, strict=True)}
    for n, (one, other) in enumerate(pool.apart):
        pair: dict[str, Plain] = {"one": one, "other": other}
        if one not in status or other not in status or one == other:
            yield Finding("selection_pair_unknown", pair, f"/apart/{n}")
        elif status[one].is_seated and status[other].is_seated:
            yield Finding("selection_pair_seated", pair, f"/apart/{n}")


def _check_targets(pool: Pool) -> Iterator[Finding]:
    found = composition.check_targets(
        pool.targets,
        pool.sizes(),
        with_empty=pool.sizes_with_empty(),
        codes=pool.codes,
        partitions=pool.partitions,
    )
    for finding in found:
        yield replace(finding, pointer=f"/targets{finding.pointer}")
    known = {target.id for target in pool.targets}
    for target, weight in pool.weights.items():
        params: dict[str, Plain] = {"target": target, "weight": weight, "most": MOST_WEIGHT}
        if target not in known:
            yield Finding(
                "selection_weight_without_target", params, f"/weights/{escape_pointer_step(target)}"
            )
        elif not 1 <= weight <= MOST_WEIGHT:
            yield Finding("selection_weight_out_of_range", params, f"/weights/{escape_pointer_step(target)}")
