"""What in a plan somebody has to look at: DOMAIN's edge cases 9, 11, 12, 14 and 15, and who decides."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from domain.conferences.terms import UnitFacts, derive_terms
from domain.plans import check_contradictions, check_plan
from domain.plans.seats import NomineeLimit
from service.formats.plans import read_plan
from tests.domain.plans.examples import NAMES, amend_plan, body, faults, filter_findings, plan

S0, S1, S3, S4 = NAMES


# Edge case 9: no number, no date, headings twice, periods mixed.


@pytest.mark.parametrize(("name", "blank"), [(S0, True), (S1, True), (S3, True), (S4, False)])
def test_a_plan_without_number_and_date_is_reported_not_refused(name: str, blank: bool) -> None:
    codes = {each.code for each in check_contradictions(plan(name))}
    assert ({"plan_without_number", "plan_without_date"} <= codes) is blank


def test_kim_bang_prints_i_and_2_1_twice_and_each_place_keeps_an_id() -> None:
    repeated = filter_findings(check_contradictions(plan(S1)), "label_repeated")
    assert [(each.params["label"], each.params["clauses"]) for each in repeated] == [
        ("I", ["i", "nd"]),
        ("2.1", ["nd.2.xa", "nd.2.huyen"]),
    ]
    assert len({clause.id for clause in plan(S1).clauses}) == len(plan(S1).clauses)


def test_kim_bang_mixes_its_periods() -> None:
    [finding] = filter_findings(check_contradictions(plan(S1)), "periods_differ")
    assert finding.params == {"role": "reviewed", "periods": ["2020-2025", "2021-2025"]}
    assert not filter_findings(check_contradictions(plan(S0)), "periods_differ")


# Edge case 11: criteria have no numbers; targets come from decisions.


def test_soc_trang_names_ten_criteria_without_a_number() -> None:
    assert len(filter_findings(check_contradictions(plan(S0)), "criterion_without_target")) == 10


def test_no_target_of_any_example_comes_from_the_plan_itself() -> None:
    targets = [target for name in NAMES for tier in plan(name).tiers for target in tier.targets]
    made_up = {each.id for name in NAMES for each in plan(name).decisions if each.made_up}
    assert len(targets) >= 4
    assert all(target.clause is None and target.decision in made_up for target in targets)


def test_a_target_from_nowhere_is_refused() -> None:
    whole = body(S0)
    del whole["tiers"][2]["targets"][0]["decision"]
    assert faults(whole) == [("plan_source_missing", "/tiers/2/targets/0")]


# Edge case 12: other plans of the same kind fit the format.


def _capped(caps: tuple[int, int, int]) -> dict[str, Any]:
    """Sóc Trăng's plan with the caps of another province: Bến Tre 2014 had 50, 200 and 500."""
    whole = body(S0)
    for tier, cap in zip(whole["tiers"], caps, strict=False):
        tier["cap"] = {"number": cap, "forms": ["plenary", "delegate"], "clause": tier["clause"]}
    return whole


def test_ben_tre_2014_caps_every_tier() -> None:
    other = read_plan(_capped((50, 200, 500)))
    grassroots = derive_terms(
        other, "grassroots", UnitFacts(code="xa-1", kind="commune", name="Xã 1", staff=40)
    )
    assert (grassroots.form, grassroots.cap) == ("plenary", 50)
    assert [tier.cap.number for tier in other.tiers if tier.cap] == [50, 200, 500]


def test_the_rubber_group_of_2014_wants_70_percent_direct_workers_not_exemplars() -> None:
    whole = body(S0)
    upper = whole["tiers"][1]
    del upper["mix"]
    upper["kinds"] = ["enterprise"]
    threshold = {"number": 300, "clause": "ii.2.b.so-luong"}
    upper["attendance"] = {"threshold": threshold, "clause": "ii.2.b.so-luong"}
    upper["targets"] = [
        {
            "id": "lao-dong",
            "name": "Lao động trực tiếp 70%",
            "attribute": "direct_worker",
            "values": ["yes"],
            "share": "7/10",
            "criterion": "lao-dong-truc-tiep",
            "clause": "ii.2.b.lao-dong",
        }
    ]
    rubber = read_plan(whole)
    terms = derive_terms(
        rubber, "upper", UnitFacts(code="cong-ty-1", kind="enterprise", name="Công ty 1", staff=301)
    )
    assert (terms.form, terms.cap, terms.mix) == ("delegate", 300, None)
    assert [target.share for target in terms.targets] == [Fraction(7, 10)]
    assert "lao-dong-truc-tiep" not in {
        each.params["criterion"] for each in filter_findings(terms.findings, "criterion_without_target")
    }


