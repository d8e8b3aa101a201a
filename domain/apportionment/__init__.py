"""Seats over units in proportion to their weights: exact, proven and explained.

:func:`apportion_seats` shares out a number of seats by one method;
:func:`domain.apportionment.stages.allocate_seats` follows a plan's components and blocs.
``docs/apportionment.md`` defines the methods, the lots and the certificates.
"""

from domain.apportionment.certificate import build_certificate
from domain.apportionment.claims import Claim, Claims
from domain.apportionment.engine import apportion_seats
from domain.apportionment.result import Apportionment
from domain.apportionment.rules import METHOD_NAMES, ApportionmentRule, Method
from domain.apportionment.ties import Tie, order_by_criterion

__all__ = [
    "METHOD_NAMES",
    "Apportionment",
    "ApportionmentRule",
    "Claim",
    "Claims",
    "Method",
    "Tie",
    "apportion_seats",
    "build_certificate",
    "order_by_criterion",
]
