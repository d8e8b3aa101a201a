"""Exemplars over HTTP: people and collectives that were honoured at a conference."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.conferences import ReasonBody
from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.routes import Router
from api.http.samples import SAMPLE_ID, build_sample
from api.http.types import Body, Code, Name, Uuid, Year
from api.people.answers import PersonAnswer, PersonBody, build_person_answer
from db import exemplars as rows
from db.cases import RowLock
from db.exemplars import Exemplar
from db.people import map_persons_by_id
from domain.access import Access
from domain.nominations import HonourKind
from service import exemplars
from service.conferences.case import load_case
from service.exemplars import ExemplarEntry
from service.reference.labels import read_honour

router = Router(tags=["nominations"])


class ExemplarBody(Body):
    """One of `person`, `person_id` and `collective`, and the title or award."""

    model_config = build_sample(
        unit=SAMPLE_ID,
        person={"name": "Người Thử Nghiệm Một", "birth_year": 1980},
        name="Giấy khen",
        kind="award",
        year=2020,
        authority="Chủ tịch Ủy ban nhân dân huyện",
        notice="2020-01",
        purpose="delegate-selection",
    )

    unit: Uuid
    person: PersonBody | None = None
    person_id: Uuid | None = None
    collective: Name | None = None
    name: Name
    kind: HonourKind = HonourKind.TITLE
    year: Year
    authority: Annotated[Name | None, Field(description="Who decided it.")] = None
    notice: Annotated[Code, Field(description="The version of the privacy notice that the person received.")]
    purpose: Annotated[Code, Field(description="The purpose for which the data is used.")]

    def build_entry(self) -> ExemplarEntry:
        """The entry, its honour written as the reference lists do if it is on one."""
        return ExemplarEntry(
            self.unit,
            read_honour(self.name, self.kind),
            self.kind,
            self.year,
            self.notice,
            self.purpose,
            self.authority,
            self.person_id,
            None if self.person is None else self.person.build_person(),
            self.collective,
        )


class ExemplarAnswer(TaggedAnswer):
    """A person or a collective that was honoured at a conference."""

    id: UUID
    conference: UUID
    unit: UUID
    person: PersonAnswer | None
    collective: UUID | None
    name: str
    kind: HonourKind
    year: int
    authority: str | None
    notice: str
    purpose: str
    removed_at: datetime | None
    created_at: datetime


@router.post(
    "/conferences/{conference_id}/exemplars", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def record_exemplar(conference_id: Uuid, body: ExemplarBody, call: CurrentCall) -> ExemplarAnswer:
    """Record a person or a collective that is honoured at a conference. Once it has met, nominations and
    invitations of them are read with this honour."""
    case = await load_case(call.work, conference_id, lock=RowLock.SHARE)
    row = await exemplars.record_exemplar(call.work, case, body.build_entry())
    call.set_location(f"/v1/exemplars/{row.id}")
    return await _build_tagged_exemplar(call, row)


@router.get("/exemplars", access=Access.NOMINATIONS_READ)
async def list_exemplars(
    call: CurrentCall,
    paging: Paging,
    conference: Annotated[Uuid | None, Query()] = None,
    unit: Annotated[Uuid | None, Query()] = None,
    person: Annotated[Uuid | None, Query()] = None,
) -> Page[ExemplarAnswer]:
    """List those who were honoured at conferences, oldest first."""
    session, actor = call.work.session, call.work.actor
    wanted = {"conference": conference, "unit": unit, "person": person}
    found = await rows.page_exemplars(session, actor, **wanted, after=paging.after_id, limit=paging.row_limit)
    answers = await _build_answers(call, found)
    return paging.build_page(found, lambda row: [str(row.id)], lambda row: answers[row.id])


@router.get("/exemplars/{exemplar_id}", access=Access.NOMINATIONS_READ, tagged=True)
async def read_exemplar(exemplar_id: Uuid, call: CurrentCall) -> ExemplarAnswer:
    """Read who was honoured, by what, at which conference."""
    _, row = await exemplars.load_exemplar(call.work, exemplar_id)
    return await _build_tagged_exemplar(call, row)


@router.post(
    "/exemplars/{exemplar_id}/removal", access=Access.NOMINATIONS_DECIDE, status_code=201, tagged=True
)
async def remove_exemplar(exemplar_id: Uuid, body: ReasonBody, call: CurrentChange) -> ExemplarAnswer:
    """Take back what was recorded by mistake. It counts nowhere from then on."""
    case, row = await exemplars.load_exemplar(call.work, exemplar_id, lock=RowLock.CHANGE)
    call.expect_row(row)
    return await _build_tagged_exemplar(
        call, await exemplars.remove_exemplar(call.work, case, row, body.reason)
    )


async def _build_tagged_exemplar(call: Call, row: Exemplar) -> ExemplarAnswer:
    call.set_row_etag(row)
    return (await _build_answers(call, [row]))[row.id]


async def _build_answers(call: Call, found: Sequence[Exemplar]) -> dict[UUID, ExemplarAnswer]:
    named = {row.person for row in found if row.person is not None}
    persons = await map_persons_by_id(call.work.session, named) if named else {}
    return {
        row.id: ExemplarAnswer(
            **row.model_dump(exclude={"version", "person"}),
            person=None if row.person is None else build_person_answer(persons[row.person]),
            etag=compute_row_etag(row.id, row.version),
        )
        for row in found
    }
