"""What a version of a plan changes about open conferences: typed differences, and what no longer fits."""

from dataclasses import fields
from typing import Any

import pytest

from domain.conferences.comparison import (
    ConferenceBasis,
    KeptConference,
    TermsComparison,
    TermsPart,
    compare_terms,
    derive_terms_from,
)
from domain.conferences.sizing import ConferenceNumbers, GroupNumber
from domain.conferences.terms import ConferenceTerms, UnitFacts
from domain.findings import Severity
from domain.plans import Plan
from tests.domain.plans.examples import amend_plan, plan

S0, S3 = "soc_trang_2020", "khanh_hoa_cong_thuong_2020"


def basis(
    tier: str = "upper", kind: str = "department", code: str = "so-a", *, pilot: bool = False, **more: Any
) -> ConferenceBasis:
    facts = UnitFacts(code=code, kind=kind, name="Đơn vị thử nghiệm 1", staff=250, pilot=pilot)
    return ConferenceBasis(tier=tier, facts=facts, **more)


def compare(new: Plan, *held: ConferenceBasis, old: str = S0) -> tuple[TermsComparison, ...]:
    kept = [
        KeptConference(str(n), each, derive_terms_from(plan(old), each)) for n, each in enumerate(held, 1)
    ]
    return compare_terms(new, kept)


def test_a_version_that_says_the_same_changes_nothing() -> None:
    (same,) = compare(plan(S0), basis())
    assert (same.conference, same.differences, same.findings) == ("1", (), ())


def test_a_second_quarter_that_moves_changes_all_but_the_pilots() -> None:
    """Sở LĐTBXH, a pilot, meets in the first quarter whatever the window of the tier is."""
    moved = amend_plan(S0, "/tiers/1/window/quarter", 3)
    other, pilot = compare(moved, basis(), basis(code="so-lao-dong-thuong-binh-va-xa-hoi"))
    told = [(each.part, each.pointer, each.before, each.after) for each in other.differences]
    assert told == [
        ("window", "/window/start", "2020-04-01", "2020-07-01"),
        ("window", "/window/end", "2020-06-30", "2020-09-30"),
    ]
    assert {each.clause for each in other.differences} == {"ii.2.b.thoi-gian"}
    assert pilot.differences == ()


def test_a_lower_cap_says_which_decided_numbers_no_longer_fit() -> None:
    sized = basis(numbers=ConferenceNumbers(size=280))
    (found,) = compare(amend_plan(S0, "/tiers/1/cap/number", 200), sized)
    caps = [(each.before, each.after) for each in found.differences if each.part == TermsPart.CAP]
    assert caps == [(300, 200)]
    (over,) = [each for each in found.findings if each.code == "size_over_cap"]
    assert (over.params, over.clause) == ({"size": 280, "cap": 200}, "ii.2.b.so-luong")
    assert over.severity is Severity.WARNING  # nothing is refused by a comparison


def test_a_seat_group_is_named_by_its_id() -> None:
    source = {"clause": "ii.2.b.thanh-phan"}
    groups = [
        {"id": "dien-hinh", "name": "Điển hình", "filled_by": "units", "counts_as": "exemplar", **source},
        {"id": "bao-chi", "name": "Báo chí", "filled_by": "invitation", "counts_as": "guest", **source},
    ]
    amended = amend_plan(S0, "/tiers/1/seat_groups", groups)
    (found,) = compare(amended, basis())
    told = {(each.kind, each.id) for each in found.differences if each.part == TermsPart.SEAT_GROUPS}
    assert {("added", "bao-chi"), ("removed", "khach-moi"), ("changed", "dien-hinh")} <= told


SOURCE = {"clause": "ii.2.b.thanh-phan"}


def group_of_blocs(*blocs: str) -> dict[str, Any]:
    each = [{"id": one, "name": one, "kinds": [one], "seats": 2, "measure": "staff"} for one in blocs]
    exemplar = {"id": "dien-hinh", "name": "Điển hình", "filled_by": "units", "counts_as": "exemplar"}
    return {**exemplar, "blocs": each, **SOURCE}


def guests(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "filled_by": "invitation", "counts_as": "guest", **SOURCE}


@pytest.mark.parametrize(
    ("before", "after", "pointer"),
    [
        ([], [guests("bao-chi")], "/seat_groups/1/blocs/1"),
        ([guests("bao-chi")], [], "/seat_groups/0/blocs/1"),
    ],
)
def test_a_bloc_that_is_removed_behind_groups_that_move_names_its_own_group(
    before: list[dict[str, Any]], after: list[dict[str, Any]], pointer: str
) -> None:
    where = "/tiers/1/seat_groups"
    old = amend_plan(S0, where, [*before, group_of_blocs("district", "department")])
    kept = KeptConference("1", basis(), derive_terms_from(old, basis()))
    (found,) = compare_terms(amend_plan(S0, where, [*after, group_of_blocs("district")]), [kept])
    (gone,) = [each for each in found.differences if each.kind == "removed" and "blocs" in each.pointer]
    assert (gone.id, gone.pointer) == ("dien-hinh", pointer)


def test_the_numbers_of_the_conference_stay_in_the_place_of_what_both_versions_leave_open() -> None:
    numbers = ConferenceNumbers(size=250, seat_groups=(GroupNumber(id="dien-hinh", seats=180),))
    (found,) = compare(amend_plan(S0, "/tiers/1/length/half_days", 2), basis(numbers=numbers))
    assert [(each.part, each.after) for each in found.differences] == [("length", 2)]


def test_another_clause_for_the_same_rule_is_no_difference() -> None:
    renamed = amend_plan(S0, "/tiers/1/cap/clause", "ii.2.b")
    assert compare(renamed, basis())[0].differences == ()


def test_a_tier_that_is_gone_is_told_alone() -> None:
    amended = amend_plan(S0, "/tiers/1/id", "upper")
    gone = basis("huyen")
    (found,) = compare_terms(amended, [KeptConference("1", gone, derive_terms_from(plan(S0), basis()))])
    (difference,) = found.differences
    assert (difference.part, difference.kind, difference.before) == ("tier", "removed", "huyen")


def test_a_unit_that_the_tier_no_longer_takes_is_told() -> None:
    kinds = ["public_unit", "party_body", "front", "union", "central_agency", "district"]
    (found,) = compare(amend_plan(S0, "/tiers/1/kinds", kinds), basis())
    assert [each.code for each in found.findings] == ["unit_not_of_tier"]


def test_a_chosen_name_that_is_offered_no_more_is_to_be_chosen_again() -> None:
    chosen = basis("grassroots", "enterprise", chosen="nguoi-tot-viec-tot")
    names = plan(S3).tiers[0].names
    assert chosen.chosen in {each.id for each in names}
    kept = [
        {"id": each.id, "name": each.name, "clause": each.clause}
        for each in names
        if each.id != chosen.chosen
    ]
    (found,) = compare(amend_plan(S3, "/tiers/0/names", kept), chosen, old=S3)
    (name,) = [each for each in found.differences if each.part == TermsPart.NAME]
    assert (name.kind, name.after) == ("changed", None)
    assert "name_to_choose" in {each.code for each in found.findings}


@pytest.mark.parametrize("name", [each.name for each in fields(ConferenceTerms)])
def test_every_term_is_compared(name: str) -> None:
    """The unit is what both have in common, and findings follow from the terms."""
    assert (name in {*TermsPart}) != (name in {"unit", "findings"})
