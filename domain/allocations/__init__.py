"""Allocations: the seats of a conference's groups given to its units, stage by stage, from frozen inputs."""

from domain.allocations.amendments import Amendment, apply_amendment, expect_adopted_amended
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
    check_enlarged_groups,
    derive_lot_order,
)
from domain.allocations.preparation import check_parts_of_staff, derive_inputs, plain_calculation
from domain.allocations.serialization import (
    plain_component,
    plain_inputs,
    plain_stage,
    read_inputs,
    read_rule,
)
from domain.allocations.targets import SplitTarget, TargetShare, compute_target_shares, list_split_targets

__all__ = [
    "EQUAL_MEASURE",
    "AllocationInputs",
    "AllocationOutcome",
    "AllocationStage",
    "Amendment",
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
    "apply_amendment",
    "build_inputs",
    "check_enlarged_groups",
    "check_parts_of_staff",
    "compute_target_shares",
    "derive_inputs",
    "derive_lot_order",
    "expect_adopted_amended",
    "list_split_targets",
    "plain_calculation",
    "plain_component",
    "plain_inputs",
    "plain_stage",
    "read_inputs",
    "read_rule",
]
