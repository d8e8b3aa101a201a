"""People, and the collectives they stand for. What may hurt them is sealed and apart."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, or_, true
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.columns import (
    id_column,
    is_among,
    new_id,
    now,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    time_column,
)
from db.nominations import Invitation, Nomination, is_visible_invitation
from db.nominations import is_visible_nomination as nomination_seen
from db.reach import Condition
from db.session import AsyncSession, fetch_rows
from domain.access import Actor


class Person(SQLModel, table=True):
    """Somebody who may be a delegate. A year of birth alone is enough."""

    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1850 AND 2200", "birth_year_plausible"),
        CheckConstraint(
            "born_on IS NULL OR birth_year IS NOT DISTINCT FROM extract(year FROM born_on)::int",
            "birth_year_agrees",
        ),
    )

    id: UUID = id_column()
    name: str = text_column()
    sort_key: str = text_column(index=True)
    birth_year: int | None = None
    born_on: date | None = None
    created_at: datetime = time_column()
    version: int = 1
    erased_at: datetime | None = nullable_time_column()
    """Since when nothing is known of the person but that there was one."""


class PersonAttribute(SQLModel, table=True):
    """What is stated of a person and is not sensitive; an attribute that is not here is not stated."""

    __tablename__ = "person_attribute"

    person: UUID = reference_column("person.id", primary_key=True)
    attribute: str = text_column(primary_key=True)
    value: str = text_column()


class PersonSealed(SQLModel, table=True):
    """Ethnicity, religion and Party membership: one sealed box per person, opened by permission only."""

    __tablename__ = "person_sealed"

    person: UUID = reference_column("person.id", primary_key=True)
    key_id: UUID = reference_column("person_key.id")
    sealed: bytes = Field(sa_type=LargeBinary)


class PersonKey(SQLModel, table=True):
    """A person's own key, wrapped by the master key; destroying it erases what it sealed."""

    __tablename__ = "person_key"

    id: UUID = id_column()
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = text_column()
    created_at: datetime = time_column()


class Collective(SQLModel, table=True):
    """A collective (tập thể) that is honoured and sends somebody."""

    __table_args__ = (UniqueConstraint("unit", "name"),)

    id: UUID = id_column()
    unit: UUID = reference_column("unit.id", index=True)
    name: str = text_column()
    description: str | None = nullable_text_column()
    created_at: datetime = time_column()


def is_visible_person(actor: Actor) -> Condition:
    """People whom a nomination or a list within the actor's reach names."""
    if actor.owns_all_units:
        return true()
    named = select(Nomination.person).where(nomination_seen(actor))
    invited = select(Invitation.person).where(is_visible_invitation(actor))
    return or_(col(Person.id).in_(named), col(Person.id).in_(invited))


async def find_person(
    session: AsyncSession,
    actor: Actor,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
) -> Person | None:
    """One person whom the actor may name; ``lock`` keeps what is stated until the transaction ends."""
    query = select(Person).where(col(Person.id) == id, is_visible_person(actor))
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def map_attributes_by_person(
    session: AsyncSession, people: Collection[UUID]
) -> Mapping[UUID, Mapping[str, str]]:
    """person → attribute → value, for what is not sensitive."""
    row = col(PersonAttribute.person), col(PersonAttribute.attribute), col(PersonAttribute.value)
    found: dict[UUID, dict[str, str]] = {}
    for person, attribute, value in await fetch_rows(session, columns(*row).where(is_among(row[0], people))):
        found.setdefault(person, {})[attribute] = value
    return found


async def map_births_by_person(
    session: AsyncSession, people: Collection[UUID]
) -> Mapping[UUID, date | int | None]:
    """person → day of birth, or the year where nothing else is known."""
    row = col(Person.id), col(Person.born_on), col(Person.birth_year)
    found = await fetch_rows(session, columns(*row).where(is_among(row[0], people)))
    return {person: born_on or year for person, born_on, year in found}


async def list_box_rows(session: AsyncSession, people: Collection[UUID]) -> Sequence[Any]:
    """The sealed boxes of people, each with the wrapped key that opens it, in plain rows."""
    box = col(PersonSealed.person), col(PersonSealed.sealed)
    key = col(PersonKey.id), col(PersonKey.wrapped), col(PersonKey.master)
    query = columns(*box, *key).join(PersonKey, key[0] == col(PersonSealed.key_id))
    return await fetch_rows(session, query.where(is_among(box[0], people)))


async def list_erased_people(session: AsyncSession, people: Collection[UUID]) -> frozenset[UUID]:
    """Those of ``people`` of whom nothing is held any more."""
    row = col(Person.id)
    found = await fetch_rows(
        session, columns(row).where(is_among(row, people), col(Person.erased_at).is_not(None))
    )
    return frozenset(person for (person,) in found)


async def list_sealed_boxes(
    session: AsyncSession, people: Collection[UUID]
) -> Sequence[tuple[PersonSealed, PersonKey]]:
    """The sealed boxes of people and the wrapped keys that open them."""
    query = (
        select(PersonSealed, PersonKey)
        .join(PersonKey, col(PersonKey.id) == col(PersonSealed.key_id))
        .where(is_among(col(PersonSealed.person), people))
    )
    return (await session.exec(query)).all()


async def find_collective(session: AsyncSession, unit: UUID, name: str) -> UUID | None:
    """The collective of that name in a unit."""
    query = select(Collective.id).where(col(Collective.unit) == unit, col(Collective.name) == name)
    return (await session.exec(query)).first()


async def insert_collective(session: AsyncSession, unit: UUID, name: str) -> UUID | None:
    """A new collective; ``None`` where a rival entered it first, who is waited for."""
    row = insert(Collective).values(id=new_id(), unit=unit, name=name, created_at=now())
    made = await session.exec(row.on_conflict_do_nothing().returning(col(Collective.id)))
    return made.scalars().first()
