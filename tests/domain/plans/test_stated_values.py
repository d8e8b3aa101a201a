"""A plan counts only what people and units can state."""

from typing import Any

import pytest

from domain.findings import Invalid
from domain.plans.stated_values import expect_known_measure
from service.formats.plans import canonicalize_body, read_plan
from service.reference import LISTS, list_entries
from service.texts import translate_code
from tests.domain.plans.examples import NAMES, body, change_body, faults, plan

S0 = NAMES[0]
TIER = "/tiers/2"
WOMEN, MINORITY = f"{TIER}/targets/1", f"{TIER}/targets/2"
GROUP = f"{TIER}/seat_groups/6"
BLOC = f"{GROUP}/blocs/0"
FIGHTERS = f"{TIER}/seat_groups/1/eligibility/0"


def read_at(whole: Any, pointer: str) -> Any:
    """The value at a pointer."""
    for step in pointer.strip("/").split("/"):
        whole = whole[int(step)] if isinstance(whole, list) else whole[step]
    return whole


@pytest.mark.parametrize(
    ("pointer", "written", "read"),
    [
        (f"{WOMEN}/values", ["nữ"], ["female"]),
        (f"{WOMEN}/values", ["NU"], ["female"]),
        (f"{WOMEN}/attribute", "Giới tính", "gender"),
        (f"{WOMEN}/part", "Lao động trực tiếp", "staff.direct_workers"),
        (f"{MINORITY}/other_than", ["Kinh"], ["01"]),
        (f"{TIER}/targets/0/values", ["Có"], ["yes"]),
        ("/tiers/0/kinds", ["xa", "đặc khu", "Hợp tác xã"], ["commune", "commune", "cooperative"]),
        ("/tiers/0/kinds", ["Xã, phường, thị trấn"], ["commune"]),
        (f"{BLOC}/measure", "Dân số", "population"),
        (f"{BLOC}/measure", "members", "members"),
        ("/pilots/units/0/tier", "Cấp trên cơ sở", "upper"),
        ("/tiers/0/superiors", ["Cấp trên cơ sở"], ["upper"]),
        (f"{FIGHTERS}/titles", ["chien si thi dua toan quoc"], ["Chiến sĩ thi đua toàn quốc"]),
    ],
)
def test_a_vietnamese_label_is_read_as_its_code(pointer: str, written: Any, read: Any) -> None:
    whole = change_body(S0, pointer, written)
    assert faults(whole) == []
    assert read_at(canonicalize_body(whole), pointer) == read


@pytest.mark.parametrize(
    ("pointer", "value", "code", "near"),
    [
        (f"{WOMEN}/values/0", "nữ giới", "plan_value_unknown", "female (Nữ)"),
        (f"{MINORITY}/other_than/0", "Khmer", "plan_value_unknown", "05 (Khơ-me)"),
        ("/tiers/0/kinds/0", "xax", "plan_kind_unknown", "commune (Xã, phường, thị trấn, đặc khu)"),
        (f"{BLOC}/kinds/0", "departement", "plan_kind_unknown", "department (Sở, ban, ngành)"),
        (f"{BLOC}/measure", "staf", "plan_measure_unknown", "staff (Tổng số người)"),
        (f"{WOMEN}/part", "staff.woman", "plan_measure_unknown", "staff.women (Nữ)"),
        ("/tiers/0/attendance/threshold/measure", "equal", "plan_measure_unknown", None),
        (f"{WOMEN}/attribute", "gendre", "plan_attribute_misspelt", "gender"),
        ("/tiers/0/superiors/0", "uper", "plan_reference_unknown", "upper (Cấp trên cơ sở)"),
        (f"{WOMEN}/groups/0", "dien-hin", "plan_reference_unknown", None),
        (
            f"{FIGHTERS}/titles/0",
            "Chiến sỹ thi dua toàn quốc",
            "plan_honour_unknown",
            "Chiến sĩ thi đua toàn quốc",
        ),
    ],
)
def test_a_word_that_nobody_can_state_is_refused_with_those_that_are_near(
    pointer: str, value: str, code: str, near: str | None
) -> None:
    whole = change_body(S0, pointer, value)
    with pytest.raises(Invalid) as caught:
        read_plan(whole)
    (error,) = caught.value.errors
    assert (error.code, error.pointer) == (code, pointer)
    if near is not None:
        assert near in list(error.params["near"])  # type: ignore[arg-type]
        assert near in translate_code(error.code, error.params, "vi")


def test_a_weight_of_an_unknown_measure_is_refused() -> None:
    whole = change_body(S0, f"{BLOC}/measure", None)
    read_at(whole, BLOC)["weights"] = {"Tổng số người": 1, "danso": "1/2"}
    assert faults(whole) == [("plan_measure_unknown", f"{BLOC}/weights/danso")]


def test_a_value_of_the_plans_own_attribute_is_a_code() -> None:
    whole = change_body(S0, f"{WOMEN}/attribute", "cuu_chien_binh")
    read_at(whole, WOMEN)["values"] = ["Có"]
    assert faults(whole) == [("plan_value_not_a_code", f"{WOMEN}/values/0")]
    read_at(whole, WOMEN)["values"] = ["yes"]
    assert faults(whole) == []


def test_the_beginning_of_an_honours_name_means_all_that_begin_so() -> None:
    assert faults(change_body(S0, f"{FIGHTERS}/titles", ["Chiến sĩ thi đua"])) == []
    assert faults(change_body(S0, f"{FIGHTERS}/titles", ["Chiến sĩ thi"])) == []
    assert faults(change_body(S0, f"{FIGHTERS}/titles", ["Chiến sĩ th"])) != []


def test_a_plan_may_define_its_own_words() -> None:
    whole = change_body(S0, "/tiers/0/kinds", ["Ban quản lý", "nong_truong"])
    read_at(whole, BLOC)["measure"] = "hoi_vien"
    read_at(whole, FIGHTERS)["titles"] = ["Người tốt việc tốt"]
    assert faults(whole) == [("wrong_form", "/tiers/0/kinds/0")]
    whole["kinds"] = [
        {"id": "ban_quan_ly", "name": "Ban quản lý"},
        {"id": "nong_truong", "name": "Nông trường"},
    ]
    whole["measures"] = [{"id": "hoi_vien", "name": "Hội viên nông dân"}]
    whole["honours"] = [{"name": "Người tốt việc tốt"}]
    assert faults(whole) == []
    assert canonicalize_body(whole)["tiers"][0]["kinds"] == ["ban_quan_ly", "nong_truong"]


def test_a_listed_word_is_not_defined_again() -> None:
    whole = body(S0)
    whole["kinds"] = [{"id": "commune", "name": "Xã"}]
    whole["measures"] = [{"id": "members", "name": "Đoàn viên"}]
    whole["honours"] = [{"name": "Giấy khen", "kind": "award"}]
    assert faults(whole) == [("plan_word_listed", f"/{name}/0") for name in ("kinds", "measures", "honours")]


@pytest.mark.parametrize("name", NAMES)
def test_the_real_plans_count_only_what_can_be_stated(name: str) -> None:
    assert faults(body(name)) == []


def test_seats_are_distributed_by_a_measure_that_units_report() -> None:
    expect_known_measure(plan(S0), "members")
    with pytest.raises(Invalid) as caught:
        expect_known_measure(plan(S0), "staf")
    assert caught.value.params == {"measure": "staf", "near": ["staff"]}


def test_every_list_has_each_code_once() -> None:
    for name in LISTS:
        codes = [entry.code for entry in list_entries(name)]
        assert codes
        assert len(set(codes)) == len(codes), name
