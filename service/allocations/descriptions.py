"""Descriptions of allocations: seats and targets unit by unit, in the plan's order, with names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import allocations, lots
from db.allocations import Allocation, AllocationSeat, AllocationTarget, Decision, Settlement
from db.lots import LotAnnouncement
from service.names import load_unit_names
from service.work import Case, Work


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


async def describe_allocation(work: Work, case: Case, allocation: Allocation) -> AllocationDescription:
    """An allocation with all its parts, for a reader."""
    seats = await allocations.list_allocation_seats(work.session, allocation.id)
    decision = await allocations.find_decision(work.session, allocation.decision)
    unit_ids = [seat.unit for seat in seats]
    return AllocationDescription(
        allocation,
        seats,
        await allocations.list_allocation_targets(work.session, allocation.id),
        await lots.list_announcements(work.session, allocation.id),
        await allocations.list_settlements(work.session, allocation.id),
        decision,
        await load_unit_names(work, unit_ids, case.conference.as_of),
    )


async def describe_decided_allocation(
    work: Work,
    allocation: Allocation,
    *,
    seats: Sequence[AllocationSeat] | None = None,
    decision: Decision | None = None,
) -> AllocationDescription:
    """An allocation after an act on it, without targets and names.

    ``seats`` and ``decision`` are those that the act has loaded already.
    """
    if seats is None:
        seats = await allocations.list_allocation_seats(work.session, allocation.id)
    announcements = await lots.list_announcements(work.session, allocation.id)
    settlements = await allocations.list_settlements(work.session, allocation.id)
    return AllocationDescription(allocation, seats, (), announcements, settlements, decision, {})


async def page_allocations(work: Work, case: Case, *, after: int | None, limit: int) -> Sequence[Allocation]:
    """The versions of a conference's allocation, the oldest first."""
    return await allocations.page_allocations(
        work.session, work.actor, case.conference.id, after=after or 0, limit=limit
    )
