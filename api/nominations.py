"""Nominations over HTTP; every change answers with the live check of the unit's list."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field, JsonValue

from api.cursors import Page, Paging
from api.etags import IfMatch, compute_row_etag, set_etag
from api.languages import choose_language
from api.nomination_answers import (
    DisclosureAnswer,
    DisclosureBody,
    NominationAnswer,
    NominationItem,
    NominationRead,
    build_list_answer,
    build_nomination_item,
)
from api.people import PersonBody, StatedAnswer, build_person_answer
from api.request_work import CurrentWork
from api.routes import Router
from api.samples import SAMPLE_ID, build_sample
from api.shared_answers import translate_findings
from api.types import Body, Code, Count, Date, Exact, Name, Text, Uuid, Year, format_exact
from db.cases import RowLock
from db.nominations import Nomination
from db.people import map_persons_by_id
from domain.access import Access
from domain.nominations import Honour
from domain.snapshots import read_fraction
from domain.votes import Vote
from service import disclosures, nominations
from service.cases import load_case
from service.nominations import CheckedNomination, NominationDraft
from service.work import Case, Work

router = Router(tags=["nominations"])

_SAMPLE_FIELDS: dict[str, JsonValue] = {
    "group": "dien-hinh",
    "person": {"name": "Người Thử Nghiệm Một", "birth_year": 1980, "gender": "female"},
    "rank": 1,
    "honours": [{"name": "Chiến sĩ thi đua toàn quốc", "year": 2018}],
    "vote": {"on": "2020-05-20", "in_favour": 118, "present": 120},
    "notice": "2020-01",
    "purpose": "delegate-selection",
}


class HonourBody(Body):
    """A title or an award, its year, and whose it is."""

    name: Name
    year: Year
    kind: Literal["title", "award"] = "title"
    held_by: Literal["person", "collective"] = "person"


class VoteBody(Body):
    """The vote by which the unit's conference passed its list."""

    on: Date
    in_favour: Count
    present: Count
    minutes: Text | None = None


class DraftBody(Body):
    """What a unit says of its nominee: somebody new (`person`) or somebody known (`person_id`)."""

    model_config = build_sample(**_SAMPLE_FIELDS)

    group: Code
    person: PersonBody | None = None
    person_id: Uuid | None = None
    collective: Annotated[Name | None, Field(description="The collective the person stands for.")] = None
    rank: Annotated[Count | None, Field(ge=1, description="The unit's own order, 1 first.")] = None
    merit: Annotated[Exact | None, Field(description="A merit score, where there is one.")] = None
    achievements: Text | None = None
    honours: Annotated[list[HonourBody], Field(default_factory=list, max_length=100)]
    vote: VoteBody | None = None
    notice: Annotated[Code, Field(description="Version of the privacy notice the person was given.")]
    purpose: Annotated[Code, Field(description="What the data is for.")]
    source_document: Annotated[Name | None, Field(description="The unit's paper, when others enter it.")] = (
        None
    )


class NominationBody(DraftBody):
    """A nomination by a unit."""

    model_config = build_sample(unit=SAMPLE_ID, **_SAMPLE_FIELDS)

    unit: Uuid


class RepresentativeBody(Body):
    """Another person for the same collective, and why."""

    model_config = build_sample(person={"name": "Người Thử Nghiệm Hai"}, reason="Người được cử bị ốm")

    person: PersonBody
    reason: Text


class NominationReason(Body):
    """Why."""

    model_config = build_sample(reason="Bổ sung tóm tắt thành tích")

    reason: Text


