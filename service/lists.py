"""The live check: where a unit's list, or the whole conference, stands against its targets.

Each reader gets the state of the list as far as they may read it (docs/decisions/0011).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from db import allocations, nominations, people, quotas, units
from db.columns import is_among
from db.conferences import Conference
from db.conferences import list_seat_groups as seat_groups
from db.nominations import Invitation, Nomination
from db.people import Person
from db.session import AsyncSession, allow_counting
from domain.composition.check import OpenSeats, TargetState, check_list, revise_records
from domain.composition.criteria import AttributeValue, PersonRecord
from domain.composition.plan_targets import build_criterion, build_scope, build_target
from domain.composition.targets import CompositionTarget
from domain.conferences import ConferenceTerms
from domain.findings import Finding, Invalid, NotFound, Plain, Severity
from service import conferences
from service.access import expect_in_subtree, is_in_subtree
from service.audit import record_event
from service.people import PersonEntry
from service.vaults import is_sealed
from service.work import Work

RecordPlace = tuple[str, str]
"""Unit and seat group, as records name them."""


@dataclass(frozen=True, slots=True)
class ListState:
    """A list and its targets: how many stand on it, how many places are open, what the rules say."""

    listed: int
    seats: int
    states: Sequence[TargetState]
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class ListChange:
    """A unit's list with somebody ``added`` to a group, and ``without`` some nominations."""

    added: Sequence[tuple[str, PersonEntry]] = ()
    without: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class VisibleList:
    """A list as far as somebody sees it.

    The rows they may read, the persons whose sealed attributes they may read as well, and of the rest the
    number of rows alone, by unit and group. Whatever is answered is made of this and of nothing else.
    """

    listed: Sequence[Nomination]
    invited: Sequence[Invitation]
    opened: frozenset[UUID]
    hidden: Mapping[tuple[str, str], int]

    @property
    def persons(self) -> set[UUID]:
        return {row.person for row in self.listed} | {row.person for row in self.invited}

    def count_in_group(self, group: str) -> int:
        """How many stand in a group, seen or not."""
        groups = [row.group for row in self.listed] + [row.group for row in self.invited]
        return groups.count(group) + sum(n for (_, where), n in self.hidden.items() if where == group)


async def check_unit_list(
    work: Work,
    conference: Conference,
    unit: UUID,
    terms: ConferenceTerms | None = None,
    change: ListChange | None = None,
) -> ListState:
    """Where a unit's list stands, or would after a ``change``, against its part of each split target.

    Drafts count as numbers for whoever may not see them. Raises ``NotFound`` for a unit that is out of the
    actor's reach, ``Invalid`` for a change that takes off whom the actor does not see.
    """
    terms = terms or await conferences.load_terms(work.session, conference)
    if not (
        work.actor.is_own_unit(conference.congress, unit)
        or await is_in_subtree(work, conference.congress, unit)
        or await quotas.list_quotas(work.session, conference.id, unit, actor=work.actor)
    ):
        raise NotFound("unit_not_found")
    held = await quotas.list_quotas(work.session, conference.id, unit)
    if work.actor.owns_all_units and not held and await work.session.get(units.Unit, unit) is None:
        raise NotFound("unit_not_found")
    targets = await _load_unit_targets(work.session, conference, terms, unit)
    seen = await _load_unit_list(work, conference, unit, _list_sealed_attributes(targets))
    records = await _load_records(work, seen, targets)
    if change is not None:
        records = _apply_change(seen, records, str(unit), change)
    standing = Counter(record.group for record in records)
    places = [
        OpenSeats(max(0, quota.seats - standing[quota.group]), str(unit), quota.group) for quota in held
    ]
    await _record_sealed_count(work, conference, targets, len(seen.opened), unit)
    states = check_list(records, targets, places)
    found = [state.finding for state in states]
    found += _check_ranks(seen.listed)
    return ListState(len(records), sum(quota.seats for quota in held), states, found)


def _apply_change(
    seen: VisibleList, records: Sequence[PersonRecord], unit: str, change: ListChange
) -> list[PersonRecord]:
    """The records without those who are taken off, and with those who are added."""
    person = {row.id: str(row.person) for row in seen.listed}
    wrong = [
        Finding("nomination_not_found", {}, f"/without/{n}")
        for n, one in enumerate(change.without)
        if one not in person
    ]
    if wrong:
        raise Invalid("what_if_faulty", errors=wrong)
    added = [
        PersonRecord(
            f"added/{n}", unit, group, {**stated.attributes, "birth": stated.born_on or stated.birth_year}
        )
        for n, (group, stated) in enumerate(change.added)
    ]
    return [*revise_records(records, without=[person[one] for one in change.without], put=added)]


