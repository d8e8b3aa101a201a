"""Exemplars: who was honoured at a conference, recorded there and recognised in later lists."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import exemplars, reach
from db.cases import RowLock
from db.columns import now
from db.exemplars import Exemplar
from db.invitations import Invitation
from db.nominations import Nomination
from domain.access import build_forbidden
from domain.acts import Act
from domain.conferences.life import expect_active, expect_not_closed
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.nominations import Honour, HonourHolder, HonourKind, expect_one_holder, merge_honours
from domain.plans import SeatGroup
from service import people
from service.access import expect_role_at, expect_unit_visible
from service.audit import record_change, record_event
from service.conferences.case import build_case
from service.people import PersonEntry
from service.sealed_attributes import seal_note
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ExemplarEntry:
    """A person or a collective of a unit, and what it is honoured by.

    The person is known (``person``) or new (``stated``); a collective is given by its name.
    """

    unit: UUID
    name: str
    kind: HonourKind
    year: int
    notice: str
    purpose: str
    authority: str | None = None
    person: UUID | None = None
    stated: PersonEntry | None = None
    collective: str | None = None


async def record_exemplar(work: Work, case: Case, entry: ExemplarEntry) -> Exemplar:
    """Record who is honoured at a conference; it counts in later lists once the conference has met.

    The conference is locked by the caller. Raises ``Forbidden`` for others than its own council, ``Invalid``
    for a unit that is not its own or below.
    """
    await expect_role_at(work, case.congress, case.conference.unit)
    expect_active(case.conference.state)
    expect_not_closed(case.conference.state)
    expect_one_holder(entry.person, entry.stated, entry.collective)
    if entry.year > work.today.year:
        raise Invalid("year_in_future", errors=[Finding("year_in_future", pointer="/year")])
    await _expect_unit_of_conference(work, case, entry.unit)
    exemplar = Exemplar(
        conference=case.conference.id,
        unit=entry.unit,
        person=await _get_or_enter_person(work, entry),
        collective=None
        if entry.collective is None
        else await people.get_or_enter_collective(work, entry.unit, entry.collective),
        name=entry.name,
        kind=entry.kind,
        year=entry.year,
        authority=entry.authority,
        notice=entry.notice,
        purpose=entry.purpose,
    )
    work.session.add(exemplar)
    await work.session.flush()
    await record_event(
        work, Act.EXEMPLAR_RECORDED, "exemplar", exemplar.id, _describe(exemplar), plan=case.chain
    )
    return exemplar


async def load_exemplar(work: Work, exemplar: UUID, *, lock: RowLock = RowLock.NONE) -> tuple[Case, Exemplar]:
    """One exemplar within the actor's reach, and the case of the conference, which is locked as asked.

    With a lock, to act on it: raises ``Forbidden`` for an actor who may not act for the conference's unit.
    """
    found = await exemplars.find_exemplar_case(work.session, work.actor, exemplar, lock=lock)
    if found is None:
        raise NotFound("exemplar_not_found")
    case = build_case(work, found[1])
    if lock is not RowLock.NONE and not case.may_act:
        raise build_forbidden(work.actor.access)
    if lock is not RowLock.NONE:
        return case, await exemplars.lock_exemplar(work.session, exemplar)
    return case, found[0]


async def remove_exemplar(work: Work, case: Case, exemplar: Exemplar, reason: str) -> Exemplar:
    """Take back what was recorded by mistake, until the conference is closed; then it counts nowhere."""
    expect_not_closed(case.conference.state)
    if exemplar.removed_at is not None:
        raise Conflict("exemplar_removed")
    changes = _describe(exemplar)
    if exemplar.person is not None:
        changes["reason_sealed"] = await seal_note(work, exemplar.person, reason)
    else:
        changes["reason"] = reason
    exemplar.removed_at = now()
    await record_change(work, exemplar, Act.EXEMPLAR_REMOVED, changes, chain=case.chain)
    return exemplar


async def map_honours(
    work: Work, rows: Sequence[Nomination | Invitation]
) -> Mapping[UUID, tuple[Honour, ...]]:
    """Nomination or invitation → its honours, with those that its person or collective was given at
    conferences, as far as the actor sees them."""
    given = await _list_given(work, rows)
    return {
        row.id: merge_honours(row.honours, [honour for holder, honour in given if holder in _holders(row)])
        for row in rows
    }


async def list_recorded_honours(work: Work, row: Nomination) -> list[Honour]:
    """What the person or the collective of a nomination was given at conferences."""
    return [honour for holder, honour in await _list_given(work, [row]) if holder in _holders(row)]


def asks_for_honours(groups: Iterable[SeatGroup], attributes: Collection[str] = ()) -> bool:
    """Whether the eligibility of seat groups, or a target that counts one of the attributes, is about
    honours."""
    counted = {attribute.removesuffix(":holder") for attribute in attributes}
    return bool(counted & set(HonourKind)) or any(
        each.is_about_honours for group in groups for each in group.eligibility
    )


async def _list_given(work: Work, rows: Sequence[Nomination | Invitation]) -> list[tuple[UUID, Honour]]:
    """(person or collective, honour) of what was given at conferences that have met."""
    persons = {row.person for row in rows}
    collectives = {row.collective for row in rows if row.collective is not None}
    found = await exemplars.list_given_honours(work.session, work.actor, persons, collectives)
    return [(holder, _read_honour(row, tier)) for row, tier in found for holder in _holders(row)]


def _holders(row: Nomination | Invitation | Exemplar) -> set[UUID]:
    return {each for each in (row.person, row.collective) if each is not None}


def _read_honour(row: Exemplar, tier: str) -> Honour:
    holder = HonourHolder.COLLECTIVE if row.person is None else HonourHolder.PERSON
    return Honour(row.name, row.year, HonourKind(row.kind), holder, row.authority, tier)


async def _get_or_enter_person(work: Work, entry: ExemplarEntry) -> UUID | None:
    if entry.stated is not None:
        return (await people.enter_person(work, entry.stated)).id
    if entry.person is not None:
        return (await people.get_named_person(work, entry.person)).id
    return None


async def _expect_unit_of_conference(work: Work, case: Case, unit: UUID) -> None:
    """Raise ``Invalid`` unless the unit is that of the conference, or below it on the conference's day."""
    await expect_unit_visible(work, unit)
    conference = case.conference
    above, day, chain = conference.unit, conference.as_of, conference.congress
    if unit != above and not await reach.is_unit_above(work.session, above, unit, day, chain):
        raise Invalid("unit_not_below_conference", errors=[Finding("unit_not_below_conference", {}, "/unit")])


def _describe(exemplar: Exemplar) -> dict[str, Plain]:
    return {
        "unit": str(exemplar.unit),
        "person": None if exemplar.person is None else str(exemplar.person),
        "collective": None if exemplar.collective is None else str(exemplar.collective),
    }
