"""Conferences over HTTP: opened from a plan for a unit, held, cancelled; and the quotas of their units."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field

from api.cursors import Page, Paging
from api.etags import IfMatch, row_tag, tag
from api.languages import Reader
from api.routes import CurrentActor, Router, Session
from api.samples import UNIT, sample
from api.shown import FindingAnswer, said
from api.types import Answer, Body, Code, Date, Flag, Text, Uuid
from db import conferences as rows
from db.conferences import Conference
from domain.access import Access
from service import conferences
from service.conferences import Held, Opening
from service.sentences import Language

router = Router(prefix="/conferences", tags=["conferences"])


class ConferenceBody(Body):
    """Which unit confers, at which tier of which plan, towards which congress."""

    model_config = sample(
        plan="01980000-0000-7000-8000-000000000002",
        congress="soc-trang-v",
        unit=UNIT,
        tier="province",
    )

    plan: Uuid
    congress: Code
    unit: Uuid
    tier: Code
    name: Annotated[Code | None, Field(description="Which of the names the plan offers, by its id.")] = None
    as_of: Annotated[
        Date | None, Field(description="The day whose units and figures count; default: the window's first.")
    ] = None
    pilot: Annotated[Flag, Field(description="The unit was chosen as a pilot (đơn vị chỉ đạo điểm).")] = False


class HoldingBody(Body):
    """The day a conference met."""

    model_config = sample(on="2020-10-02", reason="Lùi ngày do dịch bệnh")

    on: Date
    reason: Annotated[Text | None, Field(description="Needed when the day lies outside the window.")] = None


class ReasonBody(Body):
    """Why."""

    model_config = sample(reason="Đơn vị sáp nhập")

    reason: Text


class SeatGroupAnswer(Answer):
    """One of the groups that a conference is made of."""

    group: str
    name: str
    seats: int | None
    maximum: int | None
    filled_by: str = Field(description="`units`, `roll`, `invitation` or `ex_officio`.")
    counts_as: str = Field(description="`exemplar`, `guest` or `none`, for the mix.")
    listed: int = Field(description="How many stand on the organiser's list.")


class ConferenceItem(Answer):
    """A conference in a list."""

    id: UUID
    congress: str
    unit: UUID
    tier: str
    state: str = Field(description="`planned`, `held` or `cancelled`.")
    name: str | None
    form: str = Field(description="`plenary`, `delegate` or `undecided`.")
    as_of: date
    held_on: date | None
    created_at: datetime


class ConferenceAnswer(ConferenceItem):
    """A conference with everything the plan says of it."""

    seat_groups: list[SeatGroupAnswer]
    findings: list[FindingAnswer] = Field(description="Contradictions and gaps, each with its clause.")
    terms: dict[str, Any] = Field(
        description="Form, names, cap, mix, window, deadlines, seat groups, presidium, agenda, as derived."
    )


@router.post("", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def open_conference(
    body: ConferenceBody, response: Response, session: Session, actor: CurrentActor, reader: Reader
) -> ConferenceAnswer:
    """Open a unit's conference; its form, cap, mix, window and seat groups follow from the plan."""
    opened = await conferences.open_conference(session, actor, Opening(**dict(body)))
    response.headers["Location"] = f"/v1/conferences/{opened.conference.id}"
    return _tagged(response, opened, reader)


@router.get("", access=Access.CONFERENCES_READ)
async def list_conferences(
    session: Session,
    actor: CurrentActor,
    paging: Paging,
    congress: Annotated[Code | None, Query()] = None,
    unit: Annotated[Uuid | None, Query()] = None,
    state: Annotated[Code | None, Query()] = None,
) -> Page[ConferenceItem]:
    """Conferences, the oldest first."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await rows.page(
        session, actor, congress=congress, unit=unit, state=state, after=after, limit=paging.limit + 1
    )
    return paging.page(found, lambda row: [str(row.id)], ConferenceItem.model_validate)


@router.get("/{conference_id}", access=Access.CONFERENCES_READ, tagged=True)
async def read_conference(
    conference_id: Uuid, response: Response, session: Session, actor: CurrentActor, reader: Reader
) -> ConferenceAnswer:
    """A conference with what the plan says of it."""
    conference = await conferences.get(session, actor, conference_id)
    return _tagged(response, await conferences.describe(session, actor, conference), reader)


@router.post("/{conference_id}/holding", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def hold_conference(
    conference_id: Uuid,
    body: HoldingBody,
    response: Response,
    session: Session,
    actor: CurrentActor,
    reader: Reader,
    match: IfMatch,
) -> ConferenceAnswer:
    """Record the day it met. Outside the window it is recorded with its reason, not refused."""
    conference = await _expected(session, actor, conference_id, match)
    held = await conferences.hold(session, actor, conference, body.on, body.reason)
    return _tagged(response, held, reader)


@router.post("/{conference_id}/cancellation", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True)
async def cancel_conference(
    conference_id: Uuid,
    body: ReasonBody,
    response: Response,
    session: Session,
    actor: CurrentActor,
    reader: Reader,
    match: IfMatch,
) -> ConferenceAnswer:
    """Give a conference up; another may then be opened for its unit."""
    conference = await _expected(session, actor, conference_id, match)
    return _tagged(response, await conferences.cancel(session, actor, conference, body.reason), reader)


async def _expected(session: Session, actor: CurrentActor, conference_id: UUID, match: IfMatch) -> Conference:
    conference = await conferences.get(session, actor, conference_id, lock=True)
    match.check(row_tag(conference.id, conference.version))
    return conference


def _tagged(response: Response, held: Held, language: Language) -> ConferenceAnswer:
    conference = held.conference
    tag(response, row_tag(conference.id, conference.version))
    return ConferenceAnswer(
        **ConferenceItem.model_validate(conference).model_dump(),
        seat_groups=[SeatGroupAnswer.model_validate(row) for row in held.groups],
        findings=said(held.findings, language),
        terms=conference.terms,
    )
