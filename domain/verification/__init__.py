"""An independent check of certificates.

It uses the definitions only: it imports nothing from ``domain.apportionment`` or ``domain.composition``,
computes each quotient and remainder from the certificate's own inputs as fractions, and proves the seats by
the max-min inequality. Anybody who doubts it can write another check from ``docs/apportionment.md`` and
``docs/composition.md``.
"""

import json
from collections.abc import Mapping

from domain.findings import Finding
from domain.verification.allocation import FORMAT as ALLOCATION
from domain.verification.allocation import FORMAT_1 as ALLOCATION_1
from domain.verification.allocation import verify_allocation
from domain.verification.apportionment import FORMAT as STAGE
from domain.verification.apportionment import verify_stage
from domain.verification.conference import FORMAT as CONFERENCE
from domain.verification.conference import FORMAT_1 as CONFERENCE_1
from domain.verification.conference import verify_conference
from domain.verification.lots import FORMAT as LOTS
from domain.verification.lots import verify_lots
from domain.verification.split import FORMAT as SPLIT
from domain.verification.split import verify_split
from domain.verification.two_way import FORMAT as TWO_WAY
from domain.verification.two_way import verify_two_way
from domain.verification.work import expect_affordable

__all__ = ["expect_affordable", "read_certificate", "verify_proof"]


def verify_proof(certificate: object) -> tuple[Finding, ...]:
    """The errors in ``certificate``; empty when it is proven.

    It may be of a stage, a group, a conference, a split of targets, a two-way apportionment or the lots of a
    list. Accepts any JSON value, never raises.
    """
    declared_format = certificate.get("format") if isinstance(certificate, Mapping) else None
    if declared_format in (CONFERENCE, CONFERENCE_1):
        return verify_conference(certificate, strict=declared_format == CONFERENCE)
    if declared_format in (ALLOCATION, ALLOCATION_1):
        return verify_allocation(certificate, strict=declared_format == ALLOCATION)
    if declared_format == SPLIT:
        return verify_split(certificate)
    if declared_format == TWO_WAY:
        return verify_two_way(certificate)
    if declared_format == LOTS:
        return verify_lots(certificate)
    return verify_stage(certificate, strict=declared_format == STAGE)


def read_certificate(content: bytes) -> object:
    """The certificate in a file; raises ``ValueError`` for no JSON, and where an object has a key twice."""
    return json.loads(content, object_pairs_hook=_build_object)


def _build_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    built = dict(pairs)
    if len(built) < len(pairs):
        raise ValueError("an object has a key twice")
    return built
