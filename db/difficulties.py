"""Difficulties that units raise about their conferences, and the answers."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    nullable_text_column,
    reference_column,
    text_column,
    time_column,
    word_column,
)
from db.conferences import Conference
from db.plans import PlanVersion
from db.reach import Condition, is_in_subtree
from db.session import AsyncSession
from domain.access import Actor
from domain.difficulties import DifficultyState


class Difficulty(SQLModel, table=True):
    """A difficulty about a conference. Its texts name nobody: what tells of people is in the ``paper``."""

    __table_args__ = (
        check_words("difficulty_state_known", "state", DifficultyState),
        CheckConstraint(
            "(answer IS NULL) = (answered_on IS NULL) AND (state <> 'answered' OR answer IS NOT NULL)",
            "answered_difficulty_has_answer",
        ),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", "closed_difficulty_has_day"),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    state: DifficultyState = word_column(DifficultyState)
    text: str = text_column()
    paper: UUID | None = reference_column("received_paper.id", nullable=True, index=True)
    raised_on: date
    answer: str | None = nullable_text_column()
    document: str | None = nullable_text_column()
    """The number of the letter with the answer."""
    answered_on: date | None = None
    closed_on: date | None = None
    created_by: str = text_column()
    created_at: datetime = time_column()
    version: int = 1


def is_visible_difficulty(actor: Actor) -> Condition:
    """Difficulties of units at or below the actor's."""
    place = is_in_subtree(actor, col(Conference.congress), col(Conference.unit))
    query = select(Conference.id).where(col(Conference.id) == col(Difficulty.conference), place)
    return query.correlate(Difficulty).exists()


async def find_difficulty_case(
    session: AsyncSession, actor: Actor, difficulty: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Difficulty, CaseRow] | None:
    """One difficulty that the actor sees, with its case; ``lock`` is that of its conference."""
    where = is_visible_difficulty(actor) & (col(Difficulty.id) == difficulty)
    return await find_row_case(session, actor, Difficulty, where, lock=lock)


async def lock_difficulty(session: AsyncSession, actor: Actor, difficulty: UUID) -> Difficulty | None:
    """One difficulty that the actor sees, as it is now; it does not change until the transaction ends."""
    query = select(Difficulty).where(col(Difficulty.id) == difficulty, is_visible_difficulty(actor))
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def page_difficulties(
    session: AsyncSession,
    actor: Actor,
    *,
    plan: UUID | None,
    conference: UUID | None,
    state: DifficultyState | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Difficulty]:
    """Difficulties that the actor sees, the oldest first, filtered."""
    query = select(Difficulty).where(is_visible_difficulty(actor))
    if plan is not None:
        query = (
            query.join(Conference, col(Conference.id) == col(Difficulty.conference))
            .join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version))
            .where(col(PlanVersion.plan) == plan)
        )
    if conference is not None:
        query = query.where(col(Difficulty.conference) == conference)
    if state is not None:
        query = query.where(col(Difficulty.state) == state)
    if after is not None:
        query = query.where(col(Difficulty.id) > after)
    return (await session.exec(query.order_by(col(Difficulty.id)).limit(limit))).all()
