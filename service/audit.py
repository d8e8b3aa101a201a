"""Recording who did what, in the transaction of the change itself."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from structlog.contextvars import get_contextvars

from db import audit, plans
from db.audit import AuditEvent
from db.session import AsyncSession
from domain.access import Actor
from domain.acts import Act
from domain.findings import Plain
from service.work import Work


class VersionedRow(Protocol):
    """A row that changes: each change is a new version."""

    __tablename__: ClassVar[Any]
    id: UUID
    version: int


def find_request_id() -> str | None:
    """The id of the current request or run, which entry points bind for the logs."""
    found: str | None = get_contextvars().get("request_id")
    return found


async def record_event(
    work: Work,
    act: str,
    subject_kind: str,
    subject: UUID | str,
    changes: Mapping[str, Plain] | None = None,
    *,
    plan: UUID | None = None,
) -> None:
    """Add an event to the plan's chain, or to the service's where no plan is concerned.

    ``changes`` has the changed values; never a sensitive value, and never a digest of one.
    """
    await record_events(work, build_event(work, act, subject_kind, subject, changes, plan=plan))


def build_event(
    work: Work,
    act: str,
    subject_kind: str,
    subject: UUID | str,
    changes: Mapping[str, Plain] | None = None,
    *,
    plan: UUID | None = None,
) -> AuditEvent:
    """An event for the plan's chain, or the service's, to be recorded with others, and numbered then."""
    return AuditEvent(
        chain=audit.SERVICE_CHAIN if plan is None else str(plan),
        n=0,
        actor=work.actor.id,
        on_behalf_of=work.actor.on_behalf_of,
        act=act,
        subject_kind=subject_kind,
        subject=str(subject),
        request_id=find_request_id(),
        changes=dict(changes or {}),
    )


async def record_events(work: Work, *events: AuditEvent) -> None:
    """Add all events of an act at once, at its end: other writers of the same chains wait from here on."""
    if events:
        await audit.append_events(work.session, events)


async def store_row(work: Work, *rows: VersionedRow) -> None:
    """Write changed rows, each as its next version.

    Every change of a row that has versions is written here, except an erasure, which writes its own SQL
    (``db/erasures.py``). The caller records the event, in the same transaction.
    """
    for row in rows:
        row.version += 1
        work.session.add(row)
    await work.session.flush()


async def record_change(
    work: Work,
    row: VersionedRow,
    act: Act,
    changes: Mapping[str, Plain] | None = None,
    *,
    chain: UUID | None = None,
) -> None:
    """Write a changed row as its next version (:func:`store_row`), and record the event of the change.

    For an act on one row. An act that writes several rows, or has work to do between the writing and the
    recording, calls :func:`store_row` and :func:`record_events` itself. ``chain`` is the plan concerned, if
    there is one.
    """
    await store_row(work, row)
    await record_event(work, act, row.__tablename__, row.id, changes, plan=chain)


async def record_refusal(
    session: AsyncSession, actor: Actor, operation: str, changes: Mapping[str, Plain]
) -> None:
    """Add a refusal to the chain of refusals, without a lock of the other chains."""
    event = AuditEvent(
        chain=audit.REFUSAL_CHAIN,
        n=0,
        actor=actor.id,
        act="refused",
        subject_kind="operation",
        subject=operation,
        request_id=find_request_id(),
        changes=dict(changes),
    )
    await audit.append_events(session, [event])


async def may_read_chain(session: AsyncSession, actor: Actor, chain: str) -> bool:
    """Whether a chain is within reach: any for a service-wide actor, else those of plans that the actor's
    council runs. A chain out of reach is treated as unknown."""
    if actor.is_service_wide:
        return True
    try:
        plan = UUID(chain)
    except ValueError:
        return False
    return await plans.is_plan_of_own_council(session, actor, plan)


async def stream_events(session: AsyncSession, chain: str) -> AsyncIterator[audit.AuditEvent]:
    """A chain from its first event to its last, read in parts."""
    n = 0
    while found := await audit.page_events(session, chain, after=n):
        for event in found:
            yield event
        n = found[-1].n


async def list_chains(session: AsyncSession) -> Sequence[str]:
    """Every chain."""
    return await audit.list_chains(session)


async def find_event_hash(session: AsyncSession, chain: str, n: int) -> str | None:
    """The hash of one event, to compare with a copy outside the service."""
    event = await audit.find_event(session, chain, n)
    return None if event is None else event.hash


@dataclass(frozen=True, slots=True)
class ChainVerification:
    """The result of verifying a chain: how many events are valid, and the first that is not."""

    chain: str
    events: int
    broken_at: int | None
    head: str


def _count_valid_links(rows: Sequence[audit.AuditEvent], n: int, prev: str, since: datetime) -> int:
    """How many of ``rows`` follow on from event ``n`` whose hash is ``prev`` and whose time is ``since``."""
    for place, event in enumerate(rows):
        is_next = (event.n, event.prev) == (n + place + 1, prev) and event.at >= since
        if not is_next or event.hash != audit.compute_event_hash(event):
            return place
        prev, since = event.hash, event.at
    return len(rows)


async def verify_chain(session: AsyncSession, chain: str) -> ChainVerification:
    """Compute every hash of a chain again, which finds any changed, removed or reordered row.

    An event whose time lies before that of the event before it is not valid either, though its hash is.
    """
    n, prev, since = 0, audit.GENESIS_HASH, datetime.min.replace(tzinfo=UTC)
    while rows := await audit.page_events(session, chain, after=n):
        valid = await asyncio.to_thread(_count_valid_links, rows, n, prev, since)
        if valid < len(rows):
            return ChainVerification(chain, n + valid, n + valid + 1, rows[valid - 1].hash if valid else prev)
        n, prev, since = rows[-1].n, rows[-1].hash, rows[-1].at
    head = await audit.find_head(session, chain)
    whole = head is None if n == 0 else head is not None and (head.n, head.hash) == (n, prev)
    return ChainVerification(chain, n, None if whole else n + 1, prev)
