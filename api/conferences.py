"""Conferences over HTTP: open one from a plan for a unit, record its meeting, close or cancel it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.conference_terms import ConferenceTermsAnswer, build_terms_answer
from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Code, Count, Date, Flag, Name, Text, Uuid
from api.proceedings import ProceedingsAnswer, ProceedingsBody
from db import conferences as rows
from db.cases import RowLock
from domain.access import Access
from domain.conferences.life import ConferenceState
from domain.conferences.meetings import HalfDay, Meeting
from domain.conferences.steps import Stage, Step, StepKind, StepStatus
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
    """When a conference met, how many people attended, and what happened."""

    model_config = build_sample(on="2020-10-02", attended=460, reason="Lùi ngày do dịch bệnh")

    on: Annotated[Date, Field(description="The first day.")]
    starts: HalfDay | None = None
    until: Annotated[Date | None, Field(description="The last day; default: the first.")] = None
    ends: HalfDay | None = None
    attended: Annotated[Count | None, Field(description="Everybody who attended.")] = None
    groups: Annotated[dict[Code, Count], Field(description="Seat group → attended.", max_length=100)] = Field(
        default_factory=dict
    )
    proceedings: ProceedingsBody | None = None
    name: Annotated[
        Code | None, Field(description="The id of one of the plan's names; required while it is open.")
    ] = None
    reason: Annotated[Text | None, Field(description="Required where it departs from the plan.")] = None
    correction: Annotated[
        Text | None, Field(description="Why what was recorded of the meeting is changed.")
    ] = None

    def build_meeting(self) -> Meeting:
        """The meeting in the types of the rules."""
        last = self.on if self.until is None else self.until
        told = None if self.proceedings is None else self.proceedings.build_proceedings()
        return Meeting(self.on, last, self.starts, self.ends, self.attended, self.groups, told)


class ChoiceBody(Body):
    """A name or a form that the plan leaves open."""

    model_config = build_sample(form="delegate", reason="Đúng 200 người, theo đề nghị của đơn vị")

    name: Annotated[Code | None, Field(description="The id of one of the names that the plan offers.")] = None
    form: Literal[Form.PLENARY, Form.DELEGATE] | None = None
    reason: Text | None = None


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


class ConferenceItem(TaggedAnswer):
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


class MeetingAnswer(Answer):
    """When a conference met, and how many people attended."""

    first: date
    last: date
    starts: HalfDay | None
    ends: HalfDay | None
    attended: int | None
    groups: dict[str, int]
    proceedings: ProceedingsAnswer | None


class ScheduleAnswer(Answer):
    """The days and the place that are set for a conference; without a first day it is postponed."""

    first: date | None
    last: date | None
    place: str | None
    reason: str | None


class VettingAnswer(Answer):
    """The approval of a unit's plan by the council above."""

    on: date
    document: str


class ConferenceStepAnswer(Answer):
    """One step of a conference, by its last day `due`, and how far it is today."""

    id: str = Field(description="The id of the deadline, `vetting` or `meeting`.")
    kind: StepKind
    name: str | None
    due: date | None
    recipient: str | None
    via: str | None
    clause: str | None
    status: StepStatus
    done_on: date | None
    days_late: int
    missing: list[str] = Field(description="The documents that have not come.")


class ConferenceAnswer(ConferenceItem):
    """A conference with all terms that the plan sets for it."""

    plan: UUID
    plan_version: int = Field(description="The number of the plan's version that it follows.")
    meeting: MeetingAnswer | None
    seat_groups: list[SeatGroupAnswer]
    stage: Stage = Field(description="How far it is on its way from plan to report.")
    steps: list[ConferenceStepAnswer] = Field(
        description="What its unit has to do, in order, and how far it is."
    )
    vetting: VettingAnswer | None
    schedule: ScheduleAnswer | None
    findings: list[FindingAnswer] = Field(description="Faults and gaps, each with its clause.")
    terms: ConferenceTermsAnswer


