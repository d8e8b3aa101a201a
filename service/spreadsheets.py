"""Text for spreadsheets, none of which runs: the one place that says what a formula begins with.

A spreadsheet takes a cell of a CSV file for a formula by its first sign, and may cut the file into cells
elsewhere than we did: with Vietnamese settings at semicolons. So an apostrophe stands before every place
where a formula could begin (OWASP, CSV injection). It is taken off again when such a file is read, so that
what was written comes back as it was. Cells of an XLSX file are written as text, and need none.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

Cell = str | int | None

_SIGNS = "[=+@＝＋－＠-]"
_BLANKS = "[ \N{NO-BREAK SPACE}\u2000-\u200f\u202f\u2060\u3000\ufeff]*"
_START = r"(?:\A|(?<=[;\t\r\n]))"
_FORMULA = rf"'*{_BLANKS}{_SIGNS}"
_BREAK = r"'*[\t\r\n]"
_COULD_RUN = re.compile(rf"{_START}(?={_FORMULA})|\A(?={_BREAK})")
_MADE_INERT = re.compile(rf"{_START}'(?={_FORMULA})|\A'(?={_BREAK})")


def inert(cell: str) -> str:
    """The text with an apostrophe wherever a formula could begin."""
    return _COULD_RUN.sub("'", cell)


def meant(cell: str) -> str:
    """The text that :func:`inert` was given."""
    return _MADE_INERT.sub("", cell)


def begins_formula(cell: str) -> bool:
    """Whether a spreadsheet could take the text for a formula."""
    return _COULD_RUN.match(cell) is not None


def csv_file(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows as CSV that no spreadsheet runs, with the mark by which spreadsheets know UTF-8."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def workbook(content: Any) -> Any:
    """An XLSX file to be written into ``content``, in which text stays text."""
    from xlsxwriter import Workbook

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return Workbook(content, {"in_memory": True, **options})
