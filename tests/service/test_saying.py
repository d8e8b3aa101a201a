"""Sentences write days, numbers, kinds and lists as their readers do."""

import pytest

from service.texts import Language, translate_code


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Hạn 15/12/2024 rơi vào ngày nghỉ; theo quy ước của kế hoạch tính là 13/12/2024."),
        ("en", "The due date 2024-12-15 is not a working day; by the plan's rule it becomes 2024-12-13."),
    ],
)
def test_a_day_is_written_as_its_readers_write_it(language: Language, sentence: str) -> None:
    assert (
        translate_code("deadline_not_working_day", {"day": "2024-12-15", "rolled": "2024-12-13"}, language)
        == sentence
    )


def test_only_a_whole_day_is_rewritten() -> None:
    sentence = translate_code(
        "tier_unknown", {"tiers": ["2024-12-15", "ke-hoach-2024-12-15", "2024-12-150"]}, "vi"
    )
    assert sentence == "Kế hoạch không có cấp này; các cấp: 15/12/2024, ke-hoach-2024-12-15, 2024-12-150."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "“Xã Thử Nghiệm” (loại: Xã, phường, thị trấn) không thuộc “Cấp tỉnh”."),
        ("en", "“Xã Thử Nghiệm” (kind: Commune) does not belong to “Cấp tỉnh”."),
    ],
)
def test_a_kind_of_unit_is_called_by_its_name(language: Language, sentence: str) -> None:
    params = {"name": "Xã Thử Nghiệm", "kind": "commune", "tier_name": "Cấp tỉnh"}
    assert translate_code("unit_not_of_tier", params, language) == sentence


def test_a_part_of_a_plan_is_called_by_its_name() -> None:
    params = {"kind": "seat_group", "id": "khach-moi"}
    assert (
        translate_code("plan_reference_unknown", params, "vi")
        == "Không có nhóm đại biểu nào mang mã “khach-moi”."
    )


def test_what_has_no_word_of_its_own_stands_as_it_is() -> None:
    assert "“x” (kind: guild)" in translate_code("unit_not_of_tier", {"name": "x", "kind": "guild"}, "en")
    assert "commune" in translate_code("plan_mix_not_hundred", {"sum": "commune"}, "vi")


@pytest.mark.parametrize(
    ("seats", "english", "vietnamese"),
    [
        (0, "Unit a must have 0 seats.", "Đơn vị a phải có 0 đại biểu."),
        (1, "Unit a must have 1 seat.", "Đơn vị a phải có 1 đại biểu."),
        ("1", "Unit a must have 1 seat.", "Đơn vị a phải có 1 đại biểu."),
        (11, "Unit a must have 11 seats.", "Đơn vị a phải có 11 đại biểu."),
    ],
)
def test_an_english_noun_follows_its_number(seats: int | str, english: str, vietnamese: str) -> None:
    params = {"id": "a", "seats": seats}
    assert translate_code("certificate_seats_differ", params, "en") == english
    assert translate_code("certificate_seats_differ", params, "vi") == vietnamese


def test_a_number_that_is_not_given_keeps_its_name() -> None:
    assert translate_code("certificate_seats_differ", {"id": "a"}, "en") == "Unit a must have {seats} seats."
    assert translate_code("certificate_seats_differ", {"id": "{seats:x|y}"}, "vi") == (
        "Đơn vị {seats:x|y} phải có {seats} đại biểu."
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("vi", "Chỉ tiêu nu không có mức tối đa."), ("en", "Target nu has no maximum.")],
)
def test_a_side_of_a_target_is_called_by_its_name(language: Language, sentence: str) -> None:
    params = {"target": "nu", "side": "most"}
    assert translate_code("selection_target_unknown", params, language) == sentence
