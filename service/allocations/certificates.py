"""The certificate of an allocation: each group's proof, adjustments by hand, and the resulting seats."""

from collections.abc import Sequence

from db import allocations
from db.allocations import Allocation, AllocationSeat
from domain.allocations import AllocationCertificate, CertifiedSeats, HandAdjustment
from domain.decisions import AllocationState
from domain.findings import NotFound, Plain
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
