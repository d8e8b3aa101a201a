"""The computation of a list, as a run: load, compute, store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from db import nominations, selections
from db.runs import Run
from db.selections import Selection, get_selection
from db.session import AsyncSession
from domain.access import Access, Actor
from domain.acts import Act
from domain.decisions import ListOrigin, SelectionAct, SelectionState, derive_next_state
from domain.findings import Refused
from domain.runs import Report, RunProgress, RunStep, expect_unfinished
from domain.selection import (
    NomineeStatus,
    Pool,
    SelectionOutcome,
    SelectionResult,
    list_statuses,
    map_alternates_by_place,
    select_list,
)
from domain.selection.conflicts import find_hard_clash
from domain.selection.pool_snapshot import read_pool
from domain.selection.prices import compute_cost
from domain.selection.proven_lists import build_proven_result, list_members
from domain.selection.replacement import remove_leavers, replace_delegates
from domain.selection.summaries import (
    PlaceOutcome,
    SelectionSummary,
    UnfilledSeats,
    summarize_clash,
    summarize_result,
)
from domain.selection.ties import assign_lots, give_next_lot, list_tied_nominees
from service import runs
from service.audit import record_change
from service.selections.cases import expect_own_council, load_selection, lock_selection
from service.selections.edits import apply_edits
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class SelectionRunInputs:
    """The inputs of a run: the pool to be solved, and the list that it amends, if one was proven."""

    pool: Pool
    how: ListOrigin
    nodes: int
    before: tuple[Pool, tuple[str, ...]] | None = None
    chosen: tuple[str, ...] = ()
    """The nominations on the list that is mended."""
    leaving: tuple[str, ...] = ()
    line: Mapping[tuple[str, str], Sequence[str]] | None = None
    """Place → alternates of the list before, in their order."""


@dataclass(frozen=True, slots=True)
class SelectionRunAnswer:
    """What was found: what the run does with the selection, the result, and a row for each nomination."""

    act: SelectionAct
    result: SelectionSummary
    rows: Sequence[dict[str, Any]] = ()


class SelectionRunKind:
    """The kind of run that selects a list."""

    access = Access.SELECTIONS_WRITE

    async def load(self, work: Work, run: Run) -> SelectionRunInputs:
        """The frozen pool under the council's edits and the lots so far."""
        selection = await get_selection(work.session, run.subject)
        pool = await load_frozen_pool(work, selection)
        if selection.how is ListOrigin.MENDED:
            # The inputs of the list itself may be erased, and are not needed.
            chosen = await _list_chosen(work.session, selection.amends)
            leaving = tuple(str(each.nomination) for each in selection.leaving)
            line = await _map_alternates_by_place(work.session, selection)
            return SelectionRunInputs(pool, selection.how, selection.nodes, None, chosen, leaving, line)
        before = await _load_list_before(work, selection) if selection.how is ListOrigin.EDITED else None
        return SelectionRunInputs(pool, selection.how, selection.nodes, before)

    def compute(self, loaded: SelectionRunInputs, report: Report) -> SelectionRunAnswer | Refused:
        """Select, or find which demands clash where nothing can be selected; from frozen inputs alone."""
        compute_list = _mend_list if loaded.how is ListOrigin.MENDED else _select_list
        try:
            answer = compute_list(loaded, report)
            while len(answer.result.tied) == 1:  # nothing to draw: one alone comes after those who have lots
                loaded = replace(loaded, pool=give_next_lot(loaded.pool, answer.result.tied[0]))
                answer = compute_list(loaded, report)
        except Refused as refused:
            return refused
        return answer

    async def store(self, work: Work, run: Run, answer: SelectionRunAnswer) -> None:
        """Store the list, in place of any earlier answer of the selection."""
        case, selection = await _lock_selection(work, run)
        places = await nominations.map_places_by_nomination(work.session, case.conference.id)
        rows = [
            {**row, "unit": unit, "group": group}
            for row in answer.rows
            for unit, group in [places[row["nomination"]]]
        ]
        await selections.store_selection_places(work.session, selection.id, rows)
        selection.state = derive_next_state(answer.act, selection.state)
        selection.result = answer.result
        await _record_outcome(work, case, run, selection)

    async def fail(self, work: Work, run: Run) -> None:
        """The selection failed with its run; a new one may be started."""
        case, selection = await _lock_selection(work, run)
        selection.state = derive_next_state("fail", selection.state)
        await _record_outcome(work, case, run, selection)

    async def cancel(self, work: Work, run: Run) -> None:
        """The selection is cancelled with its run; a new one may be started."""
        case, selection = await lock_selection(work, run.subject)
        await expect_own_council(work, case)
        expect_unfinished(run.state)
        selection.state = derive_next_state("cancel", selection.state)
        changes = {"run": str(run.id)}
        await record_change(work, selection, Act.SELECTION_CANCELLED, changes, chain=case.chain)


