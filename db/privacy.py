"""Numbers that were released, whom they counted, and how long a congress's personal data is kept."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from db.columns import identifier, moment, plain, reference, text, text_reference
from db.people import Person
from db.plans import Congress
from db.session import AsyncSession, rows


class CompositionRelease(SQLModel, table=True):
    """The numbers of one conference's delegates by sealed attributes, as they were released, once.

    ``tables`` holds what was shown and nothing of what was suppressed.
    """

    __tablename__ = "composition_release"
    __table_args__ = (UniqueConstraint("conference", name="composition_released_once"),)

    id: UUID = identifier()
    conference: UUID = reference("conference.id")
    threshold: int
    tables: list[dict[str, Any]] = plain()
    released_by: str = text()
    released_at: datetime = moment()


class ReleasePerson(SQLModel, table=True):
    """Somebody whom a release counted, and whom no other release may count."""

    __tablename__ = "release_person"

    release: UUID = reference("composition_release.id", primary_key=True)
    person: UUID = reference("person.id", primary_key=True, index=True)


class Retention(SQLModel, table=True):
    """Until when the personal data of a congress is kept, and by which document."""

    congress: str = text_reference("congress.id", primary_key=True)
    until: date
    source: str = text()
    set_by: str = text()
    set_at: datetime = moment()


async def release_of(session: AsyncSession, conference: UUID) -> CompositionRelease | None:
    """What was released of a conference."""
    query = select(CompositionRelease).where(col(CompositionRelease.conference) == conference)
    return (await session.exec(query)).first()


async def any_released(session: AsyncSession, persons: Collection[UUID]) -> bool:
    """Whether one of these people was counted in a release already."""
    query = select(ReleasePerson.person).where(col(ReleasePerson.person).in_(persons)).limit(1)
    return (await session.exec(query)).first() is not None


async def congress_known(session: AsyncSession, congress: str) -> bool:
    """Whether there is a congress of that name."""
    return await session.get(Congress, congress) is not None


_COUNTED = sql(
    "SELECT count(*) FILTER (WHERE over), coalesce(sum(lines) FILTER (WHERE over), 0),"
    " count(*) FILTER (WHERE NOT over) FROM congress_people(:congress, :today)"
)
_ENDED = sql("SELECT person FROM congress_people(:congress, :today) WHERE over ORDER BY person LIMIT :limit")


async def ending(session: AsyncSession, congress: str, today: date) -> tuple[int, int, int]:
    """(people to be erased, lines that name them, people who stay for another congress)."""
    found = await rows(session, _COUNTED, {"congress": congress, "today": today})
    persons, lines, staying = found[0]
    return persons, int(lines), staying


async def ended(session: AsyncSession, congress: str, today: date, limit: int) -> Sequence[Person]:
    """So many of the people to be erased, held until the transaction ends."""
    found = await rows(session, _ENDED, {"congress": congress, "today": today, "limit": limit})
    query = select(Person).where(col(Person.id).in_([row[0] for row in found])).with_for_update()
    return (await session.exec(query.order_by(col(Person.id)))).all()
