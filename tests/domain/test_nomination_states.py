"""Nominations under random acts and adopted lists: what is true of their states whatever is done."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from domain.findings import Conflict
from domain.nominations import STATE_TRANSITIONS, NominationState, derive_next_state
from domain.selection.adoption import (
    ListedNomination,
    ListToAdopt,
    SeatedDelegate,
    check_list_to_adopt,
    derive_seat_changes,
)
from tests.conftest import examples

PLACE = UUID(int=1), "exemplars"
SEATS = 3
BY_HAND = ("change", "submit", "accept", "return", "withdraw", "represent")
WAYS = {
    "draft": {"submitted", "withdrawn"},
    "returned": {"submitted", "withdrawn"},
    "submitted": {"accepted", "returned", "withdrawn"},
    "accepted": {"submitted", "returned", "withdrawn"},
    "withdrawn": set(),
}
"""State → the other states that may follow."""


@dataclass
class Entry:
    """A nomination with all the states that it was in."""

    id: UUID
    states: list[NominationState]

    @property
    def state(self) -> NominationState:
        return self.states[-1]


class UnitNominations(RuleBasedStateMachine):
    """A unit's nominations: named, sent, accepted by hand or by the adoption of a list."""

    entries = Bundle("entries")
    reached: ClassVar[Counter[str]] = Counter()

    @initialize()
    def open_conference(self) -> None:
        self.known: dict[UUID, Entry] = {}
        self.delegates: list[SeatedDelegate] = []

    @rule(target=entries)
    def name_somebody(self) -> Entry:
        entry = Entry(UUID(int=len(self.known) + 1), [NominationState.DRAFT])
        self.known[entry.id] = entry
        return entry

    @rule(entry=entries, acts=st.permutations(BY_HAND), count=st.integers(1, 4))
    def act_by_hand(self, entry: Entry, acts: list[Any], count: int) -> None:
        """Whoever is a delegate is neither returned nor withdrawn by hand: there a replacement is adopted."""
        for act in acts[:count]:
            if act not in ("return", "withdraw") or entry.id not in {
                each.nomination for each in self.delegates
            }:
                self.move(entry, act)

    @rule(entry=entries)
    def send_and_accept(self, entry: Entry) -> None:
        self.move(entry, "submit")
        if sum(each.state == "accepted" for each in self.known.values()) < SEATS:
            self.move(entry, "accept")

    def move(self, entry: Entry, act: Any) -> None:
        try:
            after = derive_next_state(act, entry.state)
        except Conflict as refusal:
            self.refuse(refusal, entry, act)
        else:
            entry.states.append(after)
            self.reached[act] += 1

    def refuse(self, refusal: Conflict, entry: Entry, act: Any) -> None:
        assert (refusal.code, refusal.params) == ("nomination_state", {"state": entry.state, "act": act})
        assert entry.state not in STATE_TRANSITIONS[act]
        self.reached[f"refused: {act}"] += 1

    @rule(data=st.data())
    def adopt_list(self, data: st.DataObject) -> None:
        """Of those who are submitted some are chosen, in the stead of delegates who may be leaving."""
        sent = [one for one, each in self.known.items() if each.state in ("submitted", "accepted")]
        if not sent:
            return
        chosen = frozenset(data.draw(st.sets(st.sampled_from(sent), max_size=SEATS)))
        going = [each.nomination for each in self.delegates if each.nomination not in chosen]
        leaving = frozenset(data.draw(st.sets(st.sampled_from(going)))) if going else frozenset()
        listed = {
            one: ListedNomination(one, one, PLACE, each.state, None)
            for one, each in self.known.items()
            if one in chosen or each.state == "accepted"
        }
        adopted = ListToAdopt(
            chosen, leaving, frozenset(), datetime(2020, 7, 1, tzinfo=UTC), listed, self.delegates
        )
        if wrong := check_list_to_adopt(adopted, {PLACE: SEATS}, ()):
            assert {each.code for each in wrong} == {"selection_accepted_since"}
            self.reached["accepted since"] += 1
            return
        self.seat_list(adopted)

    def seat_list(self, adopted: ListToAdopt) -> None:
        before = {each.nomination for each in self.delegates}
        accepted_by_hand = {one for one, each in self.known.items() if each.state == "accepted"} - before
        changes = derive_seat_changes(adopted)
        for one, state in {**changes.given_up, **changes.taken}.items():
            self.known[one].states.append(state)
        self.delegates = [each for each in self.delegates if each.id not in changes.ended]
        self.delegates += [
            SeatedDelegate(UUID(int=1000 + len(self.known[one].states) * 100 + one.int), one, PLACE)
            for one in changes.replaced
        ]
        assert {each.nomination for each in self.delegates} == adopted.chosen
        assert accepted_by_hand <= adopted.chosen, "no list takes the seat of somebody it does not know of"
        assert {self.known[one].state for one in adopted.leaving} <= {"withdrawn"}
        self.reached["replaced" if adopted.leaving else "adopted"] += 1
        self.reached["unseated"] += len(before - adopted.chosen - adopted.leaving)

    @invariant()
    def what_was_withdrawn_stays_withdrawn(self) -> None:
        for each in self.known.values():
            if "withdrawn" in each.states:
                assert each.states.index(NominationState.WITHDRAWN) == len(each.states) - 1

    @invariant()
    def nobody_is_accepted_who_was_not_submitted_just_before(self) -> None:
        for each in self.known.values():
            for before, after in pairwise(each.states):
                assert after != "accepted" or before in ("submitted", "accepted")

    @invariant()
    def states_only_move_along_their_ways(self) -> None:
        for each in self.known.values():
            for before, after in pairwise(each.states):
                assert after == before or after in WAYS[before]

    @invariant()
    def every_delegate_is_accepted_and_nobody_sits_twice(self) -> None:
        seated = [each.nomination for each in self.delegates]
        assert {self.known[one].state for one in seated} <= {"accepted"}
        assert len(seated) == len(set(seated)) <= SEATS


def test_whatever_is_done_withdrawn_is_final_and_only_who_was_submitted_is_accepted() -> None:
    run_state_machine_as_test(UnitNominations, settings=settings(examples(100), stateful_step_count=30))
    refused = {f"refused: {act}" for act in BY_HAND}
    assert {*BY_HAND, *refused, "accepted since", "adopted", "replaced", "unseated"} <= set(
        UnitNominations.reached
    )