async def _lock_selection(work: Work, run: Run) -> tuple[Case, Selection]:
    """The selection that a run is about; also of a conference that was cancelled in the meantime."""
    case, selection = await load_selection(work, run.subject)
    return case, await selections.lock_selection(work.session, selection.id)


async def _record_outcome(work: Work, case: Case, run: Run, selection: Selection) -> None:
    """Store and record the outcome of a run, as done by the actor who started it.

    The audit trail gets the result itself, which follows from people's data, when the list is proposed.
    """
    work = work.acting_as(Actor(run.actor, run.actor))
    failed = selection.state == SelectionState.FAILED
    act = Act.SELECTION_FAILED if failed else Act.SELECTION_COMPUTED
    changes = {"run": str(run.id), "snapshot": run.snapshot}
    await record_change(work, selection, act, changes, chain=case.chain)


async def load_frozen_pool(work: Work, selection: Selection) -> Pool:
    """The frozen pool of a selection under the council's edits, with the lots drawn so far."""
    pool = read_pool(await runs.unseal_snapshot(work, selection.snapshot))
    return assign_lots(apply_edits(pool, selection.edits), selection.lots)


async def _load_list_before(work: Work, selection: Selection) -> tuple[Pool, tuple[str, ...]] | None:
    """The pool and the list of the version that is amended; ``None`` where that one had no proven list."""
    if selection.amends is None:
        return None
    base = await get_selection(work.session, selection.amends)
    if base.result is None or base.result.outcome is not SelectionOutcome.PROVEN:
        return None
    pool = await load_frozen_pool(work, base)
    chosen = await _list_chosen(work.session, base.id)
    return (pool, list_members(pool, chosen)) if chosen else None


async def _list_chosen(session: AsyncSession, selection: UUID | None) -> tuple[str, ...]:
    if selection is None:
        return ()
    rows = await selections.list_selection_places(session, selection)
    return tuple(str(row.nomination) for row in rows if row.outcome is PlaceOutcome.CHOSEN)


async def _map_alternates_by_place(
    session: AsyncSession, selection: Selection
) -> Mapping[tuple[str, str], Sequence[str]]:
    """The alternates of the list that is mended, by place. Its places name units by id, the pool by code;
    the ids of nominations connect the two."""
    line: dict[tuple[str, str], list[str]] = {}
    if selection.amends is not None:
        for row in await selections.list_selection_places(session, selection.amends):
            if row.outcome is PlaceOutcome.ALTERNATE:
                line.setdefault((str(row.unit), row.group), []).append(str(row.nomination))
    return line


