"""Targets of adopted allocations, split again from their frozen inputs: which were computed wrongly.

The first engine sometimes computed fair shares wrongly, and they may have been adopted so. Nothing is changed
here: what was adopted stands until it is amended.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from db import allocations
from db.allocations import Allocation, AllocationTarget
from domain.allocations import AllocationSnapshot, TargetShare
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
        wrong = await asyncio.to_thread(_compare_targets, inputs, allocation, seats, stored)
        for each in wrong:
            yield each


def _compare_targets(
    inputs: AllocationSnapshot,
    allocation: Allocation,
    seats: Mapping[tuple[str, str], int],
    stored: Sequence[AllocationTarget],
) -> list[WrongTarget]:
    """The stored parts that do not follow from the inputs by the seed of splits, nor by that of before.

    Equal claims were settled by the digest of all inputs before, and such targets are not wrong.
    """
    found: list[list[WrongTarget]] = []
    for seed in (inputs.split_seed, allocation.snapshot):
        shares, _ = inputs.targets.split(seats, seed)
        right = {(share.unit, share.target): share for share in shares}
        parts = ((row, right.get((row.code, row.target))) for row in stored)
        found.append([_build_wrong_target(allocation, *part) for part in parts if _is_wrong(*part)])
    return [] if not all(found) else found[0]


def _is_wrong(row: AllocationTarget, share: TargetShare | None) -> bool:
    if share is None or share.seats != row.seats:
        return True
    return abs(Decimal(share.fair_share) - row.fair_share) > NEAR


def _build_wrong_target(
    allocation: Allocation, row: AllocationTarget, share: TargetShare | None
) -> WrongTarget:
    return WrongTarget(
        allocation.conference,
        allocation.id,
        row.code,
        row.target,
        row.fair_share,
        row.seats,
        None if share is None else Decimal(share.fair_share),
        None if share is None else share.seats,
    )
