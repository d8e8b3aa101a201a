"""The live check of the list of a unit, or of the whole conference, against its targets.

Each reader gets the state of the list as far as they may read it (docs/decisions/0011).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import allocations, invitations, list_checks, nominations, people, quotas, selections, units
from db.audit import AuditEvent
from db.invitations import Invitation
from db.list_checks import UnitPlaces
from db.nominations import Nomination
from db.people import Person
from db.session import allow_counting
from domain.access import Access
from domain.acts import Act
from domain.composition.check import TargetState, check_list, revise_records
from domain.composition.criteria import AttributeValue, PersonRecord
from domain.composition.plan_targets import build_target
from domain.composition.targets import CompositionTarget, check_ranges
from domain.findings import Finding, Invalid, NotFound, Plain
from domain.honours import list_beginnings
from domain.nominations import (
    Honour,
    HonourHolder,
    HonourKind,
    NominationState,
    check_ranks,
    choose_counted_states,
)
from domain.people import PersonIdentity, check_similar_persons, is_sealed, merge_repeated_persons
from service.access import expect_in_subtree, is_in_subtree
from service.audit import build_event, record_events
from service.exemplars import asks_for_honours, map_honours
from service.list_places import (
    RecordPlace,
    build_unit_seats,
    build_unit_targets,
    check_unlisted_guests,
    load_conference_seats,
)
from service.people import PersonEntry
from service.sealed_attributes import open_attributes
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ListState:
    """A list and its targets: how many people it has, how many seats are open, and the findings."""

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
    """A list as far as the actor sees it.

    ``attributes`` are the open ones, ``readable`` the persons whose sealed attributes the actor may read as
    well. Of other rows there is only their number, by unit and group. An answer uses nothing else.
    """

    listed: Sequence[Nomination]
    invited: Sequence[Invitation]
    persons: Mapping[UUID, Person]
    attributes: Mapping[UUID, Mapping[str, str]]
    readable: frozenset[UUID]
    hidden: Mapping[RecordPlace, int]

    def build_values(self, person: UUID) -> dict[str, AttributeValue]:
        """The open attributes of a person."""
        return build_open_values(self.persons[person], self.attributes.get(person, {}))

    def count_by_place(self) -> Counter[RecordPlace]:
        """How many are listed, visible or not."""
        places = [(str(row.unit), row.group) for row in self.listed]
        places += [("", row.group) for row in self.invited]
        return Counter(places) + Counter(self.hidden)


@dataclass(frozen=True, slots=True)
class UnitCheck:
    """A unit's list after a check: its state, the visible persons on it, and the events to be recorded where
    the check counted sealed attributes."""

    state: ListState
    persons: Mapping[UUID, Person]
    events: Sequence[AuditEvent]


async def check_unit_list(
    work: Work, case: Case, unit: UUID, change: ListChange | None = None, *, places: UnitPlaces | None = None
) -> ListState:
    """How far a unit's list meets, or would meet after a ``change``, its part of each split target.

    Drafts count for the unit itself only; rows that the actor may not see count as numbers. Raises
    ``NotFound`` for a unit that is out of the actor's reach, ``Invalid`` for a change that takes off a
    nomination that the actor does not see. ``places``: of the unit, if read already.
    """
    check = await load_unit_check(work, case, unit, change, places=places)
    await record_events(work, *check.events)
    return check.state


async def load_unit_check(
    work: Work, case: Case, unit: UUID, change: ListChange | None = None, *, places: UnitPlaces | None = None
) -> UnitCheck:
    """The check of a unit's list for an act that records its events; ``places``, if read already."""
    if places is None:
        places = await load_unit_places(work, case, unit)
    targets = build_unit_targets(case.terms, places, unit)
    visible = await _load_unit_list(work, case, unit, places, _list_sealed_attributes(targets))
    records, unread = await _load_records(work, visible, targets)
    if change is not None:
        records = _apply_change(visible, records, str(unit), change)
    seats = build_unit_seats(unit, places.quotas, Counter(record.group for record in records))
    states = check_list(records, targets, seats.list_open(), sizes=seats.count_in_scope(targets))
    found = [*(state.finding for state in states), *unread]
    found += check_ranks((row.group, row.rank) for row in visible.listed)
    state = ListState(len(records), seats.total, states, found)
    events = _build_sealed_count(work, case.conference.id, case.chain, targets, len(visible.readable), unit)
    return UnitCheck(state, visible.persons, events)


async def load_unit_places(work: Work, case: Case, unit: UUID) -> UnitPlaces:
    """The unit's quotas and targets; raises ``NotFound`` for a unit that is out of the actor's reach."""
    conference = case.conference.id
    if not (
        work.actor.is_own_unit(case.congress, unit)
        or await is_in_subtree(work, case.congress, unit)
        or await quotas.list_quotas(work.session, conference, unit, actor=work.actor)
    ):
        raise NotFound("unit_not_found")
    places = await list_checks.load_unit_places(work.session, conference, unit)
    if work.actor.owns_all_units and not places.quotas and not await units.has_unit(work.session, unit):
        raise NotFound("unit_not_found")
    return places


