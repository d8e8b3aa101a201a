"""Freezing what a list is selected from: seats, nominees with what is stated of them, targets, and holds."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from uuid import UUID

from db import allocations, nominations, people, quotas, selections, units
from db.conferences import Conference
from db.nominations import Invitation, Nomination
from db.quotas import Quota as Held
from db.session import AsyncSession
from domain.composition.criteria import AttributeValue, PersonRecord
from domain.composition.targets import CompositionTarget, Scope
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.nominations import NominationState
from domain.plans import SelectionRule, Tier
from domain.selection import (
    Nominee,
    NomineeStatus,
    Pool,
    PoolQuota,
    ScoreFormula,
    build_unit_targets,
    check_pool,
)
from domain.selection.pool import MOST_SCORE
from domain.selection.pool_snapshot import plain_pool
from domain.snapshots import read_fraction
from domain.votes import has_passed_vote, read_vote
from service import conferences, lists
from service.selections.candidates import (
    Place,
    build_duplicate_finding,
    choose_candidates,
    map_origins_by_place,
)
from service.selections.wishes import MendedList, SelectionWish, expect_in_pool
from service.targets import build_target
from service.work import Work

SCHEMA = "selection/1"


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """A pool, the plain content of its snapshot, and what is to be said of it.

    ``aside`` are nominations of people who stand by another one, or sit by office or invitation.
    """

    pool: Pool
    content: dict[str, Plain]
    findings: Sequence[Finding]
    duplicates: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _PoolPeople:
    """Who stands for election, by place, and who sits by office, roll or invitation."""

    nominees: Sequence[Nomination]
    invited: Sequence[Invitation]
    codes: Mapping[UUID, str]
    """The id stands for a unit that ended before the day of the conference."""
    blocs: Mapping[Place, str]
    duplicates: frozenset[UUID]
    erased: frozenset[UUID]
    shared: Mapping[str, Collection[str]]
    """Unit → those below it that fill its seats; what is asked of the unit is asked of them together."""

    @property
    def persons(self) -> set[UUID]:
        return {row.person for row in self.nominees} | {row.person for row in self.invited}


async def freeze_pool(
    work: Work,
    conference: Conference,
    wish: SelectionWish,
    *,
    mending: MendedList | None = None,
    short: bool = False,
) -> FrozenPool:
    """The pool of a conference as it is now.

    ``mending`` lets those who have their seats be moved, ``short`` lets units pass that named too few.
    Of a list that is mended what the council has laid down stands as far as it still speaks of anybody.

    The boxes of people are opened where a target counts what is in them, and that is recorded: the caller
    has made sure that the actor may (``service.selections.reading.expect_council``). Raises ``Conflict``
    naming all that keeps a selection from being run.
    """
    version = await conferences.get_plan_version(work.session, conference)
    tier = await get_tier(work.session, conference)
    rule = get_selection_rule(tier)
    named, findings = await _load_pool_people(work, conference, wish, mending)
    if mending is not None:
        wish = await _load_mending_wish(work.session, conference, named, mending)
    expect_in_pool({row.id for row in named.nominees} | named.duplicates, wish)
    targets, weights = await _load_targets(work.session, conference, tier, rule, named)
    stated = await lists.load_all_values(
        work, named.persons, targets, conference=conference.id, chain=version.plan
    )
    seats = await _load_quotas(work.session, conference, named, wish)
    if not any(quota.unit for quota in seats):
        raise Conflict("selection_without_seats")
    empty = Pool(
        seats,
        (),
        targets,
        [(str(one), str(other)) for one, other in wish.apart],
        size=wish.size,
        weights=weights,
        elsewhere=await _list_seated_elsewhere(work.session, conference, tier, named),
        both_chains=rule.both_congresses,
    )
    fixed = None if mending is not None else frozenset(wish.reopen)
    short = short or mending is not None
    pool, wrong, plain = await asyncio.to_thread(_build_pool, empty, named, stated, rule, fixed, short=short)
    if mending is not None:  # seats for which nobody is left are told with the list
        wrong = []
    content: dict[str, Plain] = {
        "schema": SCHEMA,
        "conference": str(conference.id),
        "plan": version.digest,
        **plain,
    }
    return FrozenPool(pool, content, [*findings, *wrong], named.duplicates)


def _build_pool(
    empty: Pool,
    named: _PoolPeople,
    stated: Mapping[UUID, Mapping[str, AttributeValue]],
    rule: SelectionRule,
    reopened: Collection[Place] | None,
    *,
    short: bool,
) -> tuple[Pool, list[Finding], dict[str, Plain]]:
    """A pool with its people, what is wrong with it, and its plain form; seconds of work for a large one."""
    counted = {target.criterion.attribute for target in empty.targets}
    people = [
        *_build_nominees(named, stated, counted, rule, reopened),
        *_build_invited_nominees(named, stated, counted),
    ]
    pool = replace(empty, nominees=people)
    return pool, expect_usable_pool(pool, short=short), plain_pool(pool)


def expect_usable_pool(pool: Pool, *, short: bool = False) -> list[Finding]:
    """Raise ``Conflict`` with everything that makes a selection from the pool senseless.

    With ``short`` units that named too few are answered and not refused. Pointers lead into the wish, where
    that is what is wrong; who asks has not seen the pool.
    """
    wrong = [
        each if each.pointer.startswith(("/size", "/apart")) else replace(each, pointer="")
        for each in check_pool(pool)
    ]
    if all(short and each.code == "selection_unit_short" for each in wrong):
        return wrong
    raise Conflict("selection_cannot_start", {"errors": len(wrong)}, errors=wrong)


def get_selection_rule(tier: Tier) -> SelectionRule:
    """How a tier's lists are chosen."""
    return tier.selection or SelectionRule()


