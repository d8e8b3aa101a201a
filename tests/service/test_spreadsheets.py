"""No cell that we write runs as a formula, however the file is cut, and each comes back as it was."""

import csv
import re
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.tables import CSV, XLSX, respond_with_table
from domain.findings import Finding
from service.formats.spreadsheets import build_csv, escape_formulas, may_start_formula, unescape_formulas
from service.formats.unit_files import Sheet, SheetMedia, mark_sheet, parse_units, read_sheet
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


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_a_csv_file_begins_a_formula(delimiter: str) -> None:
    rows = [(each, f"x{each}") for each in FORMULAS] + [(each, "") for each in FORMULAS]
    data = build_csv([("Tên", "Ghi chú"), *rows])
    signs = re.compile(r"[\s\u200b\ufeff]*[=+@＝＋－＠-]")
    assert [cell for cell in cells(data, delimiter) if signs.match(cell) and not cell.startswith("x")] == []


def test_numbers_stay_numbers_and_names_stay_names() -> None:
    data = build_csv([(-1, None, *NAMES)])
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


def test_a_list_as_a_file_runs_nothing() -> None:
    answer = respond_with_table(CSV, "x", ["Tên", "=1+1"], [[each, -1] for each in FORMULAS])
    assert [
        cell for cell in cells(bytes(answer.body), ";") if cell[:1] in tuple("=+@") and cell != "-1"
    ] == []
    answer = respond_with_table(XLSX, "x", ["Tên", "=1+1"], [[each, -1] for each in FORMULAS])
    archive = ZipFile(BytesIO(answer.body))
    page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in page
    assert not any("hyperlink" in name.lower() for name in archive.namelist())
    assert page.count('t="s"') == len(FORMULAS) + 2
