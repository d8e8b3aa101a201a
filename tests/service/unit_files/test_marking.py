"""Templates can be filled in and sent; marked files say what is wrong, and can be sent again."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import load_workbook

from domain.figures import MEASURES, check_figures
from domain.units import UNIT_KINDS, check_rows
from service.formats.unit_files import (
    FileKind,
    Sheet,
    SheetMedia,
    SheetTranslator,
    build_template,
    mark_sheet,
    parse_figures,
    parse_units,
    read_sheet,
)
from service.formats.unit_files.columns import KIND_LABELS, build_label
from service.reference.labels import read_kind
from service.texts import Language

from .books import HEAD, ROW, book

BAD = ("xa-b", "", "commune", "hôm qua", "", "", "", "")


@pytest.mark.parametrize("media", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["units", "figures"])
def test_every_heading_of_a_template_is_understood(
    kind: FileKind, language: Language, media: SheetMedia
) -> None:
    measures = MEASURES if kind == "figures" else ()
    data = build_template(kind, media, language, congresses=("c", "d"), schemes=("gso",), measures=measures)
    sheet = read_sheet(data, media)
    parsed = parse_units(sheet, ("c", "d")) if kind == "units" else parse_figures(sheet)
    assert [finding.code for finding in parsed.findings] == ["file_empty"]
    assert len(sheet.header) == (10 if kind == "units" else 4 + len(MEASURES))


@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_the_example_of_a_template_shows_and_is_not_imported(media: SheetMedia) -> None:
    sheet = read_sheet(build_template("units", media, "vi", congresses=("c",)), media)
    assert sheet.rows[1][0].startswith("# ")
    assert list(sheet.iterate_rows()) == []


@pytest.mark.parametrize("media", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", ["units", "figures"])
def test_the_example_of_a_template_could_be_sent(
    kind: FileKind, language: Language, media: SheetMedia
) -> None:
    head, example = read_sheet(build_template(kind, media, language, congresses=("c",)), media).rows
    sheet = read_sheet(book([head, (example[0].removeprefix("# "), *example[1:])]), "xlsx")
    parsed = parse_units(sheet, ("c",)) if kind == "units" else parse_figures(sheet)
    assert parsed.findings == ()
    assert len(parsed.rows) == 1
    assert not parsed.rows[0].made_up


def test_a_reader_chooses_kinds_by_their_labels() -> None:
    data = build_template("units", "xlsx", "vi", congresses=("c",))
    rules = ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    first, last = re.findall(r"\$B\$(\d+)", rules)
    guide = load_workbook(BytesIO(data)).get_sheet_by_name("Hướng dẫn").to_python()
    offered = [row[1] for row in guide[int(first) - 1 : int(last)]]
    assert offered == [vietnamese for vietnamese, _ in KIND_LABELS.values()]
    assert [read_kind(str(label)) for label in offered] == list(UNIT_KINDS)


def test_equal_templates_are_equal_files() -> None:
    assert build_template("units", "xlsx", "vi") == build_template("units", "xlsx", "vi")


def test_the_workbook_explains_its_columns_and_kinds() -> None:
    guide = load_workbook(BytesIO(build_template("units", "xlsx", "vi"))).get_sheet_by_index(1).to_python()
    assert {row[0] for row in guide} >= {"[valid_from]", *UNIT_KINDS}
    assert all(row[2] for row in guide if str(row[0]).startswith("["))
    assert not any("column_means" in str(cell) for row in guide for cell in row)


def test_every_kind_and_measure_has_labels() -> None:
    assert set(KIND_LABELS) == set(UNIT_KINDS)
    labels = [build_label("figures", measure, index) for index in (0, 1) for measure in MEASURES]
    assert len(set(labels)) == len(labels)


def marked(media: SheetMedia, language: Language = "vi") -> tuple[Sheet, Sheet]:
    sheet = read_sheet(book([HEAD, ROW, BAD]), "xlsx")
    parsed = parse_units(sheet, ("c",))
    findings = (*parsed.findings, *check_rows(parsed.rows, {}))
    return sheet, read_sheet(mark_sheet(sheet, findings, language, media), media)


@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_a_marked_file_keeps_every_cell_in_its_place_and_says_what_is_wrong(media: SheetMedia) -> None:
    sheet, again = marked(media)
    assert [row[: len(HEAD)] for row in again.rows] == list(sheet.rows)
    assert again.rows[1][-1] == ""
    assert again.rows[2][-1].splitlines() == [
        "Dòng 3, cột “name”: chưa ghi giá trị.",
        "Dòng 3, cột “valid_from”: không phải ngày; hãy ghi như 31/01/2020 hoặc 2020-01-31.",
    ]


@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_a_marked_file_can_be_sent_again_with_the_same_answer(media: SheetMedia) -> None:
    sheet, again = marked(media, "en")
    assert parse_units(again, ("c",)) == parse_units(sheet, ("c",))


def test_bad_cells_carry_colour_and_a_note_in_the_workbook() -> None:
    sheet = read_sheet(book([HEAD, ROW, BAD]), "xlsx")
    archive = ZipFile(BytesIO(mark_sheet(sheet, parse_units(sheet, ("c",)).findings, "en")))
    notes = archive.read("xl/comments1.xml").decode()
    assert 'ref="B3"' in notes
    assert 'ref="D3"' in notes
    assert "FFF8CBAD" in archive.read("xl/styles.xml").decode()


@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_a_marked_file_never_runs_a_formula(media: SheetMedia) -> None:
    sheet = read_sheet(book([HEAD, ("xa", "=HYPERLINK(1)", "@x", "+1", "-1", "\tx", " =1")]), "xlsx")
    data = mark_sheet(sheet, parse_units(sheet, ("c",)).findings, "vi", media)
    if media == "csv":
        cells = data.decode("utf-8-sig").splitlines()[1].split(";")
        assert [cell[0] for cell in cells[1:7]] == ["'"] * 6
    else:
        assert b"<f>" not in ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_figures_of_a_marked_workbook_are_numbers_on_a_named_sheet() -> None:
    head, row = ("unit", "as_of", "source", "staff"), ("0123", "31/12/2019", "BM01", "1200")
    sheet = read_sheet(book([head, row, ("0124", "31/12/2019", "BM01", "ba")]), "xlsx")
    data = mark_sheet(sheet, parse_figures(sheet).findings, "vi")
    archive = ZipFile(BytesIO(data))
    assert '<sheet name="Dữ liệu"' in archive.read("xl/workbook.xml").decode()
    assert b'<c r="D2"><v>1200</v></c>' in archive.read("xl/worksheets/sheet1.xml")
    assert read_sheet(data, "xlsx").rows[1][:4] == row


@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_a_file_that_could_not_be_read_comes_back_as_its_reason(media: SheetMedia) -> None:
    sheet = read_sheet(b"PK\x03\x04", "xlsx")
    (row,) = read_sheet(mark_sheet(sheet, sheet.findings, "en", media), media).rows
    assert row == ("This is not an XLSX file, or it is damaged or has a password.",)


def test_a_thousand_errors_in_a_row_stay_within_what_may_be_sent() -> None:
    sheet = read_sheet(book([HEAD, ROW]), "xlsx")
    finding = parse_units(read_sheet(book([HEAD, BAD]), "xlsx"), ("c",)).findings[0]
    many = [type(finding)(finding.code, {**finding.params, "column": str(n)}) for n in range(1000)]
    assert read_sheet(mark_sheet(sheet, many, "vi"), "xlsx").findings == ()


def test_a_plain_parent_column_is_marked_too() -> None:
    head = ("code", "name", "kind", "valid_from", "parent")
    sheet = read_sheet(book([head, ("xa", "Xã", "commune", "2025-07-01", "khong-co")]), "xlsx")
    findings = check_rows(parse_units(sheet, ("c",)).rows, {})
    assert 'ref="E2"' in ZipFile(BytesIO(mark_sheet(sheet, findings, "vi"))).read("xl/comments1.xml").decode()


def test_figures_are_marked_by_their_measures() -> None:
    sheet = read_sheet(
        book([("unit", "as_of", "source", "staff"), ("so", "2019-12-31", "BM01", "-5")]), "xlsx"
    )
    findings = check_figures(parse_figures(sheet).rows, {})
    assert 'ref="D2"' in ZipFile(BytesIO(mark_sheet(sheet, findings, "vi"))).read("xl/comments1.xml").decode()


HEADINGS = ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Có từ ngày", "Đơn vị cấp trên")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Dòng 2, cột “Có từ ngày”: không phải ngày; hãy ghi như 31/01/2020 hoặc 2020-01-31."),
        ("en", "Row 2, column “Có từ ngày”: this is not a date; write it as 31/01/2020 or 2020-01-31."),
    ],
)
def test_a_column_is_called_as_the_file_calls_it(language: Language, said: str) -> None:
    sheet = read_sheet(book([HEADINGS, ("xa", "Xã", "Xã", "hôm qua", "huyen")]), "xlsx")
    parsed = parse_units(sheet, ("c",))
    words = SheetTranslator(sheet, language)
    assert [words.translate_finding(finding) for finding in parsed.findings] == [said]
    (unknown,) = check_rows(parsed.all_rows, {})
    assert "“Đơn vị cấp trên”" in words.translate_finding(unknown)


def test_a_missing_column_goes_by_its_label() -> None:
    sheet = read_sheet(
        book([("Tên đơn vị", "Loại đơn vị", "Có từ ngày"), ("Xã", "Xã", "2020-01-31")]), "xlsx"
    )
    (finding,) = parse_units(sheet, ()).findings
    assert SheetTranslator(sheet, "vi").translate_finding(finding) == "Dòng 1: thiếu cột “Mã đơn vị”."


def test_whoever_writes_an_unknown_kind_is_told_the_labels() -> None:
    sheet = read_sheet(book([HEAD, ("xa", "Xã", "Làng", "2020-01-31")]), "xlsx")
    (finding,) = check_rows(parse_units(sheet, ("c",)).all_rows, {})
    said = SheetTranslator(sheet, "vi").translate_finding(finding)
    assert all(f"{labels[0]} ({kind})" in said for kind, labels in KIND_LABELS.items())


def test_the_page_on_unit_files_lists_every_kind_with_its_labels() -> None:
    page = (Path(__file__).parents[3] / "docs" / "unit-files.md").read_text(encoding="utf-8")
    for kind, labels in KIND_LABELS.items():
        assert f"| `{kind}` | {' · '.join(labels)} |" in page
