"""One row of a table, read cell by cell."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from domain.findings import Finding, Plain
from domain.names import clean_text, fold_text
from domain.units import build_cell_finding
from service.formats.spreadsheets import may_start_formula

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_VIETNAMESE_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_YES = frozenset({"yes", "co", "true", "x", "1"})
_NO = frozenset({"", "no", "khong", "false", "0"})


class RowCells:
    """The cells of row ``row`` by column name; what cannot be read is added to ``findings``.

    Columns that the file lacks (``absent``) have no findings row by row.
    """

    def __init__(self, row: int, values: Mapping[str, str], absent: Collection[str] = ()):
        self.row = row
        self.findings: list[Finding] = []
        self._values = values
        self._absent = frozenset(absent)

    @property
    def unread_columns(self) -> frozenset[str]:
        """The columns of this row that could not be read."""
        return self._absent.union(str(finding.params["column"]) for finding in self.findings)

    def add_error(self, column: str, code: str, **params: Plain) -> None:
        """Add an error at ``column`` of this row."""
        if column not in self._absent:
            self.findings.append(build_cell_finding(self.row, column, code, **params))

    def list_columns(self, prefix: str = "") -> Iterator[str]:
        """The columns whose names begin with ``prefix``."""
        return (name for name in self._values if name.startswith(prefix))

    def read_raw(self, column: str) -> str:
        """The text of a cell without any check."""
        return clean_text(self._values.get(column, ""))

    def read_text(self, column: str, *, required: bool = False) -> str:
        """A text in NFC. Formulas of spreadsheets and invisible characters are refused."""
        value = self._values.get(column, "")
        if may_start_formula(value):
            self.add_error(column, "cell_starts_formula")
        elif not clean_text(value).isprintable():
            self.add_error(column, "cell_not_plain")
        elif required and not value.strip():
            self.add_error(column, "cell_missing")
        return clean_text(value)

    def read_day(self, column: str, *, required: bool = False) -> date | None:
        """A day, written ``2020-01-31`` or ``31/01/2020``."""
        value = self.read_raw(column)
        iso, vietnamese = _ISO_DAY.fullmatch(value), _VIETNAMESE_DAY.fullmatch(value)
        try:
            if iso:
                return date(int(iso[1]), int(iso[2]), int(iso[3]))
            if vietnamese:
                return date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1]))
        except ValueError:
            pass
        if value:
            self.add_error(column, "cell_not_a_day")
        elif required:
            self.add_error(column, "cell_missing")
        return None

    def read_integer(self, column: str) -> int | None:
        """A whole number in plain digits; ``None`` when the cell is empty. ``1.234`` is refused: it could
        be either."""
        value = self.read_raw(column)
        if _INTEGER.fullmatch(value):
            return int(value)
        if value:
            self.add_error(column, "cell_not_whole")
        return None

    def read_flag(self, column: str) -> bool:
        """Yes or no, in either language; an empty cell is no."""
        value = self.read_raw(column).lower()
        value = value if value.isascii() else fold_text(value)
        if value not in _YES | _NO:
            self.add_error(column, "cell_not_yes_or_no")
        return value in _YES
