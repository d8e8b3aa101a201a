"""From bytes to a table."""

from domain.unit_files import SheetMedia
from service.formats.unit_files.csv_reader import read_csv
from service.formats.unit_files.sheets import (
    DEFAULT_LIMITS,
    FileLimits,
    Sheet,
    build_broken_sheet,
)
from service.formats.unit_files.xlsx_reader import read_xlsx

_ZIP = b"PK\x03\x04"


def read_sheet(data: bytes, media: SheetMedia, limits: FileLimits = DEFAULT_LIMITS) -> Sheet:
    """The table in ``data``. Never raises for its content: ``findings`` have the errors, by row and column.

    Large files take seconds of computing: call it in a thread, off the event loop.
    """
    if len(data) > limits.bytes:
        return build_broken_sheet(media, "file_too_large", limit=limits.bytes)
    if media == "xlsx":
        return read_xlsx(data, limits) if data else build_broken_sheet("xlsx", "file_not_xlsx")
    return build_broken_sheet("csv", "file_is_xlsx") if data.startswith(_ZIP) else read_csv(data, limits)