# Edge case 14: delegates are persons, or stand for collectives.


def test_exemplars_stand_for_themselves_or_for_a_collective() -> None:
    for name in NAMES:
        exemplars = [g for t in plan(name).tiers for g in t.seat_groups if g.id == "dien-hinh"]
        assert exemplars
        assert all(group.stands_for == ("person", "collective") for group in exemplars)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("gender", "female"), ("ethnicity", "05"), ("religion", "phat-giao"), ("party_member", "yes")],
)
def test_what_only_persons_have_is_asked_of_the_person_sent(attribute: str, value: str) -> None:
    whole = body(S0)
    whole["tiers"][2]["targets"][1] |= {"attribute": attribute, "values": [value], "of": "holder"}
    assert faults(whole) == [("plan_attribute_of_person", "/tiers/2/targets/1/of")]


def test_an_award_may_be_the_collectives() -> None:
    orders = plan(S0).tiers[2].find_seat_group("huan-chuong")
    assert orders
    [condition] = orders.eligibility
    assert (condition.since, condition.held_by, condition.clause) == (2016, "either", "ii.2.d.6")


# Edge case 15: small units need floors.


def test_each_district_has_a_floor_whatever_its_population() -> None:
    exemplars = plan(S0).tiers[2].find_seat_group("dien-hinh")
    assert exemplars
    districts = exemplars.find_bloc("huyen-cu-lao-dung", "district")
    assert districts
    assert (districts.measure, districts.get_bounds("huyen-cu-lao-dung")) == ("population", (5, 15))


def test_a_unit_of_93_people_may_have_a_floor_of_its_own() -> None:
    whole = body(S0)
    districts = next(b for b in whole["tiers"][2]["seat_groups"][6]["blocs"] if b["id"] == "huyen-thi")
    districts["floors"] = {"huyen-truong-sa": 1}
    bloc = read_plan(whole).tiers[2].seat_groups[6].find_bloc("huyen-truong-sa", "district")
    assert bloc
    assert bloc.get_bounds("huyen-truong-sa") == (1, 15)
    assert bloc.get_bounds("huyen-ke-sach") == (5, 15)


def test_a_unit_named_in_a_bloc_goes_before_its_kind() -> None:
    exemplars = plan(S0).tiers[2].seat_groups[6]
    named_bloc, of_its_kind = (
        exemplars.find_bloc(c, "central_agency") for c in ("cong-an-tinh", "cuc-thue-tinh")
    )
    assert named_bloc
    assert of_its_kind
    assert (named_bloc.id, of_its_kind.id) == ("vu-trang", "trung-uong")


# Who decides, what is awaited, what stands as words.


def test_kim_bang_lets_three_organs_decide_the_number() -> None:
    commune, district = filter_findings(check_contradictions(plan(S1)), "numbers_decided_twice")
    assert commune.params["clauses"] == ["nd.2.xa.quyet-dinh", "nd.2.3.d.1", "nd.2.3.d.2"]
    assert (district.params["tier"], district.clause) == ("district", "nd.2.3.d.2")


def test_a_decision_settles_who_decides() -> None:
    settled = amend_plan(S1, "/tiers/0/numbers_decision", "phan-bo-hoi-nghi-huyen")
    assert [
        each.params["tier"]
        for each in filter_findings(check_contradictions(settled), "numbers_decided_twice")
    ] == ["district"]


