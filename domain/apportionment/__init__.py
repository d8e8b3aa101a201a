"""Seats over units in proportion to their weights: exact, proven and explained.

:func:`apportion` is the way in; ``docs/apportionment.md`` defines the methods, the lots and the certificate.
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
from domain.apportionment.engine import apportion
from domain.apportionment.explanation import Standing, Step, award_order, explain
from domain.apportionment.lots import Tie, lot_order
from domain.apportionment.result import Apportionment, Award, Repair
from domain.apportionment.rules import NAMES, Method, Rule, named

__all__ = [
    "NAMES",
    "SIDE_BY_SIDE",
    "Apportionment",
    "Award",
    "Change",
    "Claim",
    "Claims",
    "Comparison",
    "Indices",
    "Method",
    "Repair",
    "Rule",
    "Standing",
    "Step",
    "Tie",
    "apportion",
    "award_order",
    "changes",
    "compare",
    "explain",
    "indices",
    "lot_order",
    "named",
]
