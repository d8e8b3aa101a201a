"""Retention: how long the personal data of a congress is kept, and its erasure at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db import privacy
from db.columns import now
from db.people import Person
from db.privacy import Retention
from db.session import AsyncSession
from domain.acts import Act
from domain.findings import Conflict, NotFound, Plain
from domain.people import is_retention_over
from service import erasures
from service.audit import record_event
from service.work import Work

BATCH_SIZE = 50
"""How many people are erased in one transaction."""


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """The effects of the end of a congress's retention: how many people would be erased, how many rows name
    them, and how many people stay because another congress still needs them."""

    until: date
    over: bool
    persons: int
    lines: int
    staying: int


async def set_retention(work: Work, congress: str, until: date, source: str) -> None:
    """Set the last day on which the personal data of a congress is kept, and the document for it."""
    if not await privacy.has_congress(work.session, congress):
        raise NotFound("congress_not_found", {"congress": congress})
    row = await privacy.find_retention(work.session, congress)
    if row is None:
        row = Retention(congress=congress, until=until, source=source, set_by=work.actor.id)
    row.until, row.source, row.set_by, row.set_at = until, source, work.actor.id, now()
    work.session.add(row)
    await work.session.flush()
    changes: dict[str, Plain] = {"until": until.isoformat(), "source": source}
    await record_event(work, Act.RETENTION_SET, "congress", congress, changes)


async def preview_erasure(work: Work, congress: str) -> RetentionPreview:
    """How much would be erased."""
    row = await _get_retention(work.session, congress)
    counts = await privacy.count_expired_people(work.session, congress, work.today)
    return RetentionPreview(row.until, is_retention_over(row.until, work.today), *counts)


async def erase_batch(work: Work, congress: str, limit: int = BATCH_SIZE) -> Sequence[Person]:
    """Erase at most ``limit`` people of a congress whose retention is over; empty when all are erased.

    It may be interrupted at any point. Raises ``Conflict`` before the retention is over.
    """
    row = await _get_retention(work.session, congress)
    if not is_retention_over(row.until, work.today):
        raise Conflict("retention_not_over", {"congress": congress, "until": row.until.isoformat()})
    persons = await privacy.lock_expired_people(work.session, congress, work.today, limit)
    await erasures.erase_people(work, persons, "retention", row.source)
    return persons


async def record_retention_end(work: Work, congress: str, persons: int) -> None:
    """Record how many people were erased at the end of a congress's retention."""
    await record_event(work, Act.RETENTION_APPLIED, "congress", congress, {"persons": persons})


async def _get_retention(session: AsyncSession, congress: str) -> Retention:
    row = await privacy.find_retention(session, congress)
    if row is None:
        raise NotFound("retention_not_set", {"congress": congress})
    return row
