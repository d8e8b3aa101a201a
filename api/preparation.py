"""Preparing a conference over HTTP: what its unit files, its approval, its days, and its close."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.conferences import ConferenceAnswer, build_tagged_conference, lock_matching_case
from api.http.calls import CurrentCall, CurrentChange
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Answer, Body, Code, Count, Date, Name, Text, Uuid
from api.proceedings import PlaceInPlan
from domain.access import Access
from domain.conferences.filed_facts import FiledFacts
from domain.conferences.filings import FiledDocument, Filing
from domain.conferences.preparation import Schedule, Vetting
from domain.plans.tiers import Form
from service.conferences import preparation
from service.conferences.case import load_case

router = Router(prefix="/conferences", tags=["conferences"])


class FiledFactsBody(Body):
    """What a unit's own plan says of its conference; leave out what it does not say."""

    form: Form | None = None
    name: Name | None = None
    first: Annotated[Date | None, Field(description="The first day.")] = None
    last: Annotated[Date | None, Field(description="The last day; default: the first.")] = None
    place: Name | None = None
    delegates: Annotated[Count | None, Field(description="Delegates in all.")] = None
    groups: Annotated[dict[Code, Count], Field(description="Seat group → delegates.", max_length=100)] = (
        Field(default_factory=dict)
    )
    committee: Annotated[
        Name | None, Field(description="The decision that founds the organising committee.")
    ] = None
    report_due: Annotated[Date | None, Field(description="The day on which it promises its report.")] = None


class FiledDocumentBody(Body):
    """A document that came: its place among those that the deadline asks for, counted from 1."""

    number: Annotated[Count, Field(ge=1)]
    paper: Annotated[Uuid | None, Field(description="The stored file, a paper of the unit.")] = None
    reference: Annotated[Name | None, Field(description="The number on the document.")] = None


class FilingBody(Body):
    """What a unit sent by a deadline of the plan."""

    model_config = build_sample(
        deadline="ke-hoach",
        on="2020-02-28",
        documents=[{"number": 1, "reference": "12/KH-UBND"}, {"number": 2, "paper": SAMPLE_ID}],
        facts={
            "form": "delegate",
            "first": "2020-03-07",
            "place": "Hội trường Ủy ban nhân dân xã",
            "delegates": 150,
            "committee": "34/QĐ-UBND",
        },
    )

    deadline: Annotated[Code, Field(description="The id of the deadline among the terms.")]
    on: Annotated[Date, Field(description="The day on which it was received.")]
    documents: Annotated[list[FiledDocumentBody], Field(max_length=20)] = Field(default_factory=list)
    facts: FiledFactsBody | None = None
    reason: Annotated[Text | None, Field(description="Why the unit's plan departs from the plan.")] = None
    parts: Annotated[
        list[PlaceInPlan] | None,
        Field(description="Of a report: the plan's parts that it has.", max_length=100),
    ] = None

    def build_filing(self) -> Filing:
        """The filing in the types of the rules."""
        facts = None if self.facts is None else FiledFacts(**dict(self.facts))
        documents = tuple(FiledDocument(**dict(each)) for each in self.documents)
        return Filing(
            deadline=self.deadline,
            on=self.on,
            documents=documents,
            facts=facts,
            reason=self.reason,
            parts=None if self.parts is None else tuple(self.parts),
        )


class VettingBody(Body):
    """The approval of a unit's plan: its day and the number of its document."""

    model_config = build_sample(on="2019-10-28", document="56/TB-HĐTĐKT")

    on: Date
    document: Name


class ScheduleBody(Body):
    """The days and the place of a conference; without a first day it is postponed."""

    model_config = build_sample(first="2020-03-07", place="Hội trường Ủy ban nhân dân xã")

    first: Date | None = None
    last: Annotated[Date | None, Field(description="The last day; default: the first.")] = None
    place: Name | None = None
    reason: Annotated[
        Text | None, Field(description="Required to move or postpone it, and for a day outside the window.")
    ] = None


class ClosingBody(Body):
    """The close of a conference."""

    model_config = build_sample(reason="Báo cáo gửi chung với báo cáo năm")

    reason: Annotated[Text | None, Field(description="Required where a report is missing.")] = None


class FiledDocumentAnswer(Answer):
    """A document that came with a filing."""

    number: int
    paper: UUID | None
    reference: str | None


class FiledFactsAnswer(Answer):
    """What a unit's own plan says of its conference."""

    form: Form | None
    name: str | None
    first: date | None
    last: date | None
    place: str | None
    delegates: int | None
    groups: dict[str, int]
    committee: str | None
    report_due: date | None


class FilingAnswer(Answer):
    """What a unit sent by a deadline of the plan."""

    id: UUID
    deadline: str
    on: date
    documents: list[FiledDocumentAnswer]
    facts: FiledFactsAnswer | None
    reason: str | None
    on_behalf: bool = Field(description="Entered by a council above, from paper.")
    parts: list[int] | None
    created_at: datetime


@router.post("/{conference_id}/filings", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def file_papers(conference_id: Uuid, body: FilingBody, call: CurrentChange) -> ConferenceAnswer:
    """Record what a unit sent by a deadline: its own plan with seven facts, a registration, its report. What
    is late, missing or departs from the plan is told in `findings`; what is above a limit of the plan, or
    cannot be true, is refused (422). What was missing is filed again."""
    case = await lock_matching_case(call, conference_id)
    return build_tagged_conference(call, await preparation.file_papers(call.work, case, body.build_filing()))


@router.get("/{conference_id}/filings", access=Access.CONFERENCES_READ)
async def list_filings(conference_id: Uuid, call: CurrentCall) -> list[FilingAnswer]:
    """List what a unit has filed for its conference, oldest first: for the unit and those above it."""
    case = await load_case(call.work, conference_id)
    found = await preparation.list_filings(call.work, case)
    return [FilingAnswer.model_validate(row) for row in found]


@router.post("/{conference_id}/vetting", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def vet_conference(conference_id: Uuid, body: VettingBody, call: CurrentChange) -> ConferenceAnswer:
    """Record that the council above approved a unit's plan. The unit itself is refused (403)."""
    case = await lock_matching_case(call, conference_id)
    vetting = Vetting(body.on, body.document)
    return build_tagged_conference(call, await preparation.vet_conference(call.work, case, vetting))


@router.post("/{conference_id}/schedule", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def schedule_conference(
    conference_id: Uuid, body: ScheduleBody, call: CurrentChange
) -> ConferenceAnswer:
    """Set, move or postpone the days of a conference that has not met."""
    case = await lock_matching_case(call, conference_id)
    schedule = Schedule(**dict(body))
    return build_tagged_conference(call, await preparation.schedule_conference(call.work, case, schedule))


@router.post("/{conference_id}/closing", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def close_conference(conference_id: Uuid, body: ClosingBody, call: CurrentChange) -> ConferenceAnswer:
    """Close a conference that has met. Without its report it needs a reason (409)."""
    case = await lock_matching_case(call, conference_id)
    return build_tagged_conference(call, await preparation.close_conference(call.work, case, body.reason))
