"""The tables of documents as XLSX and CSV: what is a number there is a number here."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from domain.documents.content import Cell, Document, PrintedTable, RowKind
from service.formats.documents.elements import write_title
from service.formats.spreadsheets import build_csv, create_workbook

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31
_WIDTH_FACTOR = 0.55
"""Letters of a column's width in a spreadsheet for a unit of its width on paper."""


def write_xlsx(document: Document) -> bytes:
    """The tables of the document, a sheet for each, as they are printed: with sections and sums."""
    content = BytesIO()
    with create_workbook(content, row_by_row=True) as book:
        day = document.as_of
        created = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the file has no time zone
        book.set_properties(
            {"title": write_title(document), "author": document.letterhead.organ, "created": created}
        )
        for place, table in enumerate(document.list_tables(), 1):
            _write_sheet(book, book.add_worksheet(_name_sheet(table, place)), document, table)
    return content.getvalue()


def write_csv(document: Document) -> bytes:
    """The first table of the document as CSV: one line for each row of its body, with its section in the
    first column; no sums, which a reader of data makes for themselves."""
    table = next(document.list_tables())
    return build_csv(_list_flat_rows(table), "vi")


def _list_flat_rows(table: PrintedTable) -> Iterator[Sequence[Cell]]:
    yield ["Nhóm", *(column.title for column in table.columns)]
    section: Cell = None
    for row in table.rows:
        if row.kind is RowKind.SECTION:
            section = row.cells[0]
        elif row.kind is RowKind.BODY:
            yield [section, *row.cells]


def _write_sheet(book: Any, sheet: Any, document: Document, table: PrintedTable) -> None:
    wrapped = {"text_wrap": True, "valign": "vcenter", "border": 1, "font_name": "Times New Roman"}
    plain, strong = book.add_format(wrapped), book.add_format({**wrapped, "bold": True})
    title = book.add_format({"bold": True, "font_name": "Times New Roman"})
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, max(5, column.width * _WIDTH_FACTOR))
    lines = [line for line in (write_title(document), document.attached, document.mark) if line]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line, title)
    start = len(lines) + 1
    sheet.write_row(start, 0, [column.title for column in table.columns], strong)
    for number, row in enumerate(table.rows, start + 1):
        sheet.write_row(number, 0, row.cells, plain if row.kind is RowKind.BODY else strong)
    sheet.freeze_panes(start + 1, 0)


def _name_sheet(table: PrintedTable, place: int) -> str:
    """A name that a spreadsheet takes, different for each sheet."""
    return f"{place}. {_NOT_IN_SHEET_NAMES.sub(' ', table.name)}"[:_LONGEST_SHEET_NAME]
