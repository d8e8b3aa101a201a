"""Announcing a lot: from where and when its seed will come, recorded while nobody can know it."""

from dataclasses import dataclass
from datetime import date

from db import lots
from db.allocations import Allocation
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import read_frame
from domain.findings import Conflict, Plain
from service import conferences, runs
from service.allocations.settling import expect_in_plan, tied
from service.announcing import expect_ahead
from service.audit import record


@dataclass(frozen=True, slots=True)
class Announced:
    """The ``source`` that publishes so many ``digits`` on the day ``drawn_on``, for the tie of a stage."""

    stage: str
    tied_digest: str
    source: str
    digits: int
    drawn_on: date


async def announce(
    session: AsyncSession, actor: Actor, allocation: Allocation, announced: Announced
) -> Allocation:
    """Record from where the seed of a tie's lot will come; for each tie once, whatever comes of it."""
    if allocation.state != "lots_required":
        raise Conflict("no_lots_required", {"state": allocation.state})
    frame = read_frame((await runs.frozen(session, allocation.snapshot))["frame"])
    expect_in_plan(frame, "published_seed")
    await tied(session, allocation, frame, announced.stage, announced.tied_digest)
    conference = await conferences.get(session, actor, allocation.conference)
    expect_ahead(announced.drawn_on)
    if await lots.announced(session, conference, announced.stage, announced.tied_digest):
        raise Conflict("lot_announced_already")
    session.add(
        lots.LotAnnouncement(
            conference=conference.id,
            allocation=allocation.id,
            stage=announced.stage,
            tied_digest=announced.tied_digest,
            source=announced.source,
            digits=announced.digits,
            drawn_on=announced.drawn_on,
            announced_by=actor.id,
        )
    )
    allocation.version += 1
    session.add(allocation)
    await session.flush()
    changes: dict[str, Plain] = {
        "stage": announced.stage,
        "tied_digest": announced.tied_digest,
        "source": announced.source,
        "digits": announced.digits,
        "drawn_on": announced.drawn_on.isoformat(),
    }
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "lot_announced", "allocation", allocation.id, changes, plan=plan)
    return allocation
