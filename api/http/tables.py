"""Lists as files: the same rows as CSV or XLSX, by ``Accept``."""

from fastapi import Request, Response

from api.http.bodies import choose_executor
from api.http.calls import Call
from api.http.negotiation import choose_media
from service.formats.spreadsheets import Table, TableMedia, build_table_file

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"

TABLE_OFFERS = (JSON, CSV, XLSX)
"""For a route's ``offers``: a list as JSON or as a file."""

FILE_CONTENT = {content: {"schema": {"type": "string", "format": "binary"}} for content in (CSV, XLSX)}
"""For a route's ``responses``: a list as a file."""

MOST_CELLS_IN_THREAD = 5_000
"""A table with more is written in a process: an XLSX of 30,000 cells takes 0.2 seconds."""


def choose_table_media(request: Request) -> str:
    """The media type of a list that ``Accept`` prefers; JSON by default."""
    return choose_media(request, TABLE_OFFERS) or JSON


async def respond_with_table(call: Call, name: str, table: Table) -> Response:
    """Answer with a table as a file in which no cell is read as a formula."""
    media = choose_table_media(call.request)
    ending: TableMedia = "csv" if media == CSV else "xlsx"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Content-Language": call.language,
        "Vary": "Accept, Accept-Language",
    }
    cells = len(table.rows) * len(table.header)
    execute = choose_executor(call.request.app.state.files, cells, MOST_CELLS_IN_THREAD)
    content = await execute(build_table_file, table, ending, call.language)
    return Response(content, media_type=media, headers=headers)
