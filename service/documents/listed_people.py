"""Loading the whole list of a conference, for those who may see all of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import conferences, lists, people, quotas
from db.conferences import SeatGroupRow
from db.invitations import Invitation, list_invitations
from db.lists import ListedNomination
from db.nominations import Nomination
from db.people import Person
from domain.documents.content import DocumentKind
from domain.documents.delegate_lists import (
    DelegateList,
    ListedPerson,
    ListGroup,
    sort_alternates,
    sort_people,
)
from domain.nominations import Honour, HonourHolder
from service.access import expect_role_at
from service.documents.forms import DocumentForm
from service.documents.sealed_columns import SealedColumns, SealedWish, open_columns
from service.names import load_unit_names
from service.work import Case, Work

KIND = DocumentKind.DELEGATE_LIST


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the people on a list."""

    persons: Mapping[UUID, Person]
    attributes: Mapping[UUID, Mapping[str, str]]
    collectives: Mapping[UUID, tuple[UUID, str]]
    units: Mapping[UUID, tuple[str, str]]
    form: DocumentForm
    sealed: SealedColumns

    def describe_nominee(self, row: ListedNomination) -> ListedPerson:
        """The line of a delegate or an alternate of a unit."""
        nomination = row.nomination
        return self._describe(
            nomination,
            unit=self._name_unit(nomination.unit),
            position=self.attributes.get(nomination.person, {}).get("position"),
            achievements=nomination.achievements,
            decision=row.decision,
            alternate_no=row.alternate_no,
        )

    def describe_invitee(self, row: Invitation) -> ListedPerson:
        """The line of somebody on the organiser's own lists; the office is the position."""
        offices = "; ".join(row.offices) or self.attributes.get(row.person, {}).get("position")
        unit = None if row.collective is None else self._name_unit(self.collectives[row.collective][0])
        return self._describe(row, unit=unit, position=offices or row.basis)

    def _describe(self, row: Nomination | Invitation, **more: Any) -> ListedPerson:
        person = self.persons[row.person]
        collective = None if row.collective is None else self.collectives[row.collective][1]
        return ListedPerson(
            person.name,
            row.group,
            birth_year=person.birth_year,
            gender=self.attributes.get(row.person, {}).get("gender"),
            collective=collective,
            honours=tuple(self._write_honour(each) for each in row.honours),
            sealed=self.sealed.list_values(row.person),
            **more,
        )

    def _name_unit(self, unit: UUID) -> str | None:
        return self.units[unit][1] if unit in self.units else None

    def _write_honour(self, honour: Honour) -> str:
        line = "collective_award" if honour.held_by is HonourHolder.COLLECTIVE else "person_award"
        return self.form.write(KIND, line, name=honour.name, year=honour.year)


async def load_delegate_list(
    work: Work, case: Case, form: DocumentForm, wanted: SealedWish | None = None
) -> DelegateList:
    """Everybody who has a seat at a conference, group by group, and the alternates of its adopted list.

    With ``wanted`` also sealed attributes of all of them, which is recorded before they are opened. Raises
    ``Forbidden`` for an actor without a role at the conference's own unit: nobody else sees all of it.
    """
    conference = case.conference
    await expect_role_at(work, case.congress, conference.unit)
    seated = await lists.list_seated_nominations(work.session, work.actor, conference.id)
    alternates = await lists.list_alternates(work.session, work.actor, conference.id)
    invited = await list_invitations(work.session, work.actor, conference.id)
    rows = [row.nomination for row in (*seated, *alternates)]
    sealed = await open_columns(work, case, [*rows, *invited], wanted)
    facts = await _load_facts(work, case, [*rows, *invited], form, sealed)
    people_by_group: dict[str, list[ListedPerson]] = {}
    for seat in seated:
        people_by_group.setdefault(seat.nomination.group, []).append(facts.describe_nominee(seat))
    for line in invited:
        people_by_group.setdefault(line.group, []).append(facts.describe_invitee(line))
    taken = await _count_taken_seats(work, case)
    rows_of_groups = await conferences.list_seat_groups(work.session, conference.id)
    groups = tuple(
        _build_group(group, people_by_group.get(group.group, []), taken) for group in rows_of_groups
    )
    return DelegateList(groups, sort_alternates(map(facts.describe_nominee, alternates), groups))


async def _load_facts(
    work: Work,
    case: Case,
    rows: Sequence[Nomination | Invitation],
    form: DocumentForm,
    sealed: SealedColumns,
) -> _Facts:
    """What is known of the people of these rows."""
    persons = {row.person for row in rows}
    collectives = await people.map_collectives(
        work.session, {row.collective for row in rows if row.collective is not None}
    )
    units = {row.unit for row in rows if isinstance(row, Nomination)}
    units |= {unit for unit, _ in collectives.values()}
    return _Facts(
        await people.map_persons_by_id(work.session, persons),
        await people.map_attributes_by_person(work.session, persons),
        collectives,
        await load_unit_names(work, units, case.conference.as_of),
        form,
        sealed,
    )


async def _count_taken_seats(work: Work, case: Case) -> Counter[str]:
    """Group → how many seats of units are taken, by the counters of their quotas."""
    taken: Counter[str] = Counter()
    for quota in await quotas.list_quotas(work.session, case.conference.id):
        taken[quota.group] += quota.taken
    return taken


def _build_group(group: SeatGroupRow, listed: Sequence[ListedPerson], taken: Counter[str]) -> ListGroup:
    registered = taken[group.group] if group.filled_by == "units" else group.listed
    return ListGroup(group.group, group.name, group.seats, registered, sort_people(listed))
