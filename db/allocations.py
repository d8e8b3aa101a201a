"""Allocations: a version of the seats of one conference, from computed to adopted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, and_, or_
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col, select

from db.columns import identifier, maybe_plain, maybe_text, moment, plain, reference, text, text_reference
from db.conferences import Conference
from db.conferences import seen as conference_seen
from db.reach import Condition, under
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import How, Settled

STATES = (
    "computing",
    "lots_required",
    "infeasible",
    "decided",
    "proposed",
    "approved",
    "adopted",
    "superseded",
    "failed",
)


class Allocation(SQLModel, table=True):
    """The ``n``-th version of a conference's allocation. From ``proposed`` on its seats are frozen."""

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", "allocation_state_known"),
        UniqueConstraint("conference", "n"),
        Index("allocation_snapshot_idx", "snapshot"),
        Index(
            "one_adopted_allocation_per_conference",
            "conference",
            unique=True,
            postgresql_where=sql("state = 'adopted'"),
        ),
    )

    id: UUID = identifier()
    conference: UUID = reference("conference.id", index=True)
    n: int
    state: str = text()
    run: UUID = reference("run.id")
    snapshot: str = text_reference("snapshot.digest")
    amends: UUID | None = reference("allocation.id", nullable=True)
    stages: list[dict[str, Any]] = plain()
    certificate: dict[str, Any] | None = maybe_plain()
    findings: list[dict[str, Any]] = plain()
    reason: str | None = maybe_text()
    proposed_by: str | None = maybe_text()
    approved_by: str | None = maybe_text()
    decision: UUID | None = reference("decision.id", nullable=True)
    created_at: datetime = moment()
    version: int = 1


class AllocationSeat(SQLModel, table=True):
    """What one unit gets in one seat group, and every figure that led there."""

    __tablename__ = "allocation_seat"
    __table_args__ = (
        CheckConstraint("seats = computed + adjustment AND seats >= 0", "allocation_seat_sum"),
        CheckConstraint("adjustment = 0 OR reason IS NOT NULL", "adjustment_has_reason"),
    )

    allocation: UUID = reference("allocation.id", primary_key=True)
    unit: UUID = reference("unit.id", primary_key=True)
    group: str = text(primary_key=True)
    code: str = text()
    """The unit's code on the conference's day, by which the frozen inputs name it."""
    bloc: str = text()
    position: int
    measure: str = text()
    weight: str = text()
    made_up: bool = False
    quota: str = text()
    floor: int
    cap: int | None = None
    bound: str | None = maybe_text()
    parts: list[int] = plain()
    """What each component gave, in the plan's order; the last is the proportional part."""
    computed: int
    adjustment: int = 0
    reason: str | None = maybe_text()
    adjusted_by: str | None = maybe_text()
    seats: int


class AllocationTarget(SQLModel, table=True):
    """How many of a unit's seats a composition target asks of it."""

    __tablename__ = "allocation_target"
    __table_args__ = (CheckConstraint("seats >= 0", "allocation_target_not_negative"),)

    allocation: UUID = reference("allocation.id", primary_key=True)
    unit: UUID = reference("unit.id", primary_key=True)
    target: str = text(primary_key=True)
    code: str = text()
    position: int
    fair_share: Decimal = Field(sa_type=Numeric(20, 6))
    seats: int
    by_seats: bool = False


class Settlement(SQLModel, table=True):
    """How a tie was settled; one for each tie that arose."""

    __table_args__ = (UniqueConstraint("allocation", "stage", "tied_digest"),)

    id: UUID = identifier()
    allocation: UUID = reference("allocation.id")
    stage: str = text()
    tied_digest: str = text()
    how: str = text()
    order: list[str] = plain()
    seed: str | None = maybe_text()
    minutes: str = text()
    drawn_by: str = text()
    drawn_at: datetime = moment()
    recorded_by: str = text()
    recorded_at: datetime = moment()


