"""Which state allows what, who signs as the second person, and which adopted version gives way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.access import Actor, Grant, Role
from domain.decisions import (
    ALLOCATION_TRANSITIONS,
    SELECTION_TRANSITIONS,
    SIZING_TRANSITIONS,
    AllocationState,
    AmendingVersion,
    SelectionState,
    SizingState,
    derive_next_state,
    expect_second_person,
    find_superseded,
    narrow_to_signer,
    needs_second_person,
)
from domain.findings import Conflict, Forbidden
from tests.domain.plans.examples import plan

State = AllocationState | SelectionState
TABLES: Mapping[type[State], Mapping[Any, Mapping[Any, Any]]] = {
    AllocationState: ALLOCATION_TRANSITIONS,
    SelectionState: SELECTION_TRANSITIONS,
}
BOTH = pytest.mark.parametrize("kind", TABLES)


@BOTH
def test_the_way_of_a_decision_leads_through_proposal_and_approval(kind: type[State]) -> None:
    way = ["computing", "decided", "proposed", "approved", "adopted", "superseded"]
    acts: list[Any] = ["decide", "propose", "approve", "adopt", "supersede"]
    assert [derive_next_state(act, kind(state)) for act, state in zip(acts, way, strict=False)] == way[1:]


def test_numbers_are_a_draft_before_they_are_proposed() -> None:
    way = ["draft", "proposed", "approved", "adopted", "superseded"]
    acts: list[Any] = ["propose", "approve", "adopt", "supersede"]
    after = [derive_next_state(act, SizingState(state)) for act, state in zip(acts, way, strict=False)]
    assert after == way[1:]
    for state in ("proposed", "approved"):
        assert derive_next_state("withdraw", SizingState(state)) is SizingState.DRAFT
    last = SizingState.SUPERSEDED
    assert [act for act, steps in SIZING_TRANSITIONS.items() if last in steps] == []


@BOTH
def test_a_proposal_is_taken_back_until_it_is_adopted(kind: type[State]) -> None:
    assert {state for state in kind if _is_allowed("withdraw", state)} == {"proposed", "approved"}
    assert derive_next_state("withdraw", kind("approved")) == "decided"


@BOTH
def test_what_was_superseded_is_never_in_force_again(kind: type[State]) -> None:
    state = kind("superseded")
    after = {derive_next_state(act, state) for act in TABLES[kind] if _is_allowed(act, state)}
    assert after <= {state}


@pytest.mark.parametrize(
    ("act", "state", "code", "needed"),
    [
        ("propose", SizingState.ADOPTED, "sizing_state", "draft"),
        ("approve", SizingState.DRAFT, "sizing_state", "proposed"),
        ("adopt", SizingState.PROPOSED, "sizing_state", "approved"),
        ("adjust", AllocationState.PROPOSED, "allocation_state", "decided"),
        ("propose", AllocationState.COMPUTING, "allocation_state", "decided"),
        ("approve", AllocationState.DECIDED, "allocation_state", "proposed"),
        ("withdraw", AllocationState.ADOPTED, "allocation_state", "proposed"),
        ("adopt", AllocationState.PROPOSED, "allocation_state", "approved"),
        ("propose", SelectionState.UNPROVEN, "selection_state", "decided"),
        ("withdraw", SelectionState.DECIDED, "selection_state", "proposed"),
        ("adopt", SelectionState.ADOPTED, "selection_state", "approved"),
        ("edit", SelectionState.PROPOSED, "selection_state", "decided"),
        ("mend", SelectionState.SUPERSEDED, "selection_state", "adopted"),
        ("release_reasons", SelectionState.APPROVED, "selection_state", "adopted"),
    ],
)
def test_a_refusal_names_the_state_and_the_one_that_is_needed(
    act: Any, state: Any, code: str, needed: str
) -> None:
    with pytest.raises(Conflict) as refused:
        derive_next_state(act, state)
    assert (refused.value.code, refused.value.params) == (code, {"state": state, "needed": needed})


@pytest.mark.parametrize(
    ("act", "state"), [("settle_tie", AllocationState.DECIDED), ("draw_lot", SelectionState.DECIDED)]
)
def test_a_lot_is_drawn_only_where_one_is_required(act: Any, state: Any) -> None:
    with pytest.raises(Conflict) as refused:
        derive_next_state(act, state)
    assert (refused.value.code, refused.value.params) == ("no_lots_required", {"state": "decided"})


def test_a_second_person_is_an_approver_other_than_the_proposer() -> None:
    council, approver = Grant(Role.STANDING_COUNCIL), Grant(Role.APPROVER)
    assert narrow_to_signer(Actor("a", "A", (council, approver))).grants == (approver,)
    expect_second_person({"a", "account 1"}, {"b", "account 2"})
    expect_second_person({"a", "account 1"}, ())
    with pytest.raises(Forbidden) as refused:
        expect_second_person({"a", "account 1"}, {"b", "account 1"})
    assert refused.value.code == "second_person_needed"


def test_a_signed_document_takes_the_place_of_the_second_person() -> None:
    some = plan("soc_trang_2020")
    assert needs_second_person(replace(some, four_eyes="person"))
    assert not needs_second_person(replace(some, four_eyes="document"))


def versions(kind: type[State], *lines: tuple[int | None, str]) -> tuple[list[UUID], list[AmendingVersion]]:
    """Versions in their order; a line has the place of the version that it came from, and its state."""
    ids = [uuid4() for _ in lines]
    return ids, [
        AmendingVersion(id_, None if origin is None else ids[origin], kind(state))
        for id_, (origin, state) in zip(ids, lines, strict=True)
    ]


@BOTH
def test_the_first_adoption_supersedes_nothing(kind: type[State]) -> None:
    ids, known = versions(kind, (None, "decided"), (None, "approved"))
    assert find_superseded(ids[1], known) is None


@BOTH
def test_the_adopted_version_gives_way_to_one_that_came_from_it(kind: type[State]) -> None:
    """In one step, or in several."""
    ids, known = versions(kind, (None, "adopted"), (0, "decided"), (1, "approved"))
    assert find_superseded(ids[2], known) == ids[0]
    assert find_superseded(ids[1], known) == ids[0]


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        (AllocationState, "adopted_allocation_is_amended", "allocation"),
        (SelectionState, "adopted_selection_is_amended", "selection"),
    ],
)
def test_the_adopted_version_gives_way_to_no_other(kind: type[State], code: str, name: str) -> None:
    """Nor to one that came from what it has superseded itself."""
    ids, known = versions(kind, (None, "superseded"), (0, "adopted"), (0, "approved"), (None, "approved"))
    for other in ids[2:]:
        with pytest.raises(Conflict) as refused:
            find_superseded(other, known)
        assert (refused.value.code, refused.value.params) == (code, {name: str(ids[1])})


def _is_allowed(act: Any, state: Any) -> bool:
    try:
        derive_next_state(act, state)
    except Conflict:
        return False
    return True
