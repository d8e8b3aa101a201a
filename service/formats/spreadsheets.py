"""Tables for spreadsheets, in which text is never run as a formula; only this module knows how one begins.

A spreadsheet takes a cell of a CSV file for a formula by its first sign, and may cut the file into cells
at other places: with Vietnamese settings at semicolons. So an apostrophe is put before every place where a
formula could begin (OWASP, CSV injection). It is removed when such a file is read, so that
the text is again as it was. Cells of an XLSX file are written as text, and need none.

Spreadsheets read a CSV file by the settings of their country: Vietnamese ones expect semicolons between
cells and a comma in decimal numbers.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any, Literal

from service.texts import Language

Cell = str | int | Decimal | None
TableMedia = Literal["csv", "xlsx"]

MAX_EXACT_DIGITS = 15
"""The digits of a number that a spreadsheet keeps; a longer one is written as text."""

_CSV_MARKS: dict[Language, tuple[str, str]] = {"vi": (";", ","), "en": (",", ".")}
"""Language → the mark between cells, and the mark before decimals."""

_FORMULA_SIGNS = "[=+@＝＋－＠-]"
_BLANKS = "[ \N{NO-BREAK SPACE}\u2000-\u200f\u202f\u2060\u3000\ufeff]*"
_START = r"(?:\A|(?<=[;\t\r\n]))"
_FORMULA = rf"'*{_BLANKS}{_FORMULA_SIGNS}"
_BREAK = r"'*[\t\r\n]"
_FORMULA_START = re.compile(rf"{_START}(?={_FORMULA})|\A(?={_BREAK})")
_ESCAPED_FORMULA = re.compile(rf"{_START}'(?={_FORMULA})|\A'(?={_BREAK})")


def escape_formulas(cell: str) -> str:
    """The text with an apostrophe wherever a formula could begin."""
    return _FORMULA_START.sub("'", cell)


def unescape_formulas(cell: str) -> str:
    """The text before :func:`escape_formulas`."""
    return _ESCAPED_FORMULA.sub("", cell)


def may_start_formula(cell: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return _FORMULA_START.match(cell) is not None


@dataclass(frozen=True, slots=True)
class Table:
    """A table for readers: its title, the headings of its columns, and its rows."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def build_table_file(table: Table, media: TableMedia, language: Language) -> bytes:
    """A table as a file, for spreadsheets of the readers of a language."""
    if media == "csv":
        return build_csv([table.header, *table.rows], language)
    return _build_xlsx(table)


def build_csv(rows: Iterable[Sequence[Cell]], language: Language) -> bytes:
    """Rows as CSV without formulas, with the byte order mark by which spreadsheets detect UTF-8."""
    text = StringIO()
    delimiter, decimal_mark = _CSV_MARKS[language]
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([_write_csv_cell(cell, decimal_mark) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _write_csv_cell(cell: Cell, decimal_mark: str) -> str | int | None:
    if isinstance(cell, str):
        return escape_formulas(cell)
    return f"{cell:f}".replace(".", decimal_mark) if isinstance(cell, Decimal) else cell


def create_workbook(content: Any, *, row_by_row: bool = False) -> Any:
    """An XLSX file to be written into ``content``, in which text stays text.

    Where it is written ``row_by_row``, from the first to the last, no more than a row is kept in memory.
    """
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return Workbook(content, {"constant_memory" if row_by_row else "in_memory": True, **options})


def _build_xlsx(table: Table) -> bytes:
    content = BytesIO()
    with create_workbook(content) as book:
        sheet = book.add_worksheet(table.title)
        sheet.write_row(0, 0, table.header, book.add_format({"bold": True}))
        for number, row in enumerate(table.rows, 1):
            sheet.write_row(number, 0, [_keep_digits(cell) for cell in row])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return content.getvalue()


def _keep_digits(cell: Cell) -> Cell:
    """A number with more digits than a spreadsheet keeps as text, any other cell as it is."""
    if cell is None or isinstance(cell, str):
        return cell
    return str(cell) if len(Decimal(cell).as_tuple().digits) > MAX_EXACT_DIGITS else cell


def round_decimals(number: Fraction) -> Decimal:
    """A number with six decimals at most. JSON has the exact one: a spreadsheet takes 1/2 for a day."""
    whole, millionths = divmod(abs(round(number * 1_000_000)), 1_000_000)
    sign = "-" if number < 0 else ""
    return Decimal(f"{sign}{whole}.{millionths:06}".rstrip("0").rstrip("."))
