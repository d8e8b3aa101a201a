"""Drawing the lot among lists that are equally good: recorded once, replayed ever after.

Who was drawn keeps the place in every later version of the conference's list; newcomers are drawn behind
them. The order from a seed rests on the seed and the place of the conference, and on nothing that could be
made anew until the lot falls as somebody likes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from db import lots, selections
from db.conferences import Conference
from db.selections import Selection
from db.session import AsyncSession
from domain.access import Actor
from domain.apportionment.lots import lot_order
from domain.calendar import day_in_vietnam
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.plans import Ties
from domain.snapshots import digest
from service import conferences, runs
from service.announcing import expect_ahead, expect_as_announced
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


@dataclass(frozen=True, slots=True)
class Announced:
    """The ``source`` that publishes so many ``digits`` on the day ``drawn_on``."""

    source: str
    digits: int
    drawn_on: date


async def announce(
    session: AsyncSession, actor: Actor, selection: Selection, announced: Announced
) -> Selection:
    """Record from where the seed of the lot will come; once for the conference until that lot is drawn."""
    conference, _ = await _waiting(session, actor, selection)
    expect_allowed(await ties_of(session, conference), BY_SEED)
    expect_ahead(announced.drawn_on)
    number = str(_drawn(selection))
    if await lots.announced(session, conference, lots.SELECTION, number):
        raise Conflict("lot_announced_already")
    row = lots.LotAnnouncement(
        conference=conference.id,
        selection=selection.id,
        stage=lots.SELECTION,
        tied_digest=number,
        announced_by=actor.id,
        **asdict(announced),
    )
    session.add(row)
    selection.version += 1
    session.add(selection)
    await session.flush()
    changes: dict[str, Plain] = {
        "source": announced.source,
        "digits": announced.digits,
        "drawn_on": announced.drawn_on.isoformat(),
    }
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "lot_announced", "selection", selection.id, changes, plan=plan)
    return selection


async def announcement(
    session: AsyncSession, conference: Conference, selection: Selection
) -> lots.LotAnnouncement | None:
    """What was announced for the lot that a selection waits for."""
    if selection.state != "lots_required":
        return None
    number = str(_drawn(selection))
    return await lots.announced(session, conference, lots.SELECTION, number)


async def settle(session: AsyncSession, actor: Actor, selection: Selection, draw: Draw) -> Selection:
    """Record the lot and queue the run again over the same frozen pool."""
    conference, result = await _waiting(session, actor, selection)
    expect_allowed(await ties_of(session, conference), draw.how)
    await _expect_day(session, conference, selection, draw)
    order = _order(draw, conference, result["tied"])
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
    changes: dict[str, Plain] = {"how": draw.how, "names": len(order), "drawn_by": draw.drawn_by}
    plan = await conferences.chain_of(session, conference)
    await record(session, actor, "selection_lot_drawn", "selection", selection.id, changes, plan=plan)
    return selection


def order_of(seed: str, conference: Conference, ids: Sequence[str]) -> tuple[str, ...]:
    """The order that a seed gives, by the rule ``daibieu-lot-1`` over what a conference that is opened anew
    has in common with the one that was given up: its congress and its unit."""
    place: dict[str, Plain] = {"congress": conference.congress, "unit": str(conference.unit)}
    return lot_order(seed, digest(place), ids)


async def _waiting(
    session: AsyncSession, actor: Actor, selection: Selection
) -> tuple[Conference, Mapping[str, Any]]:
    """The conference and the result of a selection that waits for a lot, and for which none was drawn since.

    Raises ``Conflict`` where another version was drawn for in the meantime: its lot stands for this one too.
    """
    if selection.state != "lots_required" or selection.result is None:
        raise Conflict("no_lots_required", {"state": selection.state})
    for other in await selections.of_conference(session, selection.conference):
        if len(other.lots) > len(selection.lots):
            raise Conflict("selection_drawn_since", {"selection": str(other.id)})
    return await conferences.get(session, actor, selection.conference), selection.result


def _drawn(selection: Selection) -> int:
    """How many lots were drawn at the conference before the one that is waited for."""
    number, lot = 0, selection.lot
    while lot is not None:
        number, lot = number + 1, lot["before"]
    return number


async def ties_of(session: AsyncSession, conference: Conference) -> Ties:
    """How the plan settles ties at a conference."""
    plan = await conferences.plan_of(session, conference)
    tier = plan.tier(conference.tier)
    return plan.ties if tier is None else plan.ties_of(tier)


def expect_allowed(ties: Ties, how: str) -> None:
    """Raise ``Conflict`` unless that is the plan's lot, or the authority's decision if the plan says so."""
    lot = BY_SEED if ties.lot == "published_seed" else BY_HAND
    allowed = BY_DECISION if ties.how == "decision" else lot
    if how != allowed:
        errors = [Finding("settlement_not_in_plan", {"allowed": [allowed]}, "/how")]
        raise Conflict("settlement_not_in_plan", {"allowed": [allowed]}, errors=errors)


async def _expect_day(
    session: AsyncSession, conference: Conference, selection: Selection, draw: Draw
) -> None:
    """A day when the pool was frozen already; for a seed, the day that was announced."""
    if draw.how == BY_SEED:
        found = await announcement(session, conference, selection)
        expect_as_announced(found, draw.seed, draw.drawn_on)
        if draw.drawn_on > today():
            errors = [Finding("drawn_on_another_day", {"first": draw.drawn_on.isoformat()}, "/drawn_on")]
            raise Invalid("settlement_faulty", errors=errors)
        return
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
    return order_of(draw.seed, conference, tied) if draw.seed else draw.order
