"""The live check: where a unit's list, or the whole conference, stands against its targets."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sqlmodel import col, select

from db import allocations, nominations, people, quotas, units
from db.columns import among
from db.conferences import Conference
from db.conferences import groups as seat_groups
from db.nominations import Invitation, Nomination
from db.people import Person
from db.session import AsyncSession, counting
from domain.access import Actor
from domain.composition.check import Open, TargetState, check_list
from domain.composition.criteria import Age, AnyOf, Criterion, NoneOf, Record, Value
from domain.composition.targets import Scope, Target
from domain.conferences import ConferenceTerms
from domain.findings import Finding, NotFound, Plain, Severity
from domain.plans import Target as PlanTarget
from service import conferences
from service.access import expect_under, is_under
from service.audit import record
from service.sealing import SEALED, Vault

Place = tuple[UUID, str]
"""Unit and seat group."""


@dataclass(frozen=True, slots=True)
class ListState:
    """A list and its targets: how many stand on it, how many places are open, what the rules say."""

    listed: int
    seats: int
    states: Sequence[TargetState]
    findings: Sequence[Finding]


async def of_unit(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    unit: UUID,
    terms: ConferenceTerms | None = None,
) -> ListState:
    """Where a unit's list stands: against its part of each target that was split over units.

    Numbers only, so drafts count too for whoever may not see them. Raises ``NotFound`` for a unit that is
    out of the actor's reach.
    """
    terms = terms or await conferences.terms_of(session, conference)
    if actor.home(conference.congress, unit):
        return await _of_unit(session, actor, vault, conference, unit, terms)
    if not (
        await is_under(session, actor, conference.congress, unit)
        or await quotas.of_conference(session, conference.id, unit, actor=actor)
    ):
        raise NotFound("unit_not_found")
    async with counting(session):
        return await _of_unit(session, actor, vault, conference, unit, terms)


async def _of_unit(
    session: AsyncSession,
    actor: Actor,
    vault: Vault,
    conference: Conference,
    unit: UUID,
    terms: ConferenceTerms,
) -> ListState:
    listed = await nominations.live(session, conference.id, unit)
    held = await quotas.of_conference(session, conference.id, unit)
    targets = await _targets_of(session, conference, terms, unit)
    values = await values_of(session, vault, {row.person for row in listed}, targets)
    await note_counted(session, actor, conference, targets, values, unit)
    places = [
        Open(max(0, quota.seats - sum(row.group == quota.group for row in listed)), str(unit), quota.group)
        for quota in held
    ]
    states = check_list(_records(values, listed, (), {}), targets, places)
    found = [state.finding for state in states]
    found += _ranks(listed)
    return ListState(len(listed), sum(quota.seats for quota in held), states, found)


async def of_conference(
    session: AsyncSession, actor: Actor, vault: Vault, conference: Conference
) -> ListState:
    """Where the whole conference stands, nominees and invited together; and who was named twice.

    Who was named is told to whoever the names were sent to; others get the numbers alone.
    """
    await expect_under(session, actor, conference.congress, conference.unit)
    async with counting(session):
        state, about = await _of_conference(session, actor, vault, conference)
    told = actor.everywhere or actor.at(conference.congress, conference.unit)
    return replace(state, findings=[*state.findings, *about]) if told else state


async def _of_conference(
    session: AsyncSession, actor: Actor, vault: Vault, conference: Conference
) -> tuple[ListState, Sequence[Finding]]:
    """The numbers, and apart from them what is to be said of people."""
    listed = await nominations.live(session, conference.id)
    invited = await nominations.invited(session, conference.id)
    terms = await conferences.terms_of(session, conference)
    codes = {code for target in terms.targets for code in target.units}
    ids = await units.by_code(session, codes, day=conference.as_of)
    targets = [as_target(target, ids) for target in terms.targets]
    blocs = await allocations.blocs(session, conference.id)
    persons = {row.person for row in listed} | {row.person for row in invited}
    values = await values_of(session, vault, persons, targets)
    await note_counted(session, actor, conference, targets, values)
    seats, places = await _open_places(session, conference, listed, invited, blocs)
    found, records = _named_twice(_records(values, listed, invited, blocs), listed, invited)
    states = check_list(records, targets, places)
    found += await _alike(session, {row.person for row in listed})
    return ListState(len(records), seats, states, [state.finding for state in states]), found


def as_target(target: PlanTarget, ids: Mapping[str, UUID] | None = None) -> Target:
    """A plan's target as the composition rules take it; ``ids`` where records name units by id."""
    return Target(
        target.id,
        criterion_of(target),
        at_least=target.count if target.bound == "at_least" else None,
        at_most=target.count if target.bound == "at_most" else None,
        share=target.share if target.bound == "at_least" else None,
        most_share=target.share if target.bound == "at_most" else None,
        hard=target.hard,
        priority=target.priority,
        scope=scope_of(target, ids),
        clause=target.clause,
    )


