"""The certificate of an allocation: one proof for each group, over frozen inputs and by a named engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.allocations.outcome import AllocationOutcome, SettledTie
from domain.apportionment.allocation_certificate import build_allocation_certificate
from domain.findings import Plain

CERTIFICATE_FORMAT = "daibieu-conference-1"
"""The format of a conference's certificate: one for each group, settlements, and adjustments by hand."""


@dataclass(frozen=True, slots=True)
class GroupCertificate:
    """How the ties of a group were settled, and the certificate of its seats (``docs/apportionment.md``)."""

    group: str
    settled: tuple[SettledTie, ...]
    certificate: Mapping[str, Plain]

    def plain(self) -> dict[str, Plain]:
        """The group's part as plain data."""
        settled = [each.plain() for each in self.settled]
        return {"group": self.group, "settled": settled, "certificate": self.certificate}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "GroupCertificate":
        """The inverse of ``plain()``."""
        settled = tuple(SettledTie.read(each) for each in content["settled"])
        return cls(content["group"], settled, content["certificate"])


@dataclass(frozen=True, slots=True)
class AllocationCertificate:
    """The proofs of all groups; ``snapshot`` is the digest of the inputs, ``engine`` the program."""

    engine: str
    snapshot: str
    groups: tuple[GroupCertificate, ...]

    def plain(self) -> dict[str, Plain]:
        """The certificate as plain data, as an allocation stores it."""
        return {
            "format": CERTIFICATE_FORMAT,
            "engine": self.engine,
            "snapshot": self.snapshot,
            "groups": [each.plain() for each in self.groups],
        }

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "AllocationCertificate":
        """The inverse of ``plain()``."""
        groups = tuple(GroupCertificate.read(each) for each in content["groups"])
        return cls(content["engine"], content["snapshot"], groups)


def certify_outcome(outcome: AllocationOutcome, engine: str, snapshot: str) -> AllocationCertificate | None:
    """The certificate of an outcome; ``None`` while it is not decided."""
    if outcome.status != "decided":
        return None
    groups = [
        GroupCertificate(
            each.group.id, tuple(each.settled.values()), build_allocation_certificate(each.answer)
        )
        for each in outcome.groups
    ]
    return AllocationCertificate(engine, snapshot, tuple(groups))
