"""Adjusting the computed seats by hand, and proposing them."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from db import allocations
from db.allocations import Allocation, AllocationSeat
from domain.acts import Act
from domain.allocations.adjustments import (
    AdjustedSeats,
    check_bounds,
    expect_balance,
    expect_no_negative_seats,
)
from domain.decisions import derive_next_state
from domain.findings import Finding, Invalid, Plain
from service.allocations.certificates import certify_rows
from service.allocations.computation import SPLIT_CODE_PREFIXES, store_shares
from service.allocations.snapshots import load_snapshot
from service.audit import record_change
from service.decisions import propose_subject
from service.work import Case, Work


async def adjust_seats(
    work: Work, case: Case, allocation: Allocation, *, unit: UUID, group: str, adjustment: int, reason: str
) -> Sequence[Finding]:
    """Set the adjustment by hand of one unit in one group; the computed figure stays, and 0 undoes it.

    The targets are split again over the new seats. The sum is judged when the allocation is proposed, since
    a seat that moves needs two adjustments.
    """
    state = derive_next_state("adjust", allocation.state)
    rows = await allocations.list_allocation_seats(work.session, allocation.id)
    row = next((row for row in rows if (row.unit, row.group) == (unit, group)), None)
    if row is None:
        raise Invalid("unit_not_in_group", errors=[Finding("unit_not_in_group", {"group": group}, "/unit")])
    before = row.adjustment
    adjusted = AdjustedSeats(group, row.computed, adjustment, row.floor, row.cap)
    expect_no_negative_seats(adjusted)
    row.adjustment, row.seats = adjustment, adjusted.seats
    row.reason, row.adjusted_by = (reason, work.actor.id) if adjustment else (None, None)
    work.session.add(row)
    await work.session.flush()
    findings = await _split_targets_again(work, allocation, rows)
    changes: dict[str, Plain] = {
        "state": state,
        "unit": str(unit),
        "group": group,
        "before": before,
        "after": adjustment,
        "reason": reason,
    }
    await record_change(work, allocation, Act.ALLOCATION_ADJUSTED, changes, chain=case.chain)
    return [*check_bounds(adjusted), *findings]


async def propose_allocation(work: Work, case: Case, allocation: Allocation) -> Sequence[AllocationSeat]:
    """Freeze the seats and put them before the authority. Adjustments must leave each group its number.

    They are written into the certificate, whose digest is recorded. Returns the seats.
    """
    derive_next_state("propose", allocation.state)
    rows = await allocations.list_allocation_seats(work.session, allocation.id)
    expect_balance(AdjustedSeats(row.group, row.computed, row.adjustment, row.floor, row.cap) for row in rows)
    changes: dict[str, Plain] = {}
    if allocation.certificate is not None:
        allocation.certificate = certify_rows(allocation.certificate, rows)
        changes["certificate"] = allocation.certificate.digest
    await propose_subject(work, case, allocation, changes)
    return rows


async def _split_targets_again(
    work: Work, allocation: Allocation, rows: Sequence[AllocationSeat]
) -> Sequence[Finding]:
    """Split the targets over the seats as they are now; returns the findings about the new split."""
    inputs = await load_snapshot(work.session, allocation)
    seats = {(row.code, row.group): row.seats for row in rows}
    shares, findings = await asyncio.to_thread(inputs.split_targets, seats)
    await store_shares(work.session, allocation.id, shares, {row.code: row.unit for row in rows})
    earlier = [each for each in allocation.findings if not each.code.startswith(SPLIT_CODE_PREFIXES)]
    allocation.findings = (*earlier, *findings)
    return findings
