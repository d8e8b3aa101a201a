"""Released numbers, the people they counted, and how long a congress's personal data is kept."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from db.columns import (
    id_column,
    records_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
)
from db.people import Person
from db.plans import Congress
from db.session import AsyncSession, fetch_rows
from domain.composition.release import ReleasedTable


class CompositionRelease(SQLModel, table=True):
    """The released numbers of one conference's delegates by sealed attributes; there is one release at most.

    ``tables`` contains only the published numbers, and nothing of the suppressed ones. ``left_out`` delegates
    are not counted, since they are perhaps the same as a person who is counted.
    """

    __tablename__ = "composition_release"
    __table_args__ = (UniqueConstraint("conference", name="composition_released_once"),)

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id")
    threshold: int
    left_out: int
    tables: tuple[ReleasedTable, ...] = records_column(ReleasedTable)
    released_by: str = text_column()
    released_at: datetime = time_column()


class ReleasePerson(SQLModel, table=True):
    """A person counted in a release; no other release may count the same person."""

    __tablename__ = "release_person"

    release: UUID = reference_column("composition_release.id", primary_key=True)
    person: UUID = reference_column("person.id", primary_key=True, index=True)


class Retention(SQLModel, table=True):
    """The last day on which the personal data of a congress is kept, and the document that sets it."""

    congress: str = text_reference_column("congress.id", primary_key=True)
    until: date
    source: str = text_column()
    set_by: str = text_column()
    set_at: datetime = time_column()


async def find_release(session: AsyncSession, conference: UUID) -> CompositionRelease | None:
    """The release of a conference, if there is one."""
    query = select(CompositionRelease).where(col(CompositionRelease.conference) == conference)
    return (await session.exec(query)).first()


async def insert_release(
    session: AsyncSession, release: CompositionRelease, persons: Collection[UUID]
) -> None:
    """Insert a release, with the people whom it counts."""
    session.add(release)
    await session.flush()
    session.add_all(ReleasePerson(release=release.id, person=person) for person in sorted(persons))
    await session.flush()


async def has_released_person(session: AsyncSession, persons: Collection[UUID]) -> bool:
    """Whether a release has counted one of these people."""
    query = select(ReleasePerson.person).where(col(ReleasePerson.person).in_(persons)).limit(1)
    return (await session.exec(query)).first() is not None


_RELEASED_NAMESAKES = sql("SELECT * FROM released_namesakes(:people)")


async def list_released_namesakes(session: AsyncSession, persons: Collection[UUID]) -> frozenset[UUID]:
    """Those of ``persons`` who are perhaps the same as somebody, under another record, in a release.

    A function of the owner answers this, because the other may be out of the actor's reach.
    """
    found = await fetch_rows(session, _RELEASED_NAMESAKES, {"people": list(persons)})
    return frozenset(row[0] for row in found)


async def find_retention(session: AsyncSession, congress: str) -> Retention | None:
    """How long the personal data of a congress is kept, if that is set."""
    return await session.get(Retention, congress)


async def has_congress(session: AsyncSession, congress: str) -> bool:
    """Whether there is a congress with that id."""
    return await session.get(Congress, congress) is not None


_COUNT_EXPIRED = sql(
    "SELECT count(*) FILTER (WHERE over), coalesce(sum(lines) FILTER (WHERE over), 0),"
    " count(*) FILTER (WHERE NOT over) FROM congress_people(:congress, :today)"
)
_EXPIRED_PEOPLE = sql(
    "SELECT person FROM congress_people(:congress, :today) WHERE over ORDER BY person LIMIT :limit"
)


async def count_expired_people(session: AsyncSession, congress: str, today: date) -> tuple[int, int, int]:
    """(people to be erased, lines with these people, people kept because of another congress)."""
    found = await fetch_rows(session, _COUNT_EXPIRED, {"congress": congress, "today": today})
    persons, lines, staying = found[0]
    return persons, int(lines), staying


async def lock_expired_people(
    session: AsyncSession, congress: str, today: date, limit: int
) -> Sequence[Person]:
    """At most ``limit`` of the people to be erased, locked until the transaction ends."""
    found = await fetch_rows(session, _EXPIRED_PEOPLE, {"congress": congress, "today": today, "limit": limit})
    query = select(Person).where(col(Person.id).in_([row[0] for row in found])).with_for_update()
    return (await session.exec(query.order_by(col(Person.id)))).all()
