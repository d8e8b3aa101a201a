"""Quotas over HTTP: the seats of each unit, computed by this service or given by a higher council."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from api.allocations.answers import MisfitAnswer
from api.allocations.routes import WithdrawalBody
from api.apportionment_answers import ApportionmentAnswer, build_apportionment_answer
from api.apportionments import MAX_UNITS, RuleBody
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.etags import TaggedAnswer, compute_row_etag, set_etag
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Certificate, Code, Count, Date, Label, Name, Text, Uuid
from api.units.answers import UnitName, build_unit_name
from db.cases import RowLock
from db.quotas import Quota, number_state
from domain.access import Access
from domain.allocations import DistributionRule, DistributionTie, QuotaDistribution
from domain.apportionment.summaries import summarize_apportionment
from domain.lots import SettlementMethod, TieSettlement
from domain.quotas import QuotaDocument, QuotaSource, QuotaState, derive_quota_state, find_misfit
from service import distributions, quotas
from service.conferences.case import load_case
from service.distributions import DistributionRequest, DistributionResult
from service.work import Case

router = Router(tags=["quotas"])


class DocumentBody(Body):
    """The document that gives a quota."""

    kind: Name
    organ: Name
    number: Name
    dated: Date
    conditions: Annotated[Text | None, Field(description="The conditions, as the document says.")] = None


_SAMPLE_DOCUMENT: JsonValue = {
    "kind": "Công văn",
    "organ": "Hội đồng Thi đua - Khen thưởng tỉnh",
    "number": "88/HĐTĐKT",
    "dated": "2020-06-01",
}


class QuotaBody(Body):
    """A quota that a higher council gave."""

    model_config = build_sample(unit=SAMPLE_ID, group="doan-dai-bieu", seats=12, document=_SAMPLE_DOCUMENT)

    unit: Uuid
    group: Code
    seats: Count
    document: DocumentBody


class QuotaChange(Body):
    """Another number of seats, by another document."""

    model_config = build_sample(seats=11, document=_SAMPLE_DOCUMENT)

    seats: Count
    document: DocumentBody


class SettlementBody(Body):
    """How a tie was settled: the drawn `order`, who drew it, when, and the minutes."""

    model_config = build_sample(
        tied_digest="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        how="lot_by_hand",
        order=["b", "a"],
        minutes="Biên bản bốc thăm số 01/BB",
        drawn_by="Tổ bốc thăm",
        drawn_on="2020-06-05",
    )

    tied_digest: Annotated[Code, Field(description="The `digest` of the tie in the answer.")]
    how: Literal["lot_by_hand", "decision"]
    order: Annotated[list[Label], Field(default_factory=list, max_length=MAX_UNITS)]
    minutes: Text
    drawn_by: Name
    drawn_on: Date

    def build_tie(self) -> DistributionTie:
        """The tie with its settlement, for the use case."""
        how, order = SettlementMethod(self.how), tuple(self.order)
        settlement = TieSettlement(how, order, self.minutes, self.drawn_by, self.drawn_on)
        return DistributionTie(self.tied_digest, settlement)


class DistributionBody(RuleBody):
    """How a unit shares its seats among the units below it."""

    model_config = build_sample(method="sainte_lague", measure="staff", floor=1)

    measure: Annotated[Code, Field(description="`staff`, `population`, …; `equal`: all weights the same.")]
    floor: Count = 0
    cap: Count | None = None
    settlement: SettlementBody | None = None

    def build_request(self) -> DistributionRequest:
        """The distribution for the use case."""
        rule = DistributionRule(self.measure, self.build_rule(), self.floor, self.cap)
        return DistributionRequest(rule, None if self.settlement is None else self.settlement.build_tie())


class QuotaDocumentAnswer(Answer):
    """The document that gives a quota."""

    kind: str
    organ: str
    number: str
    dated: date
    conditions: str | None = Field(description="The conditions, as the document says.")


class DistributionTieAnswer(Answer):
    """A tie of a distribution, and how it was settled."""

    tied_digest: str
    how: SettlementMethod
    order: list[str]
    minutes: str
    drawn_by: str
    drawn_on: date


class QuotaDistributionAnswer(Answer):
    """How a quota was last distributed: the measure, the proof, and the settlement of a tie."""

    measure: str
    certificate: Certificate
    settlement: DistributionTieAnswer | None
    settled: list[DistributionTieAnswer] = Field(
        description="All ties that were settled for this quota, also in earlier distributions."
    )


class QuotaEntryAnswer(Answer):
    """Seats that one person entered."""

    seats: int
    document: QuotaDocumentAnswer
    entered_by: str
    entered_at: datetime


class QuotaAnswer(TaggedAnswer):
    """The seats of one unit in one seat group of a conference."""

    id: UUID
    conference: UUID
    unit: UnitName
    group: str
    source: QuotaSource
    allocation: UUID | None
    state: QuotaState | None = Field(description="Of a received quota; only confirmed seats count.")
    document: QuotaDocumentAnswer | None
    entered: QuotaEntryAnswer | None = Field(description="Seats that wait for a second person.")
    seats: int
    nominee_limit: int = Field(description="The most nominees that the unit may submit.")
    nominated: int = Field(description="The number of nominations submitted or accepted.")
    taken: int = Field(description="The number of nominations accepted.")
    parent: UUID | None = Field(description="The quota it was distributed from.")
    distributed: int = Field(description="Seats passed on to the units below, which fill them.")
    distribution: QuotaDistributionAnswer | None
    misfit: MisfitAnswer | None = Field(description="Set while the unit's list is larger than its quota.")
    findings: list[FindingAnswer]


class DistributionAnswer(Answer):
    """The result of a distribution: the computation with its proof, and the quotas of the units below."""

    apportionment: ApportionmentAnswer
    quotas: list[QuotaAnswer]
    misfits: list[MisfitAnswer]


@router.get("/conferences/{conference_id}/quotas", access=Access.CONFERENCES_READ)
async def list_quotas(conference_id: Uuid, call: CurrentCall) -> list[QuotaAnswer]:
    """List the quotas of all units in a conference, without paging."""
    case = await load_case(call.work, conference_id)
    rows, names = await quotas.list_conference_quotas(call.work, case)
    return [_build_quota_answer(call, case, row, names) for row in rows]


@router.post(
    "/conferences/{conference_id}/quotas", access=Access.ALLOCATIONS_WRITE, status_code=201, tagged=True
)
async def receive_quota(conference_id: Uuid, body: QuotaBody, call: CurrentCall) -> QuotaAnswer:
    """Enter a quota that a higher council gave, with its document. It counts when a second person confirms
    it. A second one is refused (409)."""
    case = await load_case(call.work, conference_id, lock=RowLock.CHANGE)
    document = QuotaDocument(**dict(body.document))
    quota = await quotas.receive_quota(
        call.work, case, unit=body.unit, group=body.group, seats=body.seats, document=document
    )
    call.set_location(f"/v1/quotas/{quota.id}")
    return await _build_tagged_quota(call, case, quota)


@router.get("/quotas/{quota_id}", access=Access.CONFERENCES_READ, tagged=True)
async def read_quota(quota_id: Uuid, call: CurrentCall) -> QuotaAnswer:
    """Read the quota of a unit and how much of it is used."""
    return await _build_tagged_quota(call, *await quotas.load_quota(call.work, quota_id))


@router.put("/quotas/{quota_id}", access=Access.ALLOCATIONS_WRITE, tagged=True)
async def replace_quota(quota_id: Uuid, body: QuotaChange, call: CurrentChange) -> QuotaAnswer:
    """Enter another number of seats for a received quota, from another document.

    It counts when a second person confirms it. A computed or distributed quota is refused (409).
    """
    case, quota = await quotas.lock_quota(call.work, quota_id)
    call.expect_etag(_compute_quota_etag(quota))
    document = QuotaDocument(**dict(body.document))
    await quotas.replace_quota(call.work, case, quota, seats=body.seats, document=document)
    return await _build_tagged_quota(call, case, quota)


@router.post(
    "/quotas/{quota_id}/confirmation", access=Access.ALLOCATIONS_APPROVE, status_code=201, tagged=True
)
async def confirm_quota(quota_id: Uuid, call: CurrentChange) -> QuotaAnswer:
    """Confirm the seats that somebody else entered: they count from now on. Refused: whoever entered them
    (403). A unit's list that is now too large is not changed: `misfit` describes it."""
    case, quota = await quotas.lock_quota(call.work, quota_id, lock=RowLock.CHANGE)
    call.expect_etag(_compute_quota_etag(quota))
    await quotas.confirm_quota(call.work, case, quota)
    return await _build_tagged_quota(call, case, quota)


