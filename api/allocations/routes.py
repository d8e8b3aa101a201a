"""Allocations over HTTP: compute them, settle their ties, adjust, propose, approve and adopt them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from api.allocations.answers import (
    AdoptionAnswer,
    AllocationAnswer,
    AllocationItem,
    AllocationSeatAnswer,
    MisfitAnswer,
    TargetCertificateAnswer,
    build_allocation_answer,
    build_seat_answers,
)
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange, build_call
from api.http.cursors import Page, Paging
from api.http.etags import IfMatch
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.tables import FILE_CONTENT, JSON, TABLE_OFFERS, choose_table_media, respond_with_table
from api.http.types import Body, Certificate, Code, Count, Date, Label, Name, Text, Uuid, Whole
from api.runs import Starter, respond_with_run
from db.allocations import Allocation
from db.cases import RowLock
from db.runs import Run
from domain.access import Access
from domain.allocations import Amendment
from domain.findings import Finding, Invalid
from domain.lots import SettlementMethod, TieKey, TieSettlement
from domain.runs import UNFINISHED_RUNS
from service import allocations, decisions
from service.allocations import AllocationDescription, load_allocation, lock_allocation
from service.allocations.adoption import AllocationAdoption
from service.allocations.tables import build_seat_table
from service.conferences.case import load_case
from service.decisions import AdoptionDocument
from service.work import Case, Work

router = Router(tags=["allocations"])


class ReturnedSeats(Body):
    """Seats of a group that a unit gave back."""

    unit: Uuid
    group: Code
    seats: Count


class AllocationBody(Body):
    """A new version of an allocation; `amends` is the adopted version that it is to replace, if any.

    An amendment may `keep` the seats of some units and share the `returned` seats among the others.
    """

    model_config = build_sample(reason="Phân bổ lần đầu")

    amends: Uuid | None = None
    reason: Text | None = None
    keep: Annotated[list[Uuid], Field(default_factory=list, max_length=10_000)]
    returned: Annotated[list[ReturnedSeats], Field(default_factory=list, max_length=10_000)]


class DrawBody(Body):
    """How a tie was settled, and the resulting order."""

    model_config = build_sample(
        stage="dien-hinh/huyen-thi",
        tied_digest="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        how="published_seed",
        seed="123456",
        minutes="Biên bản bốc thăm số 01/BB",
        drawn_by="Tổ bốc thăm",
        drawn_on="2020-06-05",
    )

    stage: Label
    tied_digest: Code
    how: Literal["lot_by_hand", "published_seed", "decision", "one_more"]
    order: list[Label] = []  # noqa: RUF012 - pydantic copies it
    seed: Label | None = None
    minutes: Text
    drawn_by: Name
    drawn_on: Date

    def build_settlement(self) -> TieSettlement:
        """The settlement for the use case."""
        how, order = SettlementMethod(self.how), tuple(self.order)
        return TieSettlement(how, order, self.minutes, self.drawn_by, self.drawn_on, self.seed)


class AdjustmentBody(Body):
    """A hand adjustment: more or fewer seats than computed for one unit in one group, and why."""

    model_config = build_sample(
        unit=SAMPLE_ID, group="dien-hinh", adjustment=1, reason="Cân đối giữa các khối"
    )

    unit: Uuid
    group: Code
    adjustment: Whole
    reason: Text


class AdoptionBody(Body):
    """The decision document: its kind, issuing organ, series, number and day."""

    model_config = build_sample(
        kind="Quyết định",
        organ="Ủy ban nhân dân tỉnh",
        series="QĐ-UBND",
        number="123",
        decided_on="2020-06-05",
    )

    kind: Name
    organ: Name
    series: Name
    number: Name
    decided_on: Date


class WithdrawalBody(Body):
    """Why what waits for a second person is withdrawn."""

    model_config = build_sample(reason="Xem lại số liệu của một đơn vị")

    reason: Text


@router.start_run(
    "/conferences/{conference_id}/allocations",
    access=Access.ALLOCATIONS_WRITE,
    response_model=AllocationAnswer,
)
async def allocate(conference_id: Uuid, body: AllocationBody, starter: Starter) -> Response:
    """Compute an allocation for a conference.

    The inputs are stored as they are now and do not change later. The request waits for the result
    (`Prefer: wait=N`); after that the answer is 202 with the run in `Location`.
    Refused while figures are missing or an adopted version is not named in `amends` (409).
    """

    async def start(work: Work) -> UUID:
        case = await load_case(work, conference_id, lock=RowLock.CHANGE)
        amendment = _build_amendment(body)
        made = await allocations.prepare_allocation(work, case, amendment=amendment, reason=body.reason)
        return made.run

    return await starter.respond(start)


@router.get("/conferences/{conference_id}/allocations", access=Access.ALLOCATIONS_READ)
async def list_allocations(conference_id: Uuid, call: CurrentCall, paging: Paging) -> Page[AllocationItem]:
    """List the versions of a conference's allocation, in order of their numbers."""
    case = await load_case(call.work, conference_id)
    rows = await allocations.page_allocations(
        call.work, case, after=paging.after_number, limit=paging.row_limit
    )
    return paging.build_page(rows, lambda row: [row.n], AllocationItem.model_validate)


