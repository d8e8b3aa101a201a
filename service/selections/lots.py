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
from domain.apportionment.lots import compute_lot_order
from domain.calendar import day_in_vietnam
from domain.findings import Conflict, Finding, Invalid, Plain
from domain.plans import Ties
from domain.snapshots import compute_digest
from service import conferences, runs
from service.audit import record_event
from service.clock import today
from service.seed_announcements import expect_announced_seed, expect_day_ahead
from service.selections.versions import KIND
from service.work import Work

BY_HAND, BY_SEED, BY_DECISION = "lot_by_hand", "published_seed", "decision"


@dataclass(frozen=True, slots=True)
class SelectionLot:
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
class SelectionSeedAnnouncement:
    """The ``source`` that publishes so many ``digits`` on the day ``drawn_on``."""

    source: str
    digits: int
    drawn_on: date


async def announce_seed(work: Work, selection: Selection, announced: SelectionSeedAnnouncement) -> Selection:
    """Record from where the seed of the lot will come; once for the conference until that lot is drawn."""
    conference, _ = await _get_waiting_result(work, selection)
    expect_planned_settlement(await get_tie_rule(work.session, conference), BY_SEED)
    expect_day_ahead(announced.drawn_on)
    number = str(_count_drawn_lots(selection))
    if await lots.find_announcement(work.session, conference, lots.SELECTION_STAGE, number):
        raise Conflict("lot_announced_already")
    row = lots.LotAnnouncement(
        conference=conference.id,
        selection=selection.id,
        stage=lots.SELECTION_STAGE,
        tied_digest=number,
        announced_by=work.actor.id,
        **asdict(announced),
    )
    work.session.add(row)
    selection.version += 1
    work.session.add(selection)
    await work.session.flush()
    changes: dict[str, Plain] = {
        "source": announced.source,
        "digits": announced.digits,
        "drawn_on": announced.drawn_on.isoformat(),
    }
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "lot_announced", "selection", selection.id, changes, plan=plan)
    return selection


async def find_announcement(
    session: AsyncSession, conference: Conference, selection: Selection
) -> lots.LotAnnouncement | None:
    """What was announced for the lot that a selection waits for."""
    if selection.state != "lots_required":
        return None
    number = str(_count_drawn_lots(selection))
    return await lots.find_announcement(session, conference, lots.SELECTION_STAGE, number)


async def draw_lot(work: Work, selection: Selection, draw: SelectionLot) -> Selection:
    """Record the lot and queue the run again over the same frozen pool."""
    conference, result = await _get_waiting_result(work, selection)
    expect_planned_settlement(await get_tie_rule(work.session, conference), draw.how)
    await _expect_draw_day(work.session, conference, selection, draw)
    order = _get_order(draw, conference, result["tied"])
    selection.lots = [*selection.lots, *order]
    selection.lot = {
        "how": draw.how,
        "order": list(order),
        "seed": draw.seed,
        "minutes": draw.minutes,
        "drawn_by": draw.drawn_by,
        "drawn_on": draw.drawn_on.isoformat(),
        "recorded_by": work.actor.id,
        "before": selection.lot,
    }
    run = await runs.queue_run(work, kind=KIND, subject=selection.id, snapshot=selection.snapshot)
    selection.run, selection.state, selection.version = run.id, "computing", selection.version + 1
    work.session.add(selection)
    await work.session.flush()
    changes: dict[str, Plain] = {"how": draw.how, "names": len(order), "drawn_by": draw.drawn_by}
    plan = await conferences.get_audit_chain(work.session, conference)
    await record_event(work, "selection_lot_drawn", "selection", selection.id, changes, plan=plan)
    return selection


def derive_lot_order(seed: str, conference: Conference, ids: Sequence[str]) -> tuple[str, ...]:
    """The order that a seed gives, by the rule ``daibieu-lot-1`` over what a conference that is opened anew
    has in common with the one that was given up: its congress and its unit."""
    place: dict[str, Plain] = {"congress": conference.congress, "unit": str(conference.unit)}
    return compute_lot_order(seed, compute_digest(place), ids)


async def _get_waiting_result(work: Work, selection: Selection) -> tuple[Conference, Mapping[str, Any]]:
    """The conference and the result of a selection that waits for a lot, and for which none was drawn since.

    Raises ``Conflict`` where another version was drawn for in the meantime: its lot stands for this one too.
    """
    if selection.state != "lots_required" or selection.result is None:
        raise Conflict("no_lots_required", {"state": selection.state})
    for other in await selections.list_selections(work.session, selection.conference):
        if len(other.lots) > len(selection.lots):
            raise Conflict("selection_drawn_since", {"selection": str(other.id)})
    return await conferences.get_conference(work, selection.conference), selection.result


def _count_drawn_lots(selection: Selection) -> int:
    """How many lots were drawn at the conference before the one that is waited for."""
    number, lot = 0, selection.lot
    while lot is not None:
        number, lot = number + 1, lot["before"]
    return number


async def get_tie_rule(session: AsyncSession, conference: Conference) -> Ties:
    """How the plan settles ties at a conference."""
    plan = await conferences.load_plan(session, conference)
    tier = plan.find_tier(conference.tier)
    return plan.ties if tier is None else plan.choose_tie_rule(tier)


def expect_planned_settlement(ties: Ties, how: str) -> None:
    """Raise ``Conflict`` unless that is the plan's lot, or the authority's decision if the plan says so."""
    lot = BY_SEED if ties.lot == "published_seed" else BY_HAND
    allowed = BY_DECISION if ties.how == "decision" else lot
    if how != allowed:
        errors = [Finding("settlement_not_in_plan", {"allowed": [allowed]}, "/how")]
        raise Conflict("settlement_not_in_plan", {"allowed": [allowed]}, errors=errors)


async def _expect_draw_day(
    session: AsyncSession, conference: Conference, selection: Selection, draw: SelectionLot
) -> None:
    """A day when the pool was frozen already; for a seed, the day that was announced."""
    if draw.how == BY_SEED:
        found = await find_announcement(session, conference, selection)
        expect_announced_seed(found, draw.seed, draw.drawn_on)
        if draw.drawn_on > today():
            errors = [Finding("drawn_on_another_day", {"first": draw.drawn_on.isoformat()}, "/drawn_on")]
            raise Invalid("settlement_faulty", errors=errors)
        return
    first = day_in_vietnam(selection.created_at)
    if not first <= draw.drawn_on <= today():
        errors = [Finding("drawn_on_another_day", {"first": first.isoformat()}, "/drawn_on")]
        raise Invalid("settlement_faulty", errors=errors)


def _get_order(draw: SelectionLot, conference: Conference, tied: list[str]) -> tuple[str, ...]:
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
    return derive_lot_order(draw.seed, conference, tied) if draw.seed else draw.order