@router.post("/quotas/{quota_id}/withdrawal", access=Access.ALLOCATIONS_WRITE, status_code=201, tagged=True)
async def withdraw_quota(quota_id: Uuid, body: WithdrawalBody, call: CurrentChange) -> QuotaAnswer:
    """Withdraw seats that wait for confirmation. What was confirmed before still counts."""
    case, quota = await quotas.lock_quota(call.work, quota_id)
    call.expect_etag(_compute_quota_etag(quota))
    await quotas.withdraw_quota(call.work, case, quota, body.reason)
    return await _build_tagged_quota(call, case, quota)


@router.post("/quotas/{quota_id}/distribution", access=Access.ALLOCATIONS_WRITE, status_code=201)
async def distribute_quota(quota_id: Uuid, body: DistributionBody, call: CurrentChange) -> DistributionAnswer:
    """Distribute a unit's free seats among the units below it.

    A new distribution replaces the one before. If a tie needs a lot, nothing is stored: draw the lot and send
    the request again with its `settlement`. Refused while nominations of the unit wait for a decision (409).
    """
    case, quota = await quotas.lock_quota(call.work, quota_id)
    call.expect_etag(_compute_quota_etag(quota))
    done = await distributions.distribute_quota(call.work, case, quota, body.build_request())
    set_etag(call.response, _compute_quota_etag(quota))
    return await _build_distribution_answer(call, case, done)


