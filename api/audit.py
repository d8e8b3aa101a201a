"""The audit trail over HTTP: a chain's events in order, and whether the chain holds."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.calls import CurrentCall
from api.cursors import Page, Paging
from api.routes import CurrentActor, Router, Transactions
from api.types import Answer, Label
from db import audit as rows
from db.session import Database
from domain.access import Access, Actor
from service import audit

router = Router(prefix="/audit_events", tags=["audit"])

Chain = Annotated[Label, Query(description="A plan's id, or `house` for what belongs to no plan.")]


JSON_LINES = "application/x-ndjson"
_EXPORT_RESPONSES: dict[int | str, Any] = {200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}}


class AuditEventAnswer(Answer):
    """One act on one subject, linked to the one before."""

    chain: str
    n: int
    id: UUID
    at: datetime
    actor: str
    on_behalf_of: str | None
    act: str
    subject_kind: str
    subject: str
    request_id: str | None
    changes: dict[str, Any]
    prev: str
    hash: str


class ChainAnswer(Answer):
    """How a chain stands."""

    chain: str
    events: int = Field(description="How many links hold.")
    broken_at: int | None = Field(description="The first link that does not.")
    head: str = Field(description="The hash of the last link that holds; note it outside.")


@router.get("", access=Access.AUDIT_READ)
async def list_audit_events(
    call: CurrentCall, paging: Paging, chain: Chain = rows.SERVICE_CHAIN
) -> Page[AuditEventAnswer]:
    """The events of a chain, the first first."""
    after = int(str(paging.after[0])) if paging.after else 0
    known = await audit.may_read_chain(call.work.session, call.work.actor, chain)
    found = (
        await rows.page_events(call.work.session, chain, after=after, limit=paging.limit + 1) if known else []
    )
    return paging.build_page(found, lambda row: [row.n], AuditEventAnswer.model_validate)


@router.get("/verification", access=Access.AUDIT_READ)
async def verify_audit_chain(call: CurrentCall, chain: Chain = rows.SERVICE_CHAIN) -> ChainAnswer:
    """Compute every hash of a chain again."""
    if not await audit.may_read_chain(call.work.session, call.work.actor, chain):
        return ChainAnswer(chain=chain, events=0, broken_at=None, head=rows.GENESIS_HASH)
    return ChainAnswer.model_validate(await audit.verify_chain(call.work.session, chain))


@router.get(
    "/export", access=Access.AUDIT_READ, transaction=False, responses=_EXPORT_RESPONSES, offers=(JSON_LINES,)
)
async def export_audit_chain(
    actor: CurrentActor, database: Transactions, chain: Chain = rows.SERVICE_CHAIN
) -> StreamingResponse:
    """A whole chain as JSON Lines, the first event first; the last line's hash is the head."""
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_stream_lines(database, actor, chain), headers=headers, media_type=JSON_LINES)


async def _stream_lines(database: Database, actor: Actor, chain: str) -> AsyncIterator[bytes]:
    async with database.transaction(actor, read_only=True) as session:
        if not await audit.may_read_chain(session, actor, chain):
            return
        async for event in audit.stream_events(session, chain):
            yield AuditEventAnswer.model_validate(event).model_dump_json().encode() + b"\n"
