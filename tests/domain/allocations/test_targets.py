"""Targets of a plan over the units of an allocation."""

from fractions import Fraction

import pytest

from domain.allocations import SplitTarget, compute_target_shares
from domain.allocations.targets import list_split_targets
from domain.findings import Invalid
from domain.plans import SeatGroup, Target, Tier
from domain.snapshots import plain_record

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
