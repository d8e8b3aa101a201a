"""Runs: long work as rows, leased and fenced."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, or_
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col, select

from db.allocations import Allocation
from db.allocations import seen as allocation_seen
from db.columns import (
    identifier,
    maybe_moment,
    maybe_plain,
    maybe_text,
    moment,
    new_id,
    text,
    text_reference,
)
from db.selections import Selection
from db.selections import held as selection_held
from db.session import AsyncSession
from domain.access import COUNCILS, Actor

LEASE = timedelta(minutes=5)
"""How long a worker may be silent before another takes its run over."""

MAX_ATTEMPTS = 3
"""A run that has killed so many workers is failed rather than tried again."""


class Run(SQLModel, table=True):
    """One piece of long work over one snapshot."""

    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", "run_state_known"),
        Index("run_waiting_idx", "created_at", postgresql_where=sql("state IN ('queued', 'running')")),
    )

    id: UUID = identifier()
    kind: str = text()
    state: str = text()
    subject: UUID = Field(index=True)
    snapshot: str = text_reference("snapshot.digest")
    engine: str = text()
    actor: str = text()
    attempts: int = 0
    owner_token: UUID | None = None
    lease_until: datetime | None = maybe_moment()
    progress: dict[str, Any] | None = maybe_plain()
    answer: dict[str, Any] | None = maybe_plain()
    """What came of it, where nothing else keeps that."""
    problem: dict[str, Any] | None = maybe_plain()
    request_id: str | None = maybe_text()
    created_at: datetime = moment()
    finished_at: datetime | None = maybe_moment()


async def get(session: AsyncSession, actor: Actor, id: UUID) -> Run | None:  # noqa: A002
    """One run: the actor's own, or over something that they see."""
    subjects = (
        select(Allocation.id).where(allocation_seen(actor)),
        select(Selection.id).where(
            col(Selection.run) == id, selection_held(actor.opening.with_roles(COUNCILS))
        ),
    )
    query = select(Run).where(col(Run.id) == id)
    if not actor.everywhere:
        query = query.where(
            or_(col(Run.actor) == actor.id, *(col(Run.subject).in_(each) for each in subjects))
        )
    return (await session.exec(query)).first()


async def claim(session: AsyncSession, kinds: Collection[str], run: UUID | None = None) -> Run | None:
    """Lease a run of these kinds that waits, or whose worker has fallen silent: this one, or the oldest.

    The lease carries a fresh ``owner_token``; a result is stored only by who still holds it.
    """
    query = (
        select(Run)
        .where(
            col(Run.kind).in_(kinds),
            or_(
                col(Run.state) == "queued",
                (col(Run.state) == "running") & (col(Run.lease_until) < func.now()),
            ),
        )
        .order_by(col(Run.created_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if run is not None:
        query = query.where(col(Run.id) == run)
    found = (await session.exec(query)).first()
    if found is not None:
        found.state, found.attempts, found.owner_token = "running", found.attempts + 1, new_id()
        found.lease_until = (await session.exec(select(func.now()))).one() + LEASE
        session.add(found)
        await session.flush()
    return found


async def held(session: AsyncSession, run: UUID, token: UUID | None) -> Run | None:
    """The run, locked, if its lease is still ours; ``None`` when somebody took it over."""
    query = (
        select(Run)
        .where(col(Run.id) == run, col(Run.state) == "running", col(Run.owner_token) == token)
        .with_for_update()
    )
    return (await session.exec(query)).first()
