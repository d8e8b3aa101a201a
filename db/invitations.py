"""The organiser's own lists of a conference: people who are invited, or have a seat by roll or office."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, and_, func
from sqlalchemy import select as columns
from sqlmodel import SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    json_column,
    nullable_text_column,
    records_column,
    reference_column,
    text_column,
    time_column,
    unique_index,
    word_column,
)
from db.conferences import Conference
from db.reach import Condition, has_role_at
from db.session import AsyncSession, fetch_rows
from domain.access import COUNCIL_ROLES, Actor
from domain.nominations import (
    VACATING_REPLIES,
    Honour,
    InvitationReply,
)


class Invitation(SQLModel, table=True):
    """A person on the organiser's list for a seat group that is filled by invitation, roll or office."""

    __table_args__ = (
        check_words("invitation_reply_known", "reply", InvitationReply),
        CheckConstraint("reply <> 'removed' OR reason IS NOT NULL", "removed_invitation_has_reason"),
        ForeignKeyConstraint(
            ["conference", "group"],
            ["seat_group.conference", "seat_group.group"],
            name="invitation_group_fits",
        ),
        unique_index(
            "person_invited_once", "conference", "person", where="reply NOT IN ('declined', 'removed')"
        ),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    group: str = text_column()
    person: UUID = reference_column("person.id", index=True)
    collective: UUID | None = reference_column("collective.id", nullable=True)
    basis: str = text_column()
    offices: list[str] = json_column()
    """The offices by which the person has the seat, as the plan writes them."""
    honours: tuple[Honour, ...] = records_column(Honour)
    reply: InvitationReply = word_column(InvitationReply)
    invited_on: date | None = None
    replied_on: date | None = None
    reason: str | None = nullable_text_column()
    """Why the line was removed."""
    notice: str = text_column()
    purpose: str = text_column()
    created_at: datetime = time_column()
    version: int = 1


def is_visible_invitation(actor: Actor) -> Condition:
    """Invitations to a conference of the actor's own unit."""
    organised = select(Conference.id).where(
        has_role_at(actor, col(Conference.congress), col(Conference.unit))
    )
    return col(Invitation.conference).in_(organised)


def may_read_sealed_invitee(actor: Actor) -> Condition:
    """Invitations for which the actor may read the person's sealed data: only the organiser's council may."""
    return is_visible_invitation(actor.personal_reader.narrow_to_roles(COUNCIL_ROLES))


async def find_invitation_case(
    session: AsyncSession, actor: Actor, invitation: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Invitation, CaseRow] | None:
    """One invitation that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Invitation.id) == invitation, is_visible_invitation(actor))
    return await find_row_case(session, actor, Invitation, where, lock=lock)


async def lock_invitation(session: AsyncSession, actor: Actor, invitation: UUID) -> Invitation | None:
    """One invitation that the actor sees, as it is now; its reply does not change until the transaction
    ends."""
    query = select(Invitation).where(col(Invitation.id) == invitation, is_visible_invitation(actor))
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def has_sealed_invitee_access(session: AsyncSession, actor: Actor, invitation: UUID) -> bool:
    """Whether the actor may read the sealed data of the invited person."""
    query = select(Invitation.id).where(col(Invitation.id) == invitation, may_read_sealed_invitee(actor))
    return (await session.exec(query)).first() is not None


async def page_invitations(
    session: AsyncSession,
    actor: Actor,
    conference: UUID,
    *,
    group: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Invitation]:
    """The organiser's lists of a conference, the oldest line first, filtered."""
    query = select(Invitation).where(col(Invitation.conference) == conference, is_visible_invitation(actor))
    if group is not None:
        query = query.where(col(Invitation.group) == group)
    if after is not None:
        query = query.where(col(Invitation.id) > after)
    return (await session.exec(query.order_by(col(Invitation.id)).limit(limit))).all()


async def list_invitations(session: AsyncSession, actor: Actor, conference: UUID) -> Sequence[Invitation]:
    """The organiser's lists of a conference without declined and removed people, the oldest line first."""
    query = (
        select(Invitation)
        .where(
            col(Invitation.conference) == conference,
            col(Invitation.reply).not_in(VACATING_REPLIES),
            is_visible_invitation(actor),
        )
        .order_by(col(Invitation.id))
    )
    return (await session.exec(query)).all()


async def list_readable_invitees(session: AsyncSession, actor: Actor, conference: UUID) -> frozenset[UUID]:
    """The invited people whose sealed data the actor may read."""
    query = select(Invitation.person).where(
        col(Invitation.conference) == conference,
        col(Invitation.reply).not_in(VACATING_REPLIES),
        may_read_sealed_invitee(actor),
    )
    return frozenset((await session.exec(query)).all())


async def count_invitations(session: AsyncSession, conference: UUID) -> Counter[str]:
    """How many people are on the organiser's lists, by group; also those the actor may not see."""
    group = col(Invitation.group)
    query = columns(group, func.count()).where(
        col(Invitation.conference) == conference, col(Invitation.reply).not_in(VACATING_REPLIES)
    )
    return Counter({row[0]: row[1] for row in await fetch_rows(session, query.group_by(group))})