async def _load_unit_list(
    work: Work, conference: Conference, unit: UUID, sealed: Sequence[str]
) -> VisibleList:
    listed = await nominations.list_live_nominations(work.session, work.actor, conference.id, unit)
    opened: frozenset[UUID] = frozenset()
    if sealed and work.actor.personal_reader.is_own_unit(conference.congress, unit):
        opened = frozenset(row.person for row in listed)
    elif sealed and work.actor.personal_reader.grants:
        opened = await nominations.list_readable_nominees(work.session, work.actor, conference.id, unit)
    if work.actor.is_own_unit(conference.congress, unit):
        return VisibleList(listed, (), opened, {})
    async with allow_counting(work.session):
        numbers = await nominations.count_live_nominations(work.session, conference.id, unit)
    return VisibleList(listed, (), opened, _count_hidden_rows(numbers, listed))


async def check_conference_list(work: Work, conference: Conference) -> ListState:
    """Where the whole conference stands, nominees and invited together; and who was named twice.

    Who was named is told to whoever the names were sent to; others get the numbers alone.
    """
    await expect_in_subtree(work, conference.congress, conference.unit)
    terms = await conferences.load_terms(work.session, conference)
    codes = {code for target in terms.targets for code in target.units}
    ids = await units.map_units_by_code(work.session, codes, day=conference.as_of)
    targets = [build_target(target, ids) for target in terms.targets]
    seen = await _load_conference_list(work, conference, _list_sealed_attributes(targets))
    blocs = {
        (str(unit), group): bloc
        for (unit, group), bloc in (await allocations.map_blocs_by_place(work.session, conference.id)).items()
    }
    seats, places = await _load_open_places(work.session, conference, seen, blocs)
    records = await _load_records(work, seen, targets, blocs)
    await _record_sealed_count(work, conference, targets, len(seen.opened))
    about, records = _merge_repeated_persons(records)
    states = check_list(records, targets, places)
    found = [state.finding for state in states]
    if work.actor.is_service_wide or work.actor.has_role_at(conference.congress, conference.unit):
        found += about
        found += await _check_similar_persons(work.session, {row.person for row in seen.listed})
    return ListState(len(records), seats, states, found)


async def _load_conference_list(work: Work, conference: Conference, sealed: Sequence[str]) -> VisibleList:
    listed = await nominations.list_live_nominations(work.session, work.actor, conference.id)
    invited = await nominations.list_invitations(work.session, work.actor, conference.id)
    opened: frozenset[UUID] = frozenset()
    if sealed and work.actor.personal_reader.grants:
        opened = await nominations.list_readable_nominees(work.session, work.actor, conference.id)
        opened |= await nominations.list_readable_invitees(work.session, work.actor, conference.id)
    async with allow_counting(work.session):
        numbers = await nominations.count_live_nominations(work.session, conference.id)
        lines = await nominations.count_invitations(work.session, conference.id)
    rest = _count_hidden_rows(numbers, listed)
    lines.subtract(row.group for row in invited)
    rest |= {("", group): n for group, n in lines.items() if n > 0}
    return VisibleList(listed, invited, opened, rest)


async def _load_open_places(
    session: AsyncSession, conference: Conference, seen: VisibleList, blocs: Mapping[RecordPlace, str]
) -> tuple[int, list[OpenSeats]]:
    """The conference's seats, and the places that are open: by unit where units have seats already."""
    held = await quotas.list_quotas(session, conference.id)
    standing = Counter((str(row.unit), row.group) for row in seen.listed) + Counter(seen.hidden)
    places = [
        OpenSeats(max(0, quota.seats - quota.distributed - standing[place]), *place, blocs.get(place, ""))
        for quota in held
        for place in [(str(quota.unit), quota.group)]
    ]
    seats, shared = 0, {quota.group for quota in held}
    for row in await seat_groups(session, conference.id):
        size = row.seats if row.seats is not None else row.maximum or 0
        seats += size
        if row.group not in shared:
            places.append(OpenSeats(max(0, size - seen.count_in_group(row.group)), "", row.group))
    return seats, places


def _count_hidden_rows(
    numbers: Counter[tuple[UUID, str]], listed: Sequence[Nomination]
) -> dict[tuple[str, str], int]:
    """How many rows there are beside those that are seen."""
    numbers.subtract((row.unit, row.group) for row in listed)
    return {(str(unit), group): n for (unit, group), n in sorted(numbers.items()) if n > 0}


async def _load_unit_targets(
    session: AsyncSession, conference: Conference, terms: ConferenceTerms, unit: UUID
) -> list[CompositionTarget]:
    parts = {row.target: row for row in await allocations.list_unit_targets(session, conference.id, unit)}
    return [
        CompositionTarget(
            target.id,
            build_criterion(target),
            at_least=parts[target.id].seats if target.bound == "at_least" else None,
            at_most=parts[target.id].seats if target.bound == "at_most" else None,
            hard=target.hard,
            priority=target.priority,
            scope=build_scope(target),
            clause=target.clause,
        )
        for target in terms.targets
        if target.id in parts
    ]


