"""From a proposal to the decision that adopts it: the same for numbers, allocations and lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from db.allocations import Allocation, Decision
from db.selections import Selection
from db.sizings import Sizing
from domain.acts import Act
from domain.decisions import (
    AmendingVersion,
    DecisionAct,
    DecisionSubject,
    derive_next_state,
    find_superseded,
)
from domain.findings import Finding, Invalid, Plain
from service.access import expect_second_person
from service.audit import record_change, store_row
from service.work import Case, Work

Subject = TypeVar("Subject", Sizing, Allocation, Selection)
Changes = Mapping[str, Plain]

_SUBJECTS: Mapping[type, DecisionSubject] = {
    Sizing: DecisionSubject.SIZING,
    Allocation: DecisionSubject.ALLOCATION,
    Selection: DecisionSubject.SELECTION,
}
_ACTS: Mapping[type, Mapping[DecisionAct, Act]] = {
    Sizing: {
        "propose": Act.SIZING_PROPOSED,
        "approve": Act.SIZING_APPROVED,
        "withdraw": Act.SIZING_WITHDRAWN,
        "adopt": Act.SIZING_ADOPTED,
    },
    Allocation: {
        "propose": Act.ALLOCATION_PROPOSED,
        "approve": Act.ALLOCATION_APPROVED,
        "withdraw": Act.ALLOCATION_WITHDRAWN,
        "adopt": Act.ALLOCATION_ADOPTED,
    },
    Selection: {
        "propose": Act.SELECTION_PROPOSED,
        "approve": Act.SELECTION_APPROVED,
        "withdraw": Act.SELECTION_WITHDRAWN,
        "adopt": Act.SELECTION_ADOPTED,
    },
}


@dataclass(frozen=True, slots=True)
class AdoptionDocument:
    """The document that adopts: "Quyết định số 123/QĐ-UBND ngày 5/6/2020" of an organ."""

    kind: str
    organ: str
    series: str
    number: str
    decided_on: date


async def propose_subject(work: Work, case: Case, row: Subject, changes: Changes | None = None) -> None:
    """Freeze an allocation or a list and put it before the authority; ``changes`` are for the audit trail."""
    row.state, row.proposed_by = derive_next_state("propose", row.state), work.actor.id
    await _record_act(work, case, row, "propose", changes)


async def approve_subject(work: Work, case: Case, row: Subject) -> None:
    """The authority agrees; the signed decision's number follows with the adoption."""
    state = derive_next_state("approve", row.state)
    await expect_second_person(work, case, row.proposed_by, row.created_at)
    row.state, row.approved_by = state, work.actor.id
    await _record_act(work, case, row, "approve")


async def withdraw_subject(work: Work, case: Case, row: Subject, reason: str) -> None:
    """Take a proposal back, so that it can be changed again."""
    row.state = derive_next_state("withdraw", row.state)
    row.proposed_by, row.approved_by = None, None
    await _record_act(work, case, row, "withdraw", {"reason": reason})


async def begin_adoption(
    work: Work, case: Case, row: Subject, versions: Sequence[Subject], document: AdoptionDocument
) -> None:
    """Make room for an approved allocation or list: the one that it amends is superseded.

    ``versions`` are all those of the conference, locked. Raises ``Conflict`` in any other state and beside an
    adopted version that it did not come from, ``Forbidden`` for an actor who may not sign, ``Invalid`` for a
    document dated in the future.
    """
    derive_next_state("adopt", row.state)
    await expect_second_person(work, case, row.proposed_by, row.created_at, row.approved_by)
    if document.decided_on > work.today:
        raise Invalid("day_in_future", errors=[Finding("day_in_future", pointer="/decided_on")])
    known = [AmendingVersion(each.id, each.amends, each.state) for each in versions]
    superseded = find_superseded(row.id, known)
    for each in versions:
        if each.id == superseded:
            each.state = derive_next_state("supersede", each.state)
            await store_row(work, each)


async def complete_adoption(
    work: Work, case: Case, row: Subject, document: AdoptionDocument, changes: Changes
) -> Decision:
    """Adopt by a decision, after its effects are stored; the audit trail gets them as ``changes``."""
    decision = Decision(
        subject_kind=_SUBJECTS[type(row)],
        subject=row.id,
        organ=document.organ,
        kind=document.kind,
        series=document.series,
        year=document.decided_on.year,
        number=document.number,
        decided_on=document.decided_on,
        approved_by=row.approved_by or work.actor.id,
    )
    work.session.add(decision)
    await work.session.flush()
    row.state, row.decision = derive_next_state("adopt", row.state), decision.id
    facts: dict[str, Plain] = {
        "decision": f"{document.number}/{document.series}",
        "organ": document.organ,
        "decided_on": document.decided_on.isoformat(),
        **changes,
    }
    await record_change(work, row, _ACTS[type(row)]["adopt"], facts, chain=case.chain)
    return decision


async def _record_act(
    work: Work, case: Case, row: Subject, act: DecisionAct, changes: Changes | None = None
) -> None:
    facts: dict[str, Plain] = {"state": row.state, **(changes or {})}
    await record_change(work, row, _ACTS[type(row)][act], facts, chain=case.chain)
