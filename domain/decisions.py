"""Decisions: the states of numbers, allocations and lists, who may sign, and which version gives way."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, overload
from uuid import UUID

from domain.access import Actor, Role
from domain.findings import Conflict, Forbidden, Plain
from domain.plans import Plan


class AllocationState(StrEnum):
    """The state of an allocation."""

    COMPUTING = "computing"
    LOTS_REQUIRED = "lots_required"
    INFEASIBLE = "infeasible"
    DECIDED = "decided"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class SizingState(StrEnum):
    """The state of a sizing, which is a decision on the numbers of one conference."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"


class SelectionState(StrEnum):
    """The state of a selection, which is a list of delegates."""

    COMPUTING = "computing"
    LOTS_REQUIRED = "lots_required"
    INFEASIBLE = "infeasible"
    UNPROVEN = "unproven"
    DECIDED = "decided"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"
    FAILED = "failed"


class DecisionSubject(StrEnum):
    """What a decision adopts."""

    SIZING = "sizing"
    ALLOCATION = "allocation"
    SELECTION = "selection"


class ListOrigin(StrEnum):
    """How a version of a list came about."""

    COMPUTED = "computed"
    """From nominations that were frozen for it."""
    EDITED = "edited"
    """From the version before, by the council."""
    MENDED = "mended"
    """From an adopted list, after a delegate could not come."""


PROPOSED_STATES = (
    SelectionState.PROPOSED,
    SelectionState.APPROVED,
    SelectionState.ADOPTED,
    SelectionState.SUPERSEDED,
)
"""States in which a list was proposed to the authority, and is frozen."""

RELEASED_STATES = (SelectionState.ADOPTED, SelectionState.SUPERSEDED)
"""States in which a unit may read the outcome for its own nominees."""

DecisionAct = Literal["propose", "approve", "withdraw", "adopt", "supersede"]
"""What is done to numbers, to allocations and to lists alike."""

ComputationAct = Literal["decide", "require_lots", "find_infeasible", "fail"]
"""What a run does with what it computed."""

SizingAct = DecisionAct
AllocationAct = DecisionAct | ComputationAct | Literal["settle_tie", "adjust"]
SelectionAct = (
    DecisionAct | ComputationAct | Literal["leave_unproven", "draw_lot", "edit", "mend", "release_reasons"]
)

SIZING_TRANSITIONS: Mapping[SizingAct, Mapping[SizingState, SizingState]] = {
    "propose": {SizingState.DRAFT: SizingState.PROPOSED},
    "approve": {SizingState.PROPOSED: SizingState.APPROVED},
    "withdraw": {
        SizingState.PROPOSED: SizingState.DRAFT,
        SizingState.APPROVED: SizingState.DRAFT,
    },
    "adopt": {SizingState.APPROVED: SizingState.ADOPTED},
    "supersede": {SizingState.ADOPTED: SizingState.SUPERSEDED},
}
"""Act → state before → state after. Other numbers are another draft."""

ALLOCATION_TRANSITIONS: Mapping[AllocationAct, Mapping[AllocationState, AllocationState]] = {
    "decide": {AllocationState.COMPUTING: AllocationState.DECIDED},
    "require_lots": {AllocationState.COMPUTING: AllocationState.LOTS_REQUIRED},
    "find_infeasible": {AllocationState.COMPUTING: AllocationState.INFEASIBLE},
    "fail": {AllocationState.COMPUTING: AllocationState.FAILED},
    "settle_tie": {AllocationState.LOTS_REQUIRED: AllocationState.COMPUTING},
    "adjust": {AllocationState.DECIDED: AllocationState.DECIDED},
    "propose": {AllocationState.DECIDED: AllocationState.PROPOSED},
    "approve": {AllocationState.PROPOSED: AllocationState.APPROVED},
    "withdraw": {
        AllocationState.PROPOSED: AllocationState.DECIDED,
        AllocationState.APPROVED: AllocationState.DECIDED,
    },
    "adopt": {AllocationState.APPROVED: AllocationState.ADOPTED},
    "supersede": {AllocationState.ADOPTED: AllocationState.SUPERSEDED},
}
"""Act → state before → state after. A refusal names the first state before as the one that is needed."""

