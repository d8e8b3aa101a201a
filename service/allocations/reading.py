"""Reading an allocation: the figures of each unit, in the plan's order, with names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from db import allocations, lots, units
from db.allocations import Allocation, AllocationSeat, AllocationTarget, Decision, Settlement
from db.conferences import Conference
from db.lots import LotAnnouncement
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import NotFound
from service import conferences


@dataclass(frozen=True, slots=True)
class Described:
    """An allocation with its seats, targets, lots and decision; ``names`` is unit → (code, name)."""

    allocation: Allocation
    seats: Sequence[AllocationSeat]
    targets: Sequence[AllocationTarget]
    announcements: Sequence[LotAnnouncement]
    settlements: Sequence[Settlement]
    decision: Decision | None
    names: Mapping[UUID, tuple[str, str]]


async def get(session: AsyncSession, actor: Actor, id: UUID, *, lock: bool = False) -> Allocation:  # noqa: A002
    """One allocation within the actor's reach; with ``lock`` its conference is locked first.

    To act on it the conference must not have been cancelled.
    """
    allocation = await allocations.get(session, actor, id)
    if allocation is None:
        raise NotFound("allocation_not_found")
    if lock:
        conferences.alive(await conferences.get(session, actor, allocation.conference, lock=True))
        await session.refresh(allocation, with_for_update=True)
    return allocation


async def describe(session: AsyncSession, actor: Actor, allocation: Allocation) -> Described:
    """Everything there is to show of an allocation."""
    conference = await conferences.get(session, actor, allocation.conference)
    seats = await allocations.seats(session, allocation.id)
    decision = await session.get(Decision, allocation.decision) if allocation.decision else None
    return Described(
        allocation,
        seats,
        await allocations.targets(session, allocation.id),
        await lots.of_allocation(session, allocation.id),
        await allocations.settlements(session, allocation.id),
        decision,
        await names(session, conference, [seat.unit for seat in seats]),
    )


async def page(
    session: AsyncSession, actor: Actor, conference: UUID, *, after: int | None, limit: int
) -> Sequence[Allocation]:
    """The versions of a conference's allocation, the first first."""
    await conferences.get(session, actor, conference)
    query = (
        select(Allocation)
        .where(
            col(Allocation.conference) == conference,
            col(Allocation.n) > (after or 0),
            allocations.seen(actor),
        )
        .order_by(col(Allocation.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def names(
    session: AsyncSession, conference: Conference, unit_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[str, str]]:
    """unit → (code, name) on the conference's day."""
    return await units.named(session, unit_ids, conference.as_of)
