"""Starting a selection over today's nominations."""

from db import quotas, selections
from db.selections import Selection
from domain.decisions import ListOrigin, SelectionState
from domain.selection import MAX_NODES
from domain.selection.wishes import SelectionWish, check_reopened_places, expect_known_places
from service import runs
from service.conferences.case import expect_current
from service.selections.edits import expect_valid_edits, seal_edits
from service.selections.pool import SCHEMA, freeze_new_pool
from service.selections.versions import VersionDraft, start_version
from service.work import Case, Work


async def prepare_selection(
    work: Work, case: Case, wish: SelectionWish, *, nodes: int = MAX_NODES, reason: str | None = None
) -> Selection:
    """Freeze the pool and queue the run; the conference must be locked by the caller.

    Raises ``Conflict`` with everything that keeps a list from being chosen, such as each unit that named too
    few; ``Invalid`` for what is wrong in the wish itself.
    """
    expect_current(work, case)
    seats = await quotas.list_quotas(work.session, case.conference.id)
    expect_known_places(wish, {(row.unit, row.group): row.seats for row in seats})
    frozen = await freeze_new_pool(work, case, seats, wish)
    drop = [each for each in wish.drop if each.nomination not in frozen.duplicates]
    expect_valid_edits(frozen.pool, wish.pin, drop)
    versions = await selections.list_selections(work.session, case.conference.id)
    draft = VersionDraft(
        ListOrigin.COMPUTED,
        amends=next((each.id for each in versions if each.state == SelectionState.ADOPTED), None),
        snapshot=await runs.freeze_sealed_inputs(work, SCHEMA, frozen.content),
        pool=frozen.pool,
        nodes=nodes,
        edits=await seal_edits(work, wish.pin, drop),
        findings=[*frozen.findings, *check_reopened_places(wish)],
        reason=reason,
    )
    return await start_version(work, case, versions, draft)
