"""The certificate of an allocation: one proof for each group, over frozen inputs and by a named engine.

Adjustments by hand stand beside the computed proof: one for each unit and group, nought in sum in each group,
each with its reason and author. They are written into the certificate when the allocation is proposed, with
the seats that come of them; from then on neither changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.allocations.outcome import AllocationOutcome, SettledTie
from domain.apportionment.allocation_certificate import build_allocation_certificate
from domain.apportionment.certificate import seal
from domain.findings import Plain
from domain.snapshots import plain_record

CERTIFICATE_FORMAT = "daibieu-conference-2"
"""The format of a conference's certificate: one for each group, settlements, and adjustments by hand."""


@dataclass(frozen=True, slots=True)
class GroupCertificate:
    """How the ties of a group were settled, by stage and then in the order of settling, and the certificate
    of its seats (``docs/apportionment.md``)."""

    group: str
    settled: tuple[SettledTie, ...]
    certificate: Mapping[str, Plain]

    def plain(self) -> dict[str, Plain]:
        """The group's part as plain data."""
        settled = [each.plain_proof() for each in self.settled]
        return {"group": self.group, "settled": settled, "certificate": self.certificate}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "GroupCertificate":
        """The inverse of ``plain()``."""
        settled = tuple(SettledTie.read(each) for each in content["settled"])
        return cls(content["group"], settled, content["certificate"])


@dataclass(frozen=True, slots=True, order=True)
class HandAdjustment:
    """Seats that one unit of a group got by hand beyond those computed, or fewer; why, and by whom."""

    group: str
    unit: str
    adjustment: int
    reason: str
    author: str


@dataclass(frozen=True, slots=True, order=True)
class CertifiedSeats:
    """The seats of one unit in a group: those computed and those by hand."""

    group: str
    unit: str
    seats: int


@dataclass(frozen=True, slots=True)
class AllocationCertificate:
    """The proofs of all groups; ``snapshot`` is the digest of the inputs, ``engine`` the program."""

    engine: str
    snapshot: str
    groups: tuple[GroupCertificate, ...]
    adjustments: tuple[HandAdjustment, ...] = ()
    seats: tuple[CertifiedSeats, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over all the rest of the certificate; it is published with the decision."""
        return str(self.plain()["digest"])

    def set_seats(
        self, adjustments: Iterable[HandAdjustment], seats: Iterable[CertifiedSeats]
    ) -> "AllocationCertificate":
        """The certificate with these adjustments by hand, and the seats that come of them."""
        return replace(self, adjustments=tuple(sorted(adjustments)), seats=tuple(sorted(seats)))

    def plain(self) -> dict[str, Plain]:
        """The certificate as plain data, as an allocation stores it."""
        return seal(
            {
                "format": CERTIFICATE_FORMAT,
                "engine": self.engine,
                "snapshot": self.snapshot,
                "groups": [each.plain() for each in sorted(self.groups, key=lambda each: each.group)],
                "adjustments": [plain_record(each) for each in self.adjustments],
                "seats": [plain_record(each) for each in self.seats],
            }
        )

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> "AllocationCertificate":
        """The inverse of ``plain()``."""
        return cls(
            content["engine"],
            content["snapshot"],
            tuple(GroupCertificate.read(each) for each in content["groups"]),
            tuple(HandAdjustment(**each) for each in content["adjustments"]),
            tuple(CertifiedSeats(**each) for each in content["seats"]),
        )


def certify_outcome(outcome: AllocationOutcome, engine: str, snapshot: str) -> AllocationCertificate | None:
    """The certificate of an outcome, without adjustments by hand; ``None`` while it is not decided."""
    if outcome.status != "decided":
        return None
    groups = [
        GroupCertificate(
            each.group.id, tuple(each.list_settlements()), build_allocation_certificate(each.answer)
        )
        for each in outcome.groups
    ]
    seats = [CertifiedSeats(group, unit, number) for (unit, group), number in outcome.seats.items()]
    return AllocationCertificate(engine, snapshot, tuple(groups)).set_seats((), seats)
