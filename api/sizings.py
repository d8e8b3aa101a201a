"""Sizings over HTTP: the numbers of one conference, drafted, proposed, approved and adopted."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator

from api.allocations.answers import DecisionAnswer
from api.allocations.routes import AdoptionBody, WithdrawalBody
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Body, Code, Name, Text, Uuid
from db.cases import RowLock
from db.sizings import Sizing
from domain.access import Access
from domain.decisions import SizingState
from service import decisions
from service.conferences import sizings
from service.conferences.case import load_case
from service.conferences.sizings import SizingDescription, SizingRequest
from service.decisions import AdoptionDocument
from service.formats.plans.labels import read_labels
from service.formats.plans.seats import PlanTarget
from service.formats.plans.sizings import PlanConferenceNumbers, PlanGroupNumber
from service.formats.plans.types import Number
from service.work import Case

router = Router(tags=["sizings"])


class SizingBody(Body):
    """The numbers of one conference, within what the plan allows."""

    model_config = build_sample(
        size=180,
        seat_groups=[
            {"id": "khach-moi", "seats": 40},
            {"id": "lanh-dao", "seats": 14},
            {"id": "dien-hinh", "seats": 126},
        ],
    )

    size: Annotated[Number | None, Field(description="The number of delegates; none for a plenary.")] = None
    seat_groups: Annotated[tuple[PlanGroupNumber, ...], Field(max_length=200)] = ()
    targets: Annotated[
        tuple[PlanTarget, ...],
        Field(max_length=200, description="For criteria that the plan names without a number."),
    ] = ()
    rule: Annotated[
        Code | None, Field(description="The clause to follow where the plan names several deciding organs.")
    ] = None
    settled_by: Annotated[Name | None, Field(description="The document that settles this.")] = None
    amends: Annotated[Uuid | None, Field(description="The adopted sizing that this is to replace.")] = None
    reason: Annotated[Text | None, Field(description="Required for a mix beside the exact one.")] = None

    @model_validator(mode="before")
    @classmethod
    def _read_labels(cls, value: Any) -> Any:
        """Read names of the reference lists as codes, as in a plan: "nữ" is ``female``."""
        return read_labels(value)

    def build_request(self) -> SizingRequest:
        """The numbers for the use case."""
        fields = {name: getattr(self, name) for name in PlanConferenceNumbers.model_fields}
        return SizingRequest(PlanConferenceNumbers(**fields), self.amends, self.reason)


class SizingAnswer(TaggedAnswer):
    """A decision on the numbers of a conference."""

    id: UUID
    conference: UUID
    n: int
    state: SizingState
    size: int | None
    seat_groups: list[PlanGroupNumber]
    targets: list[PlanTarget]
    decided_by: str | None = Field(description="The organ that decides by the plan.")
    proposes: str | None = Field(description="The organ that proposes by the plan.")
    rule: str | None
    settled_by: str | None
    amends: UUID | None
    reason: str | None
    proposed_by: str | None
    approved_by: str | None
    decision: DecisionAnswer | None
    findings: list[FindingAnswer]
    created_at: datetime


@router.post(
    "/conferences/{conference_id}/sizings", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True
)
async def draft_sizing(conference_id: Uuid, body: SizingBody, call: CurrentCall) -> SizingAnswer:
    """Draft the numbers of a conference. What the plan does not allow is refused with its clause (422)."""
    case = await load_case(call.work, conference_id, lock=RowLock.CHANGE)
    drafted = await sizings.draft_sizing(call.work, case, body.build_request())
    call.set_location(f"/v1/sizings/{drafted.sizing.id}")
    return _tag_sizing(call, drafted)


@router.get("/conferences/{conference_id}/sizings", access=Access.CONFERENCES_READ)
async def list_sizings(conference_id: Uuid, call: CurrentCall, paging: Paging) -> Page[SizingAnswer]:
    """List the decisions on the numbers of a conference, oldest first."""
    case = await load_case(call.work, conference_id)
    found = await sizings.page_sizings(call.work, case, after=paging.after_number, limit=paging.row_limit)
    return paging.build_page(found, lambda each: [each.sizing.n], lambda each: _build_answer(call, each))


@router.get("/sizings/{sizing_id}", access=Access.CONFERENCES_READ, tagged=True)
async def read_sizing(sizing_id: Uuid, call: CurrentCall) -> SizingAnswer:
    """Read a decision on the numbers of a conference."""
    case, sizing = await sizings.load_sizing(call.work, sizing_id)
    return await _build_tagged_sizing(call, case, sizing)


@router.post("/sizings/{sizing_id}/proposal", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def propose_sizing(sizing_id: Uuid, call: CurrentChange) -> SizingAnswer:
    """Propose the numbers for approval."""
    case, sizing = await _lock_matching_sizing(call, sizing_id)
    await decisions.propose_subject(call.work, case, sizing)
    return await _build_tagged_sizing(call, case, sizing)


@router.post("/sizings/{sizing_id}/withdrawal", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def withdraw_sizing(sizing_id: Uuid, body: WithdrawalBody, call: CurrentChange) -> SizingAnswer:
    """Withdraw a proposal. Other numbers are another draft."""
    case, sizing = await _lock_matching_sizing(call, sizing_id)
    await decisions.withdraw_subject(call.work, case, sizing, body.reason)
    return await _build_tagged_sizing(call, case, sizing)


@router.post("/sizings/{sizing_id}/approval", access=Access.ALLOCATIONS_APPROVE, status_code=201, tagged=True)
async def approve_sizing(sizing_id: Uuid, call: CurrentChange) -> SizingAnswer:
    """Approve proposed numbers. Where the plan requires a second person, the proposer is refused (403)."""
    case, sizing = await _lock_matching_sizing(call, sizing_id)
    await sizings.approve_sizing(call.work, case, sizing)
    return await _build_tagged_sizing(call, case, sizing)


@router.post("/sizings/{sizing_id}/adoption", access=Access.ALLOCATIONS_APPROVE, status_code=201, tagged=True)
async def adopt_sizing(sizing_id: Uuid, body: AdoptionBody, call: CurrentChange) -> SizingAnswer:
    """Adopt approved numbers by a decision. From then on they are the numbers of the conference. `findings`
    names groups of which more is used already; nobody loses a place."""
    case, sizing, versions = await sizings.lock_sizing(call.work, sizing_id)
    call.expect_row(sizing)
    document = AdoptionDocument(**dict(body))
    return _tag_sizing(call, await sizings.adopt_sizing(call.work, case, sizing, versions, document))


async def _lock_matching_sizing(call: ChangeCall, sizing_id: UUID) -> tuple[Case, Sizing]:
    case, sizing, _ = await sizings.lock_sizing(call.work, sizing_id)
    call.expect_row(sizing)
    return case, sizing


async def _build_tagged_sizing(call: Call, case: Case, sizing: Sizing) -> SizingAnswer:
    return _tag_sizing(call, await sizings.describe_sizing(call.work, case, sizing))


def _tag_sizing(call: Call, described: SizingDescription) -> SizingAnswer:
    call.set_row_etag(described.sizing)
    return _build_answer(call, described)


def _build_answer(call: Call, described: SizingDescription) -> SizingAnswer:
    sizing, rule, numbers = described.sizing, described.rule, described.numbers
    return SizingAnswer(
        **sizing.model_dump(exclude={"plan_version", "content", "findings", "decision", "version"}),
        **{name: getattr(numbers, name) for name in ("size", "rule", "settled_by")},
        etag=compute_row_etag(sizing.id, sizing.version),
        seat_groups=[*numbers.seat_groups],
        targets=[*numbers.targets],
        decided_by=None if rule is None else rule.decided_by,
        proposes=None if rule is None else rule.proposed_by,
        decision=None if described.decision is None else DecisionAnswer.model_validate(described.decision),
        findings=translate_findings(described.findings, call.translator),
    )
