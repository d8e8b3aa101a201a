"""Several targets over the same units: the guard for small ones, and what gives way."""

from fractions import Fraction
from random import Random

import pytest

from domain.composition.overlapping_targets import (
    NO,
    YES,
    DeviationKind,
    TargetSeats,
    UnitStaff,
    split_targets,
)
from domain.composition.solver.split_table import SplitRow
from domain.composition.split import split_partition
from domain.findings import Invalid
from service.texts import load_catalogue


def _units(seed: int) -> list[UnitStaff]:
    draw = Random(seed)
    units = []
    for n in range(draw.randint(3, 20)):
        heads = draw.randint(10, 300)
        people = {
            name: draw.randint(0, heads) for name in ("women", "khmer", "workers") if draw.random() < 0.9
        }
        units.append(UnitStaff(f"u{n:02}", draw.choice([1, 1, 1, 2, 3, 7]), people, heads))
    return units


def _asks(units: list[UnitStaff]) -> list[TargetSeats]:
    seats = sum(staff.seats for staff in units)
    return [
        TargetSeats("women", seats * 2 // 5),
        TargetSeats("khmer", seats // 5, priority=2),
        TargetSeats("workers", seats // 3, priority=3),
    ]


def test_without_a_guard_each_target_is_split_by_itself() -> None:
    units = _units(1)
    asks = _asks(units)
    together = split_targets(units, asks, seed="s")
    seats = sum(staff.seats for staff in units)
    for ask in asks:
        rows = [
            SplitRow(
                staff.unit,
                staff.seats,
                {YES: staff.people[ask.target]} if ask.target in staff.people else None,
                staff.headcount,
            )
            for staff in units
        ]
        alone = split_partition(rows, {YES: ask.places, NO: seats - ask.places}, seed=f"s/{ask.target}")
        assert together.splits[ask.target] == alone
    assert together.exceptions == ()


def test_the_guard_holds_and_every_target_is_still_met() -> None:
    bitten = 0
    for seed in range(60):
        units = _units(seed)
        stacked = split_targets(units, _asks(units), seed="s", limit=1)
        seats = {staff.unit: staff.seats for staff in units}
        lifted = {one.unit for one in stacked.exceptions if one.what is DeviationKind.GUARD}
        assert all(asked <= seats[unit] for unit, asked in stacked.demands.items() if unit not in lifted)
        for ask, result in zip(_asks(units), stacked.splits.values(), strict=True):
            if result.feasible:
                assert sum(row.places[1] for row in result.units) == ask.places
        bitten += bool(stacked.exceptions)
        assert {finding.code for finding in stacked.findings} <= set(load_catalogue())
    assert bitten > 10


def test_every_cell_off_its_floor_and_ceiling_is_reported_and_no_other() -> None:
    off = 0
    for seed in range(60):
        units = _units(seed)
        stacked = split_targets(units, _asks(units), seed="s", limit=1)
        reported = {
            (one.target, one.unit)
            for one in stacked.exceptions
            if one.what in (DeviationKind.BELOW_FLOOR, DeviationKind.ABOVE_CEILING)
        }
        found = {
            (target, row.unit)
            for target, result in stacked.splits.items()
            for row in result.units
            if row.places[1] not in (row.shares[1] // 1_000_000, -(-row.shares[1] // 1_000_000))
        }
        assert reported == found
        off += len(found)
    assert off > 5


def test_people_bound_the_places_under_the_guard_too() -> None:
    for seed in range(60):
        units = _units(seed)
        stacked = split_targets(units, _asks(units), seed="s", limit=Fraction(3, 2))
        feasible = {target: result for target, result in stacked.splits.items() if result.feasible}
        for target, result in feasible.items():
            for staff, row in zip(units, result.units, strict=True):
                no, yes = row.places
                if target in staff.people:
                    assert yes <= staff.people[target]
                    assert no <= (staff.headcount or 0) - staff.people[target]


def test_a_one_seat_unit_is_not_asked_for_three_kinds_at_once() -> None:
    """Twelve units of one seat, the small one all women, Khmer and workers."""
    rich = {"women": 9, "khmer": 9, "workers": 9}
    units = [
        UnitStaff("rich", 1, rich, 10),
        *(UnitStaff(f"u{n:02}", 1, dict.fromkeys(rich, 2), 10) for n in range(11)),
    ]
    asks = [
        TargetSeats("women", 3),
        TargetSeats("khmer", 3, priority=2),
        TargetSeats("workers", 3, priority=3),
    ]
    assert split_targets(units, asks, seed="s").demands["rich"] == 3
    guarded = split_targets(units, asks, seed="s", limit=1)
    assert guarded.demands["rich"] == 1
    assert max(guarded.demands.values()) == 1
    assert sum(guarded.demands.values()) == 9


def test_the_guard_yields_where_the_target_could_not_be_reached_otherwise() -> None:
    units = [UnitStaff("a", 1, {"women": 5, "khmer": 5}, 9), UnitStaff("b", 1, {"women": 0, "khmer": 0}, 9)]
    stacked = split_targets(
        units, [TargetSeats("women", 1), TargetSeats("khmer", 1, priority=2)], seed="s", limit=1
    )
    assert stacked.demands == {"a": 2, "b": 0}
    (one,) = stacked.exceptions
    assert (one.target, one.unit, one.what, one.seats, one.cap) == ("khmer", "a", DeviationKind.GUARD, 1, 0)
    assert [finding.code for finding in stacked.findings] == ["stacking_guard"]


def test_targets_take_their_turn_hard_first_then_by_priority() -> None:
    units = [UnitStaff("a", 2), UnitStaff("b", 2)]
    asks = [
        TargetSeats("c", 1, priority=2),
        TargetSeats("b", 1, priority=1),
        TargetSeats("a", 1, priority=1),
        TargetSeats("d", 1, True, 9),
    ]
    assert list(split_targets(units, asks, seed="s").splits) == ["d", "a", "b", "c"]


def test_hands_stay_as_given_under_the_guard() -> None:
    units = [UnitStaff("a", 1, {"women": 5, "clergy": 5}, 9), UnitStaff("b", 1, {"women": 5, "clergy": 0}, 9)]
    asks = [TargetSeats("women", 1, by_hand={"a": 1}), TargetSeats("clergy", 1, priority=2, by_hand={"a": 1})]
    stacked = split_targets(units, asks, seed="s", limit=1)
    assert stacked.demands["a"] == 2
    assert [(one.unit, one.what) for one in stacked.exceptions] == [("a", DeviationKind.GUARD)]


def test_a_target_out_of_reach_makes_no_demands() -> None:
    units = [UnitStaff("a", 3, {"women": 1, "khmer": 3}, 9), UnitStaff("b", 1, {"women": 0, "khmer": 3}, 9)]
    stacked = split_targets(
        units, [TargetSeats("women", 2), TargetSeats("khmer", 2, priority=2)], seed="s", limit=1
    )
    assert not stacked.splits["women"].feasible
    assert sum(stacked.demands.values()) == 2


def test_order_does_not_matter() -> None:
    units = _units(5)
    there = split_targets(units, _asks(units), seed="s", limit=1)
    back = split_targets(units[::-1], _asks(units)[::-1], seed="s", limit=1)
    assert there == back


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        ([TargetSeats("w", 1), TargetSeats("w", 2)], "target_twice"),
        ([TargetSeats("w", 4)], "target_over_size"),
    ],
)
def test_targets_that_cannot_be_right_are_refused(asks: list[TargetSeats], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        split_targets([UnitStaff("a", 3)], asks, seed="s")
    assert [error.code for error in refused.value.errors] == [code]
