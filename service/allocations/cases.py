"""An allocation with its case."""

from collections.abc import Sequence
from uuid import UUID

from db import allocations
from db.allocations import Allocation
from db.cases import RowLock
from domain.conferences.life import expect_open
from domain.findings import NotFound
from service.conferences.case import build_case, expect_may_act
from service.work import Case, Work


async def load_allocation(work: Work, allocation: UUID) -> tuple[Case, Allocation]:
    """One allocation within the actor's reach, and the case under the plan version that it follows."""
    found = await allocations.find_allocation_case(work.session, work.actor, allocation)
    if found is None:
        raise NotFound("allocation_not_found")
    return build_case(work, found[1]), found[0]


async def lock_allocation(work: Work, allocation: UUID) -> tuple[Case, Allocation]:
    """As :func:`load_allocation`, to act on it: its conference is locked first, then the allocation.

    Raises ``Forbidden`` for an actor who may see it but not act for the conference's unit, ``Conflict`` where
    the conference was cancelled.
    """
    case = await _lock_conference(work, allocation)
    return case, await allocations.lock_allocation(work.session, allocation)


async def lock_allocation_versions(
    work: Work, allocation: UUID
) -> tuple[Case, Allocation, Sequence[Allocation]]:
    """As :func:`lock_allocation`, to adopt it: every version of the conference's allocation is locked too."""
    case = await _lock_conference(work, allocation)
    versions = await allocations.lock_allocation_versions(work.session, case.conference.id)
    return case, next(row for row in versions if row.id == allocation), versions


async def _lock_conference(work: Work, allocation: UUID) -> Case:
    """The case of an allocation, with its conference locked."""
    found = await allocations.find_allocation_case(work.session, work.actor, allocation, lock=RowLock.CHANGE)
    if found is None:
        raise NotFound("allocation_not_found")
    expect_may_act(work, found[1])
    case = build_case(work, found[1])
    expect_open(case.conference.state)
    return case
