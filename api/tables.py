"""Lists as files: the same rows as CSV or XLSX, by ``Accept``."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from fastapi import Request, Response

from api.negotiation import asked_for

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"

Cell = str | int | None

OFFERS = (JSON, CSV, XLSX)
"""For a route's ``offers``: the list itself, or as a file."""

FILES = {content: {"schema": {"type": "string", "format": "binary"}} for content in (CSV, XLSX)}
"""For a route's ``responses``: the same list as a file."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def wanted(request: Request) -> str:
    """The form of a list that ``Accept`` wants most; JSON where it does not say."""
    return asked_for(request, OFFERS) or JSON


def file(media: str, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """A table as a file that no spreadsheet takes for formulas."""
    content, ending = (_csv(header, rows), "csv") if media == CSV else (_xlsx(header, rows), "xlsx")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Vary": "Accept"}
    return Response(content, media_type=media, headers=headers)


def _csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    from xlsxwriter import Workbook

    buffer = BytesIO()
    with Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()
