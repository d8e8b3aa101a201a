"""Allocations: each is a version of the seats of one conference, from computed to adopted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, and_, delete, insert, or_
from sqlmodel import Field, SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    json_column,
    nullable_text_column,
    record_column,
    records_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
    unique_index,
    word_column,
)
from db.conferences import Conference, is_visible_conference
from db.reach import Condition, is_in_subtree
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import AllocationCertificate, SettledTie, StageSummary
from domain.apportionment.result import BoundKind
from domain.decisions import AllocationState, DecisionSubject
from domain.findings import Finding
from domain.lots import SettlementMethod

READABLE_STATES = (AllocationState.ADOPTED, AllocationState.SUPERSEDED)
"""The states in which everybody who sees a conference sees its allocation."""


class Allocation(SQLModel, table=True):
    """The ``n``-th version of a conference's allocation, computed under one frozen version of the plan.

    From the state ``proposed`` on its seats are frozen.
    """

    __table_args__ = (
        check_words("allocation_state_known", "state", AllocationState),
        UniqueConstraint("conference", "n"),
        Index("allocation_snapshot_idx", "snapshot"),
        unique_index("one_adopted_allocation_per_conference", "conference", where="state = 'adopted'"),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    plan_version: UUID = reference_column("plan_version.id")
    n: int
    state: AllocationState = word_column(AllocationState)
    run: UUID = reference_column("run.id")
    snapshot: str = text_reference_column("snapshot.digest")
    amends: UUID | None = reference_column("allocation.id", nullable=True)
    stages: tuple[StageSummary, ...] = records_column(StageSummary)
    certificate: AllocationCertificate | None = record_column(AllocationCertificate, nullable=True)
    findings: tuple[Finding, ...] = records_column(Finding)
    reason: str | None = nullable_text_column()
    proposed_by: str | None = nullable_text_column()
    approved_by: str | None = nullable_text_column()
    decision: UUID | None = reference_column("decision.id", nullable=True)
    created_at: datetime = time_column()
    version: int = 1


class AllocationSeat(SQLModel, table=True):
    """The seats of one unit in one seat group, and every figure they were computed from."""

    __tablename__ = "allocation_seat"
    __table_args__ = (
        CheckConstraint("seats = computed + adjustment AND seats >= 0", "allocation_seat_sum"),
        CheckConstraint("adjustment = 0 OR reason IS NOT NULL", "adjustment_has_reason"),
        check_words("allocation_seat_bound_known", "bound", BoundKind),
    )

    allocation: UUID = reference_column("allocation.id", primary_key=True)
    unit: UUID = reference_column("unit.id", primary_key=True)
    group: str = text_column(primary_key=True)
    code: str = text_column()
    """The unit's code on the conference's day; the frozen inputs use it."""
    bloc: str = text_column()
    position: int
    measure: str = text_column()
    weight: str = text_column()
    made_up: bool = False
    quota: str = text_column()
    floor: int
    cap: int | None = None
    bound: BoundKind | None = word_column(BoundKind, nullable=True)
    parts: list[int] = json_column()
    """The seats from each component, in the plan's order; the last is the proportional part."""
    computed: int
    adjustment: int = 0
    reason: str | None = nullable_text_column()
    adjusted_by: str | None = nullable_text_column()
    seats: int


class AllocationTarget(SQLModel, table=True):
    """How many of a unit's seats a composition target asks for."""

    __tablename__ = "allocation_target"
    __table_args__ = (CheckConstraint("seats >= 0", "allocation_target_not_negative"),)

    allocation: UUID = reference_column("allocation.id", primary_key=True)
    unit: UUID = reference_column("unit.id", primary_key=True)
    target: str = text_column(primary_key=True)
    code: str = text_column()
    position: int
    fair_share: Decimal = Field(sa_type=Numeric(20, 6))
    seats: int
    by_seats: bool = False


