"""Targets of a plan over the units of an allocation."""

from dataclasses import replace
from fractions import Fraction

import pytest

from domain.allocations import (
    AllocationInputs,
    AllocationSnapshot,
    SplitTarget,
    TargetCertificate,
    UnitFigures,
    compute_target_shares,
    derive_target_inputs,
    keep_matching_certificates,
)
from domain.allocations.targets import certify_target_shares, list_split_targets
from domain.findings import Invalid
from domain.plans import SeatGroup, Target, Tier
from domain.snapshots import compute_digest, plain_record
from domain.verification import verify_proof

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


def certify(given: Tier) -> list[TargetCertificate]:
    staff = {"bac": {"staff": 9, "kin": 4}, "nam": {"staff": 5, "kin": 1}}
    return list(certify_target_shares(list_split_targets(given), SEATS, staff, seed="s"))


def test_the_split_of_each_target_is_certified_with_its_hands() -> None:
    given = tier(count=3, by_hand={"dong": 1}, part="kin")
    (proof,) = certify(given)
    assert proof.certificate is not None
    assert verify_proof(proof.certificate) == ()
    staff = {"bac": {"staff": 9, "kin": 4}, "nam": {"staff": 5, "kin": 1}}
    shares, _ = compute_target_shares(list_split_targets(given), SEATS, staff, seed="s")
    stored = {(each.target, each.unit): (each.fair_share, each.seats) for each in shares}
    assert keep_matching_certificates([proof], stored) == [proof]


def test_a_split_that_is_stored_otherwise_is_not_proven() -> None:
    (proof,) = certify(tier(count=3))
    assert proof.certificate is not None
    rows = proof.certificate["rows"]
    stored = {("t", row["unit"]): (row["shares"]["yes"], row["places"]["yes"]) for row in rows}
    share, seats = stored["t", "bac"]
    for other in ((share, seats + 1), ("0.000001", seats)):
        kept = keep_matching_certificates([proof], {**stored, ("t", "bac"): other})
        assert kept == [TargetCertificate("t", None)]
    assert keep_matching_certificates([proof], stored) == [proof]
