"""People: their open attributes, and the sealed ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from db import people
from db.audit import AuditEvent
from db.people import Person
from db.session import allow_unsealing
from domain.acts import Act
from domain.findings import Conflict, Finding, Invalid, NotFound
from domain.names import compute_person_sort_key, derive_given_likeness
from domain.people import (
    CHILD_AGE_LIMIT,
    PersonIdentity,
    check_possible_doubles,
    expect_same_person,
    is_sealed,
    may_be_child,
)
from service.audit import build_event, record_change, record_event, record_events
from service.sealed_attributes import (
    build_box,
    open_attributes,
    open_person_attributes,
    replace_sealed_attributes,
)
from service.work import Work

GUARDIAN_ATTRIBUTES = {"guardian", "guardian_consent"}
"""The guardian of a child, and the document of their consent."""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """The attributes of a person. A year of birth alone is enough; an attribute left out is not stated.

    In :func:`amend_person` an attribute left out remains, and ``erased`` names those to be removed.
    """

    name: str
    birth_year: int | None = None
    born_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person with the open attributes, and only the names of the sealed ones.

    ``sealed`` is ``None`` for a reader who may not read them: that a religion is stated reveals much of it.
    """

    born_on: date | None
    attributes: Mapping[str, str]
    sealed: tuple[str, ...] | None
    findings: Sequence[Finding] = ()


async def enter_person(work: Work, stated: PersonEntry) -> Person:
    """A new person, with the event of the entry."""
    person = await store_person(work, stated)
    await record_events(work, build_entry_event(work, person.id))
    return person


async def store_person(work: Work, stated: PersonEntry) -> Person:
    """A new person with sensitive attributes sealed; the caller records the entry with its own act."""
    birth_year = _compute_birth_year(stated)
    _expect_birth_and_guardian(work, stated, birth_year)
    person = Person(
        name=stated.name,
        sort_key=compute_person_sort_key(stated.name),
        birth_year=birth_year,
        born_on=stated.born_on,
    )
    in_open, sensitive = _split_attributes(stated.attributes)
    key, box = build_box(work.vault, person.id, sensitive)
    await people.insert_person(work.session, person, in_open, key, box)
    return person


def build_entry_event(work: Work, person: UUID) -> AuditEvent:
    """The event that a person was entered."""
    return build_event(work, Act.PERSON_ENTERED, "person", person)


async def correct_person(work: Work, person: Person, stated: PersonEntry) -> Person:
    """Replace all attributes of a person."""
    if person.erased_at is not None:
        raise Conflict("person_erased")
    _expect_birth_and_guardian(work, stated, _compute_birth_year(stated))
    return await _store_correction(work, person, stated)


async def _store_correction(work: Work, person: Person, stated: PersonEntry) -> Person:
    birth_year = _compute_birth_year(stated)
    in_open, sensitive = _split_attributes(stated.attributes)
    await people.replace_attributes(work.session, person.id, in_open)
    await replace_sealed_attributes(work, person.id, sensitive)
    person.name, person.sort_key = stated.name, compute_person_sort_key(stated.name)
    person.birth_year, person.born_on = birth_year, stated.born_on
    await record_change(work, person, Act.PERSON_CORRECTED)
    return person


async def amend_person(
    work: Work, person: Person, stated: PersonEntry, *, may_open: bool, was_shown: bool
) -> Person:
    """Change attributes of a person, who must be locked: those left out remain, the erased are removed.

    ``may_open`` is whether the actor may read what is sealed of the person. For all others the guardian is
    checked by what they state themselves, so that no refusal tells whether one is stored. ``was_shown`` is
    whether others have seen the person, and may have named them since: they stay the same person then.
    """
    if person.erased_at is not None:
        raise Conflict("person_erased")
    present = await _fill_entry(work, person, stated)
    if was_shown:
        after = PersonIdentity(
            str(person.id), compute_person_sort_key(present.name), _compute_birth_year(present)
        )
        _note_first_identity(person)
        shown = PersonIdentity(str(person.id), person.shown_key or "", person.shown_year)
        expect_same_person(shown, after)
    if may_open:
        _expect_birth_and_guardian(work, present, _compute_birth_year(present))
    else:
        _expect_guardian_unseen(work, person, stated)
    return await _store_correction(work, person, present)


def _note_first_identity(person: Person) -> None:
    """Note who others saw, before the first correction after they did: until then nothing has changed."""
    if person.shown_key is None:
        person.shown_key, person.shown_year = person.sort_key, person.birth_year


