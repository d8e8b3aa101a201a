"""Settling a tie: who drew, when, in which order, with which minutes; the same run then goes on."""

from dataclasses import dataclass
from datetime import date, datetime, time

from db import allocations, lots
from db.allocations import Allocation, Settlement
from db.columns import now
from db.session import AsyncSession
from domain.allocations import (
    AllocationInputs,
    AllocationOutcome,
    AllocationStage,
    SettlementMethod,
    allocate_seats,
    derive_lot_order,
    read_inputs,
)
from domain.apportionment import Tie
from domain.calendar import VIETNAM, day_in_vietnam
from domain.findings import Conflict, Finding, Invalid, Plain
from service import conferences, runs, seed_announcements
from service.audit import record_event
from service.clock import today
from service.work import Work


@dataclass(frozen=True, slots=True)
class TieSettlement:
    """How a tie was settled outside: ``order`` holds the tied units, those served first first.

    For ``published_seed`` the order follows from ``seed`` and is not given; ``one_more`` needs none.
    """

    stage: str
    tied_digest: str
    how: SettlementMethod
    order: tuple[str, ...]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_on: date


async def settle_tie(work: Work, allocation: Allocation, draw: TieSettlement) -> Allocation:
    """Record how a tie was settled and queue the run again over the same frozen inputs."""
    if allocation.state != "lots_required":
        raise Conflict("no_lots_required", {"state": allocation.state})
    content = await runs.get_snapshot(work.session, allocation.snapshot)
    frame = read_inputs(content["frame"])
    conference = await conferences.get_conference(work, allocation.conference)
    earlier = await lots.find_drawn_lot(work.session, conference, draw.stage, draw.tied_digest)
    if earlier is None or draw.how not in lots.LOT_METHODS:
        _expect_allowed(frame, allocation, draw)
        if draw.how == "published_seed":
            announced = await lots.find_announcement(work.session, conference, draw.stage, draw.tied_digest)
            seed_announcements.expect_announced_seed(announced, draw.seed, draw.drawn_on)
    order = _get_order(draw, await _get_tie(work.session, allocation, frame, draw))
    if earlier is not None and draw.how in lots.LOT_METHODS:
        _expect_same_draw(earlier, draw, order)
    work.session.add(
        Settlement(
            allocation=allocation.id,
            stage=draw.stage,
            tied_digest=draw.tied_digest,
            how=draw.how,
            order=list(order),
            seed=draw.seed,
            minutes=draw.minutes,
            drawn_by=draw.drawn_by,
            drawn_at=datetime.combine(draw.drawn_on, time(), VIETNAM),
            recorded_by=work.actor.id,
            recorded_at=now(),
        )
    )
    run = await runs.queue_run(
        work,
        kind="allocation",
        subject=allocation.id,
        snapshot=allocation.snapshot,
    )
    allocation.run, allocation.state, allocation.version = run.id, "computing", allocation.version + 1
    work.session.add(allocation)
    await work.session.flush()
    await record_event(
        work,
        "tie_settled",
        "allocation",
        allocation.id,
        {"stage": draw.stage, "how": draw.how, "order": list(order), "drawn_by": draw.drawn_by},
        plan=await conferences.get_audit_chain(work.session, conference),
    )
    return allocation


def _expect_allowed(frame: AllocationInputs, allocation: Allocation, draw: TieSettlement) -> None:
    """Ties are settled as the plan says, on a day on which the inputs were frozen already.

    Where the authority decides, it names who goes first or gives each its seat. A plan's own rule that could
    not settle this tie falls back to the plan's lot.
    """
    expect_planned_settlement(frame, draw.how)
    first = day_in_vietnam(allocation.created_at)
    if not first <= draw.drawn_on <= today():
        params: dict[str, Plain] = {"first": first.isoformat()}
        errors = [Finding("drawn_on_another_day", params, "/drawn_on")]
        raise Invalid("settlement_faulty", errors=errors)