async def get_tier(session: AsyncSession, conference: Conference) -> Tier:
    """The tier of a conference in its frozen plan."""
    tier = (await conferences.load_plan(session, conference)).find_tier(conference.tier)
    if tier is None:  # the version is frozen, and had it when the conference was opened
        raise Conflict("tier_unknown", {"tiers": []})
    return tier


async def _load_pool_people(
    work: Work,
    conference: Conference,
    wish: SelectionWish,
    mending: MendedList | None,
) -> tuple[_PoolPeople, list[Finding]]:
    """Submitted and accepted nominations and the organiser's lists, each person once."""
    rows = [
        row
        for row in await nominations.list_live_nominations(work.session, work.actor, conference.id)
        if row.state != NominationState.DRAFT
    ]
    invited = await nominations.list_invitations(work.session, work.actor, conference.id)
    seated = {row.person for row in invited}
    before = frozenset() if mending is None else mending.candidates
    dropped = {edit.nomination for edit in wish.drop}
    standing = choose_candidates([row for row in rows if row.person not in seated], dropped, before)
    kept = {row.id for row in standing}
    aside = [row for row in rows if row.id not in kept]
    unit_ids = {row.unit for row in standing}
    held = await quotas.list_quotas(work.session, conference.id)
    unit_ids |= {row.unit for row in held}
    names = await units.map_names_by_unit(work.session, unit_ids, conference.as_of)
    codes = {unit: names[unit][0] if unit in names else str(unit) for unit in unit_ids}
    given = map_origins_by_place(held)
    allocated = await allocations.map_blocs_by_place(work.session, conference.id)
    blocs = {**allocated, **{place: allocated[by] for place, by in given.items() if by in allocated}}
    shared: dict[str, set[str]] = defaultdict(set)
    for (unit, _), (by, _) in given.items():
        shared[codes[by]].add(codes[unit])
    erased = await people.list_erased_people(work.session, {row.person for row in standing})
    named = _PoolPeople(standing, invited, codes, blocs, frozenset(row.id for row in aside), erased, shared)
    return named, [build_duplicate_finding(row, row.person in seated) for row in aside]


async def _load_mending_wish(
    session: AsyncSession, conference: Conference, named: _PoolPeople, mending: MendedList
) -> SelectionWish:
    """What holds of a list that is mended: pairs, and seats as empty as they are, as the council decided."""
    known = {row.id for row in named.nominees}
    empty = {
        (held.unit, held.group): left
        for held in await quotas.list_quotas(session, conference.id)
        if (left := _count_own_seats(held) - mending.filled.get((held.unit, held.group), 0)) > 0
    }
    return SelectionWish(apart=[pair for pair in mending.apart if known.issuperset(pair)], empty=empty)


def _count_own_seats(held: Held) -> int:
    """The seats that a unit fills itself; none where it gave away more than it was left with."""
    return max(0, held.seats - held.distributed)


async def _load_targets(
    session: AsyncSession, conference: Conference, tier: Tier, rule: SelectionRule, named: _PoolPeople
) -> tuple[list[CompositionTarget], dict[str, int]]:
    """The plan's targets; and where the split binds, each unit's part of them."""
    targets = [_widen_target(build_target(target), named) for target in tier.targets]
    weights = {target.id: target.weight for target in tier.targets if target.weight != 1}
    if not rule.split_binds:
        return targets, weights
    parts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await allocations.list_adopted_targets(session, conference.id):
        parts[row.target][named.codes.get(row.unit, row.code)] = row.seats
    for target, planned in zip(list(targets), tier.targets, strict=True):
        bound = build_unit_targets(target, parts[target.id], binding=target.hard)
        targets += [_widen_target(cell, named) for cell in bound]
        weights |= {cell.id: planned.weight for cell in bound if planned.weight != 1}
    return targets, weights


