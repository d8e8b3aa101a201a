"""Any bytes become a table or a clear refusal, and cost no more than they weigh."""

import struct
import tracemalloc
import unicodedata
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats.unit_files import Sheet, SheetMedia, read_sheet
from service.formats.unit_files.sheets import FileLimits

from .books import HEAD, ROW, book, repacked, with_sheet

LINE = ",".join(HEAD) + "\n"


def codes(sheet: Sheet) -> list[str]:
    return [finding.code for finding in sheet.findings]


def places(sheet: Sheet) -> list[tuple[object, object, str]]:
    return [(finding.params["row"], finding.params["column"], finding.code) for finding in sheet.findings]


def test_csv_and_xlsx_of_one_table_are_one_table() -> None:
    text = LINE + ",".join(ROW) + "\n"
    one, two = read_sheet(text.encode(), "csv"), read_sheet(book([HEAD, ROW]), "xlsx")
    assert list(one.iterate_rows()) == [(2, ROW)]
    assert [(number, cells[:4]) for number, cells in two.iterate_rows()] == [(2, ROW[:4])]
    assert one.findings == two.findings == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_under_which_the_headings_make_sense(separator: str) -> None:
    title = "Danh sách các đơn vị, xã, phường, thị trấn, doanh nghiệp\n"
    text = title + separator.join(HEAD) + "\n" + separator.join(ROW) + "\n"
    sheet = read_sheet(text.encode(), "csv")
    assert (sheet.header_row, list(sheet.iterate_rows())) == (2, [(3, ROW)])


def test_a_byte_order_mark_is_no_part_of_the_first_heading() -> None:
    assert read_sheet(LINE.encode("utf-8-sig"), "csv").header[0] == "code"


def test_line_breaks_within_quotes_stay_in_their_row() -> None:
    sheet = read_sheet((LINE + 'xa-a,"Xã\nA",commune\r\nxa-b,Xã B,commune\r\n').encode(), "csv")
    assert [(number, cells[0]) for number, cells in sheet.iterate_rows()] == [(2, "xa-a"), (3, "xa-b")]


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (LINE.encode("utf-16"), "file_encoding_other", {"encoding": "UTF-16"}),
        ((LINE + "x,Xã A").encode("cp1258", "replace") + b"\xe3", "file_not_utf8", {"line": 2}),
        (LINE.encode() + b"a\0b", "file_not_text", {}),
        (LINE.encode() + b'a,"b', "file_quotes_broken", {"line": 2}),
        (LINE.encode() + b'a,"b"c', "file_quotes_broken", {"line": 2}),
        (LINE.encode() + b"a," + b"b" * 2**20, "file_cell_too_long", {"line": 2}),
        (book([HEAD]), "file_is_xlsx", {}),
        (b"", "file_header_missing", {}),
        (b"xa-a,Xa A\n", "file_header_missing", {}),
        (LINE.encode() + b"," * 300, "file_too_many_columns", {"limit": 200}),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(data: bytes, code: str, params: dict[str, object]) -> None:
    (finding,) = read_sheet(data, "csv").findings
    assert finding.code == code
    assert params.items() <= finding.params.items()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"xa-a,Xa A",
        b"PK\x03\x04",
        book([HEAD])[:900],
        repacked(book([HEAD]), {"xl/workbook.xml": None}),
        repacked(book([HEAD]), {"xl/worksheets/sheet1.xml": None}),
        repacked(book([HEAD]), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"}),
        repacked(book([HEAD]), {"_rels/.rels": b"<Relationships/>"}),
    ],
    ids=["empty", "csv", "four bytes", "cut off", "no book", "no sheet", "broken xml", "no link"],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert codes(read_sheet(data, "xlsx")) == ["file_not_xlsx"]


def test_an_old_or_locked_workbook_is_named_as_such() -> None:
    assert codes(read_sheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "xlsx")) == ["file_old_excel"]


@given(st.binary(max_size=300), st.sampled_from(["csv", "xlsx"]))
def test_reading_never_raises(data: bytes, media: SheetMedia) -> None:
    assert isinstance(read_sheet(data, media), Sheet)


