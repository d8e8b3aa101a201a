"""Sentences write days, numbers, kinds and lists as their readers do."""

import re
from collections.abc import Iterable
from typing import get_args

import pytest

from domain.access import Role
from domain.apportionment import Method
from domain.decisions import AllocationState, SelectionState
from domain.findings import Plain
from domain.lots.settlements import SettlementMethod
from domain.nominations import REPLY_TRANSITIONS, NominationAct, NominationState
from service.formats.unit_files.columns import MEASURE_COLUMNS
from service.texts import LANGUAGES, Language, Translator, load_words, translate_code


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Hạn 15/12/2024 rơi vào ngày nghỉ; theo quy ước của kế hoạch tính là 13/12/2024."),
        (
            "en",
            (
                "The due date 15 December 2024 is not a working day; "
                "by the plan's rule it becomes 13 December 2024."
            ),
        ),
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
        ("vi", "“Xã Thử Nghiệm” (loại: Xã, phường, thị trấn, đặc khu) không thuộc “Cấp tỉnh”."),
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
    [("vi", "Chỉ tiêu “nu” không có mức tối đa."), ("en", "Target “nu” has no maximum.")],
)
def test_a_side_of_a_target_is_called_by_its_name(language: Language, sentence: str) -> None:
    params = {"target": "nu", "side": "most"}
    assert translate_code("selection_target_side_unknown", params, language) == sentence


@pytest.mark.parametrize(
    ("params", "vietnamese", "english"),
    [
        ({"sum": 15295, "cap": 350}, "15.295", "15,295"),
        ({"sum": 1234567, "cap": 350}, "1.234.567", "1,234,567"),
        ({"sum": "15295.125", "cap": 350}, "15.295,125", "15,295.125"),
        ({"sum": "15.295", "cap": 350}, "15,295", "15.295"),
        ({"sum": "-0.5", "cap": 350}, "-0,5", "-0.5"),
        ({"sum": "3059/200", "cap": 350}, "3059/200", "3059/200"),
    ],
)
def test_a_number_is_written_as_its_readers_write_it(
    params: dict[str, int | str], vietnamese: str, english: str
) -> None:
    for language, number in (("vi", vietnamese), ("en", english)):
        words = translate_code("plan_groups_above_cap", params, language)  # type: ignore[arg-type]
        assert re.findall(r"-?[0-9][0-9.,/]*[0-9]", words)[0] == number


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_a_row_and_a_code_are_never_grouped(language: Language) -> None:
    assert "1234" in translate_code("unit_repeated", {"first_row": 1234}, language)
    assert "2025" in translate_code("plan_range_backwards", {"first": 2025, "last": 2021}, language)
    assert "79123" in translate_code("certificate_seats_differ", {"id": "79123", "seats": 1}, language)


@pytest.mark.parametrize(
    ("code", "params", "vietnamese", "english"),
    [
        ("allocation_state", {"state": "decided", "needed": "approved"}, "đã phê duyệt", "approved"),
        ("nomination_state", {"state": "accepted", "act": "change"}, "“sửa”", "“change”"),
        ("settlement_not_in_plan", {"allowed": ["lot_by_hand"]}, "bốc thăm có biên bản", "lot drawn by hand"),
        ("attribute_not_counted", {"attribute": "ethnicity"}, "“dân tộc”", "“ethnicity”"),
        ("nomination_state", {"state": "submitted", "act": "unseat"}, "đã gửi", "take off the adopted list"),
        ("figure_unknown", {"stage": "a", "name": "b", "measure": "staff.women"}, "“Nữ”", "“Women”"),
        ("figure_missing", {"id": "a", "figure": "staff"}, "Tổng số người", "Staff"),
        ("invitation_reply", {"reply": "listed", "wanted": "accepted"}, "đã nhận lời", "accepted"),
        ("scopes_beyond_role", {"role": "standing_council"}, "Thường trực Hội đồng", "standing council"),
        ("not_for_this_settlement", {"how": "lot_by_hand"}, "bốc thăm có biên bản", "lot drawn by hand"),
    ],
)
def test_a_value_with_a_word_is_called_by_its_word(
    code: str, params: dict[str, Plain], vietnamese: str, english: str
) -> None:
    assert vietnamese in translate_code(code, params, "vi")
    assert english in translate_code(code, params, "en")


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("act", get_args(NominationAct)),
        ("how", SettlementMethod),
        ("measure", MEASURE_COLUMNS),
        ("method", Method),
        ("reply", REPLY_TRANSITIONS),
        ("role", Role),
        ("state", [*NominationState, *AllocationState, *SelectionState]),
        ("state", ["planned", "held", "cancelled", "checked", "faulty", "confirmed"]),
    ],
)
def test_every_value_has_a_word_in_both_languages(parameter: str, values: Iterable[str]) -> None:
    assert [value for value in values if (parameter, value) not in load_words()] == []


NAMES = {
    ("unit", "xa-a"): "Xã A",
    ("group", "dien-hinh"): "Điển hình",
    ("bloc", "cac-xa"): "Các xã",
    ("target", "nu"): "Nữ",
    ("nominee", "01a2"): "Nguyễn Văn Ví Dụ",
}


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        ("quota_missing", {"group": "dien-hinh"}, "nhóm “Điển hình”"),
        ("bloc_without_units", {"stage": "dien-hinh/cac-xa"}, "“Điển hình – Các xã”"),
        ("figure_unknown", {"stage": "dien-hinh", "name": "x", "measure": "staff"}, "của “Điển hình”."),
        ("target_met", {"target": "nu/xa-a", "yes": 1}, "“Nữ – Xã A”"),
        ("quota_received_already", {"units": ["xa-a", "xa-b"]}, "cho: Xã A, xa-b;"),
        ("selection_nominee_gone", {"nomination": "01a2"}, "“Nguyễn Văn Ví Dụ”"),
        ("selection_clash_pin", {"ids": ["01a2"]}, ": Nguyễn Văn Ví Dụ."),
        ("selection_clash_target", {"ids": ["nu"], "side": "least"}, "“Nữ” (tối thiểu)"),
    ],
)
def test_a_name_is_said_for_an_id(code: str, params: dict[str, Plain], sentence: str) -> None:
    assert sentence in Translator("vi", NAMES).translate(code, params)
