"""Allocations: the seats of a conference's groups given to its units, stage by stage, from frozen inputs."""

from domain.allocations.inputs import (
    EQUAL_MEASURE,
    AllocationInputs,
    GroupInputs,
    GroupMember,
    UnitFigures,
    amend_inputs,
    build_inputs,
)
from domain.allocations.outcome import (
    AllocationOutcome,
    AllocationStage,
    GroupOutcome,
    SettledTie,
    SettlementMethod,
    allocate_seats,
    derive_lot_order,
)
from domain.allocations.serialization import plain_component, plain_inputs, read_inputs, read_rule
from domain.allocations.targets import SplitTarget, TargetShare, compute_target_shares, list_split_targets

__all__ = [
    "EQUAL_MEASURE",
    "AllocationInputs",
    "AllocationOutcome",
    "AllocationStage",
    "GroupInputs",
    "GroupMember",
    "GroupOutcome",
    "SettledTie",
    "SettlementMethod",
    "SplitTarget",
    "TargetShare",
    "UnitFigures",
    "allocate_seats",
    "amend_inputs",
    "build_inputs",
    "compute_target_shares",
    "derive_lot_order",
    "list_split_targets",
    "plain_component",
    "plain_inputs",
    "read_inputs",
    "read_rule",
]
