"""Numbers that were released, whom they counted, and how long a congress's personal data is kept."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel, col, select

from db.columns import identifier, moment, plain, reference, text, text_reference
from db.session import AsyncSession


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
