"""Freezing what a list is selected from: seats, nominees with what is stated of them, targets, and holds."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor
from uuid import UUID

from db import allocations, nominations, people, quotas, selections, units
from db.conferences import Conference
from db.nominations import Invitation, Nomination
from db.quotas import Quota as Held
from db.session import AsyncSession
from domain.access import Actor
from domain.composition.criteria import Record, Value
from domain.composition.targets import Scope, Target
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.nominations import State
from domain.plans import SelectionRule, Tier
from domain.selection import Formula, Hold, Nominee, Pool, Quota, cells, faults
from domain.selection.frozen import plain_pool
from domain.selection.model import MOST_SCORE
from domain.snapshots import exact
from service import conferences, lists
from service.sealing import Vault
from service.selections.standing import Place, counted_once, given_by, once
from service.targets import as_target

SCHEMA = "selection/1"


@dataclass(frozen=True, slots=True)
class Edit:
    """The council's hand: a nomination pinned to the list or dropped from it, and why."""

    nomination: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What the council says of a selection before it is computed.

    ``pin`` and ``drop``: nominations on the list, or off it, whatever is chosen. ``reopen``: places whose
    seats, given away already, are chosen anew. ``apart``: pairs of nominations that may not both be chosen.
    ``empty``: seats that stay empty, by place. ``size``: the seats that are expected; refused where the
    units' quotas make another number.
    """

    pin: Sequence[Edit] = ()
    drop: Sequence[Edit] = ()
    reopen: Sequence[Place] = ()
    apart: Sequence[tuple[UUID, UUID]] = ()
    empty: Mapping[Place, int] = field(default_factory=dict)
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Mending:
    """A list that is mended: the nominations on it or in line (``standing``), how many go for each place,
    and the pairs that may not both be chosen."""

    standing: frozenset[UUID]
    filled: Mapping[Place, int]
    apart: Sequence[tuple[UUID, UUID]] = ()


@dataclass(frozen=True, slots=True)
class Frozen:
    """A pool, the plain content of its snapshot, and what is to be said of it.

    ``aside`` are nominations of people who stand by another one, or sit by office or invitation.
    """

    pool: Pool
    content: dict[str, Plain]
    findings: Sequence[Finding]
    aside: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Named:
    """Who stands for election, by place, and who sits by office, roll or invitation."""

    nominees: Sequence[Nomination]
    invited: Sequence[Invitation]
    codes: Mapping[UUID, str]
    """The id stands for a unit that ended before the day of the conference."""
    blocs: Mapping[Place, str]
    aside: frozenset[UUID]
    erased: frozenset[UUID]
    shared: Mapping[str, Collection[str]]
    """Unit → those below it that fill its seats; what is asked of the unit is asked of them together."""

    @property
    def persons(self) -> set[UUID]:
        return {row.person for row in self.nominees} | {row.person for row in self.invited}


async def freeze(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    wish: Wish,
    *,
    mending: Mending | None = None,
    short: bool = False,
) -> Frozen:
    """The pool of a conference as it is now.

    ``mending`` lets those who have their seats be moved, ``short`` lets units pass that named too few.
    Of a list that is mended what the council has laid down stands as far as it still speaks of anybody.

    The boxes of people are opened where a target counts what is in them, and that is recorded: the caller
    has made sure that the actor may (``service.selections.reading.expect_council``). Raises ``Conflict``
    naming all that keeps a selection from being run.
    """
    version = await conferences.version_of(session, conference)
    tier = await tier_of(session, conference)
    rule = rule_of(tier)
    named, findings = await _named(session, actor, conference, wish, mending)
    if mending is not None:
        wish = await _kept(session, conference, named, mending)
    expect_named({row.id for row in named.nominees} | named.aside, wish)
    targets, weights = await _targets(session, conference, tier, rule, named)
    stated = await lists.opened_values(session, actor, vault, conference, named.persons, targets)
    seats = await _quotas(session, conference, named, wish)
    if not any(quota.unit for quota in seats):
        raise Conflict("selection_without_seats")
    empty = Pool(
        seats,
        (),
        targets,
        [(str(one), str(other)) for one, other in wish.apart],
        size=wish.size,
        weights=weights,
        elsewhere=await _elsewhere(session, conference, tier, named),
        both_chains=rule.both_congresses,
    )
    fixed = None if mending is not None else frozenset(wish.reopen)
    short = short or mending is not None
    pool, wrong, plain = await asyncio.to_thread(_peopled, empty, named, stated, rule, fixed, short=short)
    if mending is not None:  # seats for which nobody is left are told with the list
        wrong = []
    content: dict[str, Plain] = {
        "schema": SCHEMA,
        "conference": str(conference.id),
        "plan": version.digest,
        **plain,
    }
    return Frozen(pool, content, [*findings, *wrong], named.aside)


def _peopled(
    empty: Pool,
    named: _Named,
    stated: Mapping[UUID, Mapping[str, Value]],
    rule: SelectionRule,
    reopened: Collection[Place] | None,
    *,
    short: bool,
) -> tuple[Pool, list[Finding], dict[str, Plain]]:
    """A pool with its people, what is wrong with it, and its plain form; seconds of work for a large one."""
    counted = {target.criterion.attribute for target in empty.targets}
    people = [*_nominees(named, stated, counted, rule, reopened), *_invited(named, stated, counted)]
    pool = replace(empty, nominees=people)
    return pool, refuse(pool, short=short), plain_pool(pool)


def expect_named(known: Collection[UUID], wish: Wish) -> None:
    """Raise ``Invalid`` for nominations that a wish names and the pool does not know, whatever they are."""
    ids = [
        *((f"/pin/{n}/nomination", each.nomination) for n, each in enumerate(wish.pin)),
        *((f"/drop/{n}/nomination", each.nomination) for n, each in enumerate(wish.drop)),
        *((f"/apart/{n}/one", one) for n, (one, _) in enumerate(wish.apart)),
        *((f"/apart/{n}/other", other) for n, (_, other) in enumerate(wish.apart)),
    ]
    wrong = [Finding("nomination_not_found", {}, pointer) for pointer, one in ids if one not in known]
    if wrong:
        raise Invalid("selection_wish_invalid", errors=wrong)


def refuse(pool: Pool, *, short: bool = False) -> list[Finding]:
    """Raise ``Conflict`` with everything that makes a selection from the pool senseless.

    With ``short`` units that named too few are answered and not refused. Pointers lead into the wish, where
    that is what is wrong; who asks has not seen the pool.
    """
    wrong = [
        each if each.pointer.startswith(("/size", "/apart")) else replace(each, pointer="")
        for each in faults(pool)
    ]
    if all(short and each.code == "selection_unit_short" for each in wrong):
        return wrong
    raise Conflict("selection_cannot_start", {"errors": len(wrong)}, errors=wrong)


def rule_of(tier: Tier) -> SelectionRule:
    """How a tier's lists are chosen."""
    return tier.selection or SelectionRule()


