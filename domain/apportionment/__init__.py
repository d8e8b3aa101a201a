"""Seats over units in proportion to their weights: exact, proven and explained.

:func:`apportion_seats` shares out a number of seats by one method; :func:`allocate_seats` follows a plan's
components and blocs. ``docs/apportionment.md`` defines the methods, the lots and the certificates.
"""

from domain.apportionment.claims import Claim, Claims
from domain.apportionment.comparison import (
    COMPARED_RULES,
    Comparison,
    Indices,
    compare_methods,
    compute_indices,
)
from domain.apportionment.components import (
    Adjustment,
    AllocationBloc,
    BaseSeats,
    Component,
    FixedSeats,
    Measure,
    Participant,
    ProportionalSeats,
    StepSeats,
)
from domain.apportionment.engine import apportion_seats
from domain.apportionment.ex_officio import map_persons_by_office
from domain.apportionment.explanation import UnitExplanation, explain_units, list_award_steps
from domain.apportionment.lots import Tie, compute_lot_order, order_by_criterion
from domain.apportionment.result import Apportionment, Award, Repair
from domain.apportionment.rules import METHOD_NAMES, ApportionmentRule, Method
from domain.apportionment.stages import StagedAllocation, UnitSeats, allocate_seats

__all__ = [
    "COMPARED_RULES",
    "METHOD_NAMES",
    "Adjustment",
    "AllocationBloc",
    "Apportionment",
    "ApportionmentRule",
    "Award",
    "BaseSeats",
    "Claim",
    "Claims",
    "Comparison",
    "Component",
    "FixedSeats",
    "Indices",
    "Measure",
    "Method",
    "Participant",
    "ProportionalSeats",
    "Repair",
    "StagedAllocation",
    "StepSeats",
    "Tie",
    "UnitExplanation",
    "UnitSeats",
    "allocate_seats",
    "apportion_seats",
    "compare_methods",
    "compute_indices",
    "compute_lot_order",
    "explain_units",
    "list_award_steps",
    "map_persons_by_office",
    "order_by_criterion",
]