def _apply_change(
    visible: VisibleList, records: Sequence[PersonRecord], unit: str, change: ListChange
) -> list[PersonRecord]:
    """The records after a change of the list."""
    person = {row.id: str(row.person) for row in visible.listed}
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
    work: Work, case: Case, unit: UUID, places: UnitPlaces, sealed: Sequence[str]
) -> VisibleList:
    conference = case.conference.id
    acts_for_unit = work.actor.access is Access.NOMINATIONS_WRITE
    own = acts_for_unit or work.actor.is_own_unit(case.congress, unit)
    states = choose_counted_states(own=own, has_list=places.has_list)
    rows = await list_checks.list_unit_people(work.session, work.actor, conference, unit, states)
    listed = [row.nomination for row in rows]
    readable: frozenset[UUID] = frozenset()
    if sealed and work.actor.personal_reader.is_own_unit(case.congress, unit):
        readable = frozenset(row.person for row in listed)
    elif sealed and work.actor.personal_reader.grants:
        readable = await nominations.list_readable_nominees(work.session, work.actor, conference, unit)
    hidden: Mapping[RecordPlace, int] = {}
    if not work.actor.is_own_unit(case.congress, unit):
        async with allow_counting(work.session):
            numbers = await nominations.count_live_nominations(work.session, conference, unit, states=states)
        hidden = _count_hidden_rows(numbers, listed)
    persons = {row.person.id: row.person for row in rows}
    attributes = {row.person.id: row.attributes for row in rows}
    return VisibleList(listed, (), persons, attributes, readable, hidden)


async def check_conference_list(work: Work, case: Case) -> ListState:
    """How far the whole conference meets its targets, and who is repeated; invited people included.

    Only readers to whom the names were sent get the names; others get only the numbers.
    """
    conference = case.conference
    await expect_in_subtree(work, conference.congress, conference.unit)
    codes = {code for target in case.terms.targets for code in target.units}
    ids = await units.map_units_by_code(work.session, codes, day=conference.as_of) if codes else {}
    has_list = await selections.has_adopted_list(work.session, conference.id)
    targets = [
        build_target(target, ids)
        for target in case.terms.targets
        if not (has_list and target.share_of == "nominees")  # these bind only until somebody is chosen
    ]
    states = choose_counted_states(own=False, has_list=has_list)
    visible = await _load_conference_list(work, case, states, _list_sealed_attributes(targets))
    by_place = await allocations.map_blocs_by_place(work.session, conference.id)
    blocs = {(str(unit), group): bloc for (unit, group), bloc in by_place.items()}
    seats = await load_conference_seats(work.session, conference.id, visible.count_by_place(), blocs)
    records, unread = await _load_records(work, visible, targets, blocs)
    repeated, records = merge_repeated_persons(records)
    sizes = seats.count_in_scope(targets)
    found_states = check_list(records, targets, seats.list_open(), sizes=sizes)
    found = [*(state.finding for state in found_states), *unread, *check_ranges(targets, sizes)]
    found += check_unlisted_guests(seats, targets, case.tier)
    if work.actor.has_role_at(conference.congress, conference.unit):
        nominees = {row.person: visible.persons[row.person] for row in visible.listed}
        found += repeated + check_similar_persons(
            PersonIdentity(str(person), row.sort_key, row.birth_year) for person, row in nominees.items()
        )
    counted = len(visible.readable)
    await record_events(work, *_build_sealed_count(work, conference.id, case.chain, targets, counted))
    return ListState(len(records), seats.total, found_states, found)


async def _load_conference_list(
    work: Work, case: Case, states: Collection[NominationState], sealed: Sequence[str]
) -> VisibleList:
    session, conference = work.session, case.conference.id
    listed = await nominations.list_live_nominations(session, work.actor, conference, states=states)
    invited = await invitations.list_invitations(session, work.actor, conference)
    readable: frozenset[UUID] = frozenset()
    if sealed and work.actor.personal_reader.grants:
        readable = await nominations.list_readable_nominees(session, work.actor, conference)
        readable |= await invitations.list_readable_invitees(session, work.actor, conference)
    async with allow_counting(session):
        numbers = await nominations.count_live_nominations(session, conference, states=states)
        lines = await invitations.count_invitations(session, conference)
    hidden = _count_hidden_rows(numbers, listed)
    lines.subtract(row.group for row in invited)
    hidden |= {("", group): n for group, n in lines.items() if n > 0}
    named = {row.person for row in listed} | {row.person for row in invited}
    persons = await people.map_persons_by_id(session, named)
    attributes = await people.map_attributes_by_person(session, named)
    return VisibleList(listed, invited, persons, attributes, readable, hidden)


