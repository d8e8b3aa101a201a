"""Sentences say days, kinds and lists as their readers do."""

import pytest

from service.sentences import Language, translate_code


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Hạn 15/12/2024 rơi vào ngày nghỉ; theo quy ước của kế hoạch tính là 13/12/2024."),
        ("en", "The due day 2024-12-15 is no working day; by the plan's rule it counts as 2024-12-13."),
    ],
)
def test_a_day_is_written_as_its_readers_write_it(language: Language, sentence: str) -> None:
    assert (
        translate_code("deadline_not_working_day", {"day": "2024-12-15", "rolled": "2024-12-13"}, language)
        == sentence
    )


def test_only_a_whole_day_is_rewritten() -> None:
    said = translate_code(
        "tier_unknown", {"tiers": ["2024-12-15", "ke-hoach-2024-12-15", "2024-12-150"]}, "vi"
    )
    assert said == "Kế hoạch không có cấp này; các cấp: 15/12/2024, ke-hoach-2024-12-15, 2024-12-150."


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
