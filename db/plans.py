"""Plans, their versions, and the congresses they prepare."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, or_
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from db.columns import identifier, maybe_moment, maybe_text, moment, plain, reference, text, text_reference
from db.reach import Condition, unit_under
from db.session import AsyncSession
from db.units import LOCAL, UnitCode
from domain.access import Actor


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
    council: str = text()
    """The code of the unit whose council runs it."""
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


def run_by(actor: Actor, council: Any) -> Condition:
    """The unit of that code, whose council runs a plan, lies within the actor's reach."""
    if actor.everywhere:
        return unit_under(actor, None)
    code = select(UnitCode.id).where(
        col(UnitCode.scheme) == LOCAL, col(UnitCode.code) == council, unit_under(actor, col(UnitCode.unit))
    )
    return code.correlate_except(UnitCode).exists()


def version_seen(actor: Actor) -> Condition:
    """What was published is for all; a draft is for those who run the plan."""
    if actor.everywhere:
        return unit_under(actor, None)
    run = select(PlanRow.id).where(run_by(actor, col(PlanRow.council)))
    return or_(col(PlanVersion.state) != "draft", col(PlanVersion.plan).in_(run))


def seen(actor: Actor) -> Condition:
    """Plans of which the actor sees a version."""
    return col(PlanRow.id).in_(select(PlanVersion.plan).where(version_seen(actor)))


async def get(session: AsyncSession, actor: Actor, id: UUID) -> PlanRow | None:  # noqa: A002
    """One plan that the actor sees."""
    return (await session.exec(select(PlanRow).where(col(PlanRow.id) == id, seen(actor)))).first()


async def versions(session: AsyncSession, actor: Actor, plan: UUID) -> Sequence[PlanVersion]:
    """The versions of a plan that the actor sees, the oldest first."""
    query = select(PlanVersion).where(col(PlanVersion.plan) == plan, version_seen(actor))
    return (await session.exec(query.order_by(col(PlanVersion.n)))).all()


async def version(
    session: AsyncSession, actor: Actor, plan: UUID, n: int, *, lock: bool = False
) -> PlanVersion | None:
    """One version of a plan; ``lock`` keeps others from changing it until the transaction ends."""
    query = select(PlanVersion).where(
        col(PlanVersion.plan) == plan, col(PlanVersion.n) == n, version_seen(actor)
    )
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