class Decision(SQLModel, table=True):
    """A document by which an authority decided; its number is unique per organ, series and year."""

    __table_args__ = (UniqueConstraint("organ", "series", "year", "number", name="decision_number_taken"),)

    id: UUID = identifier()
    subject_kind: str = text()
    subject: UUID = Field(index=True)
    organ: str = text()
    kind: str = text()
    series: str = text()
    year: int
    number: str = text()
    decided_on: date
    approved_by: str = text()
    recorded_at: datetime = moment()


def seen(actor: Actor) -> Condition:
    """What the actor's council works on, and what was adopted at a conference the actor sees."""
    if actor.everywhere:
        return under(actor, None, None)
    own = select(Conference.id).where(under(actor, col(Conference.congress), col(Conference.unit)))
    shown = select(Conference.id).where(conference_seen(actor))
    conference = col(Allocation.conference)
    return or_(
        conference.in_(own), and_(col(Allocation.state).in_(["adopted", "superseded"]), conference.in_(shown))
    )


async def get(
    session: AsyncSession,
    actor: Actor,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
) -> Allocation | None:
    """One allocation that the actor sees; ``lock`` keeps its state until the transaction ends."""
    query = select(Allocation).where(col(Allocation.id) == id, seen(actor))
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def of_conference(session: AsyncSession, conference: UUID) -> Sequence[Allocation]:
    """Every version, the oldest first."""
    query = select(Allocation).where(col(Allocation.conference) == conference).order_by(col(Allocation.n))
    return (await session.exec(query)).all()


async def seats(session: AsyncSession, allocation: UUID) -> Sequence[AllocationSeat]:
    """The seats in the plan's order of groups and blocs, then by name."""
    query = (
        select(AllocationSeat)
        .where(col(AllocationSeat.allocation) == allocation)
        .order_by(col(AllocationSeat.position))
    )
    return (await session.exec(query)).all()


async def targets(session: AsyncSession, allocation: UUID) -> Sequence[AllocationTarget]:
    """The targets split over the units, in the order of the seats."""
    query = (
        select(AllocationTarget)
        .where(col(AllocationTarget.allocation) == allocation)
        .order_by(col(AllocationTarget.target), col(AllocationTarget.position))
    )
    return (await session.exec(query)).all()


async def adopted_targets(session: AsyncSession, conference: UUID) -> Sequence[AllocationTarget]:
    """Every unit's part of the targets, by the adopted allocation of a conference; none before."""
    query = (
        select(AllocationTarget)
        .join(Allocation, col(Allocation.id) == col(AllocationTarget.allocation))
        .where(col(Allocation.conference) == conference, col(Allocation.state) == "adopted")
    )
    return (await session.exec(query)).all()


async def blocs(session: AsyncSession, conference: UUID) -> Mapping[tuple[UUID, str], str]:
    """(unit, group) → bloc, by the adopted allocation of a conference; none before."""
    query = (
        select(AllocationSeat.unit, AllocationSeat.group, AllocationSeat.bloc)
        .join(Allocation, col(Allocation.id) == col(AllocationSeat.allocation))
        .where(col(Allocation.conference) == conference, col(Allocation.state) == "adopted")
    )
    return {(unit, group): bloc for unit, group, bloc in await session.exec(query)}


async def targets_of_unit(session: AsyncSession, conference: UUID, unit: UUID) -> Sequence[AllocationTarget]:
    """One unit's part of the targets, by the adopted allocation of a conference; none before."""
    query = (
        select(AllocationTarget)
        .join(Allocation, col(Allocation.id) == col(AllocationTarget.allocation))
        .where(
            col(Allocation.conference) == conference,
            col(Allocation.state) == "adopted",
            col(AllocationTarget.unit) == unit,
        )
    )
    return (await session.exec(query)).all()


async def settlements(session: AsyncSession, allocation: UUID) -> Sequence[Settlement]:
    """The ties settled so far, the first first."""
    query = (
        select(Settlement)
        .where(col(Settlement.allocation) == allocation)
        .order_by(col(Settlement.recorded_at))
    )
    return (await session.exec(query)).all()


async def settled(session: AsyncSession, allocation: UUID) -> list[Settled]:
    """The same, as the rules take them."""
    return [
        Settled(row.stage, row.tied_digest, cast("How", row.how), tuple(row.order))
        for row in await settlements(session, allocation)
    ]
