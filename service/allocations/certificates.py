"""The certificate of an allocation: each group's proof, adjustments by hand, and the resulting seats."""

import asyncio
from collections.abc import Sequence

from db import allocations
from db.allocations import Allocation, AllocationSeat
from domain.access import build_forbidden
from domain.allocations import (
    AllocationCertificate,
    CertifiedSeats,
    HandAdjustment,
    TargetCertificate,
    keep_matching_certificates,
)
from domain.decisions import AllocationState
from domain.findings import NotFound, Plain
from service.allocations.snapshots import load_snapshot
from service.work import Work


async def build_certificate(work: Work, allocation: Allocation) -> dict[str, Plain]:
    """The certificate that anybody can verify alone; raises ``NotFound`` while seats are not decided.

    From the proposal on it is as it is stored; before, with the adjustments by hand as they are now.
    """
    if allocation.certificate is None:
        raise NotFound("certificate_not_found")
    if allocation.state != AllocationState.DECIDED:
        return allocation.certificate.plain()
    rows = await allocations.list_allocation_seats(work.session, allocation.id)
    return certify_rows(allocation.certificate, rows).plain()


async def list_split_certificates(work: Work, allocation: Allocation) -> Sequence[TargetCertificate]:
    """What proves the split of each target, computed again from the frozen inputs and the seats of now.

    It has the figures of each unit, so it is for those who read every version: raises ``Forbidden`` for
    others, and ``NotFound`` while seats are not decided. A split that is stored otherwise, by an earlier
    program, is not proven by it.
    """
    if not await allocations.sees_every_version(work.session, work.actor, allocation.id):
        raise build_forbidden(work.actor.access)
    if allocation.certificate is None:
        raise NotFound("certificate_not_found")
    stored = await allocations.list_allocation_targets(work.session, allocation.id)
    inputs = await load_snapshot(work.session, allocation)
    rows = await allocations.list_allocation_seats(work.session, allocation.id)
    seats = {(row.code, row.group): row.seats for row in rows}
    found = await asyncio.to_thread(inputs.certify_targets, seats)
    return keep_matching_certificates(
        found, {(row.target, row.code): (f"{row.fair_share:.6f}", row.seats) for row in stored}
    )


def certify_rows(certificate: AllocationCertificate, rows: Sequence[AllocationSeat]) -> AllocationCertificate:
    """The certificate with the adjustments by hand and the seats of these rows."""
    adjustments = [
        HandAdjustment(row.group, row.code, row.adjustment, row.reason or "", row.adjusted_by or "")
        for row in rows
        if row.adjustment
    ]
    return certificate.set_seats(
        adjustments, [CertifiedSeats(row.group, row.code, row.seats) for row in rows]
    )
