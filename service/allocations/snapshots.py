"""The frozen inputs of an allocation."""

from db.allocations import Allocation
from db.session import AsyncSession
from domain.allocations import AllocationSnapshot
from service import runs


async def load_snapshot(session: AsyncSession, allocation: Allocation) -> AllocationSnapshot:
    """All that an allocation was computed from."""
    return AllocationSnapshot.read(await runs.get_snapshot(session, allocation.snapshot))
