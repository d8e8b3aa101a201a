"""The audit trail: append-only hash chains, one for each plan, written in the transaction of the change."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col, select

from db.columns import id_column, json_column, nullable_text_column, text_column, time_column
from db.session import AsyncSession
from domain.findings import Plain

SERVICE_CHAIN = "house"
"""The chain for everything that belongs to no plan: units, people, plans without a draft yet."""

REFUSAL_CHAIN = "refusals"
"""The chain of refused acts; each event has a transaction of its own."""

GENESIS_HASH = "0" * 64
"""The ``prev`` of the first event of a chain."""


class AuditHead(SQLModel, table=True):
    """Number and hash of the last event of a chain; the row lock puts the writers in order."""

    __tablename__ = "audit_head"

    chain: str = text_column(primary_key=True)
    n: int = Field(default=0, sa_type=BigInteger)
    hash: str = Field(default=GENESIS_HASH, sa_type=Text)


class AuditEvent(SQLModel, table=True):
    """One act on one subject. ``changes`` never contains a sensitive value."""

    __tablename__ = "audit_event"

    chain: str = text_column(primary_key=True)
    n: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(default_factory=id_column().default_factory, unique=True)
    at: datetime = time_column()
    actor: str = text_column()
    on_behalf_of: str | None = nullable_text_column()
    act: str = text_column(index=True)
    subject_kind: str = text_column()
    subject: str = text_column(index=True)
    request_id: str | None = nullable_text_column()
    changes: dict[str, Any] = json_column()
    prev: str = text_column()
    hash: str = text_column()


def compute_event_hash(event: AuditEvent) -> str:
    """SHA-256 over all fields of an event and the hash of the event before it, in hexadecimal digits."""
    content = [
        event.chain,
        event.n,
        str(event.id),
        event.at.isoformat(timespec="microseconds"),
        event.actor,
        event.on_behalf_of,
        event.act,
        event.subject_kind,
        event.subject,
        event.request_id,
        event.changes,
        event.prev,
    ]
    return sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


async def append_event(
    session: AsyncSession,
    chain: str,
    *,
    actor: str,
    on_behalf_of: str | None,
    act: str,
    subject_kind: str,
    subject: str,
    request_id: str | None,
    changes: Mapping[str, Plain],
) -> AuditEvent:
    """Add an event at the end of its chain; other writers wait until this transaction ends."""
    head = await _lock_head(session, chain)
    event = AuditEvent(
        chain=chain,
        n=head.n + 1,
        actor=actor,
        on_behalf_of=on_behalf_of,
        act=act,
        subject_kind=subject_kind,
        subject=subject,
        request_id=request_id,
        changes=dict(changes),
        prev=head.hash,
        hash="",
    )
    event.hash = compute_event_hash(event)
    head.n, head.hash = event.n, event.hash
    session.add_all([event, head])
    await session.flush()
    return event


async def _lock_head(session: AsyncSession, chain: str) -> AuditHead:
    """The head of a chain, locked until the transaction ends; it is created for a new chain."""
    query = (
        select(AuditHead)
        .where(col(AuditHead.chain) == chain)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    head = (await session.exec(query)).first()
    if head is None:
        await session.exec(
            insert(AuditHead).values(chain=chain, n=0, hash=GENESIS_HASH).on_conflict_do_nothing()
        )
        head = (await session.exec(query)).one()
    return head


async def page_events(
    session: AsyncSession, chain: str, *, after: int = 0, limit: int = 1000
) -> Sequence[AuditEvent]:
    """At most ``limit`` events of a chain in order, from the event after number ``after`` on."""
    query = (
        select(AuditEvent)
        .where(col(AuditEvent.chain) == chain, col(AuditEvent.n) > after)
        .order_by(col(AuditEvent.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()
