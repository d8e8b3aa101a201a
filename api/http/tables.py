"""Lists as files: the same rows as CSV or XLSX, by ``Accept``."""

from collections.abc import Sequence
from io import BytesIO

from fastapi import Request, Response

from api.http.negotiation import choose_media
from service.formats.spreadsheets import Cell, build_csv, create_workbook

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"

TABLE_OFFERS = (JSON, CSV, XLSX)
"""For a route's ``offers``: a list as JSON or as a file."""

FILE_CONTENT = {content: {"schema": {"type": "string", "format": "binary"}} for content in (CSV, XLSX)}
"""For a route's ``responses``: a list as a file."""


def choose_table_media(request: Request) -> str:
    """The media type of a list that ``Accept`` prefers; JSON by default."""
    return choose_media(request, TABLE_OFFERS) or JSON


def respond_with_table(
    media: str, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> Response:
    """Answer with a table as a file in which no cell is read as a formula."""
    content, ending = (
        (build_csv([header, *rows]), "csv") if media == CSV else (_build_xlsx(header, rows), "xlsx")
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Vary": "Accept"}
    return Response(content, media_type=media, headers=headers)


def _build_xlsx(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    buffer = BytesIO()
    with create_workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()