async def _load_records(
    work: Work,
    seen: VisibleList,
    targets: Sequence[CompositionTarget],
    blocs: Mapping[RecordPlace, str] | None = None,
) -> list[PersonRecord]:
    """Everybody on the list, with what whoever asks may read of them; a row that they do not see is blank.

    Boxes stay closed where no target counts what is in them.
    """
    values = await load_open_values(work.session, seen.persons)
    sealed = (
        await work.vault.open_attributes(work.session, seen.opened)
        if _list_sealed_attributes(targets)
        else {}
    )
    asked = frozenset(target.criterion.attribute for target in targets)
    within = blocs or {}

    def record(person: UUID, unit: str, group: str, honours: Mapping[str, AttributeValue]) -> PersonRecord:
        told = {**values[person], **sealed.get(person, {}), **honours}
        hidden = frozenset() if person in seen.opened else frozenset(filter(is_sealed, asked))
        return PersonRecord(str(person), unit, group, told, within.get((unit, group), ""), hidden)

    shown = [record(row.person, str(row.unit), row.group, build_honour_values(row)) for row in seen.listed]
    shown += [record(row.person, "", row.group, {}) for row in seen.invited]
    blank = [
        PersonRecord(f"{unit}/{group}/{n}", unit, group, {}, within.get((unit, group), ""), asked)
        for (unit, group), count in seen.hidden.items()
        for n in range(count)
    ]
    return [*shown, *blank]


async def load_open_values(
    session: AsyncSession, persons: Collection[UUID]
) -> Mapping[UUID, Mapping[str, AttributeValue]]:
    """What is stated of people in the open."""
    stated = await people.map_attributes_by_person(session, persons)
    births = await people.map_births_by_person(session, persons)
    return {person: {**stated.get(person, {}), "birth": birth} for person, birth in births.items()}


async def load_all_values(
    work: Work,
    conference: Conference,
    persons: Collection[UUID],
    targets: Sequence[CompositionTarget],
) -> Mapping[UUID, Mapping[str, AttributeValue]]:
    """What is stated of people, sealed or not, for whoever may read it of all of them; it is recorded.

    Boxes stay closed where no target counts what is in them.
    """
    values = await load_open_values(work.session, persons)
    if not _list_sealed_attributes(targets) or not persons:
        return values
    sealed = await work.vault.open_attributes(work.session, persons)
    await _record_sealed_count(work, conference, targets, len(persons))
    return {person: {**told, **sealed.get(person, {})} for person, told in values.items()}


def _list_sealed_attributes(targets: Sequence[CompositionTarget]) -> list[str]:
    """The sealed attributes that targets count."""
    return sorted(filter(is_sealed, {target.criterion.attribute for target in targets}))


async def _record_sealed_count(
    work: Work,
    conference: Conference,
    targets: Sequence[CompositionTarget],
    persons: int,
    unit: UUID | None = None,
) -> None:
    """Leave an event where sealed attributes were counted: of whose list, which, and of how many people."""
    counted = _list_sealed_attributes(targets)
    if not counted or not persons:
        return
    said: dict[str, Plain] = {
        "attributes": counted,
        "persons": persons,
        "unit": None if unit is None else str(unit),
    }
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "sealed_counted", "conference", conference.id, said, plan=plan)


def build_honour_values(row: Nomination) -> dict[str, AttributeValue]:
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


def _check_ranks(listed: Sequence[Nomination]) -> list[Finding]:
    places = [(row.group, row.rank) for row in listed if row.rank is not None]
    return [
        Finding("rank_given_twice", {"group": group, "rank": rank}, severity=Severity.WARNING)
        for group, rank in sorted({place for place in places if places.count(place) > 1})
    ]


def _merge_repeated_persons(records: Sequence[PersonRecord]) -> tuple[list[Finding], list[PersonRecord]]:
    """A person is one delegate, however many units or offices name them: the first record counts."""
    once: dict[str, PersonRecord] = {}
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


async def _check_similar_persons(session: AsyncSession, persons: Collection[UUID]) -> list[Finding]:
    """Persons of the same name and year of birth who were entered apart: perhaps one and the same."""
    rows = (await session.exec(select(Person).where(is_among(col(Person.id), persons)))).all()
    alike: dict[tuple[str, int | None], list[str]] = {}
    for row in rows:
        alike.setdefault((row.sort_key, row.birth_year), []).append(str(row.id))
    return [
        Finding("perhaps_the_same_person", {"persons": sorted(ids)}, severity=Severity.WARNING)
        for ids in alike.values()
        if len(ids) > 1
    ]
