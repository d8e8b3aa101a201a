"""Votes of units' conferences on their lists of delegates for the level above, and the names on the lists."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, and_, or_
from sqlalchemy import select as columns
from sqlmodel import Field, SQLModel, col, select

from db.columns import (
    id_column,
    is_among,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
    unique_index,
)
from db.conferences import Conference
from db.nominations import Nomination, is_visible_nomination
from db.reach import Condition, is_in_subtree, is_own_unit
from db.session import AsyncSession, fetch_rows
from domain.access import COUNCIL_ROLES, Actor
from domain.votes import VotedName


class ListVote(SQLModel, table=True):
    """A unit's list for one upper event, as its conference passed it or as its organ's letter has it.

    ``congress`` is the chain of its own conference; the upper event may be in another, and need not be open.
    """

    __tablename__ = "list_vote"
    __table_args__ = (
        unique_index("list_passed_once", "unit", "upper_congress", "upper_tier", where="revoked_at IS NULL"),
        CheckConstraint(
            "own_conference IS NOT NULL OR source_document IS NOT NULL", "list_vote_has_conference_or_letter"
        ),
        CheckConstraint(
            "num_nulls(present, in_favour) IN (0, 2) AND (own_conference IS NULL OR present IS NOT NULL)",
            "conference_vote_is_counted",
        ),
        CheckConstraint("0 <= in_favour AND in_favour <= present", "vote_within_present"),
    )

    id: UUID = id_column()
    congress: str = text_reference_column("congress.id")
    unit: UUID = reference_column("unit.id", index=True)
    own_conference: UUID | None = reference_column("conference.id", nullable=True, index=True)
    source_document: str | None = nullable_text_column()
    upper_congress: str = text_reference_column("congress.id")
    upper_tier: str = text_column()
    on: date
    present: int | None = None
    in_favour: int | None = None
    passed: bool
    minutes: UUID | None = reference_column("received_paper.id", nullable=True, index=True)
    named: int = 0
    """How many names it has."""
    revoked_at: datetime | None = nullable_time_column()
    created_at: datetime = time_column()
    version: int = 1


class ListVoteName(SQLModel, table=True):
    """A name on a list that was put to the vote, in its position from 1.

    The vote was on ``person``: if the collective of the nomination sends another, that one has no vote.
    """

    __tablename__ = "list_vote_name"
    __table_args__ = (
        UniqueConstraint("vote", "nomination", name="on_list_once"),
        CheckConstraint("position >= 1", "list_position_positive"),
    )

    vote: UUID = reference_column("list_vote.id", primary_key=True)
    position: int = Field(primary_key=True)
    nomination: UUID = reference_column("nomination.id", index=True)
    person: UUID = reference_column("person.id", index=True)


class ListVoteReason(SQLModel, table=True):
    """Why a vote was revoked, sealed by a key of its own: it may tell of people. An erasure deletes it."""

    __tablename__ = "list_vote_reason"

    vote: UUID = reference_column("list_vote.id", primary_key=True)
    name: str = text_column()
    wrapped: bytes = Field(sa_type=LargeBinary)
    master: str = text_column(index=True)
    sealed: bytes = Field(sa_type=LargeBinary)


def is_visible_list_vote(actor: Actor) -> Condition:
    """Votes of units at or below the actor's, in their own chain or in that of the upper event."""
    unit = col(ListVote.unit)
    return or_(
        is_in_subtree(actor, col(ListVote.congress), unit),
        is_in_subtree(actor, col(ListVote.upper_congress), unit),
    )


def may_open_reason(actor: Actor) -> Condition:
    """Votes whose reason for a revocation the actor may read: an officer those of the own unit, a council
    also those below."""
    reader, place = actor.personal_reader, (col(ListVote.congress), col(ListVote.unit))
    return or_(is_own_unit(reader, *place), is_in_subtree(reader.narrow_to_roles(COUNCIL_ROLES), *place))


async def find_reason(session: AsyncSession, actor: Actor, vote: UUID) -> ListVoteReason | None:
    """Why a vote was revoked, sealed, for an actor who may read it."""
    query = (
        select(ListVoteReason)
        .join(ListVote, col(ListVote.id) == col(ListVoteReason.vote))
        .where(col(ListVote.id) == vote, may_open_reason(actor))
    )
    return (await session.exec(query)).first()