@router.post(
    "/conferences/{conference_id}/nominations", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def nominate(
    conference_id: Uuid,
    body: NominationBody,
    request: Request,
    response: Response,
    work: CurrentWork,
) -> NominationAnswer:
    """Enter a draft; it may be ranked before the unit has any seats."""
    case = await load_case(work, conference_id, lock=RowLock.SHARE)
    checked = await nominations.draft_nomination(work, case, body.unit, _build_draft(body))
    response.headers["Location"] = f"/v1/nominations/{checked.nomination.id}"
    return _build_tagged_nomination(request, response, checked)


@router.get("/conferences/{conference_id}/nominations", access=Access.NOMINATIONS_READ)
async def list_nominations(
    conference_id: Uuid,
    work: CurrentWork,
    paging: Paging,
    unit: Annotated[Uuid | None, Query()] = None,
    group: Annotated[Code | None, Query()] = None,
    state: Annotated[Code | None, Query()] = None,
) -> Page[NominationItem]:
    """The nominations to a conference, the oldest first."""
    case = await load_case(work, conference_id)
    rows = await nominations.page_nominations(
        work,
        case,
        unit=unit,
        group=group,
        state=state,
        after_id=UUID(str(paging.after[0])) if paging.after else None,
        limit=paging.limit + 1,
    )
    persons = await map_persons_by_id(work.session, {row.person for row in rows})
    return paging.build_page(
        rows,
        lambda row: [str(row.id)],
        lambda row: build_nomination_item(row, build_person_answer(persons[row.person])),
    )


@router.get("/nominations/{nomination_id}", access=Access.NOMINATIONS_READ, tagged=True, read_only=False)
async def read_nomination(
    nomination_id: Uuid, request: Request, response: Response, work: CurrentWork
) -> NominationRead:
    """A nomination, with its unit's list and what is stated of the person; that it was read is recorded."""
    case, row = await nominations.load_nomination(work, nomination_id)
    checked, known = await nominations.describe_nomination(work, case, row)
    answer = _build_tagged_nomination(request, response, checked)
    return NominationRead(**dict(answer), stated=StatedAnswer.model_validate(known))


@router.put("/nominations/{nomination_id}", access=Access.NOMINATIONS_WRITE, tagged=True)
async def change_nomination(
    nomination_id: Uuid,
    body: DraftBody,
    request: Request,
    response: Response,
    work: CurrentWork,
    match: IfMatch,
) -> NominationAnswer:
    """Say it anew; only a draft, or what was returned, may be changed.

    Of the person, what is left out stays and `null` erases; a person whom others name is not changed here.
    """
    case, row = await _lock_matching_nomination(work, nomination_id, match)
    checked = await nominations.change_nomination(work, case, row, _build_draft(body))
    return _build_tagged_nomination(request, response, checked)


@router.post(
    "/nominations/{nomination_id}/submission", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def submit_nomination(
    nomination_id: Uuid,
    request: Request,
    response: Response,
    work: CurrentWork,
    match: IfMatch,
) -> NominationAnswer:
    """Put a nominee before the level above, within the unit's nominee limit."""
    case, row = await _lock_matching_nomination(work, nomination_id, match)
    checked = await nominations.submit_nomination(work, case, row)
    return _build_tagged_nomination(request, response, checked)


@router.post(
    "/nominations/{nomination_id}/acceptance",
    access=Access.NOMINATIONS_DECIDE,
    status_code=201,
    tagged=True,
)
async def accept_nomination(
    nomination_id: Uuid,
    request: Request,
    response: Response,
    work: CurrentWork,
    match: IfMatch,
) -> NominationAnswer:
    """Take a nominee as delegate, never beyond the unit's seats."""
    case, row = await _lock_matching_nomination(work, nomination_id, match)
    checked = await nominations.accept_nomination(work, case, row)
    return _build_tagged_nomination(request, response, checked)


@router.post(
    "/nominations/{nomination_id}/return", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def return_nomination(
    nomination_id: Uuid,
    body: NominationReason,
    request: Request,
    response: Response,
    work: CurrentWork,
    match: IfMatch,
) -> NominationAnswer:
    """Send a nomination back to its unit, with the reason."""
    case, row = await _lock_matching_nomination(work, nomination_id, match)
    checked = await nominations.return_nomination(work, case, row, body.reason)
    return _build_tagged_nomination(request, response, checked)


@router.post(
    "/nominations/{nomination_id}/withdrawal", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def withdraw_nomination(
    nomination_id: Uuid,
    body: NominationReason,
    request: Request,
    response: Response,
    work: CurrentWork,
    match: IfMatch,
) -> NominationAnswer:
    """Take a nomination back for good; its place is free again."""
    case, row = await _lock_matching_nomination(work, nomination_id, match)
    checked = await nominations.withdraw_nomination(work, case, row, body.reason)
    return _build_tagged_nomination(request, response, checked)


@router.post(
    "/nominations/{nomination_id}/representative",
    access=Access.NOMINATIONS_WRITE,
    status_code=201,
    tagged=True,
)
async def change_representative(
    nomination_id: Uuid,
    body: RepresentativeBody,
    request: Request,
    response: Response,
    work: CurrentWork,
    match: IfMatch,
) -> NominationAnswer:
    """Send another person for the same collective."""
    case, row = await _lock_matching_nomination(work, nomination_id, match)
    stated = body.person.build_person()
    checked = await nominations.replace_representative(work, case, row, stated, body.reason)
    return _build_tagged_nomination(request, response, checked)


@router.post("/nominations/{nomination_id}/disclosure", access=Access.PERSONAL_READ, keyed=False)
async def disclose_nominee(
    nomination_id: Uuid, body: DisclosureBody, request: Request, work: CurrentWork
) -> DisclosureAnswer:
    """Read what is sealed of a nominee, for the purpose they were told; each time is recorded.

    A unit reads its own nominees, a council whom units sent to its conference. The answer is not stored.
    """
    case, row = await nominations.load_nomination(work, nomination_id)
    asked = tuple(dict.fromkeys(body.attributes))
    told = await disclosures.disclose_nominee(work, case, row, body.purpose, asked)
    return DisclosureAnswer(person=row.person, purpose=body.purpose, attributes=dict(told))


async def _lock_matching_nomination(
    work: Work, nomination_id: UUID, match: IfMatch
) -> tuple[Case, Nomination]:
    case, row = await nominations.lock_nomination(work, nomination_id)
    match.expect_etag(compute_row_etag(row.id, row.version))
    return case, row


def _build_draft(body: DraftBody) -> NominationDraft:
    return NominationDraft(
        group=body.group,
        notice=body.notice,
        purpose=body.purpose,
        person=body.person_id,
        stated=None if body.person is None else body.person.build_person(),
        collective=body.collective,
        rank=body.rank,
        merit=None if body.merit is None else format_exact(read_fraction(str(body.merit))),
        achievements=body.achievements,
        honours=tuple(Honour(**dict(each)) for each in body.honours),
        vote=None if body.vote is None else Vote(**dict(body.vote)),
        source_document=body.source_document,
    )


def _build_tagged_nomination(
    request: Request, response: Response, checked: CheckedNomination
) -> NominationAnswer:
    row = checked.nomination
    set_etag(response, compute_row_etag(row.id, row.version))
    language = choose_language(request.headers.get("accept-language"))
    return NominationAnswer(
        **dict(build_nomination_item(row, build_person_answer(checked.person))),
        findings=translate_findings(checked.findings, language),
        list=build_list_answer(checked.composition, language),
    )
