"""Drawing a lot among lists that are equally good: recorded, then used again by every later run."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from db import lots, selections
from db.conferences import Conference
from db.selections import Selection
from db.session import AsyncSession
from domain.acts import Act
from domain.calendar import day_in_vietnam
from domain.decisions import SelectionState, derive_next_state
from domain.findings import Conflict, Plain
from domain.lots import (
    Ballot,
    DrawnLot,
    SeedAnnouncement,
    SettlementMethod,
    SettlementTerms,
    TieSettlement,
    build_list_tie_key,
    compute_draw_order,
    digest_list_tie,
    expect_allowed_settlement,
    expect_complete_settlement,
    expect_newest_lots,
    expect_planned_method,
    list_planned_methods,
    map_nominations_by_number,
    map_numbers,
)
from domain.snapshots import compute_digest, plain_record
from service import runs
from service.audit import record_change
from service.lots import announce_list_seed, number_pool
from service.names import naming_nominees
from service.selections.versions import KIND, set_lots
from service.work import Case, Work


async def announce_seed(
    work: Work, case: Case, selection: Selection, announced: SeedAnnouncement
) -> Selection:
    """Number the whole pool and record the source of the lot's seed, once until that lot is drawn.

    The audit trail gets a digest of the numbers, so that nobody can exchange them when the seed is known.
    """
    tied = await _load_tied_nominees(work, selection)
    expect_planned_method(SettlementMethod.PUBLISHED_SEED, _list_methods(case))
    tie = build_list_tie_key(selection.lot)
    ballots = await announce_list_seed(work, case, tie, announced, selection.id, list(map(UUID, tied)))
    numbers: dict[str, Plain] = {str(each.draw_no): each.nomination for each in ballots}
    changes = {**plain_record(announced), "ballots": len(ballots), "numbers": compute_digest(numbers)}
    await record_change(work, selection, Act.LOT_ANNOUNCED, changes, chain=case.chain)
    return selection


async def find_announcement(
    session: AsyncSession, conference: Conference, selection: Selection
) -> lots.LotAnnouncement | None:
    """What was announced at the conference for the lot that a selection waits for."""
    if selection.state != SelectionState.LOTS_REQUIRED:
        return None
    row = await lots.find_announcement(session, conference, build_list_tie_key(selection.lot))
    return row if row is not None and row.conference == conference.id else None


async def draw_lot(work: Work, case: Case, selection: Selection, draw: TieSettlement) -> Selection:
    """Record the lot and queue the run again over the same frozen pool."""
    tied = await _load_tied_nominees(work, selection)
    announcement = None
    if SettlementMethod.PUBLISHED_SEED in _list_methods(case):
        announcement = await find_announcement(work.session, case.conference, selection)
    expect_allowed_settlement(draw, _build_terms(case, selection, announcement), work.today)
    async with naming_nominees(work, tied):
        expect_complete_settlement(draw, tied, "nominees")
    ballots = await number_pool(work, case, list(map(UUID, tied)))
    numbers = _order_numbers(case, draw, announcement, ballots)
    standing = map_nominations_by_number(ballots)
    draw = replace(draw, order=tuple(standing[number] for number in numbers if number in standing))
    selection.lot = DrawnLot(draw, work.actor.id, numbers, selection.lot)
    set_lots(selection, ballots)
    run = await runs.queue_unit_run(work, case, kind=KIND, subject=selection.id, snapshot=selection.snapshot)
    selection.run, selection.state = run.id, derive_next_state("draw_lot", selection.state)
    changes: dict[str, Plain] = {"how": draw.how.value, "names": len(draw.order), "drawn_by": draw.drawn_by}
    await record_change(work, selection, Act.SELECTION_LOT_DRAWN, changes, chain=case.chain)
    return selection


def _order_numbers(
    case: Case, draw: TieSettlement, announcement: lots.LotAnnouncement | None, ballots: Sequence[Ballot]
) -> tuple[int, ...]:
    """The numbers in the order of the lot: by the seed for all that were announced, or as they were named."""
    if draw.seed and announcement is not None and announcement.ballots is not None:
        subject = digest_list_tie(case.congress, str(case.conference.unit))
        return compute_draw_order(draw.seed, subject, announcement.ballots)
    numbers = map_numbers(ballots)
    return tuple(numbers[one] for one in draw.order)


def _build_terms(
    case: Case, selection: Selection, announcement: lots.LotAnnouncement | None
) -> SettlementTerms:
    """The terms of a lot: a seed is for the pool as it was numbered, any other for the pool of the list."""
    methods = _list_methods(case)
    if announcement is None:
        return SettlementTerms(methods, day_in_vietnam(selection.created_at))
    return SettlementTerms(methods, day_in_vietnam(announcement.announced_at), announcement.seed)


async def _load_tied_nominees(work: Work, selection: Selection) -> Sequence[str]:
    """The tied nominations of a selection that waits for a lot. Raises ``Conflict`` for any other."""
    derive_next_state("draw_lot", selection.state)
    if selection.result is None:
        raise Conflict("no_lots_required", {"state": selection.state})
    versions = await selections.list_selections(work.session, selection.conference)
    expect_newest_lots(selection.lot, {str(each.id): each.lot for each in versions})
    return selection.result.tied


def _list_methods(case: Case) -> list[SettlementMethod]:
    """The ways in which the plan lets a tie among lists be settled."""
    ties = case.plan.choose_tie_rule(case.tier)
    return list_planned_methods(ties.how, ties.lot, may_grow=False)
