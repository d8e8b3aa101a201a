"""Everything that is stored about one person, for their own export."""

from collections.abc import Collection, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import SQLModel, col, select

from db.audit import AuditEvent
from db.check_ins import CheckIn
from db.columns import is_among
from db.exemplars import Exemplar
from db.invitations import Invitation
from db.nominations import Nomination
from db.people import Collective
from db.privacy import ReleasePerson
from db.selections import Delegate, SelectionPlace
from db.session import AsyncSession
from db.votes import ListVote, ListVoteName

Line = TypeVar("Line", Nomination, Invitation, Exemplar, Delegate)


async def list_person_lines(session: AsyncSession, noun: type[Line], person: UUID) -> Sequence[Line]:
    """The rows of one kind that name the person, the oldest first."""
    return (await session.exec(select(noun).where(col(noun.person) == person).order_by(col(noun.id)))).all()


async def list_collectives(session: AsyncSession, collectives: Collection[UUID]) -> Sequence[Collective]:
    """Collectives by their ids."""
    return (await session.exec(select(Collective).where(col(Collective.id).in_(collectives)))).all()


async def list_votes_on(session: AsyncSession, person: UUID) -> Sequence[tuple[ListVoteName, ListVote]]:
    """The votes on lists that named the person, and the places on them."""
    query = (
        select(ListVoteName, ListVote)
        .join(ListVote, col(ListVote.id) == col(ListVoteName.vote))
        .where(col(ListVoteName.person) == person)
        .order_by(col(ListVote.id))
    )
    return (await session.exec(query)).all()


async def list_arrivals(session: AsyncSession, lines: Collection[UUID]) -> Sequence[CheckIn]:
    """What devices recorded of these nominations and invitations at the door, the earliest first."""
    query = select(CheckIn).where(
        or_(is_among(col(CheckIn.nomination), lines), is_among(col(CheckIn.invitation), lines))
    )
    return (await session.exec(query.order_by(col(CheckIn.at), col(CheckIn.device)))).all()


async def list_outcomes(session: AsyncSession, nominations: Collection[UUID]) -> Sequence[SelectionPlace]:
    """What every list says of these nominations."""
    query = select(SelectionPlace).where(is_among(col(SelectionPlace.nomination), nominations))
    return (await session.exec(query)).all()


async def list_person_releases(session: AsyncSession, person: UUID) -> Sequence[UUID]:
    """The releases that counted the person."""
    query = select(ReleasePerson.release).where(col(ReleasePerson.person) == person)
    return (await session.exec(query)).all()


async def list_subject_events(session: AsyncSession, subjects: Collection[str]) -> Sequence[AuditEvent]:
    """The audit events about these subjects, the oldest first."""
    query = select(AuditEvent).where(col(AuditEvent.subject).in_(subjects)).order_by(col(AuditEvent.at))
    return (await session.exec(query)).all()


def plain_row(row: SQLModel) -> dict[str, Any]:
    """A row of any table as plain data."""
    return row.model_dump(mode="json")
