"""Findings in words that name rows and columns as the file does."""

from collections.abc import Mapping

from domain.figures import MEASURES
from domain.findings import Finding, Plain
from domain.names import clean_text
from service.formats.unit_files.columns import LABELS, read_heading, read_machine_name
from service.formats.unit_files.sheets import Sheet, format_column_letters
from service.texts import LANGUAGES, Language, load_headings, translate_code

_MAX_HEADING_LENGTH = 80
_COLUMN_PARAMS = ("name", "whole")
"""Parameters that are the machine name of a column."""


class SheetTranslator:
    """Translates the findings of one sheet to one language."""

    def __init__(self, sheet: Sheet, language: Language):
        self._header = sheet.header
        self._language = language
        self._places = _map_columns_by_name(sheet)
        self.measure_places = frozenset(place for name, place in self._places.items() if name in MEASURES)
        """The places of the columns that have figures."""

    @property
    def sheet_name(self) -> str:
        """The name of the sheet, as in the templates."""
        return load_headings("sheets")["data"][LANGUAGES.index(self._language)]

    def translate_finding(self, finding: Finding) -> str:
        """The sentence of a finding, after its row and heading."""
        named = {
            name: self._translate_column(str(finding.params[name]))
            for name in _COLUMN_PARAMS
            if name in finding.params
        }
        sentence = translate_code(finding.code, {**finding.params, **named}, self._language)
        row = finding.params.get("row")
        if not row:
            return sentence
        what: dict[str, Plain] = {"row": row, "what": f"{sentence[:1].lower()}{sentence[1:]}"}
        place = self.find_column(str(finding.params.get("column", "")))
        if place is None:
            return translate_code("at_row", what, self._language)
        return translate_code("at_cell", {**what, "column": self._describe_column(place)}, self._language)

    def find_column(self, column: str) -> int | None:
        """The place of a column in the file, by letters or by machine name, or ``None``."""
        chain = self._places.get("parent:") if column.startswith("parent:") else None
        return self._places.get(column, chain)

    def _describe_column(self, place: int) -> str:
        """The heading as written; the column's letters where there is none."""
        written = clean_text(self._header[place]) if place < len(self._header) else ""
        return written[:_MAX_HEADING_LENGTH] or format_column_letters(place)

    def _translate_column(self, column: str) -> str:
        """The heading of a column in the file, or in the templates where the file has none."""
        place = self.find_column(column)
        if place is not None:
            return self._describe_column(place)
        labels = next((LABELS[kind][column] for kind in LABELS if column in LABELS[kind]), None)
        return labels[LANGUAGES.index(self._language)] if labels else column


def _map_columns_by_name(sheet: Sheet) -> Mapping[str, int]:
    """Columns by letters and by machine name to their place; ``parent:`` is one that names no congress."""
    width = max(map(len, sheet.rows), default=0)
    places = {format_column_letters(place): place for place in range(width)}
    for place, cell in enumerate(sheet.header):
        for kind in LABELS:
            name = read_heading(kind, cell, ("",)).name
            if name:
                places.setdefault(name, place)
        places.setdefault(read_machine_name(cell), place)  # a measure that a plan defines
    return places
