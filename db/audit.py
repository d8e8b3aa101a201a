"""The audit trail: append-only hash chains, one for each plan, written in the transaction of the change."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, text
from sqlmodel import Field, SQLModel, col, select

from db.columns import id_column, json_column, nullable_text_column, text_column, time_column
from db.session import AsyncSession, fetch_rows

SERVICE_CHAIN = "house"
"""The chain for everything that belongs to no plan: units, people, plans without a draft yet."""

REFUSAL_CHAIN = "refusals"
"""The chain of refused acts; each event has a transaction of its own."""

GENESIS_HASH = "0" * 64
"""The ``prev`` of the first event of a chain."""


class AuditHead(SQLModel, table=True):
    """Number, hash and time of the last event of a chain; the row lock puts the writers in order."""

    __tablename__ = "audit_head"

    chain: str = text_column(primary_key=True)
    n: int = Field(default=0, sa_type=BigInteger)
    hash: str = Field(default=GENESIS_HASH, sa_type=Text)
    at: datetime = time_column()


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


async def append_events(session: AsyncSession, events: Sequence[AuditEvent]) -> None:
    """Add events in their order, each at the end of its chain, in two statements for any number of them.

    Their numbers, times and hashes are filled in here; the database sets the times and checks all of them.
    Other writers of the same chains wait until this transaction ends.
    """
    heads = await _lock_heads(session, {event.chain for event in events})
    for event in events:
        n, event.prev, event.at = heads[event.chain]
        event.n = n + 1
        event.hash = compute_event_hash(event)
        heads[event.chain] = event.n, event.hash, event.at
    rows = [event.model_dump(mode="json") for event in events]
    await (await session.connection()).execute(_APPEND, {"events": json.dumps(rows)})


_APPEND = text(
    "INSERT INTO audit_event"
    " SELECT * FROM jsonb_populate_recordset(NULL::audit_event, CAST(:events AS jsonb))"
)
_LOCK_HEADS = text("SELECT chain, n, hash, at FROM lock_audit_heads(:chains, :first)")


async def _lock_heads(session: AsyncSession, chains: Collection[str]) -> dict[str, tuple[int, str, datetime]]:
    """Chain → number and hash of its last event, and the time of the next; locked until the transaction ends.

    The chain of the service is locked first, as in acts that add to it and later to the chain of a plan.
    """
    rows = await fetch_rows(session, _LOCK_HEADS, {"chains": sorted(chains), "first": SERVICE_CHAIN})
    return {chain: (n, last, at) for chain, n, last, at in rows}


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


async def list_chains(session: AsyncSession) -> Sequence[str]:
    """The names of all chains, in order."""
    return (await session.exec(select(AuditHead.chain).order_by(AuditHead.chain))).all()


async def find_event(session: AsyncSession, chain: str, n: int) -> AuditEvent | None:
    """One event of a chain, by its number."""
    return await session.get(AuditEvent, (chain, n))


async def find_head(session: AsyncSession, chain: str) -> AuditHead | None:
    """The head of a chain; ``None`` for a chain without events."""
    return await session.get(AuditHead, chain)