SELECTION_TRANSITIONS: Mapping[SelectionAct, Mapping[SelectionState, SelectionState]] = {
    "decide": {SelectionState.COMPUTING: SelectionState.DECIDED},
    "require_lots": {SelectionState.COMPUTING: SelectionState.LOTS_REQUIRED},
    "find_infeasible": {SelectionState.COMPUTING: SelectionState.INFEASIBLE},
    "leave_unproven": {SelectionState.COMPUTING: SelectionState.UNPROVEN},
    "fail": {SelectionState.COMPUTING: SelectionState.FAILED},
    "draw_lot": {SelectionState.LOTS_REQUIRED: SelectionState.COMPUTING},
    "edit": {
        each: each
        for each in (
            SelectionState.DECIDED,
            SelectionState.LOTS_REQUIRED,
            SelectionState.INFEASIBLE,
            SelectionState.UNPROVEN,
        )
    },
    "propose": {SelectionState.DECIDED: SelectionState.PROPOSED},
    "approve": {SelectionState.PROPOSED: SelectionState.APPROVED},
    "withdraw": {
        SelectionState.PROPOSED: SelectionState.DECIDED,
        SelectionState.APPROVED: SelectionState.DECIDED,
    },
    "adopt": {SelectionState.APPROVED: SelectionState.ADOPTED},
    "supersede": {SelectionState.ADOPTED: SelectionState.SUPERSEDED},
    "mend": {SelectionState.ADOPTED: SelectionState.ADOPTED},
    "release_reasons": {each: each for each in RELEASED_STATES},
}
"""The same for selections. ``edit`` and ``mend`` make a new version, and leave the one before as it is."""

DecisionState = SizingState | AllocationState | SelectionState

_TABLES: Mapping[type, Mapping[Any, Mapping[Any, Any]]] = {
    SizingState: SIZING_TRANSITIONS,
    AllocationState: ALLOCATION_TRANSITIONS,
    SelectionState: SELECTION_TRANSITIONS,
}
_STATE_CODES: Mapping[type, str] = {
    SizingState: "sizing_state",
    AllocationState: "allocation_state",
    SelectionState: "selection_state",
}


@overload
def derive_next_state(act: SizingAct, state: SizingState) -> SizingState: ...
@overload
def derive_next_state(act: AllocationAct, state: AllocationState) -> AllocationState: ...
@overload
def derive_next_state(act: SelectionAct, state: SelectionState) -> SelectionState: ...
def derive_next_state(act: AllocationAct | SelectionAct, state: DecisionState) -> DecisionState:
    """The state after an act; raises :class:`Conflict` if the state does not allow it."""
    transitions = _TABLES[type(state)][act]
    if state not in transitions:
        if act in ("settle_tie", "draw_lot"):
            raise Conflict("no_lots_required", {"state": state})
        needed: dict[str, Plain] = {"state": state, "needed": next(iter(transitions))}
        raise Conflict(_STATE_CODES[type(state)], needed)
    after: DecisionState = transitions[state]
    return after


def needs_second_person(plan: Plan) -> bool:
    """Whether an approver other than the proposer has to sign.

    Otherwise the signed document is the second pair of eyes; its number is asked for at the adoption.
    """
    return plan.four_eyes == "person"


def narrow_to_signer(actor: Actor) -> Actor:
    """The actor with only the grants by which a second person signs: those of an approver."""
    return actor.narrow_to_roles(frozenset({Role.APPROVER}))


def expect_second_person(signer: Collection[str], proposer: Collection[str]) -> None:
    """Raise :class:`Forbidden` for a signer who is the proposer: one person in two roles is not two.

    Each is given by the marks by which a person is recognized, such as the account (``lock_person_marks`` in
    ``db/accounts.py``). The refusal is the same whatever they have in common.
    """
    if not frozenset(signer).isdisjoint(proposer):
        raise Forbidden("second_person_needed")


@dataclass(frozen=True, slots=True)
class AmendingVersion:
    """A version of numbers, of an allocation or of a list, and the version that it came from."""

    id: UUID
    amends: UUID | None
    state: DecisionState


def find_superseded(version: UUID, versions: Iterable[AmendingVersion]) -> UUID | None:
    """The adopted version, which gives way when another is adopted that came from it, and to no other.

    ``versions`` are all those of one conference. Raises :class:`Conflict` for one that came from elsewhere.
    """
    known = {each.id: each for each in versions}
    adopted = next((each for each in known.values() if each.state == "adopted"), None)
    if adopted is None:
        return None
    at = known[version].amends
    while at is not None and at != adopted.id:
        at = known[at].amends
    if at is None:
        if isinstance(adopted.state, SizingState):
            raise Conflict("adopted_sizing_is_amended", {"sizing": str(adopted.id)})
        if isinstance(adopted.state, AllocationState):
            raise Conflict("adopted_allocation_is_amended", {"allocation": str(adopted.id)})
        raise Conflict("adopted_selection_is_amended", {"selection": str(adopted.id)})
    return adopted.id
