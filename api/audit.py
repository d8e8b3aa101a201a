"""The audit trail over HTTP: list, verify and export the events of a chain."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.http.calls import CurrentCall
from api.http.cursors import Page, Paging
from api.http.request_work import RequestTransactions, Transactions
from api.http.routes import Router
from api.http.types import Answer, Changes, Label
from db import audit as rows
from domain.access import Access
from service import audit

router = Router(prefix="/audit_events", tags=["audit"])

Chain = Annotated[Label, Query(description="The id of a plan, or `house` for events of no plan.")]

JSON_LINES = "application/x-ndjson"
_EXPORT_RESPONSES: dict[int | str, Any] = {200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}}


class AuditEventAnswer(Answer):
    """An act on a subject, linked to the event before by its hash."""

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
    changes: Changes
    prev: str
    hash: str


class ChainAnswer(Answer):
    """The result of verifying a chain."""

    chain: str
    events: int = Field(description="The number of valid events before the first fault.")
    broken_at: int | None = Field(description="The number of the first event that is not valid.")
    head: str = Field(description="The hash of the last valid event; note it outside the service.")


@router.get("", access=Access.AUDIT_READ)
async def list_audit_events(
    call: CurrentCall, paging: Paging, chain: Chain = rows.SERVICE_CHAIN
) -> Page[AuditEventAnswer]:
    """List the events of an audit chain, in order of their numbers."""
    known = await audit.may_read_chain(call.work.session, call.work.actor, chain)
    if not known:
        return paging.build_page([], lambda row: [], AuditEventAnswer.model_validate)
    after = paging.after_number or 0
    found = await rows.page_events(call.work.session, chain, after=after, limit=paging.row_limit)
    return paging.build_page(found, lambda row: [row.n], AuditEventAnswer.model_validate)


@router.get("/verification", access=Access.AUDIT_READ)
async def verify_audit_chain(call: CurrentCall, chain: Chain = rows.SERVICE_CHAIN) -> ChainAnswer:
    """Verify an audit chain: compute all its hashes again."""
    if not await audit.may_read_chain(call.work.session, call.work.actor, chain):
        return ChainAnswer(chain=chain, events=0, broken_at=None, head=rows.GENESIS_HASH)
    return ChainAnswer.model_validate(await audit.verify_chain(call.work.session, chain))


@router.get(
    "/export", access=Access.AUDIT_READ, transaction=False, responses=_EXPORT_RESPONSES, offers=(JSON_LINES,)
)
async def export_audit_chain(
    transactions: Transactions, chain: Chain = rows.SERVICE_CHAIN
) -> StreamingResponse:
    """Export a whole audit chain as JSON Lines, in order. The hash of the last line is the head."""
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_stream_lines(transactions, chain), headers=headers, media_type=JSON_LINES)


async def _stream_lines(transactions: RequestTransactions, chain: str) -> AsyncIterator[bytes]:
    async with transactions.begin_work(read_only=True) as work:
        if not await audit.may_read_chain(work.session, work.actor, chain):
            return
        async for event in audit.stream_events(work.session, chain):
            yield AuditEventAnswer.model_validate(event).model_dump_json().encode() + b"\n"
