"""Who is on the organiser's lists by office, and who was accepted for a unit."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, text
from sqlmodel import col, select

from db.columns import is_among
from db.conferences import SeatGroupRow
from db.invitations import Invitation
from db.nominations import Nomination
from db.session import AsyncSession, fetch_rows
from domain.nominations import VACATING_REPLIES, NominationState

_OFFICE_HOLDERS = text(
    "SELECT office, count(*) FROM invitation CROSS JOIN LATERAL jsonb_array_elements_text(offices) AS office"
    " WHERE conference = :conference AND reply NOT IN ('declined', 'removed') GROUP BY office"
)


async def count_office_holders(session: AsyncSession, conference: UUID) -> Mapping[str, int]:
    """Office → how many people on the organiser's lists of a conference hold it."""
    found = await fetch_rows(session, _OFFICE_HOLDERS, {"conference": conference})
    return dict(found)


_LOCK_PERSON = text("SELECT pg_advisory_xact_lock(hashtextextended(:conference || :person, 0))")


async def lock_person(session: AsyncSession, conference: UUID, person: UUID) -> None:
    """Let nobody else give the person a seat at the conference until the transaction ends.

    Taken after all rows that an act locks but the quota and the head of the audit chain.
    """
    await fetch_rows(session, _LOCK_PERSON, {"conference": str(conference), "person": str(person)})


async def list_seated_by_office(
    session: AsyncSession, conference: UUID, people: Collection[UUID]
) -> frozenset[UUID]:
    """Those of the people who are on the organiser's list of a group that is filled by office."""
    query = _query_seated_by_office(conference).where(is_among(Invitation.person, people))
    return frozenset((await session.exec(query)).all())


def _query_seated_by_office(conference: UUID) -> Any:
    """The people who have a seat by office at a conference."""
    return (
        select(Invitation.person)
        .join(
            SeatGroupRow,
            and_(
                col(SeatGroupRow.conference) == col(Invitation.conference),
                col(SeatGroupRow.group) == col(Invitation.group),
            ),
        )
        .where(
            col(Invitation.conference) == conference,
            col(Invitation.reply).not_in(VACATING_REPLIES),
            col(SeatGroupRow.filled_by) == "ex_officio",
        )
    )


async def has_seat_by_office(session: AsyncSession, conference: UUID, person: UUID) -> bool:
    """Whether a person is on the organiser's list of a group of the conference that is filled by office."""
    query = _query_seated_by_office(conference).where(col(Invitation.person) == person)
    return (await session.exec(query)).first() is not None


async def is_accepted_nominee(session: AsyncSession, conference: UUID, person: UUID) -> bool:
    """Whether a unit's nomination of the person to a conference is accepted."""
    query = select(Nomination.id).where(
        col(Nomination.conference) == conference,
        col(Nomination.person) == person,
        col(Nomination.state) == NominationState.ACCEPTED,
    )
    return (await session.exec(query)).first() is not None
