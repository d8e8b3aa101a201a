"""An apportionment in short, as a run stores it: seats of each unit, the tie, the repair, and the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from domain.apportionment.certificate import build_certificate
from domain.apportionment.result import Apportionment, BoundKind, Repair, Status
from domain.apportionment.rules import Method
from domain.findings import Plain
from domain.snapshots import plain_fraction, plain_record


@dataclass(frozen=True, slots=True)
class AwardSummary:
    """The result for one unit, as ``Award``; ``quota`` is the text of the exact share."""

    id: str
    seats: int
    quota: str
    bound: BoundKind | None

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The result from its plain form, that of ``plain_record``."""
        bound = plain["bound"]
        return cls(plain["id"], plain["seats"], plain["quota"], None if bound is None else BoundKind(bound))


@dataclass(frozen=True, slots=True)
class TieSummary:
    """A tie, as ``Tie``, without the claims."""

    ids: tuple[str, ...]
    places: int
    digest: str

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The tie from its plain form, that of ``plain_record``."""
        return cls(tuple(plain["ids"]), plain["places"], plain["digest"])


@dataclass(frozen=True, slots=True)
class ApportionmentSummary:
    """An apportionment in short; there is a certificate where it is decided."""

    status: Status
    method: Method
    seats: int
    units: tuple[AwardSummary, ...]
    tie: TieSummary | None
    repair: Repair | None
    certificate: Mapping[str, Plain] | None

    def plain(self) -> dict[str, Plain]:
        """The apportionment as plain data, as a run stores it."""
        return {
            "status": self.status,
            "method": self.method.value,
            "seats": self.seats,
            "units": [plain_record(unit) for unit in self.units],
            "tie": None if self.tie is None else plain_record(self.tie),
            "repair": None if self.repair is None else plain_record(self.repair),
            "certificate": self.certificate,
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of ``plain()``."""
        tie, repair = plain["tie"], plain["repair"]
        return cls(
            plain["status"],
            Method(plain["method"]),
            plain["seats"],
            tuple(map(AwardSummary.read, plain["units"])),
            None if tie is None else TieSummary.read(tie),
            None if repair is None else Repair.read(repair),
            plain["certificate"],
        )


def summarize_apportionment(answer: Apportionment) -> ApportionmentSummary:
    """An apportionment in short."""
    tie = answer.tie
    return ApportionmentSummary(
        status=answer.status,
        method=answer.rule.method,
        seats=answer.house,
        units=tuple(
            AwardSummary(each.id, each.seats, plain_fraction(each.quota), each.bound)
            for each in answer.awards
        ),
        tie=None if tie is None else TieSummary(tie.ids, tie.places, tie.digest),
        repair=answer.repair,
        certificate=build_certificate(answer) if answer.status == "decided" else None,
    )