def test_proposer_and_decider_differ_in_soc_trang() -> None:
    [number] = plan(S0).tiers[2].numbers
    assert (number.proposed_by, number.decided_by) == (
        "Thường trực Hội đồng Thi đua - Khen thưởng tỉnh",
        "Ủy ban nhân dân tỉnh",
    )


def test_hai_phong_awaits_a_later_plan_and_soc_trang_a_quota() -> None:
    assert [
        each.clause for each in filter_findings(check_contradictions(plan(S4)), "instrument_awaited")
    ] == ["ii.3.c.sau"]
    assert [each.clause for each in filter_findings(check_contradictions(plan(S0)), "quota_awaited")] == [
        "iii.2.6"
    ]


def test_a_later_plan_with_its_number_is_no_longer_awaited() -> None:
    come = amend_plan(S4, "/instruments/1/number", "12/KH-UBND")
    assert not filter_findings(check_contradictions(come), "instrument_awaited")


def test_khanh_hoa_has_pilots_without_names() -> None:
    assert [each.clause for each in filter_findings(check_contradictions(plan(S3)), "pilots_unnamed")] == [
        "iii.2"
    ]


@pytest.mark.parametrize("name", ["soc_trang_2020", "kim_bang_2025", "khanh_hoa_cong_thuong_2020"])
def test_a_plan_that_is_silent_about_the_number_between_is_reported(name: str) -> None:
    assert filter_findings(check_contradictions(plan(name)), "threshold_silent")
    settled = amend_plan(name, "/tiers/0/attendance/threshold/delegate", ">=")
    assert not filter_findings(check_contradictions(settled), "threshold_silent")


def test_numbers_off_the_mix_are_reported() -> None:
    whole = body(S1)
    guests, _, agencies, _ = whole["tiers"][1]["seat_groups"]
    guests["seats"], agencies["seats"] = 60, 50
    [finding] = filter_findings(check_contradictions(read_plan(whole)), "groups_off_mix")
    assert (finding.params["exemplars"], finding.params["least"]) == (200, 210)
    assert not filter_findings(check_contradictions(plan(S1)), "groups_off_mix")


def test_a_lower_window_that_runs_into_the_upper_one_is_reported() -> None:
    late = amend_plan(S1, "/tiers/0/window", {"year": 2025, "month": 4, "clause": "nd.2.xa.thoi-gian"})
    [finding] = filter_findings(check_contradictions(late), "window_after_superior")
    names = {tier.id: tier.name for tier in plan(S1).tiers}
    assert finding.pointer == "/tiers/0/window"
    assert finding.params == {
        "tier": "commune",
        "tier_name": names["commune"],
        "superior": "district",
        "superior_name": names["district"],
    }


def test_every_made_up_decision_is_pointed_out() -> None:
    for name in NAMES:
        found = filter_findings(check_contradictions(plan(name)), "decision_made_up")
        assert [each.params["decision"] for each in found] == [each.id for each in plan(name).decisions]


def test_findings_point_at_something_in_the_body() -> None:
    for name in NAMES:
        whole = body(name)
        for finding in check_contradictions(plan(name)):
            *path, _ = finding.pointer.lstrip("/").split("/")
            place: Any = whole
            for step in path:
                place = place[int(step)] if isinstance(place, list) else place[step]


def test_the_examples_have_no_errors() -> None:
    assert [check_plan(plan(name)) for name in NAMES] == [(), (), (), ()]


def test_nominee_limits_are_exact() -> None:
    assert [NomineeLimit(plus=1).compute_limit(seats) for seats in (0, 1, 7)] == [0, 2, 8]
    assert NomineeLimit(times=Fraction(3, 2)).compute_limit(7) == 10
    group = plan(S0).tiers[2].seat_groups[6]
    assert group.compute_nominee_limit(7) == 7


def test_a_plan_stands_until_the_day_it_expires() -> None:
    ends = amend_plan(S0, "/expires", "2020-12-31")
    assert not ends.has_expired(dt.date(2020, 12, 31))
    assert ends.has_expired(dt.date(2021, 1, 1))
    assert not plan(S0).has_expired(dt.date(2100, 1, 1))
