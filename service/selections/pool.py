"""Freezing the pool of a list: seats, nominees with the attributes that count, targets, and wishes.

Sealed attributes are opened only where a target counts them, and that is recorded. The caller has checked
that the actor may read them (``service.selections.cases.expect_own_council``).
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from db import allocations, quotas, selections
from db.quotas import Quota
from db.session import AsyncSession
from domain.composition.plan_targets import build_target
from domain.composition.targets import CompositionTarget, check_ranges
from domain.findings import Conflict, Finding, Plain
from domain.plans import SelectionRule, Tier
from domain.selection import Pool, PoolQuota, build_unit_targets, check_pool
from domain.selection.candidates import Place, check_seated_elsewhere
from domain.selection.faults import EMPTY_SEAT_FAULTS, SHORT_UNIT
from domain.selection.pool_snapshot import plain_pool
from domain.selection.shared_seats import count_empty_seats, count_own_seats, widen_target
from domain.selection.wishes import MendedList, SelectionWish, expect_in_pool
from domain.votes import VotedName, is_list_binding
from service import lists
from service.list_places import check_unlisted_guests, load_conference_seats
from service.selections.pool_people import (
    PoolPeople,
    StatedValues,
    build_invited_nominees,
    build_nominees,
    load_pool_people,
)
from service.work import Case, Work

SCHEMA = "selection/1"


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """A pool, the plain content of its snapshot, and the findings about it.

    ``duplicates`` are nominations of people who are in the pool by another nomination, office or invitation.
    """

    pool: Pool
    content: dict[str, Plain]
    findings: Sequence[Finding]
    duplicates: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class PoolParts:
    """All that a pool is built from, and the findings about it; ``empty`` is the pool without its people."""

    empty: Pool
    named: PoolPeople
    stated: StatedValues
    rule: SelectionRule
    findings: Sequence[Finding]

    def build_pool(self, reopened: Collection[Place]) -> Pool:
        """The pool; taken seats remain taken, except in ``reopened`` places. A large pool takes seconds."""
        counted = {target.criterion.attribute for target in self.empty.targets}
        nominees = build_nominees(self.named, self.stated, self.rule, counted, reopened)
        invited = build_invited_nominees(self.named, self.stated, counted)
        return replace(self.empty, nominees=[*nominees, *invited])


async def freeze_new_pool(work: Work, case: Case, seats: Sequence[Quota], wish: SelectionWish) -> FrozenPool:
    """The pool of a new list, from today's nominations; ``seats`` are the conference's quotas.

    Raises ``Conflict`` with everything that prevents a selection, such as each unit that named too few.
    """
    named = await load_pool_people(work, case, seats, dropped={edit.nomination for edit in wish.drop})
    parts = await _load_parts(work, case, seats, named, wish)

    def build() -> FrozenPool:
        pool = parts.build_pool(wish.reopen)
        expect_usable_pool(pool)
        return _freeze_pool(case, parts, pool)

    return await asyncio.to_thread(build)


async def freeze_pool_for_replacement(
    work: Work, case: Case, seats: Sequence[Quota], mended: MendedList
) -> FrozenPool:
    """The pool of a list that is mended: those who have their seats may be moved.

    The council's wishes remain valid as far as their nominees are still there. Seats without any nominee
    do not prevent a list: they become findings of it.
    """
    named = await load_pool_people(work, case, seats, before=mended.candidates)
    nominee_ids = {row.id for row in named.nominees}
    pairs = [pair for pair in mended.apart if nominee_ids.issuperset(pair)]
    wish = SelectionWish(apart=pairs, empty=count_empty_seats(seats, mended.filled))
    parts = await _load_parts(work, case, seats, named, wish)

    def build() -> FrozenPool:
        pool = parts.build_pool(named.places)
        _expect_no_faults([each for each in _check_pool(pool) if each.code not in EMPTY_SEAT_FAULTS])
        return _freeze_pool(case, parts, pool)

    return await asyncio.to_thread(build)


async def load_pool(work: Work, case: Case) -> tuple[Pool, Sequence[Finding]]:
    """The pool as it is now, only for counting, and the findings, such as units that named too few."""
    seats = await quotas.list_quotas(work.session, case.conference.id)
    named = await load_pool_people(work, case, seats)
    parts = await _load_parts(work, case, seats, named, SelectionWish())

    invited = Counter(("", row.group) for row in named.invited)
    every_seat = await load_conference_seats(work.session, case.conference.id, invited, {})
    unlisted = check_unlisted_guests(every_seat, parts.empty.targets, case.tier)

    def build() -> tuple[Pool, Sequence[Finding]]:
        pool = parts.build_pool(())
        ranges = check_ranges(pool.targets, pool.sizes_with_empty())
        return pool, [*parts.findings, *check_short_units(pool), *ranges, *unlisted]

    return await asyncio.to_thread(build)


def expect_usable_pool(pool: Pool) -> None:
    """Raise ``Conflict`` with everything that prevents a selection from the pool."""
    _expect_no_faults(_check_pool(pool))


def check_short_units(pool: Pool) -> list[Finding]:
    """The units that named too few; raises ``Conflict`` where anything else is wrong."""
    found = _check_pool(pool)
    _expect_no_faults([each for each in found if each.code not in SHORT_UNIT])
    return found


def _expect_no_faults(wrong: Sequence[Finding]) -> None:
    if wrong:
        raise Conflict("selection_cannot_start", {"errors": len(wrong)}, errors=wrong)


def _check_pool(pool: Pool) -> list[Finding]:
    """The findings about a pool. Pointers lead only into the wish, since the caller has not sent the pool."""
    return [
        each if each.pointer.startswith(("/size", "/apart")) else replace(each, pointer="")
        for each in check_pool(pool)
    ]


def get_selection_rule(tier: Tier) -> SelectionRule:
    """How a tier's lists are chosen."""
    return tier.selection or SelectionRule()