@router.get("/allocations/{allocation_id}", access=Access.ALLOCATIONS_READ, tagged=True)
async def read_allocation(allocation_id: Uuid, call: CurrentCall) -> AllocationAnswer:
    """Read an allocation: its stages, open ties, totals and decision."""
    case, allocation = await load_allocation(call.work, allocation_id)
    return await build_tagged_allocation(call, case, allocation)


@router.get(
    "/allocations/{allocation_id}/seats",
    access=Access.ALLOCATIONS_READ,
    response_model=list[AllocationSeatAnswer],
    offers=TABLE_OFFERS,
    responses={200: {"content": FILE_CONTENT}},
)
async def list_allocation_seats(
    allocation_id: Uuid, call: CurrentCall
) -> Response | list[AllocationSeatAnswer]:
    """List the seats of an allocation by unit and group. Each row has the weight, quota, bounds, seats and
    targets. `Accept` chooses JSON, CSV or XLSX."""
    loaded = await load_allocation(call.work, allocation_id)
    described = await allocations.describe_allocation(call.work, *loaded)
    if choose_table_media(call.request) == JSON:
        return build_seat_answers(described)
    table = build_seat_table(described, call.translator)
    return await respond_with_table(call, f"allocation-{described.allocation.n}", table)


@router.get(
    "/allocations/{allocation_id}/certificate", access=Access.ALLOCATIONS_READ, tagged=True, unchanging=True
)
async def read_certificate(allocation_id: Uuid, call: CurrentCall) -> Certificate:
    """Read the certificate of an allocation: a proof that anybody can verify."""
    _, allocation = await load_allocation(call.work, allocation_id)
    call.set_row_etag(allocation)
    return await allocations.build_certificate(call.work, allocation)


@router.get("/allocations/{allocation_id}/split_certificates", access=Access.ALLOCATIONS_READ)
async def list_split_certificates(allocation_id: Uuid, call: CurrentCall) -> list[TargetCertificateAnswer]:
    """List what proves the split of each target over the units. It has their figures, so it is only for the
    conference's unit and those above it (403)."""
    _, allocation = await load_allocation(call.work, allocation_id)
    found = await allocations.list_split_certificates(call.work, allocation)
    return [TargetCertificateAnswer.model_validate(each) for each in found]


@router.start_run(
    "/allocations/{allocation_id}/lots", access=Access.ALLOCATIONS_WRITE, response_model=AllocationAnswer
)
async def settle_tie(allocation_id: Uuid, body: DrawBody, match: IfMatch, starter: Starter) -> Response:
    """Settle a tie of an allocation. The computation goes on with the same stored inputs. Refused if no tie
    is open, the plan does not allow this way, or the tie was drawn before (409)."""

    async def start(work: Work) -> UUID:
        case, allocation = await lock_allocation(work, allocation_id)
        match.expect_row(allocation)
        tie = TieKey(body.stage, body.tied_digest)
        return (await allocations.settle_tie(work, case, allocation, tie, body.build_settlement())).run

    return await starter.respond(start)


@router.post("/allocations/{allocation_id}/adjustments", access=Access.ALLOCATIONS_WRITE, status_code=201)
async def adjust_allocation(
    allocation_id: Uuid, body: AdjustmentBody, call: CurrentChange
) -> list[FindingAnswer]:
    """Adjust the seats of a unit by hand. The computed seats are kept; 0 removes the adjustment. The answer
    lists findings. Fewer than zero seats are refused (422)."""
    case, allocation = await lock_matching_allocation(call, allocation_id)
    found = await allocations.adjust_seats(call.work, case, allocation, **dict(body))
    call.set_row_etag(allocation)
    return translate_findings(found, call.translator)


