"""Exemplars: people and collectives that were honoured at a conference, each with one title or award."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, and_, or_
from sqlmodel import Field, SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    is_among,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    time_column,
    unique_index,
    word_column,
)
from db.conferences import Conference
from db.invitations import Invitation, is_visible_invitation
from db.nominations import Nomination, is_visible_nomination
from db.reach import Condition, has_role_at, is_own_unit
from db.session import AsyncSession
from domain.access import Actor
from domain.conferences.life import ConferenceState
from domain.nominations import HonourKind


class Exemplar(SQLModel, table=True):
    """A person, or a collective, of a ``unit``, honoured at a conference by a title or an award.

    ``authority`` decided it. What was recorded by mistake is removed, and stays with the time of that.
    """

    __table_args__ = (
        check_words("exemplar_kind_known", "kind", HonourKind),
        CheckConstraint("num_nonnulls(person, collective) = 1", "exemplar_is_person_or_collective"),
        unique_index(
            "person_honoured_once", "conference", "person", "name", "year", where="removed_at IS NULL"
        ),
        unique_index(
            "collective_honoured_once", "conference", "collective", "name", "year", where="removed_at IS NULL"
        ),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    unit: UUID = reference_column("unit.id", index=True)
    person: UUID | None = reference_column("person.id", nullable=True, index=True)
    collective: UUID | None = reference_column("collective.id", nullable=True, index=True)
    name: str = text_column()
    kind: HonourKind = word_column(HonourKind)
    year: int = Field()
    authority: str | None = nullable_text_column()
    notice: str = text_column()
    purpose: str = text_column()
    removed_at: datetime | None = nullable_time_column()
    created_at: datetime = time_column()
    version: int = 1


def is_visible_exemplar(actor: Actor) -> Condition:
    """Exemplars of the actor's own conferences and units, and those whom a visible nomination or invitation
    names: an honour is seen with its person or collective."""
    own = or_(
        has_role_at(actor, col(Conference.congress), col(Conference.unit)),
        is_own_unit(actor, col(Conference.congress), col(Exemplar.unit)),
    )
    query = select(Conference.id).where(col(Conference.id) == col(Exemplar.conference), own)
    nominated, invited = is_visible_nomination(actor), is_visible_invitation(actor)
    return or_(
        query.correlate(Exemplar).exists(),
        col(Exemplar.person).in_(select(Nomination.person).where(nominated)),
        col(Exemplar.person).in_(select(Invitation.person).where(invited)),
        col(Exemplar.collective).in_(select(Nomination.collective).where(nominated)),
        col(Exemplar.collective).in_(select(Invitation.collective).where(invited)),
    )


async def find_exemplar_case(
    session: AsyncSession, actor: Actor, exemplar: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Exemplar, CaseRow] | None:
    """One exemplar that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Exemplar.id) == exemplar, is_visible_exemplar(actor))
    return await find_row_case(session, actor, Exemplar, where, lock=lock)


async def lock_exemplar(session: AsyncSession, exemplar: UUID) -> Exemplar:
    """One exemplar, as it is now; it does not change until the transaction ends."""
    return await session.get_one(Exemplar, exemplar, with_for_update=True, populate_existing=True)


async def page_exemplars(
    session: AsyncSession,
    actor: Actor,
    *,
    conference: UUID | None,
    unit: UUID | None,
    person: UUID | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Exemplar]:
    """The exemplars that the actor sees, without removed ones, the oldest first, filtered."""
    query = select(Exemplar).where(is_visible_exemplar(actor), col(Exemplar.removed_at).is_(None))
    for column, value in (
        (Exemplar.conference, conference),
        (Exemplar.unit, unit),
        (Exemplar.person, person),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if after is not None:
        query = query.where(col(Exemplar.id) > after)
    return (await session.exec(query.order_by(col(Exemplar.id)).limit(limit))).all()


async def list_given_honours(
    session: AsyncSession, actor: Actor, persons: Collection[UUID], collectives: Collection[UUID]
) -> Sequence[tuple[Exemplar, str]]:
    """What was given to people and collectives at conferences that have met, each with the conference's tier,
    as far as the actor sees it."""
    query = (
        select(Exemplar, Conference.tier)
        .join(Conference, col(Conference.id) == col(Exemplar.conference))
        .where(
            or_(is_among(Exemplar.person, persons), is_among(Exemplar.collective, collectives)),
            is_visible_exemplar(actor),
            col(Exemplar.removed_at).is_(None),
            col(Conference.state).in_([ConferenceState.HELD, ConferenceState.CLOSED]),
        )
        .order_by(col(Exemplar.id))
    )
    return (await session.exec(query)).all()