@given(st.data())
def test_a_workbook_damaged_within_is_read_or_refused(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(sorted(_PARTS)))
    content = bytearray(_PARTS[part])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 6))] = data.draw(st.sampled_from(_SPLINTERS))
    assert isinstance(read_sheet(repacked(_BOOK, {part: bytes(content)}), "xlsx"), Sheet)


_BOOK = book([HEAD, ROW])
_PARTS = {name: ZipFile(BytesIO(_BOOK)).read(name) for name in ZipFile(BytesIO(_BOOK)).namelist()}
_SPLINTERS = [b"", b"0", b"9999999999", b"-1", b"e9", b"<", b">", b'"', b"&amp;", b"\xff", b"UTF-16"]


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A4294967295"><v>1</v></c></row>',
        '<row r="99999999999"><c><v>1</v></c></row>',
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="a1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
    ],
)
def test_places_that_no_program_would_write_are_refused(cells: str) -> None:
    assert codes(read_sheet(with_sheet(cells), "xlsx")) == ["file_not_xlsx"]


def test_cells_without_written_places_follow_one_another() -> None:
    row = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEAD)
    assert read_sheet(with_sheet(f"<row>{row}</row>"), "xlsx").header == HEAD


def test_signs_of_markup_in_a_cell_stay_text() -> None:
    name = 'Công ty <A> & "B" <v>1</v>'
    assert read_sheet(book([HEAD, ("a", name)]), "xlsx").rows[1][1] == name


def test_hints_on_how_to_say_a_word_are_no_part_of_it() -> None:
    shared = "<si><r><t>co</t></r><r><t>de</t></r><rPh><t>hint</t></rPh></si><si><t>name</t></si>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert read_sheet(with_sheet(cells, shared), "xlsx").header == ("code", "name")


def test_a_file_over_its_size_is_not_even_opened() -> None:
    assert codes(read_sheet(b"x" * 11, "csv", FileLimits(bytes=10))) == ["file_too_large"]


def test_a_bomb_that_says_its_size_is_refused_by_its_directory() -> None:
    bomb = repacked(book([HEAD]), {"xl/styles.xml": b" " * 5_000_000})
    assert len(bomb) < 20_000
    assert codes(read_sheet(bomb, "xlsx", FileLimits(inflated=1_000_000))) == ["file_inflates"]


