"""Check-ins: what devices recorded at the door of a conference."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, func, or_, update
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.columns import (
    is_among,
    now,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    time_column,
)
from db.invitations import Invitation, is_visible_invitation
from db.nominations import Nomination, is_visible_nomination
from db.people import Person
from db.reach import Condition
from db.session import AsyncSession, fetch_rows
from domain.access import Actor
from domain.conferences.check_ins import Attendee
from domain.nominations import VACATING_REPLIES, NominationState


class CheckIn(SQLModel, table=True):
    """A device recorded at a moment that somebody had come: an accepted nominee, or a line of the organiser.

    It never changes, but it may be undone with a reason.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        CheckConstraint("num_nonnulls(nomination, invitation) = 1", "check_in_of_one_line"),
        CheckConstraint(
            "num_nulls(undone_at, undone_reason, undone_by) IN (0, 3)", "undone_check_in_has_reason"
        ),
    )

    conference: UUID = reference_column("conference.id", primary_key=True)
    device: str = text_column(primary_key=True)
    at: datetime = Field(sa_type=DateTime(timezone=True), primary_key=True)
    nomination: UUID | None = reference_column("nomination.id", nullable=True, index=True)
    invitation: UUID | None = reference_column("invitation.id", nullable=True, index=True)
    undone_at: datetime | None = nullable_time_column()
    undone_reason: str | None = nullable_text_column()
    undone_by: str | None = nullable_text_column()
    created_by: str = text_column()
    created_at: datetime = time_column()

    @property
    def line(self) -> UUID | None:
        """The nomination or the invitation."""
        return self.nomination or self.invitation


def _is_on_lists() -> tuple[Condition, Condition]:
    """Who is convened: accepted nominees, and the lines of the organiser that nobody declined or removed."""
    return (
        col(Nomination.state) == NominationState.ACCEPTED,
        col(Invitation.reply).not_in(VACATING_REPLIES),
    )


async def list_attendees(session: AsyncSession, actor: Actor, conference: UUID) -> Sequence[Attendee]:
    """The people on the lists of a conference that the actor sees, by name."""
    return await _list_lines(session, actor, conference, *_is_on_lists())


async def map_lines(
    session: AsyncSession, actor: Actor, conference: UUID, lines: Collection[UUID | None]
) -> Mapping[UUID | None, Attendee]:
    """Nominations and invitations to a conference by their ids, as far as the actor sees them: also those
    that are no longer on its lists."""
    ids = {line for line in lines if line is not None}
    conditions = is_among(col(Nomination.id), ids), is_among(col(Invitation.id), ids)
    return {each.line: each for each in await _list_lines(session, actor, conference, *conditions)}


async def lock_lines(
    session: AsyncSession, nominations: Collection[UUID], invitations: Collection[UUID]
) -> None:
    """Keep the people in nominations and invitations, which the actor sees, from being erased until the
    transaction ends; an erasure that came first is waited for."""
    for noun, ids in ((Nomination, nominations), (Invitation, invitations)):
        if ids:
            query = columns(col(noun.id)).where(is_among(col(noun.id), ids)).order_by(col(noun.id))
            await fetch_rows(session, query.with_for_update(read=True, key_share=True))


async def _list_lines(
    session: AsyncSession, actor: Actor, conference: UUID, nominated: Condition, invited: Condition
) -> Sequence[Attendee]:
    nominee = (
        columns(
            col(Nomination.id),
            col(Person.name),
            col(Nomination.group),
            col(Nomination.unit),
            col(Person.sort_key),
        )
        .join(Person, col(Person.id) == col(Nomination.person))
        .where(
            col(Nomination.conference) == conference,
            nominated,
            is_visible_nomination(actor),
        )
    )
    guest = (
        columns(col(Invitation.id), col(Person.name), col(Invitation.group), col(Person.sort_key))
        .join(Person, col(Person.id) == col(Invitation.person))
        .where(
            col(Invitation.conference) == conference,
            invited,
            is_visible_invitation(actor),
        )
    )
    found = [
        (key, Attendee(line=line, name=name, group=group, unit=unit))
        for line, name, group, unit, key in await fetch_rows(session, nominee)
    ]
    found += [
        (key, Attendee(line=line, name=name, group=group))
        for line, name, group, key in await fetch_rows(session, guest)
    ]
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].line))]


async def list_check_ins(session: AsyncSession, conference: UUID) -> Sequence[CheckIn]:
    """What all devices recorded at a conference, the earliest first."""
    query = select(CheckIn).where(col(CheckIn.conference) == conference)
    query = query.order_by(col(CheckIn.at), col(CheckIn.device)).execution_options(populate_existing=True)
    return (await session.exec(query)).all()


async def insert_check_ins(session: AsyncSession, rows: Sequence[CheckIn]) -> frozenset[datetime]:
    """Add the records of one device, and answer the moments of those that were not there.

    They are added by moment, so that two requests with the same records wait for each other in one order.
    """
    if not rows:
        return frozenset()
    ordered = sorted(rows, key=lambda row: row.at)
    query = insert(CheckIn).values([row.model_dump() for row in ordered])
    added = await session.exec(query.on_conflict_do_nothing().returning(col(CheckIn.at)))
    return frozenset(added.scalars())


async def undo_check_in(
    session: AsyncSession, conference: UUID, device: str, at: datetime, reason: str, actor: str
) -> bool:
    """Undo one record; whether it was there and not undone before."""
    query = (
        update(CheckIn)
        .where(
            col(CheckIn.conference) == conference,
            col(CheckIn.device) == device,
            col(CheckIn.at) == at,
            col(CheckIn.undone_at).is_(None),
        )
        .values(undone_at=now(), undone_reason=reason, undone_by=actor)
    )
    return (await session.exec(query)).rowcount == 1


async def count_arrivals(session: AsyncSession, conference: UUID) -> Counter[tuple[UUID | None, str]]:
    """(unit, group) → how many of those on the lists came; those of the organiser's lists have no unit."""
    group = func.coalesce(col(Nomination.group), col(Invitation.group))
    line = func.coalesce(col(CheckIn.nomination), col(CheckIn.invitation))
    query = (
        columns(col(Nomination.unit), group, func.count(line.distinct()))
        .select_from(CheckIn)
        .outerjoin(Nomination, col(Nomination.id) == col(CheckIn.nomination))
        .outerjoin(Invitation, col(Invitation.id) == col(CheckIn.invitation))
        .where(col(CheckIn.conference) == conference, col(CheckIn.undone_at).is_(None), or_(*_is_on_lists()))
        .group_by(col(Nomination.unit), group)
    )
    return Counter({(unit, name): number for unit, name, number in await fetch_rows(session, query)})
