"""People: who they are in the open, and what is sealed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from db import people as rows
from db.people import Collective, Person, PersonAttribute
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Finding, Invalid, NotFound
from domain.names import person_sort_key
from service.audit import record
from service.sealing import SEALED, Vault

OPEN = ("direct_worker", "field", "gender", "new_exemplar", "position", "sector")
"""The attributes that are stored in the open; the sealed ones are ``service.sealing.SEALED``."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What is stated of a person. A year of birth alone is enough; an attribute left out is not stated."""

    name: str
    birth_year: int | None = None
    born_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


async def enter(session: AsyncSession, actor: Actor, vault: Vault, stated: Stated) -> Person:
    """A person, with what is sensitive sealed apart."""
    person = Person(
        name=stated.name,
        sort_key=person_sort_key(stated.name),
        birth_year=_year(stated),
        born_on=stated.born_on,
    )
    session.add(person)
    await session.flush()
    await _state(session, vault, person, stated.attributes)
    await record(session, actor, "person_entered", "person", person.id, {"stated": sorted(stated.attributes)})
    return person


async def correct(
    session: AsyncSession, actor: Actor, vault: Vault, person: Person, stated: Stated
) -> Person:
    """Replace everything that is stated of a person."""
    person.name, person.sort_key = stated.name, person_sort_key(stated.name)
    person.birth_year, person.born_on = _year(stated), stated.born_on
    person.version += 1
    session.add(person)
    await session.exec(delete(PersonAttribute).where(col(PersonAttribute.person) == person.id))
    await _state(session, vault, person, stated.attributes)
    await record(
        session, actor, "person_corrected", "person", person.id, {"stated": sorted(stated.attributes)}
    )
    return person


async def get(session: AsyncSession, actor: Actor, person_id: UUID) -> Person:
    """One person within the actor's reach."""
    person = await rows.get(session, actor, person_id)
    if person is None:
        raise NotFound("person_not_found")
    return person


async def collective(session: AsyncSession, actor: Actor, unit: UUID, name: str) -> Collective:
    """The collective of that name in a unit, made on first mention."""
    query = select(Collective).where(col(Collective.unit) == unit, col(Collective.name) == name)
    found = (await session.exec(query)).first()
    if found is None:
        found = Collective(unit=unit, name=name)
        session.add(found)
        await session.flush()
        await record(session, actor, "collective_entered", "collective", found.id, {"unit": str(unit)})
    return found


async def _state(session: AsyncSession, vault: Vault, person: Person, stated: Mapping[str, str]) -> None:
    rows = [
        PersonAttribute(person=person.id, attribute=attribute, value=value)
        for attribute, value in stated.items()
        if attribute not in SEALED
    ]
    session.add_all(rows)
    await session.flush()
    sensitive = {attribute: value for attribute, value in stated.items() if attribute in SEALED}
    await vault.store(session, person.id, sensitive)


def _year(stated: Stated) -> int | None:
    if stated.born_on is None:
        return stated.birth_year
    if stated.birth_year not in (None, stated.born_on.year):
        raise Invalid("birth_year_disagrees", errors=[Finding("birth_year_disagrees", {}, "/birth_year")])
    return stated.born_on.year


async def named(session: AsyncSession, persons: Collection[UUID]) -> Mapping[UUID, Person]:
    """People by their ids."""
    rows = await session.exec(select(Person).where(col(Person.id).in_(persons)))
    return {row.id: row for row in rows}
