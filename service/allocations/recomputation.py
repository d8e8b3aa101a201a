"""Targets of adopted allocations, split again from their frozen inputs: which were computed wrongly.

The first engine sometimes computed fair shares wrongly, and they may have been adopted so. Nothing is changed
here: what was adopted stands until it is amended.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from db import allocations
from service.allocations.snapshots import load_snapshot
from service.work import Work

NEAR = Decimal("0.000003")
"""Shares that differ by no more are the same share with other last digits."""


@dataclass(frozen=True, slots=True)
class WrongTarget:
    """One unit's part of one target: what was adopted, and what follows from the frozen inputs.

    The right numbers are ``None`` where the target cannot be split, or not be proven.
    """

    conference: UUID
    allocation: UUID
    unit: str
    target: str
    fair_share: Decimal
    seats: int
    right_share: Decimal | None
    right_seats: int | None


async def list_wrong_targets(work: Work) -> AsyncIterator[WrongTarget]:
    """The parts of adopted targets whose seats or fair shares are not those of their frozen inputs.

    Seats that the guard or an adjustment by hand moved are computed in the same way as at their adoption.
    """
    for allocation in await allocations.list_adopted_allocations(work.session):
        stored = await allocations.list_allocation_targets(work.session, allocation.id)
        if not stored:
            continue
        inputs = await load_snapshot(work.session, allocation)
        rows = await allocations.list_allocation_seats(work.session, allocation.id)
        seats = {(row.code, row.group): row.seats for row in rows}
        shares, _ = await asyncio.to_thread(inputs.targets.split, seats, allocation.snapshot)
        right = {(share.unit, share.target): share for share in shares}
        for row in stored:
            share = right.get((row.code, row.target))
            whole = None if share is None else share.seats
            part = None if share is None else Decimal(share.fair_share)
            if part is None or whole != row.seats or abs(part - row.fair_share) > NEAR:
                yield WrongTarget(
                    allocation.conference,
                    allocation.id,
                    row.code,
                    row.target,
                    row.fair_share,
                    row.seats,
                    part,
                    whole,
                )
