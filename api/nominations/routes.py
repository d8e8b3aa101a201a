"""Nominations over HTTP. The answer to each change includes a fresh check of the unit's list."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field, JsonValue

from api.findings import translate_findings
from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, PageRequest, Paging
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Body, Code, Count, Exact, Name, Text, Uuid, format_exact
from api.nominations.answers import (
    DisclosureAnswer,
    DisclosureBody,
    HonourAnswer,
    HonourBody,
    NominationAnswer,
    NominationItem,
    NominationRead,
    build_list_answer,
    build_nomination_item,
)
from api.people.answers import PersonBody, StatedAnswer, build_person_answer
from db.cases import RowLock
from db.nominations import Nomination
from db.people import map_persons_by_id
from domain.access import Access
from domain.nominations import NominationState
from domain.snapshots import read_fraction
from service import disclosures, nominations
from service.conferences.case import load_case
from service.nominations import CheckedNomination
from service.nominees import NominationDraft
from service.work import Case

router = Router(tags=["nominations"])

_SAMPLE_FIELDS: dict[str, JsonValue] = {
    "group": "dien-hinh",
    "person": {"name": "Người Thử Nghiệm Một", "birth_year": 1980, "gender": "female"},
    "rank": 1,
    "honours": [{"name": "Chiến sĩ thi đua toàn quốc", "year": 2018}],
    "notice": "2020-01",
    "purpose": "delegate-selection",
}


class DraftBody(Body):
    """A unit's nomination of a new person (`person`) or of one in the service already (`person_id`)."""

    model_config = build_sample(**_SAMPLE_FIELDS)

    group: Code
    person: PersonBody | None = None
    person_id: Uuid | None = None
    collective: Annotated[Name | None, Field(description="The collective that the person represents.")] = None
    rank: Annotated[Count | None, Field(ge=1, description="The unit's own order; 1 is first.")] = None
    merit: Annotated[Exact | None, Field(description="A merit score, if there is one.")] = None
    achievements: Text | None = None
    honours: Annotated[list[HonourBody], Field(default_factory=list, max_length=100)]
    notice: Annotated[Code, Field(description="The version of the privacy notice that the person received.")]
    purpose: Annotated[Code, Field(description="The purpose for which the data is used.")]
    source_document: Annotated[Name | None, Field(description="The unit's document, if others enter it.")] = (
        None
    )


class NominationBody(DraftBody):
    """A new nomination by a unit."""

    model_config = build_sample(unit=SAMPLE_ID, **_SAMPLE_FIELDS)

    unit: Uuid


class RepresentativeBody(Body):
    """Another person for the same collective, and why."""

    model_config = build_sample(person={"name": "Người Thử Nghiệm Hai"}, reason="Người được cử bị ốm")

    person: PersonBody
    reason: Text


class NominationReason(Body):
    """The reason."""

    model_config = build_sample(reason="Bổ sung tóm tắt thành tích")

    reason: Text


