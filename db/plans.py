"""Plans, their versions, and the congresses they prepare."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from db.columns import identifier, maybe_moment, maybe_text, moment, plain, reference, text, text_reference
from db.session import AsyncSession


class Congress(SQLModel, table=True):
    """A congress chain; ``id`` is the plans' own name for it."""

    id: str = text(primary_key=True)
    name: str = text()


class PlanRow(SQLModel, table=True):
    """A plan as a thing that has versions."""

    __tablename__ = "plan"

    id: UUID = identifier()
    title: str = text()
    authority: str = text()
    number: str | None = maybe_text()
    created_at: datetime = moment()


class PlanCongress(SQLModel, table=True):
    """Which congresses a plan prepares."""

    __tablename__ = "plan_congress"

    plan: UUID = reference("plan.id", primary_key=True)
    congress: str = text_reference("congress.id", primary_key=True)


class PlanVersion(SQLModel, table=True):
    """One text of a plan: a draft may change, a published one never does (a trigger sees to it)."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan", "n"),
        CheckConstraint("state IN ('draft', 'published', 'superseded')", "plan_version_state_known"),
        Index(
            "one_published_version_per_plan",
            "plan",
            unique=True,
            postgresql_where=sql("state = 'published'"),
        ),
        Index("one_draft_per_plan", "plan", unique=True, postgresql_where=sql("state = 'draft'")),
    )

    id: UUID = identifier()
    plan: UUID = reference("plan.id")
    n: int
    state: str = text()
    body: dict[str, Any] = plain()
    digest: str = text()
    reason: str | None = maybe_text()
    created_at: datetime = moment()
    published_at: datetime | None = maybe_moment()
    version: int = 1


async def versions(session: AsyncSession, plan: UUID) -> Sequence[PlanVersion]:
    """All versions of a plan, the oldest first."""
    query = select(PlanVersion).where(col(PlanVersion.plan) == plan).order_by(col(PlanVersion.n))
    return (await session.exec(query)).all()


async def version(session: AsyncSession, plan: UUID, n: int, *, lock: bool = False) -> PlanVersion | None:
    """One version of a plan; ``lock`` keeps others from changing it until the transaction ends."""
    query = select(PlanVersion).where(col(PlanVersion.plan) == plan, col(PlanVersion.n) == n)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).first()


async def published(session: AsyncSession, plan: UUID) -> PlanVersion | None:
    """The version in force."""
    query = select(PlanVersion).where(col(PlanVersion.plan) == plan, col(PlanVersion.state) == "published")
    return (await session.exec(query)).first()


async def congresses(session: AsyncSession, plan: UUID) -> Sequence[str]:
    """The congresses a plan prepares, by id."""
    query = (
        select(PlanCongress.congress).where(col(PlanCongress.plan) == plan).order_by(PlanCongress.congress)
    )
    return (await session.exec(query)).all()
