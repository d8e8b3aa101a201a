"""Received papers: kept as they came, sealed; opened only by those who may, which is recorded; erasable."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from db import papers, units
from db.columns import now
from db.papers import PaperBox, ReceivedPaper
from db.plans import list_congress_ids
from domain.access import build_forbidden
from domain.acts import Act
from domain.findings import Conflict, Finding, Invalid, NotFound, Plain
from domain.papers import PaperKind, expect_room, recognise_media
from service.access import expect_may_act_for
from service.audit import record_event, store_row
from service.conferences.case import act_for_lower_unit
from service.vaults import Box
from service.work import Work


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """What is said of a paper: what it is, and its number and day, which name nobody."""

    congress: str
    kind: PaperKind
    number: str | None = None
    dated: date | None = None


async def receive_paper(work: Work, unit: UUID, entry: PaperEntry, content: bytes) -> ReceivedPaper:
    """Keep a paper of a unit. It is then visible to the unit and to the councils above it.

    Raises ``NotFound`` for a unit out of reach, ``Forbidden`` for one for which the actor may not act.
    """
    await _expect_unit(work, unit)
    await expect_may_act_for(work, entry.congress, unit)
    congresses = await list_congress_ids(work.session)
    if entry.congress not in congresses:
        params: dict[str, Plain] = {"congresses": list(congresses)}
        raise Invalid("congress_unknown", params, errors=[Finding("congress_unknown", params, "/congress")])
    if entry.dated is not None and entry.dated > work.today:
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/dated")])
    media = recognise_media(content)
    digest = await asyncio.to_thread(lambda: sha256(content).hexdigest())
    box = await asyncio.to_thread(work.vault.seal_content, content)
    await papers.lock_paper_room(work.session, entry.congress, unit)
    expect_room(await papers.sum_paper_bytes(work.session, entry.congress, unit), len(content))
    paper = ReceivedPaper(
        congress=entry.congress,
        unit=unit,
        kind=entry.kind,
        number=entry.number,
        dated=entry.dated,
        media=media,
        digest=digest,
        size=len(content),
        created_by=work.actor.id,
    )
    work.session.add(paper)
    await work.session.flush()
    work.session.add(
        PaperBox(paper=paper.id, name=box.name, wrapped=box.wrapped, master=box.master, sealed=box.sealed)
    )
    await work.session.flush()
    work = act_for_lower_unit(work, entry.congress, unit)
    changes: dict[str, Plain] = {"unit": str(unit), "kind": paper.kind, "size": paper.size}
    await record_event(work, Act.PAPER_RECEIVED, "received_paper", paper.id, changes)
    return paper


async def get_paper(work: Work, id: UUID, *, lock: bool = False) -> ReceivedPaper:  # noqa: A002
    """One paper within the actor's reach."""
    paper = await papers.find_paper(work.session, work.actor, id, lock=lock)
    if paper is None:
        raise NotFound("paper_not_found")
    return paper


async def page_papers(
    work: Work, unit: UUID, *, congress: str | None, after: UUID | None, limit: int
) -> Sequence[ReceivedPaper]:
    """The papers of a unit, the oldest first."""
    await _expect_unit(work, unit)
    return await papers.page_papers(
        work.session, work.actor, unit, congress=congress, after=after, limit=limit
    )


async def open_paper(work: Work, paper: ReceivedPaper) -> bytes:
    """The bytes of a paper as they came; that they were read is recorded before.

    Raises ``Forbidden`` for an actor who may not read them, ``Conflict`` for a paper that was erased or whose
    box does not open.
    """
    if not await papers.may_open(work.session, work.actor, paper.id):
        raise build_forbidden(work.actor.access)
    if paper.erased_at is not None:
        raise Conflict("paper_erased")
    await record_event(work, Act.PAPER_OPENED, "received_paper", paper.id)
    found = await papers.find_box(work.session, paper.id)
    if found is None:
        raise Conflict("paper_erased")
    box = Box(found.name, found.wrapped, found.master, found.sealed)
    try:
        return await asyncio.to_thread(work.vault.open_content, box)
    except ValueError:
        work.vault.report_unreadable("papers", [box.master])
        raise Conflict("sealed_box_unreadable") from None


async def erase_paper(work: Work, paper: ReceivedPaper, reason: str, source: str) -> None:
    """Destroy the bytes of a paper; its number, day, size and digest stay."""
    await expect_may_act_for(work, paper.congress, paper.unit)
    if paper.erased_at is not None:
        raise Conflict("paper_erased")
    await destroy_paper(work, paper, {"reason": reason, "source_document": source})


async def destroy_paper(work: Work, paper: ReceivedPaper, changes: Mapping[str, Plain]) -> None:
    """Destroy the bytes of a paper, and record it with ``changes``; the caller has checked the authority."""
    paper.erased_at = now()
    await store_row(work, paper)
    await papers.destroy_box(work.session, paper.id)
    await record_event(work, Act.PAPER_ERASED, "received_paper", paper.id, changes)


async def _expect_unit(work: Work, unit: UUID) -> None:
    """Raise ``NotFound`` for a unit that the actor does not see."""
    if await units.find_unit(work.session, work.actor, unit) is None:
        raise NotFound("unit_not_found")