async def _build_tagged_quota(call: Call, case: Case, quota: Quota) -> QuotaAnswer:
    set_etag(call.response, _compute_quota_etag(quota))
    names = await quotas.map_unit_names(call.work, case, [quota])
    return _build_quota_answer(call, case, quota, names)


def _compute_quota_etag(quota: Quota) -> str:
    """The counters change with nominations, so they are part of the state."""
    return compute_row_etag(quota.id, number_state(quota.version, quota.nominated, quota.taken))


async def _build_distribution_answer(call: Call, case: Case, done: DistributionResult) -> DistributionAnswer:
    names = await quotas.map_unit_names(call.work, case, done.quotas)
    return DistributionAnswer(
        apportionment=build_apportionment_answer(summarize_apportionment(done.answer), call.translator),
        quotas=[_build_quota_answer(call, case, row, names) for row in done.quotas],
        misfits=[MisfitAnswer.model_validate(each) for each in done.misfits],
    )


def _build_quota_answer(
    call: Call, case: Case, row: Quota, names: Mapping[UUID, tuple[str, str]]
) -> QuotaAnswer:
    misfit, found = find_misfit(row), quotas.check_quota(case, row, names.get(row.unit, ("", ""))[0])
    return QuotaAnswer(
        id=row.id,
        etag=_compute_quota_etag(row),
        conference=row.conference,
        unit=build_unit_name(row.unit, names),
        group=row.group,
        source=row.source,
        allocation=row.allocation,
        state=_derive_state(row),
        document=None if row.document is None else QuotaDocumentAnswer.model_validate(row.document),
        entered=None if row.entered is None else QuotaEntryAnswer.model_validate(row.entered),
        seats=row.seats,
        nominee_limit=row.nominee_limit,
        nominated=row.nominated,
        taken=row.taken,
        parent=row.parent,
        distributed=row.distributed,
        distribution=_build_quota_distribution(row.distribution),
        misfit=None if misfit is None else MisfitAnswer.model_validate(misfit),
        findings=translate_findings(found, call.translator),
    )


def _derive_state(row: Quota) -> QuotaState | None:
    received = row.source is QuotaSource.RECEIVED
    return derive_quota_state(row.document, row.entered) if received else None


def _build_quota_distribution(distribution: QuotaDistribution | None) -> QuotaDistributionAnswer | None:
    if distribution is None:
        return None
    return QuotaDistributionAnswer(
        measure=distribution.measure,
        certificate=dict(distribution.certificate),
        settlement=None if distribution.settlement is None else _build_tie_answer(distribution.settlement),
        settled=[_build_tie_answer(each) for each in distribution.settled],
    )


def _build_tie_answer(tie: DistributionTie) -> DistributionTieAnswer:
    settlement = tie.settlement
    return DistributionTieAnswer(
        tied_digest=tie.tied_digest,
        how=settlement.how,
        order=list(settlement.order),
        minutes=settlement.minutes,
        drawn_by=settlement.drawn_by,
        drawn_on=settlement.drawn_on,
    )