def _count_hidden_rows(
    numbers: Counter[tuple[UUID, str]], listed: Sequence[Nomination]
) -> dict[RecordPlace, int]:
    """The number of rows that are not visible."""
    numbers.subtract((row.unit, row.group) for row in listed)
    return {(str(unit), group): n for (unit, group), n in sorted(numbers.items()) if n > 0}


async def _load_records(
    work: Work,
    visible: VisibleList,
    targets: Sequence[CompositionTarget],
    blocs: Mapping[RecordPlace, str] | None = None,
) -> tuple[list[PersonRecord], list[Finding]]:
    """Everybody on the list, as far as the actor may read, and the finding about boxes that do not open.

    A row that they do not see is blank. Sealed attributes are opened only where a target counts them.
    """
    counts_sealed = bool(_list_sealed_attributes(targets)) and bool(visible.readable)
    opened = await open_attributes(work, visible.readable if counts_sealed else ())
    asked = frozenset(target.criterion.attribute for target in targets)
    within = blocs or {}
    rows: list[Nomination | Invitation] = [*visible.listed, *visible.invited]
    given = await map_honours(work, rows) if asks_for_honours((), asked) else {}

    def record(person: UUID, unit: str, group: str, honours: Mapping[str, AttributeValue]) -> PersonRecord:
        values = {**visible.build_values(person), **opened.get_values(person), **honours}
        hidden = frozenset() if person in visible.readable else frozenset(filter(is_sealed, asked))
        return PersonRecord(str(person), unit, group, values, within.get((unit, group), ""), hidden)

    records = [
        record(row.person, str(row.unit), row.group, build_honour_values(given.get(row.id, row.honours)))
        for row in visible.listed
    ]
    records += [
        record(row.person, "", row.group, build_honour_values(given.get(row.id, row.honours)))
        for row in visible.invited
    ]
    blank = [
        PersonRecord(f"{unit}/{group}/{n}", unit, group, {}, within.get((unit, group), ""), asked)
        for (unit, group), count in visible.hidden.items()
        for n in range(count)
    ]
    return [*records, *blank], opened.list_findings()


def build_open_values(person: Person, attributes: Mapping[str, str]) -> dict[str, AttributeValue]:
    """The open attributes of a person, with the day or the year of birth."""
    return {**attributes, "birth": person.born_on or person.birth_year}


async def load_all_values(
    work: Work, case: Case, persons: Collection[UUID], targets: Sequence[CompositionTarget]
) -> tuple[Mapping[UUID, Mapping[str, AttributeValue]], list[Finding]]:
    """The attributes of people, sealed or not, for an actor who may read all of them; this is recorded.

    The findings are about boxes that do not open. Sealed attributes are opened only where a target counts
    them.
    """
    rows = await people.map_persons_by_id(work.session, persons)
    attributes = await people.map_attributes_by_person(work.session, persons)
    values = {one: build_open_values(row, attributes.get(one, {})) for one, row in rows.items()}
    if not _list_sealed_attributes(targets) or not persons:
        return values, []
    opened = await open_attributes(work, persons)
    await record_events(
        work, *_build_sealed_count(work, case.conference.id, case.chain, targets, len(persons))
    )
    found = {one: {**open_values, **opened.get_values(one)} for one, open_values in values.items()}
    return found, opened.list_findings()


def _list_sealed_attributes(targets: Sequence[CompositionTarget]) -> list[str]:
    """The sealed attributes that targets count."""
    return sorted(filter(is_sealed, {target.criterion.attribute for target in targets}))


def _build_sealed_count(
    work: Work,
    conference: UUID,
    chain: UUID,
    targets: Sequence[CompositionTarget],
    persons: int,
    unit: UUID | None = None,
) -> list[AuditEvent]:
    """The event that sealed attributes were counted, if any: the list, the attributes, how many people."""
    counted = _list_sealed_attributes(targets)
    if not counted or not persons:
        return []
    changes: dict[str, Plain] = {
        "attributes": counted,
        "persons": persons,
        "unit": None if unit is None else str(unit),
    }
    return [build_event(work, Act.SEALED_COUNTED, "conference", conference, changes, plan=chain)]


def build_honour_values(honours: Sequence[Honour]) -> dict[str, AttributeValue]:
    """The titles and awards of a nominee, each also by the beginnings of its name that a plan may use."""

    def of(kind: HonourKind, holders: Collection[HonourHolder]) -> frozenset[str]:
        return list_beginnings(
            [each.name for each in honours if each.kind is kind and each.held_by in holders]
        )

    own, either = (HonourHolder.PERSON,), tuple(HonourHolder)
    return {
        "title": of(HonourKind.TITLE, own),
        "award": of(HonourKind.AWARD, own),
        "title:holder": of(HonourKind.TITLE, either),
        "award:holder": of(HonourKind.AWARD, either),
    }
