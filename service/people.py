"""People: who they are in the open, and what is sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from db import people
from db.columns import is_among
from db.people import Person, PersonAttribute
from db.session import AsyncSession, allow_unsealing
from domain.findings import Conflict, Finding, Invalid, NotFound
from domain.names import compute_person_sort_key
from domain.people import CHILD_AGE_LIMIT, may_be_child
from service.audit import record_event
from service.clock import today
from service.vaults import is_sealed
from service.work import Work

GUARDIAN_ATTRIBUTES = {"guardian", "guardian_consent"}
"""Who answers for a child, and the document of their consent."""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """What is stated of a person. A year of birth alone is enough; an attribute left out is not stated.

    Where it changes what was stated before (:func:`amend`), what is left out stays, and ``erased`` names what
    shall no longer be stated.
    """

    name: str
    birth_year: int | None = None
    born_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is stated of a person: what is open, and of what is sealed only that it is stated.

    ``sealed`` is ``None`` for who may not read it: that somebody stated a religion is nearly the religion.
    """

    born_on: date | None
    attributes: Mapping[str, str]
    sealed: tuple[str, ...] | None


async def enter_person(work: Work, stated: PersonEntry) -> Person:
    """A person, with what is sensitive sealed apart."""
    person = Person(
        name=stated.name,
        sort_key=compute_person_sort_key(stated.name),
        birth_year=_compute_birth_year(stated),
        born_on=stated.born_on,
    )
    work.session.add(person)
    await work.session.flush()
    _expect_guardian(person, stated.attributes)
    await _store_attributes(work, person, stated.attributes)
    await record_event(work, "person_entered", "person", person.id)
    return person


async def correct_person(work: Work, person: Person, stated: PersonEntry) -> Person:
    """Replace everything that is stated of a person."""
    if person.erased_at is not None:
        raise Conflict("person_erased")
    person.name, person.sort_key = stated.name, compute_person_sort_key(stated.name)
    person.birth_year, person.born_on = _compute_birth_year(stated), stated.born_on
    person.version += 1
    work.session.add(person)
    _expect_guardian(person, stated.attributes)
    await work.session.exec(delete(PersonAttribute).where(col(PersonAttribute.person) == person.id))
    await _store_attributes(work, person, stated.attributes)
    await record_event(work, "person_corrected", "person", person.id)
    return person


async def amend_person(work: Work, person: Person, stated: PersonEntry) -> Person:
    """Change what is stated of a person, who must be locked: what is left out stays, the erased goes."""
    async with allow_unsealing(work.session):
        sealed = (await work.vault.open_attributes(work.session, [person.id])).get(person.id, {})
    stays = (await people.map_attributes_by_person(work.session, [person.id])).get(person.id, {})
    held = {**stays, **sealed, **stated.attributes}
    day = stated.born_on or (None if "born_on" in stated.erased else person.born_on)
    year = stated.birth_year
    if day is None and year is None and "birth_year" not in stated.erased:
        year = person.birth_year
    attributes = {name: value for name, value in held.items() if name not in stated.erased}
    return await correct_person(work, person, PersonEntry(stated.name, year, day, attributes))


async def get_person(work: Work, person_id: UUID, *, lock: bool = False) -> Person:
    """One person within the actor's reach; ``lock`` keeps what is stated, and who may name the person."""
    person = await people.find_person(work.session, work.actor, person_id, lock=lock)
    if person is None:
        raise NotFound("person_not_found")
    return person


async def get_unerased_person(work: Work, person_id: UUID) -> Person:
    """Somebody within the actor's reach who may be named; who was erased is nobody any more."""
    person = await get_person(work, person_id)
    if person.erased_at is not None:
        raise NotFound("person_not_found")
    return person


async def describe_person(work: Work, person: Person, *, opened: bool) -> PersonDetails:
    """What is stated of a person. Where it may be ``opened``, the box is, to tell what is in it: the caller
    records that."""
    attributes = (await people.map_attributes_by_person(work.session, [person.id])).get(person.id, {})
    if not opened:
        return PersonDetails(person.born_on, attributes, None)
    sealed = (await work.vault.open_attributes(work.session, [person.id])).get(person.id, {})
    return PersonDetails(person.born_on, attributes, tuple(sorted(sealed)))


async def get_or_enter_collective(work: Work, unit: UUID, name: str) -> UUID:
    """The collective of that name in a unit, made on first mention."""
    known_already = await people.find_collective(work.session, unit, name)
    if known_already is not None:
        return known_already
    entered = await people.insert_collective(work.session, unit, name)
    if entered is None:  # a rival was first, and is done
        return await get_or_enter_collective(work, unit, name)
    await record_event(work, "collective_entered", "collective", entered, {"unit": str(unit)})
    return entered


async def _store_attributes(work: Work, person: Person, stated: Mapping[str, str]) -> None:
    rows = [
        PersonAttribute(person=person.id, attribute=attribute, value=value)
        for attribute, value in stated.items()
        if not is_sealed(attribute)
    ]
    work.session.add_all(rows)
    await work.session.flush()
    sensitive = {attribute: value for attribute, value in stated.items() if is_sealed(attribute)}
    await work.vault.seal_attributes(work.session, person.id, sensitive)


def _expect_guardian(person: Person, attributes: Mapping[str, str]) -> None:
    """Raise ``Invalid`` for somebody who may be a child today, and for whom nobody answers."""
    if (
        may_be_child(person.born_on or person.birth_year, today())
        and not attributes.keys() >= GUARDIAN_ATTRIBUTES
    ):
        errors = [Finding("guardian_missing", {"age": CHILD_AGE_LIMIT}, "/person/guardian")]
        raise Invalid("guardian_missing", {"age": CHILD_AGE_LIMIT}, errors=errors)


def _compute_birth_year(stated: PersonEntry) -> int | None:
    if stated.born_on is None:
        return stated.birth_year
    if stated.birth_year not in (None, stated.born_on.year):
        raise Invalid(
            "birth_year_disagrees", errors=[Finding("birth_year_disagrees", {}, "/person/birth_year")]
        )
    return stated.born_on.year


async def map_persons_by_id(session: AsyncSession, persons: Collection[UUID]) -> Mapping[UUID, Person]:
    """People by their ids."""
    rows = await session.exec(select(Person).where(is_among(col(Person.id), persons)))
    return {row.id: row for row in rows}
