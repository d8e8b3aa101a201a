"""Seats over units in proportion to their weights: exact, proven and explained.

:func:`apportion` shares out a house by one method; :func:`allocate` follows a plan's components and blocs.
``docs/apportionment.md`` defines the methods, the lots and the certificates.
"""

from domain.apportionment.claims import Claim, Claims
from domain.apportionment.comparison import (
    SIDE_BY_SIDE,
    Change,
    Comparison,
    Indices,
    changes,
    compare,
    indices,
)
from domain.apportionment.components import (
    Adjustment,
    Base,
    Bloc,
    Component,
    Fixed,
    Measure,
    Participant,
    Proportional,
    Step,
)
from domain.apportionment.engine import apportion
from domain.apportionment.ex_officio import heads
from domain.apportionment.explanation import Standing, award_order, explain
from domain.apportionment.lots import Tie, criterion_order, lot_order
from domain.apportionment.result import Apportionment, Award, Repair
from domain.apportionment.rules import NAMES, Method, Rule, named
from domain.apportionment.stages import Allocation, Share, allocate

__all__ = [
    "NAMES",
    "SIDE_BY_SIDE",
    "Adjustment",
    "Allocation",
    "Apportionment",
    "Award",
    "Base",
    "Bloc",
    "Change",
    "Claim",
    "Claims",
    "Comparison",
    "Component",
    "Fixed",
    "Indices",
    "Measure",
    "Method",
    "Participant",
    "Proportional",
    "Repair",
    "Rule",
    "Share",
    "Standing",
    "Step",
    "Tie",
    "allocate",
    "apportion",
    "award_order",
    "changes",
    "compare",
    "criterion_order",
    "explain",
    "heads",
    "indices",
    "lot_order",
    "named",
]
