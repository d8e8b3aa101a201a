"""Answers about an allocation: a summary, the seats by unit, and a table."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.allocations.stage_answers import StageAnswer, build_stage_answer
from api.findings import FindingAnswer, translate_findings
from api.http.etags import TaggedAnswer
from api.http.types import Answer, Certificate, format_exact
from api.units.answers import UnitName, build_unit_name
from domain.apportionment.result import BoundKind
from domain.decisions import AllocationState
from domain.lots import SettlementMethod
from domain.snapshots import read_fraction
from service.allocations import AllocationDescription
from service.texts import Translator


class AllocationItem(TaggedAnswer):
    """A version of a conference's allocation, in a list."""

    id: UUID
    conference: UUID
    n: int
    state: AllocationState
    run: UUID
    snapshot: str = Field(description="SHA-256 of the frozen inputs.")
    amends: UUID | None
    reason: str | None
    created_at: datetime


class TotalAnswer(Answer):
    """The totals of a seat group."""

    group: str
    units: int
    computed: int
    seats: int


class LotAnnouncementAnswer(Answer):
    """The announced source and day of the seed for the lot of a tie."""

    stage: str
    tied_digest: str
    source: str
    digits: int
    drawn_on: date
    announced_by: str
    announced_at: datetime


class SettlementAnswer(Answer):
    """How a tie was settled."""

    stage: str
    tied_digest: str
    how: SettlementMethod
    order: list[str]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_at: datetime
    recorded_by: str
    recorded_at: datetime


class DecisionAnswer(Answer):
    """The document by which it was adopted."""

    organ: str
    kind: str
    series: str
    year: int
    number: str
    decided_on: date
    approved_by: str


class AllocationAnswer(AllocationItem):
    """An allocation; `/v1/allocations/{id}/seats` has its seats."""

    proposed_by: str | None
    approved_by: str | None
    certificate_digest: str | None = Field(
        description="The digest of the certificate, which is final from the proposal on; null before."
    )
    decision: DecisionAnswer | None
    totals: list[TotalAnswer]
    stages: list[StageAnswer]
    announcements: list[LotAnnouncementAnswer]
    settlements: list[SettlementAnswer]
    findings: list[FindingAnswer]


class AllocationTargetAnswer(Answer):
    """A unit's part of a composition target."""

    target: str
    fair_share: str = Field(description="The unit's exact part, to six decimals.")
    seats: int
    by_seats: bool = Field(description="True: the unit's figures are missing, so its part follows its seats.")


class AllocationSeatAnswer(Answer):
    """The seats of one unit in one seat group, with all figures behind them."""

    unit: UnitName
    group: str
    bloc: str
    measure: str
    weight: str
    made_up: bool = Field(description="True for a figure invented for an example.")
    quota: str = Field(description="The unit's exact share of the seats within the bounds.")
    floor: int
    cap: int | None
    bound: BoundKind | None = Field(description="The bound that changed the seats, or null.")
    parts: list[int] = Field(description="The seats from each component in order; the last is proportional.")
    computed: int
    adjustment: int
    reason: str | None
    adjusted_by: str | None
    seats: int
    targets: list[AllocationTargetAnswer]


class TargetCertificateAnswer(Answer):
    """What proves the split of a target."""

    target: str
    certificate: Certificate | None = Field(
        description="Null where the guard for small units moved places, or nothing proves the shares."
    )


class MisfitAnswer(Answer):
    """A unit's list that is larger than its quota."""

    unit: UUID
    group: str
    seats: int
    taken: int
    nominee_limit: int
    nominated: int


class AdoptionAnswer(Answer):
    """The adopted allocation, and the lists that are now larger than their quotas."""

    allocation: AllocationAnswer
    misfits: list[MisfitAnswer]


def build_allocation_answer(described: AllocationDescription, translator: Translator) -> AllocationAnswer:
    """Build the summary of an allocation."""
    row = described.allocation
    return AllocationAnswer(
        **AllocationItem.model_validate(row).model_dump(),
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        certificate_digest=row.certificate.digest if row.certificate and row.proposed_by else None,
        decision=None if described.decision is None else DecisionAnswer.model_validate(described.decision),
        totals=_build_total_answers(described),
        stages=[build_stage_answer(each, translator) for each in row.stages],
        announcements=[LotAnnouncementAnswer.model_validate(each) for each in described.announcements],
        settlements=[SettlementAnswer.model_validate(each) for each in described.settlements],
        findings=translate_findings(row.findings, translator),
    )


def build_seat_answers(described: AllocationDescription) -> list[AllocationSeatAnswer]:
    """Build the seats by unit; the first row of a unit has its targets."""
    parts: dict[UUID, list[AllocationTargetAnswer]] = {}
    for target in described.targets:
        part = AllocationTargetAnswer(
            target=target.target,
            fair_share=str(target.fair_share),
            seats=target.seats,
            by_seats=target.by_seats,
        )
        parts.setdefault(target.unit, []).append(part)
    return [
        AllocationSeatAnswer(
            unit=build_unit_name(row.unit, described.names),
            group=row.group,
            bloc=row.bloc,
            measure=row.measure,
            weight=row.weight,
            made_up=row.made_up,
            quota=format_exact(read_fraction(row.quota)),
            floor=row.floor,
            cap=row.cap,
            bound=row.bound,
            parts=row.parts,
            computed=row.computed,
            adjustment=row.adjustment,
            reason=row.reason,
            adjusted_by=row.adjusted_by,
            seats=row.seats,
            targets=parts.pop(row.unit, []),
        )
        for row in described.seats
    ]


def _build_total_answers(described: AllocationDescription) -> list[TotalAnswer]:
    groups = dict.fromkeys(row.group for row in described.seats)
    return [
        TotalAnswer(
            group=group,
            units=sum(row.group == group for row in described.seats),
            computed=sum(row.computed for row in described.seats if row.group == group),
            seats=sum(row.seats for row in described.seats if row.group == group),
        )
        for group in groups
    ]