def _widen_target(target: CompositionTarget, named: _PoolPeople) -> CompositionTarget:
    """A target of units with those below them that fill their seats."""
    if target.scope.kind != "unit":
        return target
    ids = target.scope.ids.union(*(named.shared.get(unit, ()) for unit in target.scope.ids))
    return replace(target, scope=Scope("unit", ids))


async def _load_quotas(
    session: AsyncSession, conference: Conference, named: _PoolPeople, wish: SelectionWish
) -> list[PoolQuota]:
    """The seats that units fill themselves, and a line for everybody who sits beside them."""
    voted: dict[Place, list[bool]] = defaultdict(list)
    for row in named.nominees:
        voted[row.unit, row.group].append(has_passed_vote(read_vote(row.vote)))
    reopened = set(wish.reopen)
    found = []
    for held in await quotas.list_quotas(session, conference.id):
        place = (held.unit, held.group)
        seats = _count_own_seats(held)
        if not seats and place not in voted:
            continue
        found.append(
            PoolQuota(
                named.codes[held.unit],
                seats,
                held.group,
                named.blocs.get(place, ""),
                empty=wish.empty.get(place, 0),
                passed=place not in reopened and all(voted[place]) and bool(voted[place]),
            )
        )
    beside = Counter(row.group for row in named.invited)
    return found + [PoolQuota("", seats, group) for group, seats in sorted(beside.items())]


def _build_nominees(
    named: _PoolPeople,
    stated: Mapping[UUID, Mapping[str, AttributeValue]],
    counted: Collection[str],
    rule: SelectionRule,
    reopened: Collection[Place] | None,
) -> list[Nominee]:
    """Whoever has a seat keeps it, but in places that were ``reopened``: unset, these are all. Nobody is sent
    of whom nothing is held any more."""
    formula = ScoreFormula(
        rule.ranks,
        {title.casefold(): points for title, points in rule.titles.items()},
        rule.counting,
        merit=1,
    )
    return [
        Nominee(
            PersonRecord(
                str(row.id),
                named.codes[row.unit],
                row.group,
                _pick_counted_values({**stated[row.person], **lists.build_honour_values(row)}, counted),
                named.blocs.get((row.unit, row.group), ""),
            ),
            _compute_score(formula, rule, row),
            hold=NomineeStatus.INELIGIBLE if row.person in named.erased else _choose_status(row, reopened),
            person=str(row.person),
            collective=None if row.collective is None else str(row.collective),
        )
        for row in named.nominees
    ]


def _choose_status(row: Nomination, reopened: Collection[Place] | None) -> NomineeStatus:
    if row.state != NominationState.ACCEPTED or reopened is None or (row.unit, row.group) in reopened:
        return NomineeStatus.FREE
    return NomineeStatus.SEATED


def _compute_score(formula: ScoreFormula, rule: SelectionRule, row: Nomination) -> int:
    holders = ("person",) if rule.held_by == "person" else ("person", "collective")
    titles = [each["name"].casefold() for each in row.honours if each["held_by"] in holders]
    merit = None if row.merit is None else floor(Fraction(rule.merit) * read_fraction(row.merit))
    try:
        return formula.compute_score(rank=row.rank, titles=titles, merit=merit)
    except Invalid:  # told with all else that is wrong, and of whom
        return MOST_SCORE + 1


def _build_invited_nominees(
    named: _PoolPeople, stated: Mapping[UUID, Mapping[str, AttributeValue]], counted: Collection[str]
) -> list[Nominee]:
    return [
        Nominee(
            PersonRecord(str(row.id), "", row.group, _pick_counted_values(stated[row.person], counted)),
            hold=NomineeStatus.EX_OFFICIO,
            person=str(row.person),
        )
        for row in named.invited
    ]


def _pick_counted_values(
    values: Mapping[str, AttributeValue], counted: Collection[str]
) -> dict[str, AttributeValue]:
    """What some target counts; nothing else of a person is frozen."""
    return {name: value for name, value in values.items() if name in counted and value is not None}


async def _list_seated_elsewhere(
    session: AsyncSession, conference: Conference, tier: Tier, named: _PoolPeople
) -> frozenset[str]:
    """Who goes to another congress already. Conferences below a congress bar nobody."""
    if not tier.congress:
        return frozenset()
    found = await selections.list_people_seated_elsewhere(session, conference, named.persons)
    return frozenset(map(str, found))
