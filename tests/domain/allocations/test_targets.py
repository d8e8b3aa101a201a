"""Targets of a plan over the units of an allocation."""

from dataclasses import replace
from fractions import Fraction

import pytest

from domain.allocations import (
    AllocationInputs,
    AllocationSnapshot,
    SplitTarget,
    UnitFigures,
    compute_target_shares,
    derive_target_inputs,
)
from domain.allocations.targets import list_split_targets
from domain.findings import Invalid
from domain.plans import SeatGroup, Target, Tier
from domain.snapshots import compute_digest, plain_record

SEATS = {("bac", "g"): 4, ("nam", "g"): 2, ("dong", "g"): 2}


def tier(**target: object) -> Tier:
    wanted = Target(id="t", name="t", attribute="religion", values=("phat-giao",), split=True, **target)  # type: ignore[arg-type]
    group = SeatGroup(id="g", name="g", filled_by="units")
    return Tier(id="x", name="x", congresses=("c",), seat_groups=(group,), targets=(wanted,))


def split(given: Tier) -> dict[str, int]:
    found, _ = compute_target_shares(list_split_targets(given), SEATS, {}, seed="s")
    return {each.unit: each.seats for each in found}


def test_what_is_given_by_hand_stands_and_the_rest_is_split() -> None:
    assert split(tier(count=4)) == {"bac": 2, "nam": 1, "dong": 1}
    assert split(tier(count=4, by_hand={"dong": 2})) == {"bac": 1, "nam": 1, "dong": 2}
    assert split(tier(count=2, by_hand={"bac": 0, "nam": 2})) == {"bac": 0, "nam": 2, "dong": 0}


def test_by_hand_no_unit_is_asked_for_more_than_it_has() -> None:
    with pytest.raises(Invalid):
        split(tier(count=4, by_hand={"dong": 3}))


def test_an_ask_is_itself_again_from_the_frozen_inputs() -> None:
    (ask,) = list_split_targets(tier(share=Fraction(1, 4), by_hand={"bac": 1}))
    assert SplitTarget.read_plain(plain_record(ask)) == ask
    before = {name: value for name, value in plain_record(ask).items() if name != "by_hand"}
    assert SplitTarget.read_plain(before).by_hand == {}, (
        "inputs frozen before there was a hand are still read"
    )


def freeze(
    name: str = "t", plan: str = "p", as_of: str = "2020-06-01", unit: str = "tinh"
) -> AllocationSnapshot:
    """Inputs in which three units have equal claims to one person."""
    wanted = replace(tier(count=1).targets[0], name=name)
    units = [UnitFigures(code, code, f"{name} {code}", "district", {}) for code, _ in SEATS]
    targets = derive_target_inputs(replace(tier(count=1), targets=(wanted,)), units)
    return AllocationSnapshot("c", unit, "x", plan, as_of, AllocationInputs(()), targets)


def test_edits_without_effect_do_not_move_the_ties_of_a_split() -> None:
    """The digest of all inputs was the seed before: a comma in a name moved the tie."""
    seats = dict.fromkeys(SEATS, 1)
    edited = [freeze(name=f"t{n}", plan=f"p{n}", as_of=f"2020-06-{n + 10}") for n in range(20)]
    assert len({compute_digest(each.plain()) for each in edited}) == 20
    assert all(each.split_targets(seats) == freeze().split_targets(seats) for each in edited)
    asked = {freeze(unit=f"u{n}").split_targets(seats)[0] for n in range(30)}
    assert len(asked) == len(SEATS), "of other conferences other units"
