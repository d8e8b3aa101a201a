"""What a plan leaves open for one conference, and what it does not."""

import pytest

from domain.conferences.choice import expect_left_open, expect_offered_name
from domain.conferences.terms import UnitFacts, derive_terms
from domain.findings import Conflict, Invalid
from domain.plans.tiers import Form
from tests.domain.plans.examples import plan

KHANH_HOA, SOC_TRANG = plan("khanh_hoa_cong_thuong_2020"), plan("soc_trang_2020")


def build_facts(staff: int | None, kind: str = "enterprise") -> UnitFacts:
    return UnitFacts(code="don-vi", kind=kind, name="Đơn vị thử nghiệm", staff=staff)


def test_a_form_is_chosen_only_while_the_plan_leaves_it_open() -> None:
    unknown = derive_terms(SOC_TRANG, "grassroots", build_facts(None))
    expect_left_open(unknown, None, Form.PLENARY, None)
    expect_left_open(unknown, None, Form.DELEGATE, 180)
    with pytest.raises(Conflict, match="plenary_has_no_size"):
        expect_left_open(unknown, None, Form.PLENARY, 180)
    known = derive_terms(SOC_TRANG, "grassroots", build_facts(150))
    with pytest.raises(Conflict) as refused:
        expect_left_open(known, None, Form.DELEGATE, None)
    assert (refused.value.code, refused.value.params) == ("form_is_settled", {"planned_form": "plenary"})


def test_a_chosen_form_gives_way_to_a_figure() -> None:
    def derive(staff: int | None) -> tuple[Form, int | None]:
        terms = derive_terms(SOC_TRANG, "grassroots", build_facts(staff), form=Form.DELEGATE)
        return terms.form, terms.cap

    assert derive(None) == (Form.DELEGATE, 200)
    assert derive(150) == (Form.PLENARY, None)
    assert derive(250) == (Form.DELEGATE, 200)


def test_ii_2_a_hinh_thuc_a_name_is_chosen_once_among_those_of_the_plan() -> None:
    tier = KHANH_HOA.find_tier("grassroots")
    assert tier is not None
    assert len(tier.names) > 1
    expect_offered_name(tier, None)
    expect_offered_name(tier, tier.names[0].id)
    with pytest.raises(Invalid) as refused:
        expect_offered_name(tier, "ten-khac")
    assert [each.pointer for each in refused.value.errors] == ["/name"]
    left_open = derive_terms(KHANH_HOA, tier.id, build_facts(None, tier.kinds[0]))
    expect_left_open(left_open, tier.names[0].id, None, None)
    with pytest.raises(Invalid, match="nothing_chosen"):
        expect_left_open(left_open, None, None, None)
    named = derive_terms(KHANH_HOA, tier.id, build_facts(None, tier.kinds[0]), chosen=tier.names[0].id)
    with pytest.raises(Conflict, match="name_is_settled"):
        expect_left_open(named, tier.names[1].id, None, None)