async def tier_of(session: AsyncSession, conference: Conference) -> Tier:
    """The tier of a conference in its frozen plan."""
    tier = (await conferences.plan_of(session, conference)).tier(conference.tier)
    if tier is None:  # the version is frozen, and had it when the conference was opened
        raise Conflict("tier_unknown", {"tiers": []})
    return tier


async def _named(
    session: AsyncSession, actor: Actor, conference: Conference, wish: Wish, mending: Mending | None
) -> tuple[_Named, list[Finding]]:
    """Submitted and accepted nominations and the organiser's lists, each person once."""
    rows = [row for row in await nominations.live(session, actor, conference.id) if row.state != State.DRAFT]
    invited = await nominations.invited(session, actor, conference.id)
    seated = {row.person for row in invited}
    before = frozenset() if mending is None else mending.standing
    dropped = {edit.nomination for edit in wish.drop}
    standing = once([row for row in rows if row.person not in seated], dropped, before)
    kept = {row.id for row in standing}
    aside = [row for row in rows if row.id not in kept]
    unit_ids = {row.unit for row in standing}
    held = await quotas.of_conference(session, conference.id)
    unit_ids |= {row.unit for row in held}
    names = await units.named(session, unit_ids, conference.as_of)
    codes = {unit: names[unit][0] if unit in names else str(unit) for unit in unit_ids}
    given = given_by(held)
    allocated = await allocations.blocs(session, conference.id)
    blocs = {**allocated, **{place: allocated[by] for place, by in given.items() if by in allocated}}
    shared: dict[str, set[str]] = defaultdict(set)
    for (unit, _), (by, _) in given.items():
        shared[codes[by]].add(codes[unit])
    erased = await people.erased(session, {row.person for row in standing})
    named = _Named(standing, invited, codes, blocs, frozenset(row.id for row in aside), erased, shared)
    return named, [counted_once(row, row.person in seated) for row in aside]


async def _kept(session: AsyncSession, conference: Conference, named: _Named, mending: Mending) -> Wish:
    """What holds of a list that is mended: pairs, and seats as empty as they are, as the council decided."""
    known = {row.id for row in named.nominees}
    empty = {
        (held.unit, held.group): left
        for held in await quotas.of_conference(session, conference.id)
        if (left := _seats(held) - mending.filled.get((held.unit, held.group), 0)) > 0
    }
    return Wish(apart=[pair for pair in mending.apart if known.issuperset(pair)], empty=empty)


def _seats(held: Held) -> int:
    """The seats that a unit fills itself; none where it gave away more than it was left with."""
    return max(0, held.seats - held.distributed)


