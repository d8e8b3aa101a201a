"""Retention: until when the personal data of a congress is kept, and its end."""

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
"""People who are erased in one transaction."""


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """What the end of a congress's retention concerns: people to be erased and the lines that name them, and
    people who stay because another congress still needs them."""

    until: date
    over: bool
    persons: int
    lines: int
    staying: int


async def set_retention(work: Work, congress: str, until: date, source: str) -> None:
    """Set until when (that day included) the personal data of a congress is kept, and by which paper."""
    if not await privacy.has_congress(work.session, congress):
        raise NotFound("congress_not_found", {"congress": congress})
    row = await work.session.get(Retention, congress)
    if row is None:
        row = Retention(congress=congress, until=until, source=source, set_by=work.actor.id)
    row.until, row.source, row.set_by, row.set_at = until, source, work.actor.id, now()
    work.session.add(row)
    await work.session.flush()
    changes: dict[str, Plain] = {"until": until.isoformat(), "source": source}
    await record_event(work, Act.RETENTION_SET, "congress", congress, changes)


async def preview_erasure(work: Work, congress: str) -> RetentionPreview:
    """What would be erased, by count."""
    row = await _get_retention(work.session, congress)
    counts = await privacy.count_expired_people(work.session, congress, work.today)
    return RetentionPreview(row.until, is_retention_over(row.until, work.today), *counts)


async def erase_batch(work: Work, congress: str, limit: int = BATCH_SIZE) -> Sequence[Person]:
    """Erase so many people of a congress whose time is over; nobody when all are. Whoever was erased is not
    found again, so that it can be interrupted at any point.

    Raises ``Conflict`` before the time is over.
    """
    row = await _get_retention(work.session, congress)
    if not is_retention_over(row.until, work.today):
        raise Conflict("retention_not_over", {"congress": congress, "until": row.until.isoformat()})
    persons = await privacy.lock_expired_people(work.session, congress, work.today, limit)
    await erasures.erase_people(work, persons, "retention", row.source)
    return persons


async def record_retention_end(work: Work, congress: str, persons: int) -> None:
    """Leave the event: how many people were erased at the end of a congress's time."""
    await record_event(work, Act.RETENTION_APPLIED, "congress", congress, {"persons": persons})


async def _get_retention(session: AsyncSession, congress: str) -> Retention:
    row = await session.get(Retention, congress)
    if row is None:
        raise NotFound("retention_not_set", {"congress": congress})
    return row