@router.post(
    "/conferences/{conference_id}/nominations", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def nominate(conference_id: Uuid, body: NominationBody, call: CurrentCall) -> NominationAnswer:
    """Draft a nomination to a conference. The unit needs no quota yet. An unknown group is refused (422)."""
    case = await load_case(call.work, conference_id, lock=RowLock.SHARE)
    checked = await nominations.draft_nomination(call.work, case, body.unit, _build_draft(body))
    call.set_location(f"/v1/nominations/{checked.nomination.id}")
    return _build_tagged_nomination(call, checked)


@router.get("/conferences/{conference_id}/nominations", access=Access.NOMINATIONS_READ)
async def list_nominations(
    conference_id: Uuid,
    call: CurrentCall,
    paging: Paging,
    unit: Annotated[Uuid | None, Query()] = None,
    group: Annotated[Code | None, Query()] = None,
    state: Annotated[NominationState | None, Query()] = None,
) -> Page[NominationItem]:
    """List the nominations to a conference, oldest first."""
    case = await load_case(call.work, conference_id)
    rows = await nominations.page_nominations(
        call.work, case, unit=unit, group=group, state=state, after=paging.after_id, limit=paging.row_limit
    )
    return await _build_nomination_page(call, paging, rows)


@router.get("/nominations/{nomination_id}", access=Access.NOMINATIONS_READ, tagged=True, read_only=False)
async def read_nomination(nomination_id: Uuid, call: CurrentCall) -> NominationRead:
    """Read a nomination with the person's attributes and the unit's list. The reading is recorded."""
    case, row = await nominations.load_nomination(call.work, nomination_id)
    checked, known, given = await nominations.describe_nomination(call.work, case, row)
    answer = _build_tagged_nomination(call, checked)
    stated, recorded = StatedAnswer.model_validate(known), map(HonourAnswer.model_validate, given)
    return NominationRead(**dict(answer), stated=stated, recorded_honours=list(recorded))


@router.put("/nominations/{nomination_id}", access=Access.NOMINATIONS_WRITE, tagged=True)
async def change_nomination(nomination_id: Uuid, body: DraftBody, call: CurrentChange) -> NominationAnswer:
    """Change a draft or a returned nomination. Other states are refused (409). An attribute of the person
    that is left out stays as it is; `null` erases it. The data of a person is changed in the nomination
    with which the person was entered (else 409)."""
    case, row = await _lock_matching_nomination(call, nomination_id, body.source_document)
    checked = await nominations.change_nomination(call.work, case, row, _build_draft(body))
    return _build_tagged_nomination(call, checked)


@router.post(
    "/nominations/{nomination_id}/submission", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def submit_nomination(nomination_id: Uuid, call: CurrentChange) -> NominationAnswer:
    """Submit a nomination to the council above. Refused without a quota or beyond the nominee limit (409)."""
    case, row = await _lock_matching_nomination(call, nomination_id)
    checked = await nominations.submit_nomination(call.work, case, row)
    return _build_tagged_nomination(call, checked)


@router.post(
    "/nominations/{nomination_id}/rise", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def raise_nomination(nomination_id: Uuid, call: CurrentChange) -> NominationAnswer:
    """Hand a draft for a conference further above to the unit directly above, which may then nominate it.
    Refused for a conference directly above (409)."""
    case, row = await _lock_matching_nomination(call, nomination_id)
    return _build_tagged_nomination(call, await nominations.raise_nomination(call.work, case, row))


@router.post(
    "/nominations/{nomination_id}/acceptance", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def accept_nomination(nomination_id: Uuid, call: CurrentChange) -> NominationAnswer:
    """Accept a submitted nomination. Refused when the unit has no free seat (409)."""
    case, row = await _lock_matching_nomination(call, nomination_id)
    checked = await nominations.accept_nomination(call.work, case, row)
    return _build_tagged_nomination(call, checked)


@router.post(
    "/nominations/{nomination_id}/return", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def return_nomination(
    nomination_id: Uuid, body: NominationReason, call: CurrentChange
) -> NominationAnswer:
    """Return a nomination to its unit with a reason. A nominee who is a delegate is refused (409)."""
    case, row = await _lock_matching_nomination(call, nomination_id)
    checked = await nominations.return_nomination(call.work, case, row, body.reason)
    return _build_tagged_nomination(call, checked)


@router.post(
    "/nominations/{nomination_id}/withdrawal", access=Access.NOMINATIONS_WRITE, status_code=201, tagged=True
)
async def withdraw_nomination(
    nomination_id: Uuid, body: NominationReason, call: CurrentChange
) -> NominationAnswer:
    """Withdraw a nomination for good. Its place in the quota is free again; the reason is recorded."""
    case, row = await _lock_matching_nomination(call, nomination_id)
    checked = await nominations.withdraw_nomination(call.work, case, row, body.reason)
    return _build_tagged_nomination(call, checked)


@router.post(
    "/nominations/{nomination_id}/representative",
    access=Access.NOMINATIONS_WRITE,
    status_code=201,
    tagged=True,
)
async def change_representative(
    nomination_id: Uuid, body: RepresentativeBody, call: CurrentChange
) -> NominationAnswer:
    """Replace the representative of a collective in a nomination. A nomination without a collective is
    refused (409). The reason is recorded."""
    case, row = await _lock_matching_nomination(call, nomination_id)
    stated = body.person.build_person()
    checked = await nominations.replace_representative(call.work, case, row, stated, body.reason)
    return _build_tagged_nomination(call, checked)


@router.post("/nominations/{nomination_id}/disclosure", access=Access.PERSONAL_READ, keyed=False)
async def disclose_nominee(nomination_id: Uuid, body: DisclosureBody, call: CurrentCall) -> DisclosureAnswer:
    """Read sealed attributes of a nominee. Every reading is recorded; the answer is not stored. A unit may
    read its own nominees, a council the nominees to its conference (others: 403). A purpose of which the
    person was not informed is refused (409)."""
    case, row = await nominations.load_nomination(call.work, nomination_id)
    names = tuple(dict.fromkeys(body.attributes))
    values = await disclosures.disclose_nominee(call.work, case, row, body.purpose, names)
    return DisclosureAnswer(person=row.person, purpose=body.purpose, attributes=dict(values))


async def _lock_matching_nomination(
    call: ChangeCall, nomination_id: UUID, document: str | None = None
) -> tuple[Case, Nomination]:
    case, row = await nominations.lock_nomination(call.work, nomination_id, document)
    call.expect_row(row)
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
        honours=tuple(each.build_honour() for each in body.honours),
        source_document=body.source_document,
    )


async def _build_nomination_page(
    call: Call, paging: PageRequest, rows: Sequence[Nomination]
) -> Page[NominationItem]:
    persons = await map_persons_by_id(call.work.session, {row.person for row in rows})
    return paging.build_page(
        rows,
        lambda row: [str(row.id)],
        lambda row: build_nomination_item(row, build_person_answer(persons[row.person])),
    )


def _build_tagged_nomination(call: Call, checked: CheckedNomination) -> NominationAnswer:
    row = checked.nomination
    call.set_row_etag(row)
    return NominationAnswer(
        **dict(build_nomination_item(row, build_person_answer(checked.person))),
        findings=translate_findings(checked.findings, call.translator),
        list=build_list_answer(checked.composition, call.translator),
    )