@router.post(
    "/allocations/{allocation_id}/proposal", access=Access.ALLOCATIONS_WRITE, status_code=201, tagged=True
)
async def propose_allocation(allocation_id: Uuid, call: CurrentChange) -> AllocationAnswer:
    """Propose an allocation for approval. Its seats can then not be changed. Refused in another state, or
    while the hand adjustments do not balance (409)."""
    case, allocation = await lock_matching_allocation(call, allocation_id)
    seats = await allocations.propose_allocation(call.work, case, allocation)
    described = await allocations.describe_decided_allocation(call.work, allocation, seats=seats)
    return _tag_allocation(call, described)


@router.post(
    "/allocations/{allocation_id}/withdrawal", access=Access.ALLOCATIONS_WRITE, status_code=201, tagged=True
)
async def withdraw_allocation(
    allocation_id: Uuid, body: WithdrawalBody, call: CurrentChange
) -> AllocationAnswer:
    """Withdraw a proposed allocation so that it can be changed. The reason is recorded."""
    case, allocation = await lock_matching_allocation(call, allocation_id)
    await decisions.withdraw_subject(call.work, case, allocation, body.reason)
    described = await allocations.describe_decided_allocation(call.work, allocation)
    return _tag_allocation(call, described)


@router.post(
    "/allocations/{allocation_id}/approval", access=Access.ALLOCATIONS_APPROVE, status_code=201, tagged=True
)
async def approve_allocation(allocation_id: Uuid, call: CurrentChange) -> AllocationAnswer:
    """Approve a proposed allocation. The number of the decision is recorded later, with the adoption. Where
    the plan requires a second person, the one who proposed it is refused (403)."""
    case, allocation = await lock_matching_allocation(call, allocation_id)
    await decisions.approve_subject(call.work, case, allocation)
    described = await allocations.describe_decided_allocation(call.work, allocation)
    return _tag_allocation(call, described)


@router.post(
    "/allocations/{allocation_id}/adoption", access=Access.ALLOCATIONS_APPROVE, status_code=201, tagged=True
)
async def adopt_allocation(allocation_id: Uuid, body: AdoptionBody, call: CurrentChange) -> AdoptionAnswer:
    """Adopt an approved allocation by a decision. Its seats become the quotas of the units. Lists that are
    now too large are not changed: `misfits` names them. A future day is refused (422)."""
    case, allocation, versions = await allocations.lock_allocation_versions(call.work, allocation_id)
    call.expect_row(allocation)
    document = AdoptionDocument(**dict(body))
    adoption = await allocations.adopt_allocation(call.work, case, allocation, versions, document)
    return await _build_adoption_answer(call, allocation, adoption)


async def _build_adoption_answer(
    call: Call, allocation: Allocation, adoption: AllocationAdoption
) -> AdoptionAnswer:
    described = await allocations.describe_decided_allocation(
        call.work, allocation, seats=adoption.seats, decision=adoption.decision
    )
    misfits = [MisfitAnswer.model_validate(each) for each in adoption.misfits]
    return AdoptionAnswer(allocation=_tag_allocation(call, described), misfits=misfits)


async def respond_with_allocation(request: Request, work: Work, run: Run) -> Response:
    """Answer a request that started a run: the allocation as it is now, or the run while it computes."""
    if run.state in UNFINISHED_RUNS:
        return await respond_with_run(request, work, run)
    response = Response(status_code=201, media_type="application/json")
    case, allocation = await load_allocation(work, run.subject)
    answer = await build_tagged_allocation(build_call(request, response, work), case, allocation)
    headers = {"Location": f"/v1/allocations/{allocation.id}", "ETag": response.headers["ETag"]}
    return Response(answer.model_dump_json(), 201, headers, "application/json")


def _build_amendment(body: AllocationBody) -> Amendment | None:
    returned = {(each.unit, each.group): each.seats for each in body.returned}
    if body.amends is not None:
        return Amendment(body.amends, tuple(body.keep), returned)
    if body.keep or returned:
        raise Invalid("amends_not_adopted", errors=[Finding("missing", pointer="/amends")])
    return None


async def lock_matching_allocation(call: ChangeCall, allocation_id: UUID) -> tuple[Case, Allocation]:
    """Lock an allocation with its case; raises ``Stale`` (412) unless it is as the caller read it."""
    case, allocation = await lock_allocation(call.work, allocation_id)
    call.expect_row(allocation)
    return case, allocation


async def build_tagged_allocation(call: Call, case: Case, allocation: Allocation) -> AllocationAnswer:
    """Build the answer for an allocation and set its ETag."""
    return _tag_allocation(call, await allocations.describe_allocation(call.work, case, allocation))


def _tag_allocation(call: Call, described: AllocationDescription) -> AllocationAnswer:
    call.set_row_etag(described.allocation)
    return build_allocation_answer(described, call.translator)
