"""Recording who did what, in the transaction of the change itself."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from structlog.contextvars import get_contextvars

from db import audit
from db.session import AsyncSession
from domain.access import Actor
from domain.findings import Plain


def request_id() -> str | None:
    """The request (or the run) that acts, as entry points bind it for the logs."""
    found: str | None = get_contextvars().get("request_id")
    return found


async def record(
    session: AsyncSession,
    actor: Actor,
    act: str,
    subject_kind: str,
    subject: UUID | str,
    changes: Mapping[str, Plain] | None = None,
    *,
    plan: UUID | None = None,
) -> None:
    """Add an event to the plan's chain, or to the house's where no plan is concerned.

    ``changes`` says what became what; never a sensitive value, and never a digest of one.
    """
    await audit.append(
        session,
        str(plan) if plan is not None else audit.HOUSE,
        actor=actor.id,
        on_behalf_of=actor.on_behalf_of,
        act=act,
        subject_kind=subject_kind,
        subject=str(subject),
        request_id=request_id(),
        changes=changes or {},
    )


@dataclass(frozen=True, slots=True)
class Verified:
    """How a chain stands: how many links hold, and the first that does not."""

    chain: str
    events: int
    broken_at: int | None
    head: str


def _held(rows: Sequence[audit.AuditEvent], n: int, prev: str) -> int:
    """How many of ``rows`` follow on from event ``n`` whose hash is ``prev``."""
    for place, event in enumerate(rows):
        if event.n != n + place + 1 or event.prev != prev or event.hash != audit.link(event):
            return place
        prev = event.hash
    return len(rows)


async def verify(session: AsyncSession, chain: str) -> Verified:
    """Walk a chain and compute every hash again: a changed, removed or reordered row is found."""
    n, prev = 0, audit.GENESIS
    while rows := await audit.events(session, chain, after=n):
        held = await asyncio.to_thread(_held, rows, n, prev)
        if held < len(rows):
            return Verified(chain, n + held, n + held + 1, rows[held - 1].hash if held else prev)
        n, prev = rows[-1].n, rows[-1].hash
    head = await session.get(audit.AuditHead, chain)
    whole = head is None if n == 0 else head is not None and (head.n, head.hash) == (n, prev)
    return Verified(chain, n, None if whole else n + 1, prev)
