"""The organiser's lists: offices and their holders, collectives, and what is said of people on them."""

import pytest

from domain.findings import Conflict, Invalid, Severity
from domain.nominations import Honour, HonourHolder, HonourKind, check_nominee
from domain.plans import SeatGroup
from domain.rolls import check_offices, choose_offices, expect_collective_allowed, expect_free_offices
from tests.domain.plans.examples import plan

PROVINCE = plan("soc_trang_2020").tiers[2]
CHAIR, MEMBER = "Chủ tịch Ủy ban nhân dân tỉnh", "Ủy viên Ban Thường vụ Tỉnh ủy"


def find_group(name: str) -> SeatGroup:
    group = PROVINCE.find_seat_group(name)
    assert group
    return group


def test_only_offices_of_the_plan_have_a_seat() -> None:
    groups, group = PROVINCE.seat_groups, find_group("duong-nhien")
    assert choose_offices(groups, group, "chủ tịch  Ủy ban nhân dân tỉnh", [MEMBER, CHAIR]) == (CHAIR, MEMBER)
    for basis, others, pointer in (
        ("Giám đốc Sở Y tế", [], "/basis"),
        (CHAIR, ["Giám đốc Sở Y tế"], "/other_offices/0"),
    ):
        with pytest.raises(Invalid, match="office_unknown") as refused:
            choose_offices(groups, group, basis, others)
        assert [each.pointer for each in refused.value.errors] == [pointer]
    with pytest.raises(Invalid) as near:
        choose_offices(groups, group, "Chủ tịch UBND tỉnh", [])
    assert "Chủ tịch Hội đồng nhân dân tỉnh" in near.value.params["near"]  # type: ignore[operator]


def test_a_group_without_offices_takes_any_basis() -> None:
    assert choose_offices(PROVINCE.seat_groups, find_group("chien-si-thi-dua"), "Danh sách", []) == ()


def test_an_office_has_no_more_holders_than_the_plan_says() -> None:
    groups = PROVINCE.seat_groups
    expect_free_offices(groups, [CHAIR], {CHAIR: 1})
    expect_free_offices(groups, [MEMBER], {MEMBER: 15})
    with pytest.raises(Conflict) as refused:
        expect_free_offices(groups, [MEMBER, CHAIR], {CHAIR: 2, MEMBER: 1})
    assert refused.value.params == {"office": CHAIR, "holders": 1}
    assert refused.value.errors[0].clause == "ii.2.d.1"


def test_several_offices_are_told() -> None:
    assert check_offices([CHAIR]) == []
    [finding] = check_offices([CHAIR, MEMBER])
    assert (finding.code, finding.severity) == ("holds_several_offices", Severity.INFO)


def test_a_collective_is_represented_where_the_plan_has_it() -> None:
    expect_collective_allowed(find_group("anh-hung"))
    with pytest.raises(Invalid, match="group_has_no_collectives"):
        expect_collective_allowed(find_group("chien-si-thi-dua"))


@pytest.mark.parametrize(
    ("group", "honour", "is_shown"),
    [
        ("huan-chuong", Honour("Huân chương Lao động hạng Ba", 2016, HonourKind.AWARD), True),
        ("huan-chuong", Honour("Huân chương Lao động hạng Ba", 2015, HonourKind.AWARD), False),
        ("anh-hung", Honour("Anh hùng Lao động", 2000, held_by=HonourHolder.COLLECTIVE), True),
        ("chien-si-thi-dua", Honour("Chiến sĩ thi đua cơ sở", 2019), False),
    ],
)
def test_honours_of_people_on_a_roll_are_compared_with_the_plan(
    group: str, honour: Honour, is_shown: bool
) -> None:
    found = [each.code for each in check_nominee(find_group(group), [honour])]
    assert found == ([] if is_shown else ["eligibility_not_shown"])


def test_what_is_sensitive_is_told_and_never_asked_for() -> None:
    mother = Honour("Bà mẹ Việt Nam Anh hùng", 2014)
    [finding] = check_nominee(find_group("ba-me-viet-nam-anh-hung"), [mother])
    assert (finding.code, finding.severity) == ("eligibility_told", Severity.INFO)
    assert finding.params == {"condition": "Chọn trong số những Bà mẹ khỏe mạnh"}