class Settlement(SQLModel, table=True):
    """How a tie was settled; one row for each tie."""

    __table_args__ = (
        UniqueConstraint("allocation", "stage", "tied_digest"),
        check_words("settlement_how_known", "how", SettlementMethod),
    )

    id: UUID = id_column()
    allocation: UUID = reference_column("allocation.id")
    stage: str = text_column()
    tied_digest: str = text_column()
    how: SettlementMethod = word_column(SettlementMethod)
    order: list[str] = json_column()
    seed: str | None = nullable_text_column()
    minutes: str = text_column()
    drawn_by: str = text_column()
    drawn_at: datetime = time_column()
    recorded_by: str = text_column()
    recorded_at: datetime = time_column()


class Decision(SQLModel, table=True):
    """A document by which an authority decided; its number is unique per organ, series and year.

    Number, year and day are recorded together, with the decision or later, and are then final.
    """

    __table_args__ = (
        UniqueConstraint("organ", "series", "year", "number", name="decision_number_taken"),
        check_words("decision_subject_known", "subject_kind", DecisionSubject),
        CheckConstraint("num_nonnulls(year, number, decided_on) IN (0, 3)", "decision_number_whole"),
    )

    id: UUID = id_column()
    subject_kind: DecisionSubject = word_column(DecisionSubject)
    subject: UUID = Field(index=True)
    organ: str = text_column()
    kind: str = text_column()
    series: str = text_column()
    year: int | None = None
    number: str | None = nullable_text_column()
    decided_on: date | None = None
    approved_by: str = text_column()
    recorded_at: datetime = time_column()


def is_own_allocation(actor: Actor) -> Condition:
    """Allocations for conferences at or below the actor's units: every version may be read."""
    if actor.is_service_wide:
        return is_in_subtree(actor, None, None)
    own = select(Conference.id).where(is_in_subtree(actor, col(Conference.congress), col(Conference.unit)))
    return col(Allocation.conference).in_(own)


async def sees_every_version(session: AsyncSession, actor: Actor, allocation: UUID) -> bool:
    """Whether the actor reads an allocation also before it is adopted, as its own council does."""
    query = select(Allocation.id).where(col(Allocation.id) == allocation, is_own_allocation(actor))
    return (await session.exec(query)).first() is not None


def is_visible_allocation(actor: Actor) -> Condition:
    """All allocations for conferences at or below the actor's units; for other visible ones, the adopted."""
    if actor.is_service_wide:
        return is_own_allocation(actor)
    visible = select(Conference.id).where(is_visible_conference(actor))
    adopted = and_(col(Allocation.state).in_(READABLE_STATES), col(Allocation.conference).in_(visible))
    return or_(is_own_allocation(actor), adopted)


async def find_allocation_case(
    session: AsyncSession, actor: Actor, allocation: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Allocation, CaseRow] | None:
    """One allocation that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Allocation.id) == allocation, is_visible_allocation(actor))
    return await find_row_case(session, actor, Allocation, where, lock=lock)


async def lock_allocation(session: AsyncSession, allocation: UUID) -> Allocation:
    """One allocation, as it is now, whose state does not change until the transaction ends."""
    return await session.get_one(Allocation, allocation, with_for_update=True, populate_existing=True)


async def lock_allocation_versions(session: AsyncSession, conference: UUID) -> Sequence[Allocation]:
    """Every version of a conference's allocation as it is now, the oldest first.

    Their states do not change until the transaction ends.
    """
    query = (
        select(Allocation)
        .where(col(Allocation.conference) == conference)
        .order_by(col(Allocation.n))
        .with_for_update()
    )
    return (await session.exec(query.execution_options(populate_existing=True))).all()


class AllocationVersion(NamedTuple):
    """One version of a conference's allocation, in short."""

    id: UUID
    n: int
    state: AllocationState


async def list_versions(session: AsyncSession, conference: UUID) -> list[AllocationVersion]:
    """Every version of a conference's allocation, the oldest first."""
    query = (
        select(Allocation.id, Allocation.n, col(Allocation.state))
        .where(col(Allocation.conference) == conference)
        .order_by(col(Allocation.n))
    )
    return [AllocationVersion(one, n, state) for one, n, state in await session.exec(query)]


