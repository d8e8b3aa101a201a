"""A quota and all that came out of it under random nominations, distributions and resizes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from fractions import Fraction
from typing import ClassVar
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from domain.allocations import DistributedSeats, DistributionRule, UnitFigures, distribute_seats
from domain.apportionment import ApportionmentRule, Method
from domain.findings import Conflict
from domain.plans import SeatGroup
from domain.plans.seats import NomineeLimit
from domain.quotas import (
    QuotaChange,
    QuotaEntry,
    QuotaSource,
    QuotaTree,
    QuotaUse,
    compute_changes,
    compute_nominee_limit,
    compute_seats_below,
    compute_size,
    expect_nothing_pending,
    find_misfit,
)
from tests.conftest import examples

TOP = 1
BELOW = {1: (2, 3, 4), 2: (5, 6), 3: (7,)}
"""Unit → the units below it. Which of them are right below on the day of a distribution is drawn."""
WITH_QUOTA: st.SearchStrategy[int] = st.runner().flatmap(lambda machine: st.sampled_from([*machine.quotas]))
SIZES = st.integers(0, 12)


@dataclass
class StoredQuota:
    """A quota as it is stored."""

    unit: UUID
    group: str = "exemplars"
    source: QuotaSource = QuotaSource.DISTRIBUTED
    seats: int = 0
    nominee_limit: int = 0
    taken: int = 0
    nominated: int = 0
    distributed: int = 0
    excess_taken: int = 0
    excess_nominated: int = 0
    entered: QuotaEntry | None = None

    @property
    def use(self) -> QuotaUse:
        return QuotaUse(self.taken, self.nominated, self.distributed)


class QuotaOfUnits(RuleBasedStateMachine):
    """Quotas change as ``service/quotas.py``, ``service/distributions.py`` and the counters do it."""

    reached: ClassVar[Counter[str]] = Counter()

    @initialize(seats=st.integers(4, 12), times=st.sampled_from([1, 2]), plus=st.integers(0, 2))
    def receive(self, seats: int, times: int, plus: int) -> None:
        limit = NomineeLimit(times=Fraction(times), plus=plus)
        self.group = SeatGroup(id="exemplars", name="Điển hình", filled_by="units", nominee_limit=limit)
        self.quotas = {TOP: StoredQuota(UUID(int=TOP), source=QuotaSource.RECEIVED)}
        self.accepted: Counter[int] = Counter()
        self.before: dict[int, tuple[int, int, int, int]] = {}
        self.resize(TOP, seats, compute_nominee_limit(self.group, seats))

    def list_below(self, unit: int) -> Iterator[int]:
        """The units with a quota that came out of the unit's."""
        return (each for each in BELOW.get(unit, ()) if each in self.quotas)

    def build_tree(self, unit: int) -> QuotaTree:
        below = tuple(self.build_tree(each) for each in self.list_below(unit))
        return QuotaTree(UUID(int=unit), self.quotas[unit].use, below)

    def resize(self, unit: int, seats: int, limit: int) -> None:
        for change in compute_changes(self.build_tree(unit), seats, limit):
            self.store(change)

    def store(self, change: QuotaChange) -> None:
        quota = self.quotas[change.id.int]
        quota.seats, quota.nominee_limit = change.size.seats, change.size.nominee_limit
        quota.excess_taken, quota.excess_nominated = change.size.excess_taken, change.size.excess_nominated
        quota.distributed = change.distributed

    def count(self, unit: int, nominated: int, taken: int) -> bool:
        """What the trigger counts (``migrations/sql/counters.sql``), unless a constraint refuses it."""
        quota = self.quotas[unit]
        nominated, taken = quota.nominated + nominated, quota.taken + taken
        more_nominated = nominated + quota.distributed - quota.nominee_limit
        more_taken = taken + quota.distributed - quota.seats
        if more_nominated > quota.excess_nominated or more_taken > quota.excess_taken:
            self.reached["one too many"] += 1
            return False
        quota.nominated, quota.taken = nominated, taken
        quota.excess_nominated = min(quota.excess_nominated, max(more_nominated, 0))
        quota.excess_taken = min(quota.excess_taken, max(more_taken, 0))
        return True

    @rule(unit=WITH_QUOTA, submitted=st.integers(0, 4), accepted=st.integers(0, 4))
    def nominate(self, unit: int, submitted: int, accepted: int) -> None:
        for _ in range(submitted):
            self.count(unit, 1, 0)
        self.accept(unit, accepted)

    def accept(self, unit: int, nominees: int) -> None:
        quota = self.quotas[unit]
        for _ in range(nominees):
            if quota.nominated > quota.taken and self.count(unit, 0, 1):
                self.accepted[unit] += 1

    @rule(unit=WITH_QUOTA)
    def decide_all_pending(self, unit: int) -> None:
        """Accept who has a seat, and return the others."""
        pending = self.quotas[unit].nominated - self.quotas[unit].taken
        self.accept(unit, pending)
        while self.quotas[unit].nominated > self.quotas[unit].taken:
            self.return_submitted(unit)

    @rule(unit=WITH_QUOTA)
    def return_submitted(self, unit: int) -> None:
        if self.quotas[unit].nominated > self.quotas[unit].taken:
            assert self.count(unit, -1, 0)

    @rule(unit=WITH_QUOTA)
    def withdraw_accepted(self, unit: int) -> None:
        """One who leaves is never refused, whatever the excess."""
        if self.accepted[unit]:
            assert self.count(unit, -1, -1)
            self.accepted[unit] -= 1

    @rule(seats=SIZES)
    def replace_size(self, seats: int) -> None:
        """The level above gives another number, or an allocation is amended."""
        self.resize(TOP, seats, compute_nominee_limit(self.group, seats))
        top = self.quotas[TOP]
        if top.excess_taken:
            self.reached["excess"] += 1
            assert self.count_accepted(TOP) == top.taken + top.distributed, "what could come back came back"

    @rule(
        unit=WITH_QUOTA,
        absent=st.sets(st.sampled_from([2, 3, 5]), max_size=2),
        figures=st.permutations([3, 10, 31]),
        floor=st.integers(0, 1),
        cap=st.sampled_from([None, 2, 6]),
    )
    def distribute(
        self, unit: int, absent: set[int], figures: list[int], floor: int, cap: int | None
    ) -> None:
        quota, present = self.quotas[unit], [each for each in BELOW.get(unit, ()) if each not in absent]
        if not present or self.is_pending(unit):
            return
        below = [
            UnitFigures(str(each), str(each), str(each), "office", {"staff": figure})
            for each, figure in zip(present, figures, strict=False)
        ]
        committed = {str(each): self.build_tree(each).committed_seats for each in self.list_below(unit)}
        shared = DistributedSeats("exemplars", quota.seats - quota.taken, below, committed)
        method = DistributionRule("staff", ApportionmentRule(Method.SAINTE_LAGUE), floor, cap)
        answer = distribute_seats(shared, method)
        self.reached[answer.status] += 1
        if answer.status == "decided":
            self.store_distribution(
                unit, {int(one): n for one, n in compute_seats_below(committed, answer.by_id).items()}
            )

    def is_pending(self, unit: int) -> bool:
        try:
            expect_nothing_pending(self.quotas[unit].use)
        except Conflict as refusal:
            self.refuse(refusal, unit)
            return True
        return False

    def refuse(self, refusal: Conflict, unit: int) -> None:
        assert refusal.params == {"pending": self.quotas[unit].nominated - self.accepted[unit]}
        self.reached["pending"] += 1

    def store_distribution(self, unit: int, seats: dict[int, int]) -> None:
        quota = self.quotas[unit]
        for each, number in seats.items():
            self.quotas.setdefault(each, StoredQuota(UUID(int=each), seats=number, nominee_limit=number))
            self.resize(each, number, number)
        use = QuotaUse(quota.taken, quota.nominated, sum(seats.values()))
        size = compute_size(use, quota.seats, quota.nominee_limit)
        self.store(QuotaChange(quota.unit, size, use.distributed))
        self.reached[f"distributed by {unit}"] += 1

    def count_accepted(self, unit: int) -> int:
        """Everybody accepted by the unit or below it, counted by hand."""
        return self.accepted[unit] + sum(self.count_accepted(each) for each in BELOW.get(unit, ()))

    @invariant()
    def what_is_taken_and_distributed_is_within_seats_and_excess(self) -> None:
        for each in self.quotas.values():
            assert min(astuple(each)[3:-1]) >= 0
            assert each.taken <= each.nominated
            assert each.taken + each.distributed <= each.seats + each.excess_taken
            assert each.nominated + each.distributed <= each.nominee_limit + each.excess_nominated

    @invariant()
    def the_seats_below_are_those_that_were_distributed(self) -> None:
        for unit, each in self.quotas.items():
            assert sum(self.quotas[one].seats for one in self.list_below(unit)) == each.distributed

    @invariant()
    def nobody_who_was_accepted_loses_the_seat(self) -> None:
        """And only a quota that comes from elsewhere may have fewer seats than people."""
        for unit, each in self.quotas.items():
            assert each.taken == self.accepted[unit]
            assert self.count_accepted(unit) <= each.seats + each.excess_taken
            assert unit == TOP or each.excess_taken == 0

    @invariant()
    def excess_comes_from_shrinking_only_and_only_shrinks_afterwards(self) -> None:
        for unit, each in self.quotas.items():
            now = (each.seats, each.nominee_limit, each.excess_taken, each.excess_nominated)
            seats, limit, taken, nominated = self.before.get(unit, (0, 0, 0, 0))
            assert each.seats < seats or each.excess_taken <= taken
            assert each.nominee_limit < limit or each.excess_nominated <= nominated
            self.before[unit] = now

    @invariant()
    def a_list_is_a_misfit_exactly_while_it_is_too_long(self) -> None:
        for each in self.quotas.values():
            is_too_long = (
                each.taken + each.distributed > each.seats
                or each.nominated + each.distributed > each.nominee_limit
            )
            assert (find_misfit(each) is not None) == is_too_long


def test_whatever_is_nominated_distributed_and_resized_nobody_loses_a_seat_and_none_is_given_twice() -> None:
    run_state_machine_as_test(QuotaOfUnits, settings=settings(examples(70), stateful_step_count=30))
    wanted = {
        "one too many",
        "excess",
        "pending",
        "decided",
        "infeasible",
        *(f"distributed by {n}" for n in BELOW),
    }
    assert wanted <= set(QuotaOfUnits.reached)
