"""Seats fair by row and by column at once: the biproportional divisor method, exact and proven.

:func:`apportion_two_way` is the entry point; ``docs/apportionment.md`` defines the method, the ties, the
refusal and the certificate.
"""

from domain.apportionment.two_way.certificate import build_two_way_certificate
from domain.apportionment.two_way.engine import TwoWayApportionment, apportion_two_way
from domain.apportionment.two_way.problem import Line, Rounding, TwoWayProblem

__all__ = [
    "Line",
    "Rounding",
    "TwoWayApportionment",
    "TwoWayProblem",
    "apportion_two_way",
    "build_two_way_certificate",
]
