"""Bytes to table."""

from service.unit_files.delimited import read_csv
from service.unit_files.sheets import LIMITS, Limits, Media, Sheet, broken
from service.unit_files.workbook import read_xlsx

_ZIP = b"PK\x03\x04"


def read(data: bytes, media: Media, limits: Limits = LIMITS) -> Sheet:
    """The table in ``data``. Never raises for what it holds: ``findings`` say what is wrong, by row and
    column.

    Large files take seconds of computing: call it in a thread, off the event loop.
    """
    if len(data) > limits.bytes:
        return broken(media, "file_too_large", limit=limits.bytes)
    if media == "xlsx":
        return read_xlsx(data, limits) if data else broken("xlsx", "file_not_xlsx")
    return broken("csv", "file_is_xlsx") if data.startswith(_ZIP) else read_csv(data, limits)
