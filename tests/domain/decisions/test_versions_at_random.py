"""The versions of one conference under random acts of random people: what is true whatever is done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, ClassVar
from uuid import UUID

import pytest
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

from domain.access import Actor, Grant, Role
from domain.allocations.amendments import expect_adopted_amended
from domain.decisions import (
    ALLOCATION_TRANSITIONS,
    SELECTION_TRANSITIONS,
    AllocationState,
    AmendingVersion,
    SelectionState,
    derive_next_state,
    expect_second_person,
    find_superseded,
    narrow_to_signer,
    needs_second_person,
)
from domain.findings import Conflict, Forbidden, Refused
from domain.lots import (
    Ballot,
    DrawnLot,
    SettlementMethod,
    TieSettlement,
    expect_newest_lots,
    list_lots,
)
from tests.conftest import examples
from tests.domain.plans.examples import plan

pytestmark = pytest.mark.slow  # histories by the hundred; thorough in make oracles

State = AllocationState | SelectionState

COUNCIL, APPROVER = Grant(Role.STANDING_COUNCIL), Grant(Role.APPROVER)
PEOPLE = {
    each.id: each
    for each in (
        Actor("run", "Máy tính"),
        Actor("proposer", "Người thử nghiệm 1", (COUNCIL,)),
        Actor("signer", "Người thử nghiệm 2", (APPROVER,)),
        Actor("both", "Người thử nghiệm 3", (COUNCIL, APPROVER)),
    )
}
PERSON = st.sampled_from(["proposer", "signer", "both"])
SIGNERS = {"signer", "both"}

WAYS = {
    "computing": {"decided", "lots_required", "infeasible", "unproven", "failed", "cancelled"},
    "lots_required": {"computing", "cancelled"},
    "decided": {"proposed"},
    "proposed": {"decided", "approved"},
    "approved": {"decided", "adopted"},
    "adopted": {"superseded"},
}
"""State → the states that may follow, but for acts that keep it; no other state is ever left."""

KEEPING = {"decided", "adopted", "superseded"}
"""States in which something is done that keeps them: seats are adjusted, reasons are released."""


BALLOTS = [Ballot(n, f"nomination {n}", datetime(2020, 6, 1, tzinfo=UTC)) for n in range(1, 3000)]
"""Two for each lot of each version."""


@dataclass
class Version:
    """A version as it is stored, with all the states that it was in."""

    id: UUID
    amends: UUID | None
    states: list[State]
    proposed_by: str | None = None
    approved_by: str | None = None
    adopted_by: str | None = None
    superseded_by: UUID | None = None
    lot: DrawnLot | None = None

    @property
    def lots(self) -> list[str | None]:
        return list_lots(self.lot, BALLOTS)

    @property
    def state(self) -> State:
        return self.states[-1]


class ConferenceVersions(RuleBasedStateMachine):
    """Versions are started, computed, proposed, signed, taken back and amended, as the service does it."""

    versions = Bundle("versions")
    kind: ClassVar[type[State]]
    table: ClassVar[Mapping[Any, Mapping[Any, Any]]]
    reached: ClassVar[Counter[str]]
    """How often something happened in all examples: what is never tried proves nothing."""

    @initialize(four_eyes=st.sampled_from(["person", "document"]))
    def publish_plan(self, four_eyes: Any) -> None:
        self.plan = replace(plan("soc_trang_2020"), four_eyes=four_eyes)
        self.known: dict[UUID, Version] = {}

    def add_version(self, amends: UUID | None) -> Version:
        version = Version(UUID(int=len(self.known) + 1), amends, [self.kind("computing")])
        drawn = [each.lot for each in self.known.values() if each.lot is not None]
        version.lot = max(drawn, key=lambda lot: lot.number, default=None)
        self.known[version.id] = version
        return version

    def refuse(self, refusal: Refused, act: str, version: Version) -> None:
        """A refusal by the state says in which one the version is, and in which one it would have to be."""
        self.reached[refusal.code] += 1
        name = "allocation" if self.kind is AllocationState else "selection"
        if refusal.code == f"{name}_state":
            assert refusal.params["state"] == version.state
            assert version.state not in self.table[act]
            assert refusal.params["needed"] in self.table[act]
        elif refusal.code == "no_lots_required":
            assert refusal.params == {"state": version.state}
            assert version.state != "lots_required"
        elif refusal.code == f"adopted_{name}_is_amended":
            assert [refusal.params[name]] == [str(each.id) for each in self.list_in_state("adopted")]
        elif refusal.code == "selection_drawn_since":
            assert len(self.known[UUID(str(refusal.params["selection"]))].lots) > len(version.lots)
        else:
            assert isinstance(refusal, Forbidden)
            assert refusal.code in ("forbidden", "second_person_needed")

    def list_in_state(self, state: str) -> list[Version]:
        return [each for each in self.known.values() if each.state == state]

    @rule(target=versions)
    def start_version(self) -> Version:
        """A new one amends what is adopted, if anything is."""
        adopted = next((each.id for each in self.list_in_state("adopted")), None)
        if self.kind is AllocationState:
            expect_adopted_amended(adopted, adopted)
            if adopted is not None:
                with pytest.raises(Conflict, match="adopted_allocation_is_amended"):
                    expect_adopted_amended(adopted, None)
        return self.add_version(adopted)

    @rule(version=versions, person=PERSON, data=st.data())
    def act_at_random(self, version: Version, person: str, data: st.DataObject) -> None:
        self.attempt(data.draw(st.sampled_from(self.list_acts())), version, person)

    @rule(version=versions, person=PERSON, data=st.data())
    def act_as_the_state_allows(self, version: Version, person: str, data: st.DataObject) -> None:
        """Random acts alone seldom lead far, and less so where many end in a version that goes no further."""
        leading = [act for act in self.list_acts() if act not in ("fail", "cancel")]
        if allowed := [act for act in leading if version.state in self.table[act]]:
            self.attempt(data.draw(st.sampled_from(allowed)), version, person)

    @rule(version=versions, is_settled=st.booleans())
    def find_tie(self, version: Version, is_settled: bool) -> None:
        self.attempt("require_lots", version, "run")
        if is_settled:
            self.attempt("settle_tie" if self.kind is AllocationState else "draw_lot", version, "proposer")

    @rule(version=versions, people=st.tuples(PERSON, PERSON, PERSON))
    def put_into_force(self, version: Version, people: tuple[str, str, str]) -> None:
        """Somebody proposes, somebody approves and somebody adopts, as far as they may."""
        for act, person in zip(("decide", "propose", "approve", "adopt"), ("run", *people), strict=True):
            if version.state in self.table[act]:
                self.attempt(act, version, person)

    @rule(version=versions, act=st.sampled_from(["fail", "cancel"]))
    def end_computation(self, version: Version, act: str) -> None:
        self.attempt(act, version, "run")

    @rule(version=versions, person=PERSON)
    def put_into_force_alone(self, version: Version, person: str) -> None:
        """One person does all of it, as far as the plan lets them."""
        self.put_into_force(version, (person, person, person))

    def list_acts(self) -> list[str]:
        """What is done to a version itself; it is superseded by the adoption of another."""
        return sorted(act for act in self.table if act not in ("supersede", "edit", "mend"))

    def attempt(self, act: Any, version: Version, person: str) -> None:
        before = [replace(each, states=[*each.states]) for each in self.known.values()]
        try:
            self.apply(act, version, PEOPLE[person])
        except Refused as refusal:
            assert before == [*self.known.values()], "what is refused changes nothing"
            self.refuse(refusal, act, version)
        else:
            self.reached[act] += 1

    def apply(self, act: Any, version: Version, person: Actor) -> None:
        """One act in the order of ``service/decisions.py``."""
        state = derive_next_state(act, version.state)
        if act in ("approve", "adopt"):
            self.expect_signer(version, person)
        if act == "draw_lot":
            expect_newest_lots(version.lot, {str(each.id): each.lot for each in self.known.values()})
            first = 20 * version.id.int + len(version.lots)
            tied = tuple(BALLOTS[n - 1].nomination for n in (first, first + 1))
            drawn = TieSettlement(SettlementMethod.LOT_BY_HAND, tied, "M", "T", date(2020, 6, 5))
            version.lot = DrawnLot(drawn, person.id, (first, first + 1), version.lot)
        if act == "propose":
            version.proposed_by = person.id
        if act == "approve":
            version.approved_by = person.id
        if act == "withdraw":
            version.proposed_by = version.approved_by = None
        if act == "adopt":
            self.supersede(version)
            version.adopted_by = person.id
        version.states.append(state)

    def expect_signer(self, version: Version, person: Actor) -> None:
        if needs_second_person(self.plan):
            signer = narrow_to_signer(person)
            if not signer.grants:
                raise Forbidden("forbidden")
            expect_second_person({signer.id}, {version.proposed_by or ""})
        elif person.id == version.proposed_by:
            self.reached["signed alone"] += 1

    def supersede(self, version: Version) -> None:
        lines = [AmendingVersion(each.id, each.amends, each.state) for each in self.known.values()]
        superseded = find_superseded(version.id, lines)
        if superseded is not None:
            earlier = self.known[superseded]
            earlier.states.append(derive_next_state("supersede", earlier.state))
            earlier.superseded_by = version.id
            self.reached["supersede"] += 1

    @invariant()
    def at_most_one_version_is_adopted(self) -> None:
        assert len(self.list_in_state("adopted")) <= 1

    @invariant()
    def what_was_adopted_stays_adopted_until_another_one_is(self) -> None:
        in_force = self.list_in_state("adopted")
        assert bool(in_force) == any("adopted" in each.states for each in self.known.values())

    @invariant()
    def an_adopted_version_gives_way_only_to_one_that_came_from_it(self) -> None:
        for each in self.list_in_state("superseded"):
            assert each.superseded_by is not None
            assert each.id in self.list_origins(each.superseded_by)

    def list_origins(self, version: UUID) -> Sequence[UUID]:
        origin = self.known[version].amends
        return () if origin is None else (origin, *self.list_origins(origin))

    @invariant()
    def where_the_plan_asks_for_a_second_person_nobody_signs_their_own_proposal(self) -> None:
        for each in self.known.values():
            signers = {each.approved_by, each.adopted_by} - {None}
            if self.plan.four_eyes == "person":
                assert each.proposed_by not in signers
                assert signers <= SIGNERS

    @invariant()
    def nothing_is_in_force_that_was_not_proposed_and_approved(self) -> None:
        for each in self.known.values():
            if "adopted" in each.states:
                at = each.states.index(self.kind("adopted"))
                assert each.states[at - 2 : at] == ["proposed", "approved"]
                assert each.proposed_by
                assert each.approved_by

    @invariant()
    def states_only_move_along_their_ways(self) -> None:
        for each in self.known.values():
            for before, after in pairwise(each.states):
                assert after in WAYS.get(before, set()) or before == after in KEEPING

    @invariant()
    def whoever_was_drawn_keeps_the_place_in_every_version(self) -> None:
        lots = sorted((each.lots for each in self.known.values()), key=len)
        assert all(longer[: len(shorter)] == shorter for shorter, longer in pairwise(lots))


class AllocationVersions(ConferenceVersions):
    kind, table, reached = AllocationState, ALLOCATION_TRANSITIONS, Counter[str]()


class SelectionVersions(ConferenceVersions):
    kind, table, reached = SelectionState, SELECTION_TRANSITIONS, Counter[str]()

    @rule(version=ConferenceVersions.versions, act=st.sampled_from(["edit", "mend"]))
    def start_from(self, version: Version, act: Any) -> None:
        """A list may come from any that is worked on, and is mended after it was adopted."""
        try:
            derive_next_state(act, version.state)
        except Refused as refusal:
            self.refuse(refusal, act, version)
        else:
            self.add_version(version.id)
            self.reached[act] += 1


@pytest.mark.parametrize(
    ("machine", "others"),
    [
        (AllocationVersions, {"allocation_state", "settle_tie", "adjust"}),
        (
            SelectionVersions,
            {
                *("selection_state", "draw_lot", "release_reasons", "leave_unproven"),
                *("adopted_selection_is_amended", "selection_drawn_since"),
            },
        ),
    ],
)
def test_whatever_is_done_by_whomever_one_version_is_in_force_and_signed_as_the_plan_asks(
    machine: type[ConferenceVersions], others: set[str]
) -> None:
    run_state_machine_as_test(machine, settings=settings(examples(80), stateful_step_count=30))
    usual = {"adopt", "supersede", "withdraw", "fail", "second_person_needed", "forbidden", "signed alone"}
    assert {*usual, *others} <= set(machine.reached)