async def page_allocations(
    session: AsyncSession, actor: Actor, conference: UUID, *, after: int, limit: int
) -> Sequence[Allocation]:
    """The versions of a conference's allocation that the actor sees, from number ``after`` on."""
    query = (
        select(Allocation)
        .where(
            col(Allocation.conference) == conference, col(Allocation.n) > after, is_visible_allocation(actor)
        )
        .order_by(col(Allocation.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def store_allocation_seats(
    session: AsyncSession, allocation: UUID, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Replace the seats of an allocation, in the order of ``rows``."""
    await session.exec(delete(AllocationSeat).where(col(AllocationSeat.allocation) == allocation))
    if rows:
        placed = [{**row, "allocation": allocation, "position": n} for n, row in enumerate(rows)]
        await session.exec(insert(AllocationSeat), params=placed)


async def store_allocation_targets(
    session: AsyncSession, allocation: UUID, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Replace the split targets of an allocation, in the order of ``rows``."""
    await session.exec(delete(AllocationTarget).where(col(AllocationTarget.allocation) == allocation))
    if rows:
        placed = [{**row, "allocation": allocation, "position": n} for n, row in enumerate(rows)]
        await session.exec(insert(AllocationTarget), params=placed)


async def list_allocation_seats(session: AsyncSession, allocation: UUID) -> Sequence[AllocationSeat]:
    """The seats of an allocation, in the plan's order of groups and blocs, then by name of the unit."""
    query = (
        select(AllocationSeat)
        .where(col(AllocationSeat.allocation) == allocation)
        .order_by(col(AllocationSeat.position))
    )
    return (await session.exec(query)).all()


async def list_allocation_targets(session: AsyncSession, allocation: UUID) -> Sequence[AllocationTarget]:
    """The targets of an allocation, split over the units: by target, then in the order of the seats."""
    query = (
        select(AllocationTarget)
        .where(col(AllocationTarget.allocation) == allocation)
        .order_by(col(AllocationTarget.target), col(AllocationTarget.position))
    )
    return (await session.exec(query)).all()


async def list_adopted_allocations(session: AsyncSession) -> Sequence[Allocation]:
    """The adopted allocations of all conferences, the oldest first."""
    query = (
        select(Allocation)
        .where(col(Allocation.state) == AllocationState.ADOPTED)
        .order_by(col(Allocation.created_at), col(Allocation.id))
    )
    return (await session.exec(query)).all()


async def list_adopted_targets(session: AsyncSession, conference: UUID) -> Sequence[AllocationTarget]:
    """Every unit's part of the targets by the adopted allocation of a conference; empty before adoption."""
    query = (
        select(AllocationTarget)
        .join(Allocation, col(Allocation.id) == col(AllocationTarget.allocation))
        .where(col(Allocation.conference) == conference, col(Allocation.state) == AllocationState.ADOPTED)
    )
    return (await session.exec(query)).all()


async def map_blocs_by_place(session: AsyncSession, conference: UUID) -> Mapping[tuple[UUID, str], str]:
    """(unit, group) → bloc, by the adopted allocation of a conference; empty before adoption."""
    query = (
        select(AllocationSeat.unit, AllocationSeat.group, AllocationSeat.bloc)
        .join(Allocation, col(Allocation.id) == col(AllocationSeat.allocation))
        .where(col(Allocation.conference) == conference, col(Allocation.state) == AllocationState.ADOPTED)
    )
    return {(unit, group): bloc for unit, group, bloc in await session.exec(query)}


async def find_decision(session: AsyncSession, decision: UUID | None) -> Decision | None:
    """The decision with that id; ``None`` for something that nobody has adopted."""
    return None if decision is None else await session.get(Decision, decision)


async def list_settlements(session: AsyncSession, allocation: UUID) -> Sequence[Settlement]:
    """How the ties of an allocation were settled so far, in the order of recording."""
    query = (
        select(Settlement)
        .where(col(Settlement.allocation) == allocation)
        .order_by(col(Settlement.recorded_at))
    )
    return (await session.exec(query)).all()


async def list_tie_settlements(session: AsyncSession, allocation: UUID) -> list[SettledTie]:
    """The same as :func:`list_settlements`, in the type that the rules in ``domain`` take."""
    return [
        SettledTie(row.stage, row.tied_digest, row.how, tuple(row.order))
        for row in await list_settlements(session, allocation)
    ]