async def _fill_entry(work: Work, person: Person, stated: PersonEntry) -> PersonEntry:
    """What is stated of a person after a change: also what is stored and was left out."""
    async with allow_unsealing(work.session):
        sealed = await open_person_attributes(work, person.id)
    in_open = (await people.map_attributes_by_person(work.session, [person.id])).get(person.id, {})
    present = {**in_open, **sealed, **stated.attributes}
    day = stated.born_on or (None if "born_on" in stated.erased else person.born_on)
    year = stated.birth_year
    if day is None and year is None and "birth_year" not in stated.erased:
        year = person.birth_year
    attributes = {name: value for name, value in present.items() if name not in stated.erased}
    return PersonEntry(stated.name, year, day, attributes)


async def get_person(work: Work, person_id: UUID, *, lock: bool = False) -> Person:
    """One person within the actor's reach; ``lock`` locks the person's row."""
    person = await people.find_person(work.session, work.actor, person_id, lock=lock)
    if person is None:
        raise NotFound("person_not_found")
    return person


async def get_named_person(work: Work, person_id: UUID | None) -> Person:
    """A person within the actor's reach whom a body names; ``Invalid`` for any other, or an erased one."""
    person = await people.share_person(work.session, work.actor, person_id or UUID(int=0))
    if person is None or person.erased_at is not None:
        raise Invalid("person_not_found", errors=[Finding("person_not_found", {}, "/person_id")])
    return person


async def describe_person(work: Work, person: Person, *, may_open: bool) -> PersonDetails:
    """A person with their attributes. With ``may_open`` the box is opened for the names of the sealed ones:
    the caller records that. There is a finding about a box that does not open."""
    attributes = (await people.map_attributes_by_person(work.session, [person.id])).get(person.id, {})
    if not may_open:
        return PersonDetails(person.born_on, attributes, None)
    opened = await open_attributes(work, [person.id])
    names = tuple(sorted(opened.get_values(person.id)))
    return PersonDetails(person.born_on, attributes, names, opened.list_findings())


async def check_similar_names(work: Work, conference: UUID, person: Person) -> list[Finding]:
    """Who is perhaps the same person, among those at a conference whom the actor sees."""
    given = derive_given_likeness(person.sort_key)
    others = await people.list_similar_people(work.session, work.actor, conference, given)
    return check_possible_doubles(_identify(person), [_identify(each) for each in others])


def _identify(person: Person) -> PersonIdentity:
    return PersonIdentity(str(person.id), person.sort_key, person.birth_year)


async def get_or_enter_collective(work: Work, unit: UUID, name: str) -> UUID:
    """The collective of that name in a unit, entered at its first use."""
    known_already = await people.find_collective(work.session, unit, name)
    if known_already is not None:
        return known_already
    entered = await people.insert_collective(work.session, unit, name)
    if entered is None:  # another transaction was first, and has committed
        return await get_or_enter_collective(work, unit, name)
    await record_event(work, Act.COLLECTIVE_ENTERED, "collective", entered, {"unit": str(unit)})
    return entered


def _split_attributes(stated: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(open attributes, sealed attributes)."""
    in_open = {name: value for name, value in stated.items() if not is_sealed(name)}
    return in_open, {name: value for name, value in stated.items() if is_sealed(name)}


def _expect_birth_and_guardian(work: Work, stated: PersonEntry, birth_year: int | None) -> None:
    """Raise ``Invalid`` for a birth in the future, and for who may be a child today and has no guardian."""
    if (birth_year or 0) > work.today.year or (stated.born_on or work.today) > work.today:
        where = "/person/birth_year" if stated.born_on is None else "/person/born_on"
        raise Invalid("birth_in_future", errors=[Finding("birth_in_future", {}, where)])
    may_be_minor = may_be_child(stated.born_on or birth_year, work.today)
    if may_be_minor and not stated.attributes.keys() >= GUARDIAN_ATTRIBUTES:
        errors = [Finding("guardian_missing", {"age": CHILD_AGE_LIMIT}, "/person/guardian")]
        raise Invalid("guardian_missing", {"age": CHILD_AGE_LIMIT}, errors=errors)


def _expect_guardian_unseen(work: Work, person: Person, stated: PersonEntry) -> None:
    """The guardian's rule for a change by somebody who may not know whether one is stored.

    Raises ``Invalid`` for removing a guardian, and for stating the birth of a child without one.
    """
    if stated.erased & GUARDIAN_ATTRIBUTES:
        raise Invalid("guardian_kept", errors=[Finding("guardian_kept", {}, "/person/guardian")])
    if stated.born_on is not None or stated.birth_year != person.birth_year:
        _expect_birth_and_guardian(work, stated, _compute_birth_year(stated))


def _compute_birth_year(stated: PersonEntry) -> int | None:
    if stated.born_on is None:
        return stated.birth_year
    if stated.birth_year not in (None, stated.born_on.year):
        raise Invalid(
            "birth_year_disagrees", errors=[Finding("birth_year_disagrees", {}, "/person/birth_year")]
        )
    return stated.born_on.year
