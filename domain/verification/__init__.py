"""An independent check of certificates.

It knows the definitions and nothing of the engine: it imports none of ``domain.apportionment``, computes each
quotient and remainder from the certificate's own inputs as fractions, and proves the seats by the max-min
inequality. Whoever doubts it can write a third one from ``docs/apportionment.md``.
"""

from collections.abc import Mapping

from domain.findings import Finding
from domain.verification.allocation import FORMAT as ALLOCATION
from domain.verification.allocation import verify_allocation
from domain.verification.apportionment import verify_stage
from domain.verification.conference import FORMAT as CONFERENCE
from domain.verification.conference import verify_conference

__all__ = ["verify_proof"]


def verify_proof(certificate: object) -> tuple[Finding, ...]:
    """What is wrong with ``certificate``, of a stage, a group or a conference; nothing: it is proven.

    Takes whatever a JSON file can hold, and never raises.
    """
    told = certificate.get("format") if isinstance(certificate, Mapping) else None
    if told == CONFERENCE:
        return verify_conference(certificate)
    return verify_allocation(certificate) if told == ALLOCATION else verify_stage(certificate)
