"""Allocations: prepared, computed, settled, adjusted, decided upon, adopted."""

from service.allocations.adoption import AdoptionDocument, adopt_allocation
from service.allocations.amendments import Amendment
from service.allocations.announcements import announce_seed
from service.allocations.certificates import build_certificate
from service.allocations.computation import AllocationRunKind
from service.allocations.decisions import (
    adjust_seats,
    approve_allocation,
    propose_allocation,
    withdraw_allocation,
)
from service.allocations.descriptions import (
    AllocationDescription,
    describe_allocation,
    get_allocation,
    page_allocations,
)
from service.allocations.preparation import prepare_allocation
from service.allocations.tie_settlements import settle_tie

__all__ = [
    "AdoptionDocument",
    "AllocationDescription",
    "AllocationRunKind",
    "Amendment",
    "adjust_seats",
    "adopt_allocation",
    "announce_seed",
    "approve_allocation",
    "build_certificate",
    "describe_allocation",
    "get_allocation",
    "page_allocations",
    "prepare_allocation",
    "propose_allocation",
    "settle_tie",
    "withdraw_allocation",
]
