"""No cell that we write runs as a formula, however the file is cut, and each comes back as it was."""

import csv
import re
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.findings import Finding
from service.formats.spreadsheets import (
    Table,
    build_csv,
    build_table_file,
    escape_formulas,
    may_start_formula,
    round_decimals,
    unescape_formulas,
)
from service.formats.unit_files import Sheet, SheetMedia, mark_sheet, parse_units, read_sheet
from service.texts import LANGUAGES, Language
from tests.service.unit_files.books import HEAD, book

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "'=1",
    "''=1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "a;=1",
    "a\t=1",
    "a\n=1",
    "a; @x",
    "a;'=1",
)
NAMES = ("Xã A", "O'Brien", "'", "Đắk - Nông", "a=b", "1/2", "x;y", "# 1", "'a'")


def cells(data: bytes, delimiter: str) -> list[str]:
    """Every cell that a spreadsheet would make of the file, cut at ``delimiter`` with or without quotes."""
    text = data.decode("utf-8-sig")
    naive = [cell.strip('"') for line in re.split("[\r\n]", text) for cell in line.split(delimiter)]
    quoted = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    return [cell for row in quoted for cell in row] + naive


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_a_csv_file_begins_a_formula(delimiter: str, language: Language) -> None:
    rows = [(each, f"x{each}") for each in FORMULAS] + [(each, "") for each in FORMULAS]
    data = build_csv([("Tên", "Ghi chú"), *rows], language)
    signs = re.compile(r"[\s\u200b\ufeff]*[=+@＝＋－＠-]")
    assert [cell for cell in cells(data, delimiter) if signs.match(cell) and not cell.startswith("x")] == []


def test_numbers_stay_numbers_and_names_stay_names() -> None:
    data = build_csv([(-1, None, *NAMES)], "en")
    assert next(csv.reader(StringIO(data.decode("utf-8-sig")))) == ["-1", "", *NAMES]


@given(st.text(alphabet="'=+-@＝;,\t\r\n a\u00a0\ufeff\"", max_size=12))
def test_what_was_made_inert_comes_back_as_it_was(cell: str) -> None:
    assert unescape_formulas(escape_formulas(cell)) == cell
    assert not may_start_formula(escape_formulas(cell)) or escape_formulas(cell).startswith("'")


@pytest.mark.parametrize("media", ["csv", "xlsx"])
def test_our_own_file_sent_again_names_the_same(media: SheetMedia) -> None:
    """Marked, repaired and sent again, as often as one likes; what is refused is refused each time."""
    rows = [("xa-a", name, "commune", "2019-04-01", "", "", "", "") for name in (*NAMES, *FORMULAS)]
    sheet = read_sheet(book([HEAD, *rows]), "xlsx")
    found = parse_units(sheet, ("c",))
    assert [row.name for row in found.rows] == [*NAMES, "{=1+1}", "a;=1", "a =1", "a =1", "a; @x", "a;'=1"]
    for _ in range(3):
        again = read_sheet(mark_sheet(sheet, found.findings, "en", media), media)
        assert parse_units(again, ("c",)).rows == found.rows
        assert codes(parse_units(again, ("c",)).findings) == codes(found.findings)
        sheet = trimmed(again)


def codes(findings: tuple[Finding, ...]) -> list[tuple[object, str]]:
    return [(each.params["row"], each.code) for each in findings]


def trimmed(sheet: Sheet) -> Sheet:
    """Without the column of remarks, as people delete it."""
    return Sheet(sheet.media, tuple(row[: len(HEAD)] for row in sheet.rows), sheet.header_row)


@pytest.mark.parametrize("sign", ["=", "+", "@", "-", "＝", "\t=", "'=", "\ufeff="])
def test_a_formula_is_no_name_to_import(sign: str) -> None:
    data = ",".join(HEAD) + f'\nxa-a,"{sign}A",commune,2019-04-01,,,,\n'
    same = book([HEAD, ("xa-a", f"{sign}A", "commune", "2019-04-01")])
    for sheet in (read_sheet(data.encode(), "csv"), read_sheet(same, "xlsx")):
        (finding,) = parse_units(sheet, ("c",)).findings
        assert finding.code == "cell_starts_formula"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_as_a_file_runs_nothing(language: Language) -> None:
    table = Table("Bảng", ["Tên", "=1+1"], [[each, -1] for each in FORMULAS])
    data = build_table_file(table, "csv", language)
    assert [cell for cell in cells(data, ";") if cell[:1] in tuple("=+@") and cell != "-1"] == []
    page = read_page(build_table_file(table, "xlsx", language), "xl/worksheets/sheet1.xml")
    assert "<f" not in page
    assert page.count('t="s"') == len(FORMULAS) + 2


NUMBERS = Table(
    "Số liệu", ["n", "x"], [[12345, Decimal("-1.5")], [10**20, Decimal("0.000001")], [None, None]]
)


def test_a_vietnamese_spreadsheet_reads_the_numbers_of_a_csv_file() -> None:
    text = build_table_file(NUMBERS, "csv", "vi").decode("utf-8-sig")
    assert text.splitlines() == ["n;x", "12345;-1,5", "100000000000000000000;0,000001", ";"]
    text = build_table_file(NUMBERS, "csv", "en").decode("utf-8-sig")
    assert text.splitlines()[1] == "12345,-1.5"


def test_numbers_of_a_workbook_are_numbers_on_a_named_sheet() -> None:
    data = build_table_file(NUMBERS, "xlsx", "vi")
    page = read_page(data, "xl/worksheets/sheet1.xml")
    assert '<c r="A2"><v>12345</v></c><c r="B2"><v>-1.5</v></c>' in page
    assert '<c r="A3" t="s">' in page, "a spreadsheet would round a number of 21 digits"
    assert '<sheet name="Số liệu"' in read_page(data, "xl/workbook.xml")


@given(st.fractions())
def test_decimals_are_the_number_to_a_millionth(number: Fraction) -> None:
    shown = round_decimals(number)
    assert abs(Fraction(shown) - number) <= Fraction(1, 2_000_000)
    assert "E" not in f"{shown:f}"


def read_page(data: bytes, name: str) -> str:
    """A part of a workbook, which has no links."""
    archive = ZipFile(BytesIO(data))
    assert not any("hyperlink" in part.lower() for part in archive.namelist())
    return archive.read(name).decode()