@router.post("", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def open_conference(body: ConferenceBody, call: CurrentCall) -> ConferenceAnswer:
    """Open a conference of a unit.

    Its form, cap, mix, window and seat groups follow from the plan. Refused if the plan is not published, has
    expired or forbids this conference (409), or if the unit, tier or name does not fit the plan (422).
    """
    opened = await opening.open_conference(call.work, ConferenceRequest(**dict(body)))
    call.set_location(f"/v1/conferences/{opened.conference.id}")
    return build_tagged_conference(call, opened)


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
    return build_tagged_conference(call, await describe_conference(call.work, case))


@router.post("/{conference_id}/holding", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def record_meeting(conference_id: Uuid, body: HoldingBody, call: CurrentChange) -> ConferenceAnswer:
    """Record when a conference met, who attended and what was done. A future day is refused (422), and so is
    a departure from the plan without a reason, and a name that is still open. Nominations, invitations and
    allocations are then closed. Recording again corrects it, with a reason (`correction`)."""
    case = await lock_matching_case(call, conference_id)
    meeting = body.build_meeting()
    chosen = {"name": body.name, "correction": body.correction}
    recorded = await life.record_meeting(call.work, case, meeting, body.reason, **chosen)
    return build_tagged_conference(call, recorded)


@router.post("/{conference_id}/choice", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def choose_open_terms(conference_id: Uuid, body: ChoiceBody, call: CurrentChange) -> ConferenceAnswer:
    """Choose the name or the form of a planned conference where the plan leaves it open. What the plan or a
    figure settles is refused (409). A figure that is reported later decides the form."""
    case = await lock_matching_case(call, conference_id)
    chosen = await life.choose_open_terms(call.work, case, body.name, body.form, body.reason)
    return build_tagged_conference(call, chosen)


@router.post("/{conference_id}/cancellation", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def cancel_conference(conference_id: Uuid, body: ReasonBody, call: CurrentChange) -> ConferenceAnswer:
    """Cancel a conference. One that has met is refused (409). The unit may then open another conference."""
    case = await lock_matching_case(call, conference_id)
    cancelled = await life.cancel_conference(call.work, case, body.reason)
    return build_tagged_conference(call, cancelled)


async def lock_matching_case(call: ChangeCall, conference_id: UUID) -> Case:
    """The case of a conference, locked to be changed, and as its caller last read it."""
    case = await load_case(call.work, conference_id, lock=RowLock.CHANGE)
    call.expect_row(case.conference)
    return case


def build_tagged_conference(call: Call, described: ConferenceDescription) -> ConferenceAnswer:
    """The answer about a conference, with its ``ETag``."""
    conference = described.conference
    call.set_row_etag(conference)
    return ConferenceAnswer(
        **ConferenceItem.model_validate(conference).model_dump(),
        plan=described.version.plan,
        plan_version=described.version.n,
        meeting=conference.meeting and MeetingAnswer.model_validate(conference.meeting),
        seat_groups=[SeatGroupAnswer.model_validate(row) for row in described.groups],
        stage=described.stage,
        steps=[_build_step(step, call.work.today) for step in described.steps],
        vetting=conference.vetting and VettingAnswer.model_validate(conference.vetting),
        schedule=conference.schedule and ScheduleAnswer.model_validate(conference.schedule),
        findings=translate_findings(described.findings, call.translator),
        terms=build_terms_answer(described.terms),
    )


def _build_step(step: Step, today: date) -> ConferenceStepAnswer:
    return ConferenceStepAnswer(
        **{name: getattr(step, name) for name in _SAME_IN_STEPS},
        missing=list(step.missing),
        status=step.derive_status(today),
        days_late=step.count_days_late(today),
    )


_SAME_IN_STEPS = ("id", "kind", "name", "due", "recipient", "via", "clause", "done_on")
