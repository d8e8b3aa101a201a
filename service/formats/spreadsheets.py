"""Text for spreadsheets that is never run as a formula; only this module knows how a formula begins.

A spreadsheet takes a cell of a CSV file for a formula by its first sign, and may cut the file into cells
at other places: with Vietnamese settings at semicolons. So an apostrophe is put before every place where a
formula could begin (OWASP, CSV injection). It is removed when such a file is read, so that
the text is again as it was. Cells of an XLSX file are written as text, and need none.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

Cell = str | int | None

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


def build_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as CSV without formulas, with the byte order mark by which spreadsheets detect UTF-8."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows(
        [escape_formulas(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def create_workbook(content: Any) -> Any:
    """An XLSX file to be written into ``content``, in which text stays text."""
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return Workbook(content, {"in_memory": True, **options})
