"""Edits of a list by the council: nominations pinned or dropped, each with a reason that is sealed."""

from collections.abc import Sequence
from uuid import UUID

from db import selections
from db.selections import Selection
from domain.decisions import ListOrigin, SelectionState, derive_next_state
from domain.findings import Conflict, Finding, Invalid
from domain.selection import Pool
from domain.selection.pool_snapshot import read_pool
from domain.selection.prices import edit_pool
from domain.selection.stored_edits import EditAct, StoredEdit, list_edited
from domain.selection.wishes import ListEdit, SelectionWish, expect_in_pool
from service import runs
from service.conferences.case import expect_current
from service.names import naming_nominees
from service.selections.pool import expect_usable_pool
from service.selections.reasons import seal_reasons
from service.selections.versions import VersionDraft, start_version
from service.work import Case, Work


async def edit_selection(
    work: Work,
    case: Case,
    base: Selection,
    pin: Sequence[ListEdit],
    drop: Sequence[ListEdit],
    *,
    reason: str | None = None,
) -> Selection:
    """A new version of a list with the council's edits, over the same frozen inputs; a swap pins and drops.

    An edit replaces earlier edits of the same nomination.
    """
    state = derive_next_state("edit", base.state)
    if base.how is ListOrigin.MENDED:
        raise Conflict("selection_state", {"state": state, "needed": SelectionState.DECIDED})
    if not pin and not drop:
        raise Invalid("selection_edit_empty", errors=[Finding("missing", {}, "/pin")])
    expect_current(work, case)
    pool = read_pool(await runs.unseal_snapshot(work, base.snapshot))
    expect_in_pool({UUID(nominee.id) for nominee in pool.nominees}, SelectionWish(pin, drop))
    again = {each.nomination for each in (*pin, *drop)}
    kept = [each for each in base.edits if each.nomination not in again]
    async with naming_nominees(work, [str(one) for one in again]):
        expect_valid_edits(apply_edits(pool, kept), pin, drop)
    draft = VersionDraft(
        ListOrigin.EDITED,
        amends=base.id,
        snapshot=base.snapshot,
        pool=pool,
        nodes=base.nodes,
        edits=[*kept, *await seal_edits(work, pin, drop)],
        findings=base.findings,
        reason=reason,
    )
    versions = await selections.list_selections(work.session, case.conference.id)
    return await start_version(work, case, versions, draft)


def expect_valid_edits(pool: Pool, pin: Sequence[ListEdit], drop: Sequence[ListEdit]) -> None:
    """Raise ``Conflict`` where the pool cannot be selected from under an edit: too few or too many."""
    if pin or drop:
        pinned, dropped = ([str(each.nomination) for each in edits] for edits in (pin, drop))
        expect_usable_pool(edit_pool(pool, pin=pinned, drop=dropped))


def apply_edits(pool: Pool, edits: Sequence[StoredEdit]) -> Pool:
    """The pool under the stored edits of a selection."""
    return edit_pool(pool, pin=list_edited(edits, EditAct.PIN), drop=list_edited(edits, EditAct.DROP))


async def seal_edits(work: Work, pin: Sequence[ListEdit], drop: Sequence[ListEdit]) -> list[StoredEdit]:
    """The actor's edits as a selection stores them; a nomination that is named twice has one."""
    notes = await seal_reasons(work, {each.nomination: each.reason for each in (*pin, *drop)})
    return [
        StoredEdit(act, each.nomination, notes[each.nomination], work.actor.id)
        for act, edits in ((EditAct.PIN, pin), (EditAct.DROP, drop))
        for each in {each.nomination: each for each in edits}.values()
    ]
