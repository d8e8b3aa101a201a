"""Amendments: a new version of what was adopted; it may keep units, and offer returned seats again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.allocations.inputs import AllocationInputs, amend_inputs
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


def expect_adopted_amended(adopted: UUID | None, amends: UUID | None) -> None:
    """Raise unless a new version amends what is adopted, where anything is, and nothing else."""
    if amends is None and adopted is not None:
        errors = [Finding("adopted_allocation_is_amended", pointer="/amends")]
        raise Conflict("adopted_allocation_is_amended", {"allocation": str(adopted)}, errors=errors)
    if amends is not None and amends != adopted:
        raise Invalid("amends_not_adopted", errors=[Finding("amends_not_adopted", pointer="/amends")])


def apply_amendment(
    inputs: AllocationInputs,
    amendment: Amendment,
    current: Mapping[tuple[str, str], int],
    codes: Mapping[UUID, str],
) -> AllocationInputs:
    """The inputs with what the amendment keeps, and with what was returned for the others.

    ``current`` is (unit code, group) → seats by the amended version; ``codes`` has its units.
    Raises ``Invalid`` for units that it does not know, and for more seats returned than a unit has.
    """
    errors = [
        Finding("unit_holds_no_seats", pointer=f"/keep/{n}")
        for n, unit in enumerate(amendment.keep)
        if unit not in codes
    ]
    returned = {(codes.get(unit, ""), group): back for (unit, group), back in amendment.returned.items()}
    errors += [
        Finding("returned_more_than_held", {"held": current.get(place, 0)}, f"/returned/{n}/seats")
        for n, (place, seats) in enumerate(returned.items())
        if seats > current.get(place, 0)
    ]
    if errors:
        raise Invalid("amendment_faulty", errors=errors)
    return amend_inputs(inputs, current, {codes[unit] for unit in amendment.keep}, returned)
