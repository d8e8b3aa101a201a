"""From the computed figure to the approved one: the leader's hand, the proposal, the approval."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from db import allocations
from db.allocations import Allocation, AllocationSeat
from db.session import AsyncSession
from domain.findings import Conflict, Finding, Invalid, Plain, Severity
from domain.snapshots import plain_record
from service import access, conferences, runs
from service.allocations.computation import SPLIT_CODE_PREFIXES, split_targets, store_shares
from service.audit import record_event
from service.work import Work


async def adjust_seats(
    work: Work,
    allocation: Allocation,
    *,
    unit: UUID,
    group: str,
    adjustment: int,
    reason: str,
) -> Sequence[Finding]:
    """Set the hand adjustment of one unit in one group, beside the computed figure; 0 takes it back.

    The targets are split again over the new seats. The sum is judged when the allocation is proposed, since
    a seat that moves needs two adjustments.
    """
    _expect_state(allocation, "decided")
    rows = await allocations.list_allocation_seats(work.session, allocation.id)
    row = next((row for row in rows if (row.unit, row.group) == (unit, group)), None)
    if row is None:
        raise Invalid("unit_not_in_group", errors=[Finding("unit_not_in_group", {"group": group}, "/unit")])
    if row.computed + adjustment < 0:
        params: dict[str, Plain] = {"computed": row.computed}
        raise Invalid(
            "adjustment_below_zero", errors=[Finding("adjustment_below_zero", params, "/adjustment")]
        )
    before = row.adjustment
    row.adjustment, row.seats = adjustment, row.computed + adjustment
    row.reason, row.adjusted_by = (reason, work.actor.id) if adjustment else (None, None)
    work.session.add(row)
    await work.session.flush()
    content = await runs.get_snapshot(work.session, allocation.snapshot)
    held = {(each.code, each.group): each.seats for each in rows}
    found, findings = await asyncio.to_thread(split_targets, allocation.snapshot, content, held)
    await store_shares(work.session, allocation.id, found, {each.code: each.unit for each in rows})
    earlier = [each for each in allocation.findings if not each["code"].startswith(SPLIT_CODE_PREFIXES)]
    allocation.findings = [*earlier, *(plain_record(finding) for finding in findings)]
    changes: dict[str, Plain] = {
        "unit": str(unit),
        "group": group,
        "before": before,
        "after": adjustment,
        "reason": reason,
    }
    await _record_change(work, allocation, "allocation_adjusted", changes)
    return [*_check_bounds(row), *findings]


async def propose_allocation(work: Work, allocation: Allocation) -> None:
    """Freeze the seats and put them before the authority. Adjustments must leave each group its number."""
    _expect_state(allocation, "decided")
    errors = await _check_sums(work.session, allocation)
    if errors:
        raise Conflict("adjustments_do_not_balance", errors=errors)
    allocation.state, allocation.proposed_by = "proposed", work.actor.id
    await _record_change(work, allocation, "allocation_proposed")


async def approve_allocation(work: Work, allocation: Allocation) -> None:
    """The authority agrees; the signed decision's number follows with the adoption."""
    _expect_state(allocation, "proposed")
    await expect_other_approver(work, allocation)
    allocation.state, allocation.approved_by = "approved", work.actor.id
    await _record_change(work, allocation, "allocation_approved")


async def expect_other_approver(work: Work, allocation: Allocation) -> None:
    """Raise ``Forbidden`` unless the actor may approve and adopt what another has proposed."""
    conference = await conferences.get_conference(work, allocation.conference)
    plan = await conferences.load_plan(work.session, conference)
    await access.expect_second_person(work, plan, conference, allocation.proposed_by)


async def withdraw_allocation(work: Work, allocation: Allocation, reason: str) -> None:
    """Take a proposal back to be worked on again."""
    if allocation.state not in ("proposed", "approved"):
        raise Conflict("allocation_state", {"state": allocation.state, "needed": "proposed"})
    allocation.state, allocation.proposed_by, allocation.approved_by = "decided", None, None
    await _record_change(work, allocation, "allocation_withdrawn", {"reason": reason})


async def _check_sums(session: AsyncSession, allocation: Allocation) -> list[Finding]:
    moved: dict[str, int] = {}
    for row in await allocations.list_allocation_seats(session, allocation.id):
        moved[row.group] = moved.get(row.group, 0) + row.adjustment
    return [
        Finding("adjustments_do_not_balance", {"group": group, "by": by})
        for group, by in moved.items()
        if by != 0
    ]


def _check_bounds(row: AllocationSeat) -> list[Finding]:
    """A hand may leave the plan's bounds, with its reason on record; it is said."""
    found = []
    if row.seats < row.floor:
        found.append(Finding("adjusted_below_floor", {"floor": row.floor}, severity=Severity.WARNING))
    if row.cap is not None and row.seats > row.cap:
        found.append(Finding("adjusted_above_cap", {"cap": row.cap}, severity=Severity.WARNING))
    return found


def _expect_state(allocation: Allocation, needed: str) -> None:
    if allocation.state != needed:
        raise Conflict("allocation_state", {"state": allocation.state, "needed": needed})


async def _record_change(
    work: Work,
    allocation: Allocation,
    act: str,
    changes: dict[str, Plain] | None = None,
) -> None:
    allocation.version += 1
    work.session.add(allocation)
    await work.session.flush()
    conference = await conferences.get_conference(work, allocation.conference)
    plan = await conferences.get_audit_chain(work.session, conference)
    told: dict[str, Plain] = {"state": allocation.state, **(changes or {})}
    await record_event(work, act, "allocation", allocation.id, told, plan=plan)
