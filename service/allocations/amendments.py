"""Amendments: a new version of what was adopted; it may keep units, and offer returned seats again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select

from db import allocations as rows
from db.allocations import Allocation
from db.conferences import Conference
from db.session import AsyncSession
from domain.allocations import AllocationInputs, amend_inputs
from domain.findings import Conflict, Finding, Invalid


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a new version changes of the adopted one that it ``amends``.

    Units of ``keep`` have exactly the seats that they hold; ``returned`` is (unit, group) → seats that were
    given back, which are offered to the others.
    """

    amends: UUID
    keep: tuple[UUID, ...] = ()
    returned: Mapping[tuple[UUID, str], int] = field(default_factory=dict)


async def expect_amends_adopted(
    session: AsyncSession, conference: Conference, amendment: Amendment | None
) -> None:
    """An adopted allocation is amended by name, and nothing else is."""
    query = select(Allocation.id).where(
        col(Allocation.conference) == conference.id, col(Allocation.state) == "adopted"
    )
    adopted = (await session.exec(query)).first()
    if amendment is None and adopted is not None:
        errors = [Finding("adopted_allocation_is_amended", pointer="/amends")]
        raise Conflict("adopted_allocation_is_amended", {"allocation": str(adopted)}, errors=errors)
    if amendment is not None and amendment.amends != adopted:
        raise Invalid("amends_not_adopted", errors=[Finding("amends_not_adopted", pointer="/amends")])


async def apply_amendment(
    session: AsyncSession, frame: AllocationInputs, amendment: Amendment
) -> AllocationInputs:
    """The frame with what the amendment keeps, and with what was returned for the others."""
    seats = await rows.list_allocation_seats(session, amendment.amends)
    held = {(row.code, row.group): row.seats for row in seats}
    codes = {row.unit: row.code for row in seats}
    errors = [
        Finding("unit_holds_no_seats", pointer=f"/keep/{n}")
        for n, unit in enumerate(amendment.keep)
        if unit not in codes
    ]
    returned = {(codes.get(unit, ""), group): back for (unit, group), back in amendment.returned.items()}
    errors += [
        Finding("returned_more_than_held", {"held": held.get(place, 0)}, f"/returned/{n}/seats")
        for n, (place, seats) in enumerate(returned.items())
        if seats > held.get(place, 0)
    ]
    if errors:
        raise Invalid("amendment_faulty", errors=errors)
    return amend_inputs(frame, held, {codes[unit] for unit in amendment.keep}, returned)
