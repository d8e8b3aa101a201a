"""Allocations: preparation, computation, ties, adjustments, decisions, adoption."""

from service.allocations.adoption import adopt_allocation
from service.allocations.announcements import announce_seed
from service.allocations.cases import load_allocation, lock_allocation, lock_allocation_versions
from service.allocations.certificates import build_certificate, list_split_certificates
from service.allocations.computation import AllocationRunKind
from service.allocations.decisions import adjust_seats, propose_allocation
from service.allocations.descriptions import (
    AllocationDescription,
    describe_allocation,
    describe_decided_allocation,
    page_allocations,
)
from service.allocations.preparation import prepare_allocation
from service.allocations.tie_settlements import settle_tie

__all__ = [
    "AllocationDescription",
    "AllocationRunKind",
    "adjust_seats",
    "adopt_allocation",
    "announce_seed",
    "build_certificate",
    "describe_allocation",
    "describe_decided_allocation",
    "list_split_certificates",
    "load_allocation",
    "lock_allocation",
    "lock_allocation_versions",
    "page_allocations",
    "prepare_allocation",
    "propose_allocation",
    "settle_tie",
]
