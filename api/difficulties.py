"""Difficulties over HTTP: units raise them about their conferences, the council above answers."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.http.calls import Call, ChangeCall, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer
from api.http.routes import Router
from api.http.samples import build_sample
from api.http.types import Body, Name, Text, Uuid
from db import difficulties as rows
from db.cases import RowLock
from db.difficulties import Difficulty
from domain.access import Access
from domain.difficulties import DifficultyState
from service import difficulties
from service.conferences.case import load_case
from service.work import Case

router = Router(tags=["conferences"])


class DifficultyBody(Body):
    """What is difficult about a conference."""

    model_config = build_sample(text="Chưa có hội trường đủ 200 chỗ trong Quý I")

    text: Annotated[Text, Field(description="Names nobody: what tells of people comes as a `paper`.")]
    paper: Annotated[Uuid | None, Field(description="A paper of the unit, kept sealed.")] = None


class DifficultyReplyBody(Body):
    """The answer of the council above."""

    model_config = build_sample(answer="Mượn hội trường của huyện", document="15/HĐTĐKT")

    answer: Text
    document: Annotated[Name | None, Field(description="The number of the letter.")] = None


class DifficultyAnswer(TaggedAnswer):
    """A difficulty and its answer."""

    id: UUID
    conference: UUID
    state: DifficultyState
    text: str
    paper: UUID | None
    raised_on: date
    answer: str | None
    document: str | None
    answered_on: date | None
    closed_on: date | None
    created_at: datetime


@router.post(
    "/conferences/{conference_id}/difficulties",
    access=Access.CONFERENCES_WRITE,
    status_code=201,
    tagged=True,
)
async def raise_difficulty(conference_id: Uuid, body: DifficultyBody, call: CurrentCall) -> DifficultyAnswer:
    """Raise a difficulty about a conference, for the council above to answer."""
    case = await load_case(call.work, conference_id, lock=RowLock.SHARE)
    row = await difficulties.raise_difficulty(call.work, case, body.text, body.paper)
    call.set_location(f"/v1/difficulties/{row.id}")
    return _build_tagged_difficulty(call, row)


@router.get("/difficulties", access=Access.CONFERENCES_READ)
async def list_difficulties(
    call: CurrentCall,
    paging: Paging,
    plan: Annotated[Uuid | None, Query()] = None,
    conference: Annotated[Uuid | None, Query()] = None,
    state: Annotated[DifficultyState | None, Query()] = None,
) -> Page[DifficultyAnswer]:
    """List the difficulties of the caller's units and those below, oldest first."""
    session, actor, after = call.work.session, call.work.actor, paging.after_id
    found = await rows.page_difficulties(
        session, actor, plan=plan, conference=conference, state=state, after=after, limit=paging.row_limit
    )
    return paging.build_page(found, lambda row: [str(row.id)], DifficultyAnswer.model_validate)


@router.get("/difficulties/{difficulty_id}", access=Access.CONFERENCES_READ, tagged=True)
async def read_difficulty(difficulty_id: Uuid, call: CurrentCall) -> DifficultyAnswer:
    """Read a difficulty and its answer."""
    return _build_tagged_difficulty(call, await difficulties.get_difficulty(call.work, difficulty_id))


@router.post(
    "/difficulties/{difficulty_id}/answer", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True
)
async def answer_difficulty(
    difficulty_id: Uuid, body: DifficultyReplyBody, call: CurrentChange
) -> DifficultyAnswer:
    """Answer a difficulty of a unit below. The unit itself is refused (403)."""
    case, row = await _lock_matching_difficulty(call, difficulty_id)
    await difficulties.answer_difficulty(call.work, case, row, body.answer, body.document)
    return _build_tagged_difficulty(call, row)


@router.post(
    "/difficulties/{difficulty_id}/closing", access=Access.CONFERENCES_WRITE, status_code=201, tagged=True
)
async def close_difficulty(difficulty_id: Uuid, call: CurrentChange) -> DifficultyAnswer:
    """Close a difficulty: it is settled, or over."""
    case, row = await _lock_matching_difficulty(call, difficulty_id)
    await difficulties.close_difficulty(call.work, case, row)
    return _build_tagged_difficulty(call, row)


async def _lock_matching_difficulty(call: ChangeCall, difficulty_id: UUID) -> tuple[Case, Difficulty]:
    case, row = await difficulties.lock_difficulty(call.work, difficulty_id)
    call.expect_row(row)
    return case, row


def _build_tagged_difficulty(call: Call, row: Difficulty) -> DifficultyAnswer:
    call.set_row_etag(row)
    return DifficultyAnswer.model_validate(row)