def _freeze_pool(case: Case, parts: PoolParts, pool: Pool) -> FrozenPool:
    content: dict[str, Plain] = {
        "schema": SCHEMA,
        "conference": str(case.conference.id),
        "plan": case.version.digest,
        **plain_pool(pool),
    }
    return FrozenPool(pool, content, parts.findings, parts.named.duplicates)


async def _load_parts(
    work: Work, case: Case, seats: Sequence[Quota], named: PoolPeople, wish: SelectionWish
) -> PoolParts:
    """Seats, targets and attributes of the people; raises ``Conflict`` where units fill no seats."""
    expect_in_pool(named.nominations, wish)
    rule = get_selection_rule(case.tier)
    targets, weights = await _load_targets(work.session, case, rule, named)
    stated, unread = await lists.load_all_values(work, case, named.persons, targets)
    pool_quotas = _build_quotas(seats, named, wish)
    if not any(quota.unit for quota in pool_quotas):
        raise Conflict("selection_without_seats")
    elsewhere = await _list_seated_elsewhere(work.session, case, named)
    barred = [] if rule.both_congresses else check_seated_elsewhere(named.nominees, elsewhere)
    empty = Pool(
        pool_quotas,
        (),
        targets,
        [(str(one), str(other)) for one, other in wish.apart],
        size=wish.size,
        weights=weights,
        elsewhere=frozenset(map(str, elsewhere)),
        both_chains=rule.both_congresses,
    )
    return PoolParts(empty, named, stated, rule, [*named.findings, *barred, *unread])


async def _load_targets(
    session: AsyncSession, case: Case, rule: SelectionRule, named: PoolPeople
) -> tuple[list[CompositionTarget], dict[str, int]]:
    """The plan's targets, with each unit's part of them where the split binds."""
    planned = [target for target in case.tier.targets if target.share_of == "seats"]
    targets = [widen_target(build_target(target), named.fillers) for target in planned]
    weights = {target.id: target.weight for target in planned if target.weight != 1}
    if not rule.split_binds:
        return targets, weights
    parts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await allocations.list_adopted_targets(session, case.conference.id):
        parts[row.target][named.codes.get(row.unit, row.code)] = row.seats
    for target, plan in zip(list(targets), planned, strict=True):
        bound = build_unit_targets(target, parts[target.id], binding=target.hard)
        targets += [widen_target(cell, named.fillers) for cell in bound]
        weights |= {cell.id: plan.weight for cell in bound if plan.weight != 1}
    return targets, weights


def _build_quotas(seats: Sequence[Quota], named: PoolPeople, wish: SelectionWish) -> list[PoolQuota]:
    """The seats that units fill themselves, and for each group the seats of invited people."""
    votes: dict[Place, list[VotedName | None]] = defaultdict(list)
    for row in named.nominees:
        votes[row.unit, row.group].append(named.votes.get(row.id))
    found = []
    for quota in seats:
        place = (quota.unit, quota.group)
        own_seats = count_own_seats(quota)
        if not own_seats and place not in votes:
            continue
        found.append(
            PoolQuota(
                named.codes[quota.unit],
                own_seats,
                quota.group,
                named.blocs.get(place, ""),
                empty=wish.empty.get(place, 0),
                passed=is_list_binding(votes.get(place, ()), reopened=place in wish.reopen),
            )
        )
    invited = Counter(row.group for row in named.invited)
    return found + [PoolQuota("", number, group) for group, number in sorted(invited.items())]


async def _list_seated_elsewhere(session: AsyncSession, case: Case, named: PoolPeople) -> frozenset[UUID]:
    """People who are delegates to another congress; empty for a conference that is not a congress."""
    if not case.tier.congress:
        return frozenset()
    return await selections.list_people_seated_elsewhere(session, case.conference, named.persons)
