"""CSV as people send it: UTF-8 with or without a byte order mark, comma, semicolon or tab."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from service.spreadsheets import meant
from service.unit_files.columns import recognised
from service.unit_files.sheets import Limits, Sheet, broken, table

_OTHER_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def read_csv(data: bytes, limits: Limits) -> Sheet:
    """The table in ``data``; a file in another encoding or with broken quotes is refused with its first bad
    row."""
    for mark, encoding in _OTHER_MARKS:
        if data.startswith(mark):
            return broken("csv", "file_encoding_other", encoding=encoding)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return broken("csv", "file_not_utf8", line=data.count(b"\n", 0, error.start) + 1)
    if "\0" in text:
        return broken("csv", "file_not_text")
    return _parse(text, limits)


def _parse(text: str, limits: Limits) -> Sheet:
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in _rows(text, _delimiter(text, limits)):
            rows.append([meant(cell) for cell in row])
            cells += len(row)
            if cells > limits.area or len(rows) > limits.rows + limits.title_rows:
                return broken("csv", "file_too_many_rows", limit=limits.rows)
            if len(row) > limits.columns:
                return broken("csv", "file_too_many_columns", limit=limits.columns)
    except csv.Error as error:
        if "field limit" in str(error):
            return broken("csv", "file_cell_too_long", line=len(rows) + 1, limit=limits.cell)
        return broken("csv", "file_quotes_broken", line=len(rows) + 1)
    return table("csv", rows, (), limits)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str, limits: Limits) -> str:
    """The separator under which most headings are understood: Vietnamese spreadsheets write semicolons."""

    def headings(delimiter: str) -> int:
        try:
            first = list(islice(_rows(text, delimiter), limits.title_rows))
        except csv.Error:
            return 0
        return max((recognised(row[: limits.columns]) for row in first), default=0)

    return max((",", ";", "\t"), key=headings)
