"""Drawing a lot among lists that are equally good: recorded, then used again by every later run."""

from collections.abc import Sequence

from db import lots, selections
from db.conferences import Conference
from db.selections import Selection
from db.session import AsyncSession
from domain.acts import Act
from domain.decisions import SelectionState, derive_next_state
from domain.findings import Conflict, Plain
from domain.lots import (
    DrawnLot,
    SeedAnnouncement,
    SettlementMethod,
    TieSettlement,
    build_list_tie_key,
    complete_settlement,
    digest_list_tie,
    expect_allowed_settlement,
    expect_newest_lots,
    expect_planned_method,
    list_planned_methods,
)
from domain.snapshots import plain_record
from service import runs
from service.audit import record_change
from service.lots import load_settlement_terms, store_announcement
from service.names import naming_nominees
from service.selections.versions import KIND
from service.work import Case, Work


async def announce_seed(
    work: Work, case: Case, selection: Selection, announced: SeedAnnouncement
) -> Selection:
    """Record the source of the lot's seed; one announcement for a conference until that lot is drawn."""
    await _load_tied_nominees(work, selection)
    expect_planned_method(SettlementMethod.PUBLISHED_SEED, _list_methods(case))
    tie = build_list_tie_key(selection.lot)
    await store_announcement(work, case, tie, announced, selection=selection.id)
    await record_change(work, selection, Act.LOT_ANNOUNCED, plain_record(announced), chain=case.chain)
    return selection


async def find_announcement(
    session: AsyncSession, conference: Conference, selection: Selection
) -> lots.LotAnnouncement | None:
    """What was announced for the lot that a selection waits for."""
    if selection.state != SelectionState.LOTS_REQUIRED:
        return None
    return await lots.find_announcement(session, conference, build_list_tie_key(selection.lot))


async def draw_lot(work: Work, case: Case, selection: Selection, draw: TieSettlement) -> Selection:
    """Record the lot and queue the run again over the same frozen pool."""
    tied = await _load_tied_nominees(work, selection)
    key = build_list_tie_key(selection.lot)
    terms = await load_settlement_terms(work, case, key, _list_methods(case), selection.created_at)
    expect_allowed_settlement(draw, terms, work.today)
    digest = digest_list_tie(case.congress, str(case.conference.unit))
    async with naming_nominees(work, tied):
        lot = complete_settlement(draw, tied, digest, noun="nominees")
    selection.lots = [*selection.lots, *lot.order]
    selection.lot = DrawnLot(lot, work.actor.id, selection.lot)
    run = await runs.queue_unit_run(work, case, kind=KIND, subject=selection.id, snapshot=selection.snapshot)
    selection.run, selection.state = run.id, derive_next_state("draw_lot", selection.state)
    changes: dict[str, Plain] = {"how": lot.how.value, "names": len(lot.order), "drawn_by": lot.drawn_by}
    await record_change(work, selection, Act.SELECTION_LOT_DRAWN, changes, chain=case.chain)
    return selection


async def _load_tied_nominees(work: Work, selection: Selection) -> Sequence[str]:
    """The tied nominations of a selection that waits for a lot. Raises ``Conflict`` for any other."""
    derive_next_state("draw_lot", selection.state)
    if selection.result is None:
        raise Conflict("no_lots_required", {"state": selection.state})
    versions = await selections.list_selections(work.session, selection.conference)
    expect_newest_lots(selection.lots, {str(each.id): each.lots for each in versions})
    return selection.result.tied


def _list_methods(case: Case) -> list[SettlementMethod]:
    """The ways in which the plan lets a tie among lists be settled."""
    ties = case.plan.choose_tie_rule(case.tier)
    return list_planned_methods(ties.how, ties.lot, may_grow=False)