def _select_list(loaded: SelectionRunInputs, report: Report) -> SelectionRunAnswer:
    pool = loaded.pool

    def report_search(done: int, limit: int) -> None:
        report(RunProgress(RunStep.SEARCHING_LIST, done, limit))

    found = select_list(pool, nodes=loaded.nodes, report=report_search)
    result = summarize_result(found)
    if found.outcome is SelectionOutcome.INFEASIBLE:
        report(RunProgress(RunStep.SEARCHING_CLASH))
        return SelectionRunAnswer("find_infeasible", _add_clash(result, pool, loaded.nodes))
    if found.outcome is SelectionOutcome.UNFINISHED:
        return SelectionRunAnswer("leave_unproven", result)
    if found.outcome is SelectionOutcome.BEST_SO_FAR:
        return SelectionRunAnswer("leave_unproven", result, _build_rows(pool, found))
    report(RunProgress(RunStep.SEARCHING_TIES))
    waiting = list_tied_nominees(pool, found, nodes=loaded.nodes)
    if waiting:
        return _build_waiting_answer(result, waiting)
    if loaded.before is not None:
        result = replace(result, cost=compute_cost(build_proven_result(*loaded.before), found))
    return SelectionRunAnswer("decide", result, _build_rows(pool, found))


def _add_clash(result: SelectionSummary, pool: Pool, nodes: int) -> SelectionSummary:
    """The result with the demands that clash, where that is known within the budget."""
    why = find_hard_clash(pool, nodes=nodes)
    return result if why is None else replace(result, clash=summarize_clash(why))


def _build_waiting_answer(result: SelectionSummary, tied: Sequence[str]) -> SelectionRunAnswer:
    """The answer before the lot is drawn: without the one of the equal lists that happened to be found."""
    waiting = replace(result, tied=tuple(tied), states=(), digest=None, joined=(), moved=(), findings=())
    return SelectionRunAnswer("require_lots", waiting)


def _mend_list(loaded: SelectionRunInputs, report: Report) -> SelectionRunAnswer:
    report(RunProgress(RunStep.SEARCHING_LIST))
    pool = loaded.pool
    chosen = list_members(pool, loaded.chosen)
    leaving = [one for one in loaded.leaving if one in chosen]  # not one invited since
    codes = {nominee.id: nominee.place for nominee in pool.nominees}
    line = {
        codes[ids[0]]: ids
        for each in (loaded.line or {}).values()
        if (ids := [one for one in each if one in codes])
    }
    found = replace_delegates(pool, chosen, leaving, alternates=line, nodes=loaded.nodes)
    pool, _ = remove_leavers(pool, leaving)
    if found.outcome is SelectionOutcome.INFEASIBLE:
        result = SelectionSummary(found.outcome, findings=found.findings)
        return SelectionRunAnswer("find_infeasible", _add_clash(result, pool, loaded.nodes))
    if found.outcome is not SelectionOutcome.PROVEN:
        return SelectionRunAnswer("leave_unproven", SelectionSummary(found.outcome, findings=found.findings))
    proven = build_proven_result(pool, found.chosen)
    result = replace(
        summarize_result(proven),
        joined=found.joined,
        moved=found.moved,
        unfilled=tuple(UnfilledSeats(*place, seats) for place, seats in sorted(found.unfilled.items())),
        findings=found.findings,
    )
    if found.tied:
        return _build_waiting_answer(result, found.tied)
    return SelectionRunAnswer("decide", result, _build_rows(pool, proven))


def _build_rows(pool: Pool, found: SelectionResult) -> list[dict[str, Any]]:
    """A row for each nomination: chosen, alternate or off the list. The organiser's own people have none."""
    chosen, reasons = set(found.chosen), {}
    if found.explanation is not None:
        reasons = {each.id: each for each in found.explanation}
    number = {
        one: n for line in map_alternates_by_place(pool, chosen).values() for n, one in enumerate(line, 1)
    }
    rows = []
    for nominee, hold in zip(pool.nominees, list_statuses(pool), strict=True):
        if nominee.hold is NomineeStatus.EX_OFFICIO:
            continue
        why = reasons.get(nominee.id)
        outcome = PlaceOutcome.ALTERNATE if nominee.id in number else PlaceOutcome.OFF
        outcome = PlaceOutcome.CHOSEN if nominee.id in chosen else outcome
        rows.append(
            {
                "nomination": UUID(nominee.id),
                "outcome": outcome,
                "alternate_no": number.get(nominee.id) if outcome is PlaceOutcome.ALTERNATE else None,
                "hold": hold,
                "reason": None if why is None else why.reason,
                "points": None if why is None else why.points,
            }
        )
    return rows
