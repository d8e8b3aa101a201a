"""People, and the collectives they represent. Sensitive data are sealed, in a table of their own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, delete, func, or_, true
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
from db.exemplars import Exemplar, is_visible_exemplar
from db.invitations import Invitation, is_visible_invitation
from db.nominations import Nomination, build_live_conditions, is_visible_nomination
from db.reach import Condition
from db.session import AsyncSession, fetch_rows
from db.votes import ListVote, ListVoteName, is_visible_list_vote
from domain.access import Actor
from domain.nominations import SENT_STATES, VACATING_REPLIES


class Person(SQLModel, table=True):
    """A person who may become a delegate. The year of birth is enough; the day is optional."""

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
    shown_key: str | None = nullable_text_column()
    """The name as others first saw it, with ``shown_year``; stored with the first correction after that."""
    shown_year: int | None = None
    created_at: datetime = time_column()
    version: int = 1
    erased_at: datetime | None = nullable_time_column()
    """When the person's data were erased: afterwards only the fact remains that there was a person."""


class PersonAttribute(SQLModel, table=True):
    """One attribute of a person that is not sensitive; an attribute without a row is not stated."""

    __tablename__ = "person_attribute"

    person: UUID = reference_column("person.id", primary_key=True)
    attribute: str = text_column(primary_key=True)
    value: str = text_column()


class PersonSealed(SQLModel, table=True):
    """Ethnicity, religion and Party membership: one sealed box per person, readable only with permission."""

    __tablename__ = "person_sealed"

    person: UUID = reference_column("person.id", primary_key=True)
    key_id: UUID = reference_column("person_key.id")
    sealed: bytes = Field(sa_type=LargeBinary)


class PersonKey(SQLModel, table=True):
    """A person's own key, wrapped by the master key; deleting it erases everything sealed with it."""

    __tablename__ = "person_key"

    id: UUID = id_column()
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = text_column()
    created_at: datetime = time_column()


class Collective(SQLModel, table=True):
    """A collective (tập thể) that has an award and sends a person to a conference."""

    __table_args__ = (UniqueConstraint("unit", "name"),)

    id: UUID = id_column()
    unit: UUID = reference_column("unit.id", index=True)
    name: str = text_column()
    description: str | None = nullable_text_column()
    created_at: datetime = time_column()


def is_visible_person(actor: Actor) -> Condition:
    """People in a nomination or an invitation that is visible to the actor, and exemplars who are."""
    if actor.owns_all_units:
        return true()
    named = select(Nomination.person).where(is_visible_nomination(actor))
    invited = select(Invitation.person).where(is_visible_invitation(actor))
    honoured = select(Exemplar.person).where(is_visible_exemplar(actor))
    return or_(col(Person.id).in_(named), col(Person.id).in_(invited), col(Person.id).in_(honoured))


async def find_person(
    session: AsyncSession,
    actor: Actor,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
) -> Person | None:
    """One person visible to the actor; ``lock`` keeps the person's data until the transaction ends."""
    query = select(Person).where(col(Person.id) == id, is_visible_person(actor))
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def share_person(session: AsyncSession, actor: Actor, person: UUID) -> Person | None:
    """One person visible to the actor, whom nobody erases until the transaction ends."""
    query = select(Person).where(col(Person.id) == person, is_visible_person(actor))
    shared = query.with_for_update(read=True, key_share=True).execution_options(populate_existing=True)
    return (await session.exec(shared)).first()


async def is_named_elsewhere(session: AsyncSession, actor: Actor, person: UUID, nomination: UUID) -> bool:
    """Whether anything that the actor sees names the person besides one nomination: another one, an
    invitation, an exemplar, or a list that was put to the vote."""
    others = (
        select(Nomination.id).where(
            col(Nomination.person) == person, col(Nomination.id) != nomination, is_visible_nomination(actor)
        ),
        select(Invitation.id).where(col(Invitation.person) == person, is_visible_invitation(actor)),
        select(Exemplar.id).where(col(Exemplar.person) == person, is_visible_exemplar(actor)),
        select(ListVoteName.vote)
        .join(ListVote, col(ListVote.id) == col(ListVoteName.vote))
        .join(Nomination, col(Nomination.id) == col(ListVoteName.nomination))
        .where(col(ListVoteName.person) == person, is_visible_list_vote(actor), is_visible_nomination(actor)),
    )
    found = await fetch_rows(session, columns(or_(*(query.exists() for query in others))))
    return bool(found[0][0])


async def list_similar_people(
    session: AsyncSession, actor: Actor, conference: UUID, given: str
) -> Sequence[Person]:
    """The people with a given name that is alike (``derive_given_likeness``), among those sent to a
    conference and those on its organiser's lists, as far as the actor sees them."""
    sent = select(Nomination.person).where(
        *build_live_conditions(conference, None, SENT_STATES), is_visible_nomination(actor)
    )
    listed = select(Invitation.person).where(
        col(Invitation.conference) == conference,
        col(Invitation.reply).not_in(VACATING_REPLIES),
        is_visible_invitation(actor),
    )
    letters = func.replace(func.split_part(col(Person.sort_key), " ", 1), "y0", "i0")
    query = select(Person).where(letters == given, or_(col(Person.id).in_(sent), col(Person.id).in_(listed)))
    return (await session.exec(query.order_by(col(Person.id)))).all()