def scope_of(target: PlanTarget, ids: Mapping[str, UUID] | None = None) -> Scope:
    """The part of the list that a plan's target speaks of."""
    named = target.units if ids is None else [str(ids.get(code, code)) for code in target.units]
    scopes: dict[Literal["group", "bloc", "unit"], Sequence[str]] = {
        "group": target.groups,
        "bloc": target.blocs,
        "unit": named,
    }
    return next((Scope(kind, frozenset(ids)) for kind, ids in scopes.items() if ids), Scope())


def criterion_of(target: PlanTarget) -> Criterion:
    """Whom a plan's target counts. An honour may be the collective's that the person stands for."""
    honour = target.attribute in ("title", "award") and target.of == "holder"
    attribute = f"{target.attribute}:holder" if honour else target.attribute
    if target.age_at_most is not None and target.on is not None:
        return Age(attribute, target.on, at_most=target.age_at_most)
    if target.other_than:
        return NoneOf(attribute, frozenset(target.other_than))
    return AnyOf(attribute, frozenset(target.values))


async def _open_places(
    session: AsyncSession,
    conference: Conference,
    listed: Sequence[Nomination],
    invited: Sequence[Invitation],
    blocs: Mapping[Place, str],
) -> tuple[int, list[Open]]:
    """The conference's seats, and the places that are open: by unit where units have seats already."""
    held = await quotas.of_conference(session, conference.id)
    at_unit = Counter((row.unit, row.group) for row in listed)
    in_group = Counter([*(row.group for row in listed), *(row.group for row in invited)])
    places = [
        Open(
            max(0, quota.seats - quota.distributed - at_unit[quota.unit, quota.group]),
            str(quota.unit),
            quota.group,
            blocs.get((quota.unit, quota.group), ""),
        )
        for quota in held
    ]
    seats, shared = 0, {quota.group for quota in held}
    for row in await seat_groups(session, conference.id):
        size = row.seats if row.seats is not None else row.maximum or 0
        seats += size
        if row.group not in shared:
            places.append(Open(max(0, size - in_group[row.group]), "", row.group))
    return seats, places


async def _targets_of(
    session: AsyncSession, conference: Conference, terms: ConferenceTerms, unit: UUID
) -> list[Target]:
    parts = {row.target: row for row in await allocations.targets_of_unit(session, conference.id, unit)}
    return [
        Target(
            target.id,
            criterion_of(target),
            at_least=parts[target.id].seats if target.bound == "at_least" else None,
            at_most=parts[target.id].seats if target.bound == "at_most" else None,
            hard=target.hard,
            priority=target.priority,
            scope=scope_of(target),
            clause=target.clause,
        )
        for target in terms.targets
        if target.id in parts
    ]