def expect_planned_settlement(frame: AllocationInputs, how: SettlementMethod) -> None:
    """Raise ``Conflict`` unless the plan settles ties this way."""
    lot: SettlementMethod = "published_seed" if frame.lot == "published_seed" else "lot_by_hand"
    allowed: list[SettlementMethod] = ["decision", "one_more"] if frame.ties == "decision" else [lot]
    if how not in allowed:
        errors = [Finding("settlement_not_in_plan", {"allowed": list(allowed)}, "/how")]
        raise Conflict("settlement_not_in_plan", {"allowed": list(allowed)}, errors=errors)


async def _get_tie(
    session: AsyncSession, allocation: Allocation, frame: AllocationInputs, draw: TieSettlement
) -> Tie:
    outcome, stage, tie = await get_waiting_tie(session, allocation, frame, draw.stage, draw.tied_digest)
    room = _count_spare_seats(frame, outcome)
    if draw.how == "one_more" and (len(tie.ids) - tie.places > room or not _has_stated_seats(frame, stage)):
        raise Conflict("no_room_for_one_more", {"room": room})
    return tie


async def get_waiting_tie(
    session: AsyncSession, allocation: Allocation, frame: AllocationInputs, stage_id: str, digest: str
) -> tuple[AllocationOutcome, AllocationStage, Tie]:
    """A tie that waits, with its stage and what else came out. Raises ``Invalid`` where there is none."""
    outcome = allocate_seats(frame, await allocations.list_tie_settlements(session, allocation.id))
    for stage, tie in outcome.ties:
        if stage.id == stage_id and tie.digest == digest:
            return outcome, stage, tie
    raise Invalid("no_such_tie", errors=[Finding("no_such_tie", {"stage": stage_id}, "/tied_digest")])


def _expect_same_draw(earlier: Settlement, draw: TieSettlement, order: tuple[str, ...]) -> None:
    """A lot is drawn once: computing the same inputs again gives nobody a second chance at it."""
    day = day_in_vietnam(earlier.drawn_at)
    if (earlier.how, tuple(earlier.order), day) != (draw.how, order, draw.drawn_on):
        drawn: dict[str, Plain] = {"how": earlier.how, "order": [*earlier.order], "drawn_on": day.isoformat()}
        raise Conflict("tie_drawn_before", drawn)


def _has_stated_seats(frame: AllocationInputs, stage: AllocationStage) -> bool:
    """Whether the stage is a bloc whose number the plan states: only such a number can be one more."""
    blocs = {f"{group.id}/{bloc.id}": bloc for group in frame.groups for bloc in group.rule.blocs}
    return stage.id in blocs and blocs[stage.id].seats is not None


def _count_spare_seats(frame: AllocationInputs, outcome: AllocationOutcome) -> int:
    """What the maximum leaves after the ties that were settled by giving more; none where none is stated."""
    pairs = zip(outcome.groups, frame.groups, strict=True)
    return (frame.room or 0) - sum(grown.group.seats - group.seats for grown, group in pairs)


def _get_order(draw: TieSettlement, tie: Tie) -> tuple[str, ...]:
    given = {"order": draw.order, "seed": draw.seed}
    needed = {"published_seed": "seed", "one_more": None}.get(draw.how, "order")
    errors = [
        Finding("not_for_this_settlement", {"how": draw.how}, f"/{name}")
        for name, value in given.items()
        if value and name != needed
    ]
    if needed is not None and not given[needed]:
        errors.append(Finding("missing", {}, f"/{needed}"))
    if needed == "order" and sorted(draw.order) != sorted(tie.ids):
        errors.append(Finding("order_names_other_units", {"units": list(tie.ids)}, "/order"))
    if errors:
        raise Invalid("settlement_faulty", errors=errors)
    return derive_lot_order(draw.seed, tie) if draw.seed else draw.order
