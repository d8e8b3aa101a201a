"""The certificate of an allocation: each group's proof, adjustments by hand, and the resulting seats."""

from db import allocations
from db.allocations import Allocation
from domain.findings import NotFound, Plain
from service.work import Work


async def build_certificate(work: Work, allocation: Allocation) -> dict[str, Plain]:
    """The certificate that anybody can verify alone; raises ``NotFound`` while seats are not decided."""
    if allocation.certificate is None:
        raise NotFound("certificate_not_found")
    rows = await allocations.list_allocation_seats(work.session, allocation.id)
    return {
        **allocation.certificate.plain(),
        "adjustments": [
            {
                "group": row.group,
                "unit": row.code,
                "adjustment": row.adjustment,
                "reason": row.reason,
                "author": row.adjusted_by,
            }
            for row in rows
            if row.adjustment
        ],
        "seats": [{"group": row.group, "unit": row.code, "seats": row.seats} for row in rows],
    }
