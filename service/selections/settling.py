"""Drawing the lot among lists that are equally good: recorded once, replayed ever after.

Who was drawn keeps the place in every later version of the conference's list; newcomers are drawn behind
them. The order from a seed rests on the seed and the conference, and on nothing that could be made anew until
the lot falls as somebody likes.
"""

from dataclasses import dataclass
from datetime import date

from db.conferences import Conference
from db.selections import Selection
from db.session import AsyncSession
from domain.access import Actor
from domain.apportionment.lots import lot_order
from domain.calendar import day_in_vietnam
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.snapshots import digest
from service import conferences, runs
from service.audit import record
from service.clock import today
from service.selections.preparing import KIND

BY_HAND, BY_SEED, BY_DECISION = "lot_by_hand", "published_seed", "decision"


@dataclass(frozen=True, slots=True)
class Draw:
    """How it was drawn outside: ``order`` names everybody who is tied, the first first.

    For ``published_seed`` the order follows from ``seed`` and is not given.
    """

    how: str
    order: tuple[str, ...]
    seed: str | None
    minutes: str
    drawn_by: str
    drawn_on: date


async def settle(session: AsyncSession, actor: Actor, selection: Selection, draw: Draw) -> Selection:
    """Record the lot and queue the run again over the same frozen pool."""
    if selection.state != "lots_required" or selection.result is None:
        raise Conflict("no_lots_required", {"state": selection.state})
    conference = await conferences.get(session, actor, selection.conference)
    await _allowed(session, conference, selection, draw)
    order = _order(draw, conference, selection.result["tied"])
    selection.lots = [*selection.lots, *order]
    selection.lot = {
        "how": draw.how,
        "order": list(order),
        "seed": draw.seed,
        "minutes": draw.minutes,
        "drawn_by": draw.drawn_by,
        "drawn_on": draw.drawn_on.isoformat(),
        "recorded_by": actor.id,
        "before": selection.lot,
    }
    run = await runs.queue(session, actor, kind=KIND, subject=selection.id, snapshot=selection.snapshot)
    selection.run, selection.state, selection.version = run.id, "computing", selection.version + 1
    session.add(selection)
    await session.flush()
    changes: dict[str, Plain] = {"how": draw.how, "order": list(order), "drawn_by": draw.drawn_by}
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "selection_lot_drawn", "selection", selection.id, changes, plan=plan)
    return selection


def order_of(seed: str, conference: str, ids: list[str]) -> tuple[str, ...]:
    """The order that a seed gives, by the rule ``daibieu-lot-1`` over the conference's own digest."""
    return lot_order(seed, digest({"conference": conference}), ids)


async def _allowed(session: AsyncSession, conference: Conference, selection: Selection, draw: Draw) -> None:
    """As the plan settles ties, by its lot or by the authority; on a day when the pool was frozen already."""
    plan = await conferences.plan_of(session, conference)
    tier = plan.tier(conference.tier)
    ties = plan.ties if tier is None else plan.ties_of(tier)
    lot = BY_SEED if ties.lot == "published_seed" else BY_HAND
    allowed = BY_DECISION if ties.how == "decision" else lot
    if draw.how != allowed:
        errors = [Finding("settlement_not_in_plan", {"allowed": [allowed]}, "/how")]
        raise Conflict("settlement_not_in_plan", {"allowed": [allowed]}, errors=errors)
    first = day_in_vietnam(selection.created_at)
    if not first <= draw.drawn_on <= today():
        errors = [Finding("drawn_on_another_day", {"first": first.isoformat()}, "/drawn_on")]
        raise Invalid("settlement_faulty", errors=errors)


def _order(draw: Draw, conference: Conference, tied: list[str]) -> tuple[str, ...]:
    needed, other = ("seed", "order") if draw.how == BY_SEED else ("order", "seed")
    errors = []
    if getattr(draw, other):
        errors.append(Finding("not_for_this_settlement", {"how": draw.how}, f"/{other}"))
    if not getattr(draw, needed):
        errors.append(Finding("missing", {}, f"/{needed}"))
    elif needed == "order" and sorted(draw.order) != sorted(tied):
        errors.append(Finding("order_names_other_nominees", {"nominees": tied}, "/order"))
    if errors:
        raise Invalid("settlement_faulty", errors=errors)
    return order_of(draw.seed, str(conference.id), tied) if draw.seed else draw.order