async def _targets(
    session: AsyncSession, conference: Conference, tier: Tier, rule: SelectionRule, named: _Named
) -> tuple[list[Target], dict[str, int]]:
    """The plan's targets; and where the split binds, each unit's part of them."""
    targets = [_shared(as_target(target), named) for target in tier.targets]
    weights = {target.id: target.weight for target in tier.targets if target.weight != 1}
    if not rule.split_binds:
        return targets, weights
    parts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await allocations.adopted_targets(session, conference.id):
        parts[row.target][named.codes.get(row.unit, row.code)] = row.seats
    for target, planned in zip(list(targets), tier.targets, strict=True):
        bound = cells(target, parts[target.id], binding=target.hard)
        targets += [_shared(cell, named) for cell in bound]
        weights |= {cell.id: planned.weight for cell in bound if planned.weight != 1}
    return targets, weights


def _shared(target: Target, named: _Named) -> Target:
    """A target of units with those below them that fill their seats."""
    if target.scope.kind != "unit":
        return target
    ids = target.scope.ids.union(*(named.shared.get(unit, ()) for unit in target.scope.ids))
    return replace(target, scope=Scope("unit", ids))


async def _quotas(session: AsyncSession, conference: Conference, named: _Named, wish: Wish) -> list[Quota]:
    """The seats that units fill themselves, and a line for everybody who sits beside them."""
    voted: dict[Place, list[bool]] = defaultdict(list)
    for row in named.nominees:
        voted[row.unit, row.group].append(_passed(row))
    reopened = set(wish.reopen)
    found = []
    for held in await quotas.of_conference(session, conference.id):
        place = (held.unit, held.group)
        seats = _seats(held)
        if not seats and place not in voted:
            continue
        found.append(
            Quota(
                named.codes[held.unit],
                seats,
                held.group,
                named.blocs.get(place, ""),
                empty=wish.empty.get(place, 0),
                passed=place not in reopened and all(voted[place]) and bool(voted[place]),
            )
        )
    beside = Counter(row.group for row in named.invited)
    return found + [Quota("", seats, group) for group, seats in sorted(beside.items())]


def _passed(row: Nomination) -> bool:
    """Whether the unit's conference passed the name: more than half of those present."""
    return row.vote is not None and 2 * int(row.vote["in_favour"]) > int(row.vote["present"])


def _nominees(
    named: _Named,
    stated: Mapping[UUID, Mapping[str, Value]],
    counted: Collection[str],
    rule: SelectionRule,
    reopened: Collection[Place] | None,
) -> list[Nominee]:
    """Whoever has a seat keeps it, but in places that were ``reopened``: unset, these are all. Nobody is sent
    of whom nothing is held any more."""
    formula = Formula(
        rule.ranks,
        {title.casefold(): points for title, points in rule.titles.items()},
        rule.counting,
        merit=1,
    )
    return [
        Nominee(
            Record(
                str(row.id),
                named.codes[row.unit],
                row.group,
                _only({**stated[row.person], **lists.honours_of(row)}, counted),
                named.blocs.get((row.unit, row.group), ""),
            ),
            _score(formula, rule, row),
            hold=Hold.INELIGIBLE if row.person in named.erased else _hold(row, reopened),
            person=str(row.person),
            collective=None if row.collective is None else str(row.collective),
        )
        for row in named.nominees
    ]


def _hold(row: Nomination, reopened: Collection[Place] | None) -> Hold:
    if row.state != State.ACCEPTED or reopened is None or (row.unit, row.group) in reopened:
        return Hold.FREE
    return Hold.SEATED


def _score(formula: Formula, rule: SelectionRule, row: Nomination) -> int:
    holders = ("person",) if rule.held_by == "person" else ("person", "collective")
    titles = [each["name"].casefold() for each in row.honours if each["held_by"] in holders]
    merit = None if row.merit is None else floor(Fraction(rule.merit) * exact(row.merit))
    try:
        return formula.score(rank=row.rank, titles=titles, merit=merit)
    except Invalid:  # told with all else that is wrong, and of whom
        return MOST_SCORE + 1


def _invited(
    named: _Named, stated: Mapping[UUID, Mapping[str, Value]], counted: Collection[str]
) -> list[Nominee]:
    return [
        Nominee(
            Record(str(row.id), "", row.group, _only(stated[row.person], counted)),
            hold=Hold.EX_OFFICIO,
            person=str(row.person),
        )
        for row in named.invited
    ]


def _only(values: Mapping[str, Value], counted: Collection[str]) -> dict[str, Value]:
    """What some target counts; nothing else of a person is frozen."""
    return {name: value for name, value in values.items() if name in counted and value is not None}


async def _elsewhere(
    session: AsyncSession, conference: Conference, tier: Tier, named: _Named
) -> frozenset[str]:
    """Who goes to another congress already. Conferences below a congress bar nobody."""
    if not tier.congress:
        return frozenset()
    found = await selections.seated_elsewhere(session, conference, named.persons)
    return frozenset(map(str, found))
