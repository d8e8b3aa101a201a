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
from domain.findings import NotFound
from service import conferences
from service.work import Work


@dataclass(frozen=True, slots=True)
class AllocationDescription:
    """An allocation with its seats, targets, lots and decision; ``names`` is unit → (code, name)."""

    allocation: Allocation
    seats: Sequence[AllocationSeat]
    targets: Sequence[AllocationTarget]
    announcements: Sequence[LotAnnouncement]
    settlements: Sequence[Settlement]
    decision: Decision | None
    names: Mapping[UUID, tuple[str, str]]


async def get_allocation(work: Work, id: UUID, *, lock: bool = False) -> Allocation:  # noqa: A002
    """One allocation within the actor's reach; with ``lock`` its conference is locked first.

    To act on it the conference must not have been cancelled.
    """
    allocation = await allocations.find_allocation(work.session, work.actor, id)
    if allocation is None:
        raise NotFound("allocation_not_found")
    if lock:
        conferences.expect_not_cancelled(
            await conferences.get_conference(work, allocation.conference, lock=True)
        )
        await work.session.refresh(allocation, with_for_update=True)
    return allocation


async def describe_allocation(work: Work, allocation: Allocation) -> AllocationDescription:
    """Everything there is to show of an allocation."""
    conference = await conferences.get_conference(work, allocation.conference)
    seats = await allocations.list_allocation_seats(work.session, allocation.id)
    decision = await work.session.get(Decision, allocation.decision) if allocation.decision else None
    return AllocationDescription(
        allocation,
        seats,
        await allocations.list_allocation_targets(work.session, allocation.id),
        await lots.list_announcements(work.session, allocation.id),
        await allocations.list_settlements(work.session, allocation.id),
        decision,
        await map_names_by_unit(work.session, conference, [seat.unit for seat in seats]),
    )


async def describe_decided_allocation(
    work: Work,
    allocation: Allocation,
    *,
    seats: Sequence[AllocationSeat] | None = None,
    decision: Decision | None = None,
) -> AllocationDescription:
    """An allocation after an act on it, without the targets and names that are shown unit by unit.

    ``seats`` and ``decision`` are what the act has in hand.
    """
    if seats is None:
        seats = await allocations.list_allocation_seats(work.session, allocation.id)
    announcements = await lots.list_announcements(work.session, allocation.id)
    settlements = await allocations.list_settlements(work.session, allocation.id)
    return AllocationDescription(allocation, seats, (), announcements, settlements, decision, {})


async def page_allocations(
    work: Work, conference: UUID, *, after: int | None, limit: int
) -> Sequence[Allocation]:
    """The versions of a conference's allocation, the first first."""
    await conferences.get_conference(work, conference)
    query = (
        select(Allocation)
        .where(
            col(Allocation.conference) == conference,
            col(Allocation.n) > (after or 0),
            allocations.is_visible_allocation(work.actor),
        )
        .order_by(col(Allocation.n))
        .limit(limit)
    )
    return (await work.session.exec(query)).all()


async def map_names_by_unit(
    session: AsyncSession, conference: Conference, unit_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[str, str]]:
    """unit → (code, name) on the conference's day."""
    return await units.map_names_by_unit(session, unit_ids, conference.as_of)