async def map_attributes_by_person(
    session: AsyncSession, people: Collection[UUID]
) -> Mapping[UUID, Mapping[str, str]]:
    """person → attribute → value, for attributes that are not sensitive."""
    row = col(PersonAttribute.person), col(PersonAttribute.attribute), col(PersonAttribute.value)
    found: dict[UUID, dict[str, str]] = {}
    for person, attribute, value in await fetch_rows(session, columns(*row).where(is_among(row[0], people))):
        found.setdefault(person, {})[attribute] = value
    return found


async def map_persons_by_id(session: AsyncSession, people: Collection[UUID]) -> Mapping[UUID, Person]:
    """People by their ids."""
    rows = await session.exec(select(Person).where(is_among(col(Person.id), people)))
    return {row.id: row for row in rows}


async def map_visible_persons(
    session: AsyncSession, actor: Actor, people: Collection[UUID]
) -> Mapping[UUID, Person]:
    """Those of some people whom the actor sees, by their ids."""
    rows = await session.exec(
        select(Person).where(is_among(col(Person.id), people), is_visible_person(actor))
    )
    return {row.id: row for row in rows}


async def insert_person(
    session: AsyncSession, person: Person, attributes: Mapping[str, str], key: PersonKey, box: PersonSealed
) -> None:
    """Insert a person with what is stated in the open and what is sealed, in one statement."""
    rows = [
        insert(Person).values(**person.model_dump()).cte("new_person"),
        insert(PersonKey).values(**key.model_dump()).cte("new_key"),
    ]
    if attributes:
        stated = [{"person": person.id, "attribute": name, "value": attributes[name]} for name in attributes]
        rows.append(insert(PersonAttribute).values(stated).cte("new_attributes"))
    await session.exec(insert(PersonSealed).values(**box.model_dump()).add_cte(*rows))


async def insert_box(session: AsyncSession, key: PersonKey, box: PersonSealed) -> None:
    """Insert the sealed box of a person, with its key, in one statement."""
    new_key = insert(PersonKey).values(**key.model_dump()).cte("new_key")
    await session.exec(insert(PersonSealed).values(**box.model_dump()).add_cte(new_key))


async def replace_attributes(session: AsyncSession, person: UUID, attributes: Mapping[str, str]) -> None:
    """Store what is stated of a person in the open in place of what was stated before, in one statement."""
    others = delete(PersonAttribute).where(
        col(PersonAttribute.person) == person, col(PersonAttribute.attribute).not_in(attributes)
    )
    if not attributes:
        await session.exec(others.execution_options(synchronize_session=False))
        return
    stated = [{"person": person, "attribute": name, "value": attributes[name]} for name in attributes]
    row = insert(PersonAttribute).values(stated)
    row = row.on_conflict_do_update(
        index_elements=["person", "attribute"], set_={"value": row.excluded.value}
    )
    await session.exec(row.add_cte(others.cte("others")))


async def list_box_rows(session: AsyncSession, people: Collection[UUID]) -> Sequence[Any]:
    """The sealed boxes of people, each with its wrapped key: rows of person, sealed, id, wrapped, master."""
    box = col(PersonSealed.person), col(PersonSealed.sealed)
    key = col(PersonKey.id), col(PersonKey.wrapped), col(PersonKey.master)
    query = columns(*box, *key).join(PersonKey, key[0] == col(PersonSealed.key_id))
    return await fetch_rows(session, query.where(is_among(box[0], people)))


async def list_erased_people(session: AsyncSession, people: Collection[UUID]) -> frozenset[UUID]:
    """Those of ``people`` whose data were erased."""
    row = col(Person.id)
    found = await fetch_rows(
        session, columns(row).where(is_among(row, people), col(Person.erased_at).is_not(None))
    )
    return frozenset(person for (person,) in found)


async def list_sealed_boxes(
    session: AsyncSession, people: Collection[UUID]
) -> Sequence[tuple[PersonSealed, PersonKey]]:
    """The sealed boxes of people, each with its wrapped key."""
    query = (
        select(PersonSealed, PersonKey)
        .join(PersonKey, col(PersonKey.id) == col(PersonSealed.key_id))
        .where(is_among(col(PersonSealed.person), people))
    )
    return (await session.exec(query)).all()


async def find_collective(session: AsyncSession, unit: UUID, name: str) -> UUID | None:
    """The collective with that name in a unit."""
    query = select(Collective.id).where(col(Collective.unit) == unit, col(Collective.name) == name)
    return (await session.exec(query)).first()


async def map_collectives(
    session: AsyncSession, collectives: Collection[UUID]
) -> Mapping[UUID, tuple[UUID, str]]:
    """collective → (its unit, its name)."""
    row = col(Collective.id), col(Collective.unit), col(Collective.name)
    found = await fetch_rows(session, columns(*row).where(is_among(row[0], collectives)))
    return {one: (unit, name) for one, unit, name in found}


async def insert_collective(session: AsyncSession, unit: UUID, name: str) -> UUID | None:
    """Insert a collective; ``None`` if another transaction, which is waited for, inserted it first."""
    row = insert(Collective).values(id=new_id(), unit=unit, name=name, created_at=now())
    made = await session.exec(row.on_conflict_do_nothing().returning(col(Collective.id)))
    return made.scalars().first()