def test_a_bomb_that_lies_about_its_size_stops_at_what_it_said() -> None:
    bomb = bytearray(repacked(book([HEAD]), {"xl/worksheets/sheet1.xml": b" " * 50_000_000}))
    honest, lie = struct.pack("<I", 50_000_000), struct.pack("<I", 100)
    assert bomb.count(honest) == 2
    tracemalloc.start()
    sheet = read_sheet(bytes(bomb.replace(honest, lie)), "xlsx", FileLimits(inflated=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes(sheet) == ["file_not_xlsx"]
    assert peak < 5_000_000


def test_parts_share_one_allowance_while_they_are_read() -> None:
    packed = BytesIO()
    with ZipFile(BytesIO(book([HEAD]))) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    total = sum(entry.file_size for entry in ZipFile(packed).infolist())
    assert codes(read_sheet(packed.getvalue(), "xlsx", FileLimits(inflated=total - 1))) == ["file_inflates"]
    assert codes(read_sheet(packed.getvalue(), "xlsx", FileLimits(inflated=total))) == ["file_empty"]


def test_entities_are_refused_unexpanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert codes(read_sheet(repacked(book([HEAD]), {"xl/worksheets/sheet1.xml": bomb}), "xlsx")) == [
        "file_not_xlsx"
    ]


def test_a_cell_at_the_far_end_costs_no_empty_million() -> None:
    assert codes(read_sheet(with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "xlsx")) == [
        "file_too_many_rows"
    ]
    assert codes(read_sheet(with_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "xlsx")) == [
        "file_too_many_columns"
    ]


def test_many_rows_times_many_columns_are_refused_too() -> None:
    corner = '<row r="40000"><c r="GR40000"><v>1</v></c></row>'
    assert codes(read_sheet(with_sheet(corner), "xlsx")) == ["file_too_many_rows"]


def test_formatted_but_empty_cells_do_not_count() -> None:
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("code", "name"))
    cells = f'<row r="1">{head}</row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read_sheet(with_sheet(cells), "xlsx").header == ("code", "name")


def test_a_long_shared_string_weighs_wherever_it_is_used() -> None:
    shared = f"<si><t>{'x' * 10_000}</t></si>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 1001))
    assert codes(read_sheet(with_sheet(cells, shared), "xlsx", FileLimits(inflated=1_000_000))) == [
        "file_inflates"
    ]


@pytest.mark.parametrize(
    ("media", "data"), [("csv", (LINE + "x,y\n" * 5).encode()), ("xlsx", book([HEAD, *[("x", "y")] * 5]))]
)
def test_rows_at_the_limit_are_read_and_over_it_refused(media: SheetMedia, data: bytes) -> None:
    assert codes(read_sheet(data, media, FileLimits(rows=5))) == []
    assert codes(read_sheet(data, media, FileLimits(rows=4))) == ["file_too_many_rows"]


def test_a_long_cell_is_told_by_row_and_column_and_cut() -> None:
    sheet = read_sheet(book([HEAD, ("xa-a", "x" * 3000)]), "xlsx")
    assert places(sheet) == [(2, "B", "cell_too_long")]
    assert len(sheet.rows[1][1]) == 2000


def test_values_read_as_one_would_type_them() -> None:
    def more(written: Any, sheet: Any) -> None:
        day = written.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_number(1, 0, 12)
        sheet.write_number(1, 1, 12.5)
        sheet.write_datetime(1, 2, datetime(2020, 1, 31), day)  # noqa: DTZ001 - a spreadsheet knows no zone
        sheet.write_boolean(1, 3, True)
        sheet.write_formula(1, 4, "=6*7", None, 42)
        sheet.write_number(1, 5, 1e300)

    assert read_sheet(book([HEAD], more), "xlsx").rows[1][:6] == (
        "12",
        "12.5",
        "2020-01-31",
        "yes",
        "42",
        "1e+300",
    )


def test_days_of_the_old_macintosh_count_from_1904() -> None:
    def more(written: Any, sheet: Any) -> None:
        sheet.write_datetime(1, 3, datetime(2020, 1, 31), written.add_format({"num_format": 14}))  # noqa: DTZ001

    data = book([HEAD], more)
    workbook = (
        ZipFile(BytesIO(data)).read("xl/workbook.xml").replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    )
    assert read_sheet(repacked(data, {"xl/workbook.xml": workbook}), "xlsx").rows[1][3] == "2024-02-01"


def test_what_would_read_as_empty_is_told() -> None:
    def more(_: Any, sheet: Any) -> None:
        sheet.write_formula(1, 0, "=A9", None, "")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.merge_range(2, 0, 3, 1, "Cộng")

    assert places(read_sheet(book([HEAD], more), "xlsx")) == [
        (2, "A", "cell_formula_without_value"),
        (2, "B", "cell_holds_error"),
        (3, "A", "cell_merged"),
    ]


def test_titles_above_the_headings_may_be_merged_and_headings_may_not() -> None:
    def titled(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 7, "DANH SÁCH ĐƠN VỊ")

    def headed(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 8, 1, 8, "Ghi chú")

    assert read_sheet(book([(), HEAD, ROW], titled), "xlsx").findings == ()
    assert codes(read_sheet(book([(), HEAD, ROW], headed), "xlsx")) == ["cell_merged"]


def test_a_hidden_first_sheet_is_passed_over() -> None:
    def more(written: Any, sheet: Any) -> None:
        second = written.add_worksheet()
        for place, name in enumerate(HEAD):
            second.write_string(0, place, name)
        second.activate()
        sheet.hide()

    assert read_sheet(book([("ẩn", "giấu")], more), "xlsx").header == HEAD


def test_remarks_and_empty_rows_are_no_body() -> None:
    sheet = read_sheet((LINE + "# ví dụ,x\n\n,,,\nxa-a,Xã A\n").encode(), "csv")
    assert [number for number, _ in sheet.iterate_rows()] == [5]


def test_headings_are_understood_in_three_ways() -> None:
    vietnamese = unicodedata.normalize("NFD", "MÃ ĐƠN VỊ,Tên đơn  vị,Loại [kind],valid_from\n")
    assert read_sheet(vietnamese.encode(), "csv").header_row == 1