def _records(
    values: Mapping[UUID, Mapping[str, Value]],
    listed: Sequence[Nomination],
    invited: Sequence[Invitation],
    blocs: Mapping[Place, str],
) -> list[Record]:
    return [
        Record(
            str(row.person),
            str(row.unit),
            row.group,
            {**values[row.person], **honours_of(row)},
            blocs.get((row.unit, row.group), ""),
        )
        for row in listed
    ] + [Record(str(row.person), "", row.group, values[row.person]) for row in invited]


async def values_of(
    session: AsyncSession, vault: Vault, persons: Collection[UUID], targets: Sequence[Target]
) -> Mapping[UUID, Mapping[str, Value]]:
    """What is stated of people; their boxes stay closed where no target counts what is in them."""
    stated = await people.attributes(session, persons)
    sealed = await vault.open(session, persons) if _counted(targets) else {}
    rows = (await session.exec(select(Person).where(among(col(Person.id), persons)))).all()
    return {
        row.id: {
            **stated.get(row.id, {}),
            **sealed.get(row.id, {}),
            "birth": row.born_on or row.birth_year,
        }
        for row in rows
    }


def _counted(targets: Sequence[Target]) -> list[str]:
    """The sealed attributes that targets count."""
    return sorted({target.criterion.attribute for target in targets} & set(SEALED))


async def note_counted(
    session: AsyncSession,
    actor: Actor,
    conference: Conference,
    targets: Sequence[Target],
    persons: Collection[UUID],
    unit: UUID | None = None,
) -> None:
    """Leave an event where sealed attributes were counted: of whose list, which, and of how many people."""
    counted = _counted(targets)
    if not counted or not persons:
        return
    said: dict[str, Plain] = {
        "attributes": counted,
        "persons": len(persons),
        "unit": None if unit is None else str(unit),
    }
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "sealed_counted", "conference", conference.id, said, plan=plan)


def honours_of(row: Nomination) -> dict[str, Value]:
    def of(kind: str, holders: Collection[str]) -> frozenset[str]:
        return frozenset(
            each["name"] for each in row.honours if each["kind"] == kind and each["held_by"] in holders
        )

    own, either = ("person",), ("person", "collective")
    return {
        "title": of("title", own),
        "award": of("award", own),
        "title:holder": of("title", either),
        "award:holder": of("award", either),
    }


def _ranks(listed: Sequence[Nomination]) -> list[Finding]:
    places = [(row.group, row.rank) for row in listed if row.rank is not None]
    return [
        Finding("rank_given_twice", {"group": group, "rank": rank}, severity=Severity.WARNING)
        for group, rank in sorted({place for place in places if places.count(place) > 1})
    ]


def _named_twice(
    records: Sequence[Record], listed: Sequence[Nomination], invited: Sequence[Invitation]
) -> tuple[list[Finding], list[Record]]:
    """A person is one delegate, however many units or offices name them: the first record counts."""
    once: dict[str, Record] = {}
    units: dict[str, list[str]] = {}
    for each in records:
        once.setdefault(each.id, each)
        units.setdefault(each.id, []).append(each.unit)
    found = [
        Finding(
            "person_named_twice",
            {"person": person, "units": [unit for unit in named if unit], "invited": "" in named},
            severity=Severity.WARNING,
        )
        for person, named in units.items()
        if len(named) > 1
    ]
    return found, list(once.values())


async def _alike(session: AsyncSession, persons: Collection[UUID]) -> list[Finding]:
    """Persons of the same name and year of birth who were entered apart: perhaps one and the same."""
    rows = (await session.exec(select(Person).where(among(col(Person.id), persons)))).all()
    alike: dict[tuple[str, int | None], list[str]] = {}
    for row in rows:
        alike.setdefault((row.sort_key, row.birth_year), []).append(str(row.id))
    return [
        Finding("perhaps_the_same_person", {"persons": sorted(ids)}, severity=Severity.WARNING)
        for ids in alike.values()
        if len(ids) > 1
    ]