async def find_list_vote(
    session: AsyncSession, actor: Actor, vote: UUID, *, lock: bool = False
) -> ListVote | None:
    """One vote that the actor sees; ``lock`` keeps it as it is."""
    query = select(ListVote).where(col(ListVote.id) == vote, is_visible_list_vote(actor))
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def page_list_votes(
    session: AsyncSession,
    actor: Actor,
    *,
    unit: UUID | None,
    upper_congress: str | None,
    after: UUID | None,
    limit: int,
) -> Sequence[ListVote]:
    """The votes that the actor sees, the oldest first, filtered."""
    query = select(ListVote).where(is_visible_list_vote(actor))
    if unit is not None:
        query = query.where(col(ListVote.unit) == unit)
    if upper_congress is not None:
        query = query.where(col(ListVote.upper_congress) == upper_congress)
    if after is not None:
        query = query.where(col(ListVote.id) > after)
    return (await session.exec(query.order_by(col(ListVote.id)).limit(limit))).all()


async def list_visible_names(session: AsyncSession, actor: Actor, vote: UUID) -> Sequence[ListVoteName]:
    """The names on a list whose nominations the actor sees, in their order."""
    query = (
        select(ListVoteName)
        .join(Nomination, col(Nomination.id) == col(ListVoteName.nomination))
        .where(col(ListVoteName.vote) == vote, is_visible_nomination(actor))
        .order_by(col(ListVoteName.position))
    )
    return (await session.exec(query)).all()


async def list_conference_votes(session: AsyncSession, conference: UUID) -> Sequence[ListVote]:
    """The votes of a conference that were not revoked."""
    query = select(ListVote).where(
        col(ListVote.own_conference) == conference, col(ListVote.revoked_at).is_(None)
    )
    return (await session.exec(query.order_by(col(ListVote.id)))).all()


async def list_named_nominations(
    session: AsyncSession, actor: Actor, nominations: Collection[UUID]
) -> Sequence[tuple[Nomination, Conference]]:
    """The nominations that the actor sees among some, each with the conference that it is for."""
    query = (
        select(Nomination, Conference)
        .join(Conference, col(Conference.id) == col(Nomination.conference))
        .where(is_among(col(Nomination.id), nominations), is_visible_nomination(actor))
    )
    return (await session.exec(query)).all()


async def has_conference_between(session: AsyncSession, unit: UUID, since: date, until: date) -> bool:
    """Whether a unit has a conference of these days, in any chain, which was not cancelled."""
    query = select(Conference.id).where(
        col(Conference.unit) == unit,
        col(Conference.as_of).between(since, until),
        col(Conference.state) != "cancelled",
    )
    return (await session.exec(query.limit(1))).first() is not None


async def map_votes_by_nomination(
    session: AsyncSession, conference: UUID, nomination: UUID | None = None
) -> Mapping[UUID, VotedName]:
    """nomination → its place on the list of its own unit, for the nominations to a conference, or for one.

    One whose representative was changed since has none: the vote was on somebody else.
    """
    row = (
        col(ListVoteName.nomination),
        col(ListVoteName.position),
        col(ListVote.on),
        col(ListVote.passed),
    )
    query = (
        columns(*row)
        .join(ListVote, col(ListVote.id) == col(ListVoteName.vote))
        .join(Nomination, col(Nomination.id) == col(ListVoteName.nomination))
        .join(Conference, col(Conference.id) == col(Nomination.conference))
        .where(
            col(Conference.id) == conference,
            col(ListVote.revoked_at).is_(None),
            col(ListVoteName.person) == col(Nomination.person),
            col(ListVote.unit) == col(Nomination.unit),
            and_(
                col(ListVote.upper_congress) == col(Conference.congress),
                col(ListVote.upper_tier) == col(Conference.tier),
            ),
        )
    )
    if nomination is not None:
        query = query.where(row[0] == nomination)
    return {
        one: VotedName(position, on, passed) for one, position, on, passed in await fetch_rows(session, query)
    }
