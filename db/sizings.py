"""Sizings: the decisions on the numbers of one conference, from a draft to the adopted one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, and_, func, or_
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
    time_column,
    unique_index,
    word_column,
)
from db.conferences import Conference, is_visible_conference
from db.reach import Condition, is_in_subtree
from db.session import AsyncSession, fetch_rows
from domain.access import Actor
from domain.decisions import SizingState
from domain.findings import Finding

READABLE_STATES = (SizingState.ADOPTED, SizingState.SUPERSEDED)
"""The states in which everybody who sees a conference sees its numbers."""


class Sizing(SQLModel, table=True):
    """The ``n``-th decision on the numbers of a conference, under one version of the plan.

    ``content`` has the size, the seat groups and the targets in the format of plans; it never changes. Other
    numbers are another draft.
    """

    __table_args__ = (
        check_words("sizing_state_known", "state", SizingState),
        UniqueConstraint("conference", "n"),
        unique_index("one_adopted_sizing_per_conference", "conference", where="state = 'adopted'"),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    plan_version: UUID = reference_column("plan_version.id")
    n: int
    state: SizingState = word_column(SizingState)
    content: dict[str, Any] = json_column()
    decided_above: bool = False
    """Whether the plan lets a unit above the conference's decide on these numbers."""
    amends: UUID | None = reference_column("sizing.id", nullable=True)
    findings: tuple[Finding, ...] = records_column(Finding)
    reason: str | None = nullable_text_column()
    proposed_by: str | None = nullable_text_column()
    approved_by: str | None = nullable_text_column()
    decision: UUID | None = reference_column("decision.id", nullable=True)
    created_at: datetime = time_column()
    version: int = 1


def is_visible_sizing(actor: Actor) -> Condition:
    """All sizings of conferences at or below the actor's units; for other visible ones, the adopted."""
    if actor.is_service_wide:
        return is_in_subtree(actor, None, None)
    own = select(Conference.id).where(is_in_subtree(actor, col(Conference.congress), col(Conference.unit)))
    visible = select(Conference.id).where(is_visible_conference(actor))
    conference = col(Sizing.conference)
    return or_(conference.in_(own), and_(col(Sizing.state).in_(READABLE_STATES), conference.in_(visible)))


async def find_sizing_case(
    session: AsyncSession, actor: Actor, sizing: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Sizing, CaseRow] | None:
    """One sizing that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Sizing.id) == sizing, is_visible_sizing(actor))
    return await find_row_case(session, actor, Sizing, where, lock=lock)


async def lock_sizing_versions(session: AsyncSession, conference: UUID) -> Sequence[Sizing]:
    """Every sizing of a conference as it is now, the oldest first, until the transaction ends."""
    query = (
        select(Sizing).where(col(Sizing.conference) == conference).order_by(col(Sizing.n)).with_for_update()
    )
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def find_adopted_sizing(session: AsyncSession, conference: UUID) -> UUID | None:
    """The sizing that is in force at a conference."""
    query = select(Sizing.id).where(
        col(Sizing.conference) == conference, col(Sizing.state) == SizingState.ADOPTED
    )
    return (await session.exec(query)).first()


async def count_sizings(session: AsyncSession, conference: UUID) -> int:
    """How many sizings a conference has; the conference must be locked, so that the next number is free."""
    query = columns(func.count()).where(col(Sizing.conference) == conference)
    return int((await fetch_rows(session, query))[0][0])


async def page_sizings(
    session: AsyncSession, actor: Actor, conference: UUID, *, after: int, limit: int
) -> Sequence[Sizing]:
    """The sizings of a conference that the actor sees, from number ``after`` on."""
    query = (
        select(Sizing)
        .where(col(Sizing.conference) == conference, col(Sizing.n) > after, is_visible_sizing(actor))
        .order_by(col(Sizing.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()
