"""Allocations: the seats of a conference's groups given to its units, stage by stage, from frozen inputs."""

from domain.allocations.amendments import Amendment, apply_amendment, expect_adopted_amended
from domain.allocations.certificates import (
    AllocationCertificate,
    CertifiedSeats,
    HandAdjustment,
    certify_outcome,
)
from domain.allocations.distributions import (
    DistributedSeats,
    DistributionRule,
    DistributionTie,
    QuotaDistribution,
    distribute_after_tie,
    distribute_seats,
    expect_figures,
    expect_lot_drawn_once,
)
from domain.allocations.inputs import AllocationInputs, UnitFigures
from domain.allocations.outcome import (
    AllocationOutcome,
    GroupOutcome,
    SettledTie,
    allocate_seats,
    check_component_totals,
    check_enlarged_groups,
)
from domain.allocations.preparation import derive_inputs
from domain.allocations.serialization import read_inputs, read_rule
from domain.allocations.snapshots import ALLOCATION_SCHEMA, AllocationSnapshot, derive_target_inputs
from domain.allocations.stage_summaries import StageSummary, summarize_stage
from domain.allocations.targets import (
    SplitTarget,
    TargetCertificate,
    TargetShare,
    compute_target_shares,
    keep_matching_certificates,
)
from domain.allocations.waiting_ties import WaitingTie, expect_room_to_grow, expect_waiting_tie

__all__ = [
    "ALLOCATION_SCHEMA",
    "AllocationCertificate",
    "AllocationInputs",
    "AllocationOutcome",
    "AllocationSnapshot",
    "Amendment",
    "CertifiedSeats",
    "DistributedSeats",
    "DistributionRule",
    "DistributionTie",
    "GroupOutcome",
    "HandAdjustment",
    "QuotaDistribution",
    "SettledTie",
    "SplitTarget",
    "StageSummary",
    "TargetCertificate",
    "TargetShare",
    "UnitFigures",
    "WaitingTie",
    "allocate_seats",
    "apply_amendment",
    "certify_outcome",
    "check_component_totals",
    "check_enlarged_groups",
    "compute_target_shares",
    "derive_inputs",
    "derive_target_inputs",
    "distribute_after_tie",
    "distribute_seats",
    "expect_adopted_amended",
    "expect_figures",
    "expect_lot_drawn_once",
    "expect_room_to_grow",
    "expect_waiting_tie",
    "keep_matching_certificates",
    "read_inputs",
    "read_rule",
    "summarize_stage",
]
