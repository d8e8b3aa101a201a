"""Exact answers about a list: what an edit would cost, why a nominee is not on it, what a target costs.

Each solves again over the frozen pool. The pool is loaded in a transaction and solved outside any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from db import selections
from db.selections import Selection
from domain.acts import Act
from domain.decisions import ListOrigin, SelectionState
from domain.findings import Conflict, Finding, Invalid, Plain, lower_errors
from domain.selection import Pool, SelectionOutcome, SelectionResult
from domain.selection.conflicts import find_soft_clash
from domain.selection.pool_counts import count_pool_targets, count_pool_values
from domain.selection.prices import ListCost, edit_pool, explain_why_not, price_edit, price_target
from domain.selection.proven_lists import build_proven_result, list_members
from domain.selection.summaries import ClashSummary, PlaceOutcome, summarize_clash
from domain.selection.target_counts import TargetCount, ValueCount
from domain.selection.wishes import ListEdit, SelectionWish, expect_in_pool
from service.audit import record_event
from service.names import name_nominees, name_nominees_in, name_units
from service.selections.cases import expect_own_council
from service.selections.computation import load_frozen_pool
from service.selections.pool import expect_usable_pool, load_pool
from service.work import Case, Work


@dataclass(frozen=True, slots=True)
class ProvenList:
    """A proven list and the pool it was selected from."""

    pool: Pool
    found: SelectionResult
    nodes: int


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """One of three: why a ``nomination`` is not on the list; what one person of a ``side`` of a ``target``
    costs; or, with ``short``, what keeps a soft ``target`` short."""

    nomination: str | None = None
    target: str | None = None
    side: Literal["least", "most"] | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class ListExplanation:
    """An answer: its findings, what the change would cost, and which demands clash."""

    findings: Sequence[Finding]
    cost: ListCost | None = None
    clash: ClashSummary | None = None


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What the best list under an edit would be like; ``cost`` is unset where none is found or proven."""

    outcome: SelectionOutcome
    cost: ListCost | None
    short: int


async def count_pool(
    work: Work, case: Case
) -> tuple[tuple[TargetCount, ...], tuple[ValueCount, ...], Sequence[Finding]]:
    """The pool of a conference in numbers, before anything is selected."""
    await expect_own_council(work, case)
    pool, findings = await load_pool(work, case)
    await name_nominees_in(work, findings)
    return count_pool_targets(pool), count_pool_values(pool), lower_errors(findings)


async def load_proven_list(work: Work, case: Case, selection: Selection, purpose: str) -> ProvenList:
    """A selection's pool and list, for questions about it; the act of opening them is recorded."""
    await expect_own_council(work, case)
    if selection.how is ListOrigin.MENDED:
        raise Conflict("selection_mended")
    if selection.result is None:
        raise Conflict("selection_state", {"state": selection.state, "needed": SelectionState.DECIDED})
    proven = selection.result.outcome is SelectionOutcome.PROVEN
    if not proven or selection.state == SelectionState.LOTS_REQUIRED:
        raise Conflict("selection_not_proven", {"state": selection.state})
    pool = await load_frozen_pool(work, selection)
    await name_units(work, {nominee.record.unit for nominee in pool.nominees}, case.conference.as_of)
    await name_nominees(work, [nominee.id for nominee in pool.nominees])
    chosen = [
        str(row.nomination)
        for row in await selections.list_selection_places(work.session, selection.id)
        if row.outcome is PlaceOutcome.CHOSEN
    ]
    changes: dict[str, Plain] = {"purpose": purpose, "snapshot": selection.snapshot}
    subject = "selection", selection.id
    await record_event(work, Act.SELECTION_POOL_OPENED, *subject, changes, plan=case.chain)
    return ProvenList(pool, build_proven_result(pool, list_members(pool, chosen)), selection.nodes)


def preview_edit(of: ProvenList, pin: Sequence[ListEdit], drop: Sequence[ListEdit]) -> EditPreview:
    """What an edit would cost; nothing is stored. Raises the same as an edit that is stored."""
    expect_in_pool({UUID(nominee.id) for nominee in of.pool.nominees}, SelectionWish(pin, drop))
    pinned, dropped = ([str(each.nomination) for each in edits] for edits in (pin, drop))
    expect_usable_pool(edit_pool(of.pool, pin=pinned, drop=dropped))
    again = price_edit(of.pool, of.found, pin=pinned, drop=dropped, nodes=of.nodes)
    return EditPreview(again.selection.outcome, again.cost, again.selection.hard_short)


def answer_question(of: ProvenList, question: ListQuestion) -> ListExplanation:
    """The exact answer to a question about a list.

    Raises ``Invalid`` for a nomination or a target that is not in the list's pool.
    """
    if question.nomination is not None:
        if question.nomination not in {nominee.id for nominee in of.pool.nominees}:
            errors = [Finding("nomination_not_found", pointer="/nomination")]
            raise Invalid("selection_wish_invalid", errors=errors)
        return ListExplanation(
            [explain_why_not(of.pool, of.found, question.nomination, nodes=of.nodes).finding]
        )
    if question.target is not None and question.target not in {each.id for each in of.pool.targets}:
        raise Invalid("selection_target_unknown", {"target": question.target})
    if question.target is not None and question.side is not None:
        found = price_target(of.pool, of.found, question.target, question.side, nodes=of.nodes)
        return ListExplanation(found.selection.findings, found.cost)
    if question.target is not None and question.short:
        why = find_soft_clash(of.pool, of.found, question.target, nodes=of.nodes)
        clash = None if why is None else summarize_clash(why)
        return ListExplanation([] if clash is None else clash.demands, clash=clash)
    raise Invalid("selection_question_unclear", errors=[Finding("selection_question_unclear")])
