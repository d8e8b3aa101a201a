"""Allocations: prepared, computed, settled, adjusted, decided upon, adopted."""

from service.allocations.adoption import AdoptionDocument, adopt_allocation
from service.allocations.announcements import SeedAnnouncement, announce_seed
from service.allocations.cases import load_allocation, lock_allocation
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
    page_allocations,
)
from service.allocations.preparation import prepare_allocation
from service.allocations.tie_settlements import TieSettlement, settle_tie

__all__ = [
    "AdoptionDocument",
    "AllocationDescription",
    "AllocationRunKind",
    "SeedAnnouncement",
    "TieSettlement",
    "adjust_seats",
    "adopt_allocation",
    "announce_seed",
    "approve_allocation",
    "build_certificate",
    "describe_allocation",
    "load_allocation",
    "lock_allocation",
    "page_allocations",
    "prepare_allocation",
    "propose_allocation",
    "settle_tie",
    "withdraw_allocation",
]
