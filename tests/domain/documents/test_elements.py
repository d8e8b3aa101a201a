"""Elements of documents are written as decree 30/2020/ND-CP has them."""

from datetime import date

import pytest

from domain.documents.elements import (
    LONGEST_HEAD_LINE,
    LONGEST_SUBJECT_LINE,
    abbreviate_organ,
    break_organ,
    break_subject,
    break_title,
    cite_basis,
    derive_place,
    write_bases,
    write_day,
    write_number,
    write_place_and_day,
    write_receivers,
    write_roman,
)
from domain.plans.plan import LegalBasis


@pytest.mark.parametrize(
    ("number", "line"),
    [("5", "Số: 05/QĐ-UBND"), ("123", "Số: 123/QĐ-UBND"), ("05a", "Số: 05a/QĐ-UBND")],
)
def test_a_number_below_ten_has_two_digits(number: str, line: str) -> None:
    assert write_number(number, "QĐ-UBND") == line


def test_before_its_number_a_document_has_room_for_it() -> None:
    assert write_number(None, "QĐ-UBND").split() == ["Số:", "/QĐ-UBND"]
    assert write_day(None).split() == ["ngày", "tháng", "năm"]


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2020, 2, 5), "ngày 05 tháng 02 năm 2020"),
        (date(2020, 3, 5), "ngày 05 tháng 3 năm 2020"),
        (date(2020, 12, 15), "ngày 15 tháng 12 năm 2020"),
    ],
)
def test_days_below_ten_and_the_months_one_and_two_have_two_digits(day: date, line: str) -> None:
    assert write_day(day) == line
    assert write_place_and_day("Sóc Trăng", day) == f"Sóc Trăng, {line}"


@pytest.mark.parametrize(
    ("organ", "place", "letters"),
    [
        ("Ủy ban nhân dân tỉnh Sóc Trăng", "Sóc Trăng", "UBND"),
        ("Hội đồng Thi đua - Khen thưởng tỉnh Sóc Trăng", "Sóc Trăng", "HĐTĐKT"),
        ("Sở Công Thương tỉnh Khánh Hòa", "Khánh Hòa", "SCT"),
        ("Ủy ban nhân dân thị xã Vĩnh Châu", "Vĩnh Châu", "UBND"),
        ("Ủy ban nhân dân xã An Hiệp, huyện Châu Thành", "An Hiệp", "UBND"),
        ("Báo Sóc Trăng", None, "BST"),
        ("Bảo hiểm xã hội tỉnh Sóc Trăng", "Sóc Trăng", "BHXH"),
        ("Sở Lao động - Thương binh và Xã hội", None, "SLĐTBVXH"),
        ("Ủy ban nhân dân xã Hội Sơn", "Hội Sơn", "UBND"),
        ("Liên minh Hợp tác xã tỉnh Sóc Trăng", "Sóc Trăng", "LMHTX"),
    ],
)
def test_place_and_series_follow_from_the_organ(organ: str, place: str | None, letters: str) -> None:
    assert (derive_place(organ), abbreviate_organ(organ)) == (place, letters)


def test_the_place_of_a_long_organ_is_on_a_line_of_its_own() -> None:
    assert break_organ("Ủy ban nhân dân tỉnh Sóc Trăng") == ("ỦY BAN NHÂN DÂN", "TỈNH SÓC TRĂNG")
    assert break_organ("Bảo hiểm xã hội tỉnh Sóc Trăng") == ("BẢO HIỂM XÃ HỘI", "TỈNH SÓC TRĂNG")
    assert break_organ("Báo Sóc Trăng") == ("BÁO SÓC TRĂNG",)
    assert all(len(line) <= LONGEST_HEAD_LINE for line in break_organ("Ủy ban nhân dân thành phố Hải Phòng"))


def test_the_subject_of_a_letter_is_broken_between_words() -> None:
    subject = "V/v phân bổ đại biểu dự Đại hội thi đua yêu nước tỉnh Sóc Trăng lần thứ V"
    lines = break_subject(subject)
    assert " ".join(lines) == subject
    assert max(map(len, lines)) <= LONGEST_SUBJECT_LINE


def test_the_lines_of_a_title_are_about_as_long_as_each_other() -> None:
    subject = "Phân bổ đại biểu dự Hội nghị điển hình tiên tiến ngành Công Thương Khánh Hòa"
    first, second = break_title(subject, landscape=False)
    assert f"{first} {second}" == subject
    assert abs(len(first) - len(second)) < 12
    assert break_title(subject, landscape=True) == (subject,)
    assert break_title("Đại hội", landscape=False) == ("Đại hội",)


def test_each_basis_ends_with_a_semicolon_and_the_last_with_a_full_stop() -> None:
    assert write_bases(["Căn cứ A;", "Căn cứ B.", "Theo đề nghị của C"]) == (
        "Căn cứ A;",
        "Căn cứ B;",
        "Theo đề nghị của C.",
    )


def test_a_basis_is_cited_with_type_number_day_and_organ_first() -> None:
    basis = LegalBasis(
        id="a",
        name="Kế hoạch tổ chức Đại hội",
        number="19/KH-HĐTĐKT",
        date=date(2019, 5, 24),
        organ="Hội đồng Trung ương",
    )
    cited = "Kế hoạch số 19/KH-HĐTĐKT ngày 24 tháng 5 năm 2019 của Hội đồng Trung ương tổ chức Đại hội"
    assert cite_basis(basis) == cited
    assert cite_basis(LegalBasis(id="b", name="Luật Thi đua, khen thưởng")) == "Luật Thi đua, khen thưởng"


@pytest.mark.parametrize(
    ("receivers", "lines"),
    [
        (["Như Điều 4"], ("- Như Điều 4;", "- Lưu: VT.")),
        (["- Sở Nội vụ;", "Lưu: QT, VT."], ("- Sở Nội vụ;", "- Lưu: QT, VT.")),
    ],
)
def test_receivers_are_lines_and_the_last_is_the_archive(
    receivers: list[str], lines: tuple[str, ...]
) -> None:
    assert write_receivers(receivers) == lines


def test_annexes_have_roman_numbers() -> None:
    assert [write_roman(n) for n in (1, 4, 9, 10, 14, 29)] == ["I", "IV", "IX", "X", "XIV", "XXIX"]
