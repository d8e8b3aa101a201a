"""The numbers of one conference, against what the four plans leave open and what they do not."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from domain.conferences.sizing import (
    ConferenceNumbers,
    GroupNumber,
    GroupPlaces,
    check_conference_numbers,
    check_deciding_organ,
    check_used_places,
    choose_number_rule,
    complete_plan,
    complete_tier,
    compute_excess,
    expect_kept_groups,
)
from domain.conferences.terms import ConferenceTerms, UnitFacts, derive_terms
from domain.findings import Conflict
from domain.plans import Target, Tier
from domain.plans.seats import Bloc, SeatGroup, StepRule
from domain.plans.tiers import Form
from tests.domain.plans.examples import plan

SOC_TRANG, KIM_BANG, HAI_PHONG = "soc_trang_2020", "kim_bang_2025", "hai_phong_2020"


def load(name: str, tier_id: str, staff: int | None = 400) -> tuple[Tier, ConferenceTerms]:
    """A tier of a plan, and the terms of a unit there."""
    tier = plan(name).find_tier(tier_id)
    assert tier is not None
    facts = UnitFacts(code="don-vi", kind=tier.kinds[0], name="Đơn vị", staff=staff)
    return tier, derive_terms(plan(name), tier_id, facts)


def decide(size: int | None = None, *, targets: tuple[Target, ...] = (), **groups: int) -> ConferenceNumbers:
    """Numbers by group; ``_`` in a name stands for ``-``."""
    numbers = tuple(GroupNumber(id=name.replace("_", "-"), seats=seats) for name, seats in groups.items())
    return ConferenceNumbers(size=size, seat_groups=numbers, targets=targets)


def check(
    loaded: tuple[Tier, ConferenceTerms], numbers: ConferenceNumbers, reason: str | None = None
) -> list[tuple[str, str, str]]:
    """Code, severity and clause or pointer of each finding."""
    found = check_conference_numbers(*loaded, numbers, reason)
    return [(each.code, each.severity.value, each.clause or each.pointer) for each in found]


def settle(numbers: ConferenceNumbers, rule: str) -> ConferenceNumbers:
    return replace(numbers, rule=rule, settled_by="Công văn số 12/PNV")


def test_ii_2_a_so_luong_the_cap_binds_the_size_and_the_sum_of_the_groups() -> None:
    commune = load(SOC_TRANG, "grassroots", 201)
    assert check(commune, decide(180, khach_moi=40, lanh_dao=14, dien_hinh=126)) == []
    assert check(commune, decide(200)) == []
    assert check(commune, decide(201)) == [("size_over_cap", "error", "ii.2.a.so-luong")]
    over = decide(khach_moi=60, lanh_dao=20, dien_hinh=121)
    assert check(commune, over)[0] == ("groups_over_size", "error", "ii.2.a.so-luong")
    over = decide(180, khach_moi=40, lanh_dao=14, dien_hinh=127)
    assert check(commune, over)[0] == ("groups_over_size", "error", "/seat_groups")
    under = decide(180, khach_moi=40, lanh_dao=14, dien_hinh=120)
    assert ("groups_under_size", "warning", "/seat_groups") in check(commune, under)


def test_a_decision_decides_something() -> None:
    assert check(load(SOC_TRANG, "upper"), decide()) == [("numbers_missing", "error", "/size")]


def test_a_form_that_is_not_decided_yet_is_bound_like_delegates() -> None:
    unknown = load(SOC_TRANG, "grassroots", None)
    assert unknown[1].form is Form.UNDECIDED
    assert check(unknown, decide(201)) == [("size_over_cap", "error", "ii.2.a.so-luong")]


def test_2_1_a_plenary_has_no_size_and_no_cap_for_its_guests() -> None:
    """199 people meet in full, and invite 85: more than the 200 of a conference of delegates."""
    commune = load(KIM_BANG, "commune", 199)
    numbers = settle(decide(khach_moi=60, lanh_dao=25, dien_hinh=199), "nd.2.xa.quyet-dinh")
    assert check(commune, numbers) == [("mix_not_whole", "warning", "nd.2.xa.ty-le")]
    with_size = replace(numbers, size=284)
    assert check(commune, with_size) == [("plenary_has_no_size", "error", "nd.2.xa.toan-the")]


@pytest.mark.parametrize(
    ("size", "exemplars", "found"),
    [
        (200, 140, []),
        (200, 139, ["mix_needs_reason"]),
        (200, 141, ["mix_needs_reason"]),
        (199, 138, ["mix_not_whole", "mix_needs_reason"]),
        (199, 139, ["mix_not_whole"]),
        (199, 140, ["mix_not_whole"]),
        (199, 141, ["mix_not_whole", "mix_needs_reason"]),
    ],
)
def test_2_1_ty_le_kim_bang_says_70_without_about(size: int, exemplars: int, found: list[str]) -> None:
    commune = load(KIM_BANG, "commune")
    numbers = decide(size, khach_moi=size - exemplars - 20, lanh_dao=20, dien_hinh=exemplars)
    numbers = settle(numbers, "nd.2.xa.quyet-dinh")
    assert [code for code, _, _ in check(commune, numbers)] == found
    with_reason = check(commune, numbers, "Ít điển hình")
    warned = [code.replace("mix_needs_reason", "numbers_off_mix") for code in found]
    assert with_reason == [(code, "warning", "nd.2.xa.ty-le") for code in warned]


@pytest.mark.parametrize(("exemplars", "warned"), [(129, True), (130, False), (150, False), (151, True)])
def test_ii_2_a_ty_le_soc_trang_says_about_70(exemplars: int, warned: bool) -> None:
    """Five points either way, by the decision that the plan names: of 200, from 130 to 150."""
    district = load(SOC_TRANG, "upper")
    numbers = decide(200, khach_moi=190 - exemplars, lanh_dao=10, dien_hinh=exemplars)
    found = [("numbers_off_mix", "warning", "ii.2.b.ty-le")] if warned else []
    assert check(district, numbers) == found


def test_2_3_d_kim_bang_names_three_organs_and_one_is_to_be_named() -> None:
    tier, terms = load(KIM_BANG, "commune")
    numbers = decide(180)
    errors = check((tier, terms), numbers)
    assert errors == [("number_rule_open", "error", "nd.2.3.d.2")] * 2
    assert check((tier, terms), replace(numbers, rule="nd.2.3.d.2")) == errors[:1]
    assert check((tier, terms), settle(numbers, "nd.3")) == [("number_rule_unknown", "error", "/rule")]
    assert check((tier, terms), settle(numbers, "nd.2.3.d.2")) == []
    settled_by_plan = replace(tier, numbers_decision="so-luong")
    assert check((settled_by_plan, terms), numbers) == []
    rule = choose_number_rule(settled_by_plan, numbers)
    assert rule is not None
    assert (rule.decided_by, rule.decided_at) == ("Đơn vị tổ chức", "organiser")
    rule = choose_number_rule(tier, settle(numbers, "nd.2.3.d.2"))
    assert rule is not None
    assert rule.decided_at == "superior"
    assert choose_number_rule(load(SOC_TRANG, "upper")[0], numbers) is None


def test_ii_2_d_de_xuat_the_document_is_of_the_organ_that_the_plan_names() -> None:
    tier, _ = load(SOC_TRANG, "province")
    rule = choose_number_rule(tier, decide())
    assert [*check_deciding_organ(rule, "Ủy ban nhân dân tỉnh Sóc Trăng")] == []
    (finding,) = check_deciding_organ(rule, "Sở Nội vụ")
    assert (finding.code, finding.clause) == ("organ_differs_from_plan", "ii.2.d.de-xuat")
    level = choose_number_rule(load(SOC_TRANG, "grassroots")[0], decide())
    assert [*check_deciding_organ(level, "Ủy ban nhân dân Phường 1")] == []
    assert [*check_deciding_organ(None, "Sở Nội vụ")] == []


def test_a_group_of_the_plan_keeps_what_the_plan_says_of_it() -> None:
    tier, terms = load(SOC_TRANG, "province")
    numbers = decide(ba_me_viet_nam_anh_hung=11)
    assert check((tier, terms), numbers) == [("group_over_plan", "error", "ii.2.d.3")]
    fewer = complete_tier(tier, decide(ba_me_viet_nam_anh_hung=8))
    group = fewer.find_seat_group("ba-me-viet-nam-anh-hung")
    assert group is not None
    assert (group.seats, group.filled_by, group.clause) == (8, "roll", "ii.2.d.3")
    renamed = ConferenceNumbers(seat_groups=(GroupNumber(id="khach-moi", seats=9, filled_by="units"),))
    assert check((tier, terms), renamed) == [("group_of_plan", "error", "ii.2.d.10")]
    assert check((tier, terms), decide(khac=3)) == [("group_not_of_tier", "error", "ii.2.d")]
    blocs = check((tier, terms), decide(dien_hinh=279))
    assert [code for code, _, _ in blocs] == ["plan_blocs_off_group"]


def test_ii_3_b_hai_phong_has_no_groups_so_the_decision_defines_them() -> None:
    tier, terms = load(HAI_PHONG, "upper")
    assert (tier.seat_groups, terms.form) == ((), Form.UNDECIDED)
    unnamed = check((tier, terms), decide(150, dien_hinh=100))
    assert unnamed == [("missing", "error", f"/seat_groups/0/{name}") for name in ("name", "filled_by")]
    bloc = Bloc(id="phuong", name="Các phường", kinds=("commune",), seats=100, measure="population")
    exemplars = GroupNumber(
        id="dien-hinh", seats=100, name="Điển hình", filled_by="units", counts_as="exemplar", blocs=(bloc,)
    )
    guests = GroupNumber(id="khach-moi", seats=50, name="Khách mời", filled_by="invitation")
    numbers = ConferenceNumbers(size=150, seat_groups=(exemplars, guests))
    assert check((tier, terms), numbers) == []
    whole, completed = complete_plan(plan(HAI_PHONG), tier, numbers)
    assert whole.find_tier("upper") is completed
    assert [(each.id, each.seats, each.counts_as) for each in completed.seat_groups] == [
        ("dien-hinh", 100, "exemplar"),
        ("khach-moi", 50, "none"),
    ]
    expect_kept_groups(completed, ["dien-hinh"])
    with pytest.raises(Conflict) as refused:
        expect_kept_groups(completed, ["dien-hinh", "bao-chi"])
    assert refused.value.params == {"groups": ["bao-chi"]}


def build_target(**changes: Any) -> Target:
    named: dict[str, Any] = {
        "id": "nu",
        "name": "Đại biểu nữ",
        "attribute": "gender",
        "values": ("female",),
        "count": 60,
        "criterion": "nu",
    }
    return Target(**{**named, **changes})


def test_ii_2_b_the_ten_criteria_get_their_numbers_by_the_decision() -> None:
    tier, terms = load(SOC_TRANG, "upper")
    assert len(tier.composition) == 10
    targets = tuple(build_target(id=each.id, criterion=each.id) for each in tier.composition)
    assert check((tier, terms), decide(targets=targets)) == []
    completed = complete_tier(tier, decide(targets=targets))
    assert [(each.id, each.clause) for each in completed.targets] == [
        (each.id, each.clause) for each in tier.composition
    ]


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"criterion": None}, "missing", "/targets/0/criterion"),
        ({"criterion": "khac"}, "plan_reference_unknown", "/targets/0/criterion"),
        ({"count": None}, "plan_choose_one", "/targets/0"),
        ({"groups": ("khac",)}, "plan_reference_unknown", "/targets/0/groups/0"),
        ({"attribute": "birth", "of": "holder"}, "plan_attribute_of_person", "/targets/0/of"),
    ],
)
def test_a_target_that_cannot_be_is_refused_as_in_a_plan(
    changes: dict[str, Any], code: str, pointer: str
) -> None:
    numbers = decide(targets=(build_target(**changes),))
    found = check_conference_numbers(*load(SOC_TRANG, "upper"), numbers, None)
    assert [(each.code, each.pointer) for each in found] == [(code, pointer)]


def test_a_criterion_with_a_number_of_the_plan_gets_no_other() -> None:
    tier, terms = load(KIM_BANG, "district")
    numbers = settle(decide(targets=(build_target(id="nu-them"),)), "nd.2.3.d.1")
    assert check((tier, terms), numbers) == [("criterion_has_number", "error", "nd.2.huyen.co-cau")]
    twice = replace(numbers, targets=(build_target(),))
    assert "plan_id_twice" in [code for code, _, _ in check((tier, terms), twice)]


def test_whoever_has_a_place_keeps_it_and_the_excess_is_told() -> None:
    tier = complete_tier(load(SOC_TRANG, "upper")[0], decide(khach_moi=2, dien_hinh=70))
    places = {"khach-moi": GroupPlaces(0, 3), "dien-hinh": GroupPlaces(70, 0), "lanh-dao": GroupPlaces(9, 9)}
    (finding,) = check_used_places(tier, places)
    assert finding.params == {"group": "khach-moi", "given": 0, "listed": 3, "most": 2}
    assert [compute_excess(used, 70) for used in (69, 70, 72)] == [0, 0, 2]
    assert compute_excess(72, None) == 0


def test_a_decided_number_is_the_most_that_components_may_give() -> None:
    step = StepRule(kind="step", measure="staff", every=Fraction(100))
    counted = SeatGroup(
        id="g",
        name="g",
        filled_by="units",
        total="components",
        components=(step,),
        blocs=(Bloc(id="xa", name="Xã"),),
    )
    tier, _ = load(HAI_PHONG, "grassroots")
    completed = complete_tier(replace(tier, seat_groups=(counted,)), decide(g=40)).find_seat_group("g")
    assert completed is not None
    assert (completed.seats, completed.maximum, completed.total) == (None, 40, "components")
