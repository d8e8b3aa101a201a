"""CSV as people send it: UTF-8 with or without a byte order mark, comma, semicolon or tab."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from service.formats.spreadsheets import unescape_formulas
from service.formats.unit_files.columns import count_headings
from service.formats.unit_files.sheets import FileLimits, Sheet, build_broken_sheet, build_sheet

_OTHER_ENCODINGS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def read_csv(data: bytes, limits: FileLimits) -> Sheet:
    """The table in ``data``; a file in another encoding or with broken quotes is refused with its first bad
    row."""
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            return build_broken_sheet("csv", "file_encoding_other", encoding=encoding)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return build_broken_sheet("csv", "file_not_utf8", line=data.count(b"\n", 0, error.start) + 1)
    if "\0" in text:
        return build_broken_sheet("csv", "file_not_text")
    return _read_text(text, limits)


def _read_text(text: str, limits: FileLimits) -> Sheet:
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in _split_rows(text, _detect_delimiter(text, limits)):
            rows.append([unescape_formulas(cell) for cell in row])
            cells += len(row)
            if cells > limits.area or len(rows) > limits.rows + limits.title_rows:
                return build_broken_sheet("csv", "file_too_many_rows", limit=limits.rows)
            if len(row) > limits.columns:
                return build_broken_sheet("csv", "file_too_many_columns", limit=limits.columns)
    except csv.Error as error:
        if "field limit" in str(error):
            return build_broken_sheet("csv", "file_cell_too_long", line=len(rows) + 1, limit=limits.cell)
        return build_broken_sheet("csv", "file_quotes_broken", line=len(rows) + 1)
    return build_sheet("csv", rows, (), limits)


def _split_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _detect_delimiter(text: str, limits: FileLimits) -> str:
    """The separator under which most headings are understood: Vietnamese spreadsheets write semicolons."""

    def headings(delimiter: str) -> int:
        try:
            first = list(islice(_split_rows(text, delimiter), limits.title_rows))
        except csv.Error:
            return 0
        return max((count_headings(row[: limits.columns]) for row in first), default=0)

    return max((",", ";", "\t"), key=headings)
