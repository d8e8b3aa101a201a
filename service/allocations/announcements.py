"""Announcing a lot: from where and when its seed will come, recorded while nobody can know it."""

from dataclasses import dataclass
from datetime import date

from db import lots
from db.allocations import Allocation
from domain.allocations import read_inputs
from domain.findings import Conflict, Plain
from service import conferences, runs
from service.allocations.tie_settlements import expect_planned_settlement, get_waiting_tie
from service.audit import record_event
from service.seed_announcements import expect_day_ahead
from service.work import Work


@dataclass(frozen=True, slots=True)
class SeedAnnouncement:
    """The ``source`` that publishes so many ``digits`` on the day ``drawn_on``, for the tie of a stage."""

    stage: str
    tied_digest: str
    source: str
    digits: int
    drawn_on: date


async def announce_seed(work: Work, allocation: Allocation, announced: SeedAnnouncement) -> Allocation:
    """Record from where the seed of a tie's lot will come; for each tie once, whatever comes of it."""
    if allocation.state != "lots_required":
        raise Conflict("no_lots_required", {"state": allocation.state})
    frame = read_inputs((await runs.get_snapshot(work.session, allocation.snapshot))["frame"])
    expect_planned_settlement(frame, "published_seed")
    await get_waiting_tie(work.session, allocation, frame, announced.stage, announced.tied_digest)
    conference = await conferences.get_conference(work, allocation.conference)
    expect_day_ahead(announced.drawn_on)
    if await lots.find_announcement(work.session, conference, announced.stage, announced.tied_digest):
        raise Conflict("lot_announced_already")
    work.session.add(
        lots.LotAnnouncement(
            conference=conference.id,
            allocation=allocation.id,
            stage=announced.stage,
            tied_digest=announced.tied_digest,
            source=announced.source,
            digits=announced.digits,
            drawn_on=announced.drawn_on,
            announced_by=work.actor.id,
        )
    )
    allocation.version += 1
    work.session.add(allocation)
    await work.session.flush()
    changes: dict[str, Plain] = {
        "stage": announced.stage,
        "tied_digest": announced.tied_digest,
        "source": announced.source,
        "digits": announced.digits,
        "drawn_on": announced.drawn_on.isoformat(),
    }
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "lot_announced", "allocation", allocation.id, changes, plan=plan)
    return allocation
