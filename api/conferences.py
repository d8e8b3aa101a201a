"""Conferences over HTTP: open one from a plan for a unit, record its meeting, cancel it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.conference_terms import ConferenceTermsAnswer, build_terms_answer
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Code, Date, Flag, Name, Text, Uuid
from db import conferences as rows
from db.cases import RowLock
from domain.access import Access
from domain.conferences.life import ConferenceState
from domain.plans.seats import CountsAs, FilledBy
from domain.plans.tiers import Form
from service.conferences import life, opening
from service.conferences.case import load_case
from service.conferences.descriptions import ConferenceDescription, describe_conference
from service.conferences.opening import ConferenceRequest
from service.work import Case

router = Router(prefix="/conferences", tags=["conferences"])


class ConferenceBody(Body):
    """A new conference: its unit, the tier of the plan it belongs to, and the congress it prepares."""

    model_config = build_sample(
        plan="01980000-0000-7000-8000-000000000002", congress="soc-trang-v", unit=SAMPLE_ID, tier="province"
    )

    plan: Uuid
    congress: Code
    unit: Uuid
    tier: Code
    name: Annotated[Code | None, Field(description="The id of one of the names that the plan offers.")] = None
    as_of: Annotated[
        Date | None, Field(description="The day whose units and figures count; default: the window's start.")
    ] = None
    pilot: Annotated[Flag, Field(description="The unit was chosen as a pilot (đơn vị chỉ đạo điểm).")] = False
    ordinal: Annotated[
        Name | None, Field(description="Which of the unit's conferences it is, as on the stage: `V`.")
    ] = None


class HoldingBody(Body):
    """The day on which a conference met."""

    model_config = build_sample(on="2020-10-02", reason="Lùi ngày do dịch bệnh")

    on: Date
    reason: Annotated[Text | None, Field(description="Required for a day outside the window.")] = None


class ReasonBody(Body):
    """The reason."""

    model_config = build_sample(reason="Đơn vị sáp nhập")

    reason: Text


class SeatGroupAnswer(Answer):
    """One seat group of a conference."""

    group: str
    name: str
    seats: int | None
    maximum: int | None
    given: int = Field(description="The seats given to units.")
    filled_by: FilledBy
    counts_as: CountsAs = Field(description="Its side in the mix of delegates.")
    listed: int = Field(description="The number of people on the organiser's list.")


class ConferenceItem(Answer):
    """A conference in a list."""

    id: UUID
    congress: str
    unit: UUID
    tier: str
    state: ConferenceState
    name: str | None
    form: Form
    as_of: date
    held_on: date | None
    size: int | None = Field(description="The decided number of delegates.")
    created_at: datetime


class ConferenceAnswer(ConferenceItem):
    """A conference with all terms that the plan sets for it."""

    plan: UUID
    plan_version: int = Field(description="The number of the plan's version that it follows.")
    seat_groups: list[SeatGroupAnswer]
    findings: list[FindingAnswer] = Field(description="Faults and gaps of the plan, each with its clause.")
    terms: ConferenceTermsAnswer


@router.post("", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def open_conference(body: ConferenceBody, call: CurrentCall) -> ConferenceAnswer:
    """Open a conference of a unit.

    Its form, cap, mix, window and seat groups follow from the plan. Refused if the plan is not published, has
    expired or forbids this conference (409), or if the unit, tier or name does not fit the plan (422).
    """
    opened = await opening.open_conference(call.work, ConferenceRequest(**dict(body)))
    call.set_location(f"/v1/conferences/{opened.conference.id}")
    return _build_tagged_conference(call, opened)


@router.get("", access=Access.CONFERENCES_READ)
async def list_conferences(
    call: CurrentCall,
    paging: Paging,
    congress: Annotated[Code | None, Query()] = None,
    unit: Annotated[Uuid | None, Query()] = None,
    state: Annotated[ConferenceState | None, Query()] = None,
) -> Page[ConferenceItem]:
    """List conferences, oldest first."""
    session, actor, after = call.work.session, call.work.actor, paging.after_id
    found = await rows.page_conferences(
        session, actor, congress=congress, unit=unit, state=state, after=after, limit=paging.row_limit
    )
    return paging.build_page(found, lambda row: [str(row.id)], ConferenceItem.model_validate)


@router.get("/{conference_id}", access=Access.CONFERENCES_READ, tagged=True)
async def read_conference(conference_id: Uuid, call: CurrentCall) -> ConferenceAnswer:
    """Read a conference with the terms that the plan sets for it."""
    case = await load_case(call.work, conference_id)
    return _build_tagged_conference(call, await describe_conference(call.work, case))


@router.post("/{conference_id}/holding", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def record_meeting(conference_id: Uuid, body: HoldingBody, call: CurrentChange) -> ConferenceAnswer:
    """Record the day on which a conference met. A future day is refused (422). A day outside the plan's
    window is recorded if the request gives a reason, and refused without one (422)."""
    case = await _lock_matching_case(call, conference_id)
    recorded = await life.record_meeting(call.work, case, body.on, body.reason)
    return _build_tagged_conference(call, recorded)


@router.post("/{conference_id}/cancellation", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def cancel_conference(conference_id: Uuid, body: ReasonBody, call: CurrentChange) -> ConferenceAnswer:
    """Cancel a conference. One that has met is refused (409). The unit may then open another conference."""
    case = await _lock_matching_case(call, conference_id)
    cancelled = await life.cancel_conference(call.work, case, body.reason)
    return _build_tagged_conference(call, cancelled)


async def _lock_matching_case(call: ChangeCall, conference_id: UUID) -> Case:
    case = await load_case(call.work, conference_id, lock=RowLock.CHANGE)
    call.expect_row(case.conference)
    return case


def _build_tagged_conference(call: Call, described: ConferenceDescription) -> ConferenceAnswer:
    conference = described.conference
    call.set_row_etag(conference)
    return ConferenceAnswer(
        **ConferenceItem.model_validate(conference).model_dump(),
        plan=described.version.plan,
        plan_version=described.version.n,
        seat_groups=[SeatGroupAnswer.model_validate(row) for row in described.groups],
        findings=translate_findings(described.findings, call.translator),
        terms=build_terms_answer(described.terms),
    )
