"""The audit trail over HTTP: a chain's events in order, and whether the chain holds."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.cursors import Page, Paging
from api.routes import CurrentActor, Router, Session
from api.types import Answer, Label
from db import audit as rows
from domain.access import Access
from service import audit

router = Router(prefix="/audit_events", tags=["audit"])

Chain = Annotated[Label, Query(description="A plan's id, or `house` for what belongs to no plan.")]


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
    session: Session, actor: CurrentActor, paging: Paging, chain: Chain = rows.HOUSE
) -> Page[AuditEventAnswer]:
    """The events of a chain, the first first."""
    after = int(str(paging.after[0])) if paging.after else 0
    found = await rows.events(session, chain, after=after, limit=paging.limit + 1)
    return paging.page(found, lambda row: [row.n], AuditEventAnswer.model_validate)


@router.get("/verification", access=Access.AUDIT_READ)
async def verify_audit_chain(session: Session, actor: CurrentActor, chain: Chain = rows.HOUSE) -> ChainAnswer:
    """Compute every hash of a chain again."""
    return ChainAnswer.model_validate(await audit.verify(session, chain))
