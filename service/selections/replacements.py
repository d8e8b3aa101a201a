"""Mending an adopted list after somebody on it left: a new version, over today's nominations."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from db import quotas, selections, snapshots
from db.selections import Delegate, Selection
from domain.decisions import ListOrigin, derive_next_state
from domain.findings import Finding, Invalid, Severity
from domain.selection import NomineeStatus, Pool
from domain.selection.pool_snapshot import read_pool
from domain.selection.replacement import expect_replacement_allowed
from domain.selection.stored_edits import EditAct, StoredEdit, StoredLeave
from domain.selection.wishes import MendedList
from service import runs
from service.conferences.case import expect_current
from service.selections.pool import SCHEMA, freeze_pool_for_replacement, get_selection_rule
from service.selections.reasons import seal_reasons
from service.selections.versions import VersionDraft, start_version
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ReplacementRequest:
    """Who cannot come, and why; after the freeze date also by whose authority they are replaced."""

    delegates: Sequence[UUID]
    reason: str
    authority: str = ""


async def mend_selection(work: Work, case: Case, base: Selection, request: ReplacementRequest) -> Selection:
    """A new version of an adopted list without those who cannot come, over today's nominations."""
    derive_next_state("mend", base.state)
    expect_current(work, case)
    frozen_from = get_selection_rule(case.tier).frozen_from
    expect_replacement_allowed(work.today, frozen_from, reason=request.reason, authority=request.authority)
    going = await selections.list_delegates(work.session, case.conference.id)
    leaving = _choose_leavers(going, request.delegates)
    remaining, findings = await _load_mended_list(work, base, going)
    seats = await quotas.list_quotas(work.session, case.conference.id)
    frozen = await freeze_pool_for_replacement(work, case, seats, remaining)
    draft = VersionDraft(
        ListOrigin.MENDED,
        amends=base.id,
        snapshot=await runs.freeze_sealed_inputs(work, SCHEMA, frozen.content),
        pool=frozen.pool,
        nodes=base.nodes,
        edits=_list_lasting_edits(base, frozen.pool, {row.nomination for row in leaving}),
        findings=[*frozen.findings, *findings],
        leaving=await _seal_leavers(work, leaving, request),
    )
    versions = await selections.list_selections(work.session, case.conference.id)
    return await start_version(work, case, versions, draft)


def _choose_leavers(going: Sequence[Delegate], named: Sequence[UUID]) -> list[Delegate]:
    """The delegates with the ids in ``named``, without repeats; raises ``Invalid`` for an id of none."""
    known = {row.id: row for row in going}
    wrong = [
        Finding("delegate_not_on_list", {}, f"/delegates/{n}")
        for n, one in enumerate(named)
        if one not in known
    ]
    if wrong:
        raise Invalid("replacement_invalid", errors=wrong)
    return [known[one] for one in dict.fromkeys(named)]


def _list_lasting_edits(base: Selection, pool: Pool, leaving: Collection[UUID]) -> list[StoredEdit]:
    """The pins and drops of the list before that remain: those of nominees who may still be chosen freely.

    A pin of somebody who cannot come has ended.
    """
    free = {nominee.id for nominee in pool.nominees if nominee.hold is NomineeStatus.FREE}
    return [
        each
        for each in base.edits
        if str(each.nomination) in free and (each.act is EditAct.DROP or each.nomination not in leaving)
    ]


async def _seal_leavers(
    work: Work, leaving: Sequence[Delegate], request: ReplacementRequest
) -> list[StoredLeave]:
    notes = await seal_reasons(work, {row.nomination: request.reason for row in leaving})
    return [StoredLeave(row.id, row.nomination, notes[row.nomination], request.authority) for row in leaving]


async def _load_mended_list(
    work: Work, base: Selection, going: Collection[Delegate]
) -> tuple[MendedList, list[Finding]]:
    """What is left of a list that is mended. Pairs are known until its frozen pool is erased."""
    rows = await selections.list_selection_places(work.session, base.id)
    candidates = frozenset(row.nomination for row in rows)
    filled = Counter((each.unit, each.group) for each in going)
    if await snapshots.find_snapshot_key(work.session, base.snapshot) is None:
        erased = Finding("selection_pairs_erased", {}, severity=Severity.WARNING)
        return MendedList(candidates, filled), [erased]
    pool = read_pool(await runs.unseal_snapshot(work, base.snapshot))
    return MendedList(candidates, filled, [(UUID(one), UUID(other)) for one, other in pool.apart]), []
