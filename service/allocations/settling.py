"""Settling a tie: who drew, when, in which order, with which minutes; the same run then goes on."""

from dataclasses import dataclass
from datetime import date, datetime, time

from db import allocations
from db.allocations import Allocation, Settlement
from db.columns import now
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import Frame, How, Outcome, Stage, allocate, drawn, read_frame
from domain.apportionment import Tie
from domain.calendar import VIETNAM, day_in_vietnam
from domain.findings import Conflict, Finding, Invalid, Plain
from service import conferences, runs
from service.audit import record
from service.clock import today


@dataclass(frozen=True, slots=True)
class Draw:
    """How a tie was settled outside: ``order`` holds the tied units, those served first first.

    For ``published_seed`` the order follows from ``seed`` and is not given; ``one_more`` needs none.
    """

    stage: str
    tied_digest: str
    how: How
    order: tuple[str, ...]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_on: date


async def settle(session: AsyncSession, actor: Actor, allocation: Allocation, draw: Draw) -> Allocation:
    """Record how a tie was settled and queue the run again over the same frozen inputs."""
    if allocation.state != "lots_required":
        raise Conflict("no_lots_required", {"state": allocation.state})
    content = await runs.frozen(session, allocation.snapshot)
    frame = read_frame(content["frame"])
    _allowed(frame, allocation, draw)
    tie = await _tie(session, allocation, frame, draw)
    order = _order(draw, tie)
    session.add(
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
            recorded_by=actor.id,
            recorded_at=now(),
        )
    )
    run = await runs.queue(
        session,
        actor,
        kind="allocation",
        subject=allocation.id,
        snapshot=allocation.snapshot,
    )
    allocation.run, allocation.state, allocation.version = run.id, "computing", allocation.version + 1
    session.add(allocation)
    await session.flush()
    conference = await conferences.get(session, actor, allocation.conference)
    await record(
        session,
        actor,
        "tie_settled",
        "allocation",
        allocation.id,
        {"stage": draw.stage, "how": draw.how, "order": list(order), "drawn_by": draw.drawn_by},
        plan=await conferences.chain_of(session, conference),
    )
    return allocation


def _allowed(frame: Frame, allocation: Allocation, draw: Draw) -> None:
    """Ties are settled as the plan says, on a day on which the inputs were frozen already.

    Where the authority decides, it names who goes first or gives each its seat. A plan's own rule that could
    not settle this tie falls back to the plan's lot.
    """
    lot: How = "published_seed" if frame.lot == "published_seed" else "lot_by_hand"
    allowed: list[How] = ["decision", "one_more"] if frame.ties == "decision" else [lot]
    if draw.how not in allowed:
        errors = [Finding("settlement_not_in_plan", {"allowed": list(allowed)}, "/how")]
        raise Conflict("settlement_not_in_plan", {"allowed": list(allowed)}, errors=errors)
    first = day_in_vietnam(allocation.created_at)
    if not first <= draw.drawn_on <= today():
        params: dict[str, Plain] = {"first": first.isoformat()}
        errors = [Finding("drawn_on_another_day", params, "/drawn_on")]
        raise Invalid("settlement_faulty", errors=errors)


async def _tie(session: AsyncSession, allocation: Allocation, frame: Frame, draw: Draw) -> Tie:
    settled = await allocations.settled(session, allocation.id)
    outcome = allocate(frame, settled)
    for stage, tie in outcome.ties:
        if stage.id == draw.stage and tie.digest == draw.tied_digest:
            room = _room(frame, outcome)
            if draw.how == "one_more" and (len(tie.ids) - tie.places > room or not _stated(frame, stage)):
                raise Conflict("no_room_for_one_more", {"room": room})
            return tie
    raise Invalid("no_such_tie", errors=[Finding("no_such_tie", {"stage": draw.stage}, "/tied_digest")])


def _stated(frame: Frame, stage: Stage) -> bool:
    """Whether the stage is a bloc whose number the plan states: only such a number can be one more."""
    blocs = {f"{group.id}/{bloc.id}": bloc for group in frame.groups for bloc in group.rule.blocs}
    return stage.id in blocs and blocs[stage.id].seats is not None


def _room(frame: Frame, outcome: Outcome) -> int:
    """What the maximum leaves after the ties that were settled by giving more; none where none is stated."""
    pairs = zip(outcome.groups, frame.groups, strict=True)
    return (frame.room or 0) - sum(grown.group.seats - group.seats for grown, group in pairs)


def _order(draw: Draw, tie: Tie) -> tuple[str, ...]:
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
    return drawn(draw.seed, tie) if draw.seed else draw.order
