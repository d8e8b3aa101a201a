"""The XML of a spreadsheet, read strictly and written again, before any other module trusts it.

The reader of spreadsheets trusts places such as ``A4294967295`` and allocates all cells before them, which
ends the process. So it gets only XML that this module has written.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from domain.findings import Finding, Plain
from domain.units import build_cell_finding
from service.formats.unit_files.sheets import FileLimits, format_column_letters

_MAX_ELEMENTS = 20_000
_MAX_DEPTH = 64
_MAX_TAG_BYTES = 256 * 1024
_CHUNK_BYTES = 64 * 1024
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_COUNT_PATTERN = re.compile(r"[0-9]{1,7}", re.ASCII)
_NUMBER_PATTERN = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


class NotAWorkbookError(Exception):
    """The bytes are no XLSX file, or one that no program would write."""


class LimitExceededError(Exception):
    """The file is larger than allowed; ``code`` and ``params`` describe how."""

    def __init__(self, code: str, **params: Plain):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class XmlElement:
    """One element of a small XML part."""

    name: str
    attributes: Mapping[str, str]


def _refuse_doctype(*_: object) -> None:
    raise ExpatError("a document type has no place here")


def _ignore_event(*_: object) -> None:
    return None


def list_elements(content: bytes) -> list[XmlElement]:
    """The elements of a small part in order, by local name."""
    found: list[XmlElement] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        found.append(XmlElement(_strip_prefix(name), attributes))
        if len(found) > _MAX_ELEMENTS:
            raise LimitExceededError("file_too_complex", limit=_MAX_ELEMENTS)

    _parse_xml(content, start)
    return found


def expect_well_formed(content: bytes) -> bytes:
    """``content`` itself, when it is well-formed XML without a document type."""
    _parse_xml(content)
    return content


def rewrite_sheet(sheet: bytes, shared: bytes, limits: FileLimits) -> tuple[bytes, list[Finding]]:
    """``sheet`` written again with its ``shared`` strings in place, and the findings about it.

    Raises :class:`LimitExceededError` when rows, columns, area or text pass their limits, and
    :class:`NotAWorkbookError` when places are out of order. Finds merged cells, formulas never computed, and
    cells with an error such as ``#REF!``: all of these read as empty cells, which mean unknown.
    """
    walker = _SheetRewriter(_read_shared_strings(shared, limits) if shared else [], limits)
    _parse_xml(sheet, walker.start_element, walker.end_element, walker.add_text)
    rows = "".join(walker.written)
    closed = "</row>" if rows else ""
    return f"<worksheet><sheetData>{rows}{closed}</sheetData></worksheet>".encode(), walker.findings


def _parse_xml(
    content: bytes,
    start: Callable[[str, Mapping[str, str]], object] = _ignore_event,
    end: Callable[[str], object] = _ignore_event,
    text: Callable[[str], object] = _ignore_event,
) -> None:
    """Parse XML and call the handlers; document types, deep nesting and endless tags are refused.

    The parser keeps every open element and the whole of a tag, so both are limited while it reads.
    """
    depth = 0

    def enter_element(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise NotAWorkbookError
        start(name, attributes)

    def leave_element(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler, parser.EndElementHandler = enter_element, leave_element
    parser.CharacterDataHandler = text
    for begin in range(0, len(content), _CHUNK_BYTES):
        parser.Parse(content[begin : begin + _CHUNK_BYTES], False)
        if begin - parser.CurrentByteIndex > _MAX_TAG_BYTES:
            raise NotAWorkbookError
    parser.Parse(b"", True)


def _strip_prefix(name: str) -> str:
    return name.rpartition(":")[2]


def _read_shared_strings(shared: bytes, limits: FileLimits) -> list[str]:
    """The shared strings, each cut a little above the limit of a cell, without phonetic hints."""
    found: list[str] = []
    depth = {"t": 0, "rPh": 0}

    def start(tag: str, _: Mapping[str, str]) -> None:
        name = _strip_prefix(tag)
        if name == "si":
            found.append("")
            if len(found) > limits.area:
                raise LimitExceededError("file_too_complex", limit=limits.area)
        elif name in depth:
            depth[name] += 1

    def end(tag: str) -> None:
        if _strip_prefix(tag) in depth:
            depth[_strip_prefix(tag)] -= 1

    def text(data: str) -> None:
        if found and depth["t"] and not depth["rPh"]:
            found[-1] = (found[-1] + data)[: limits.cell + 1]

    _parse_xml(shared, start, end, text)
    return found


@dataclass(slots=True)
class _SheetRewriter:
    """Follows rows and cells, with or without written places, and checks their order and limits."""

    strings: list[str]
    limits: FileLimits
    findings: list[Finding] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    row: int = 0
    column: int = 0
    widest: int = 0
    written_row: int = 0
    characters: int = 0
    kind: str = ""
    style: str = ""
    formula: bool = False
    value: str = ""
    inside: bool = False

    def start_element(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _strip_prefix(tag)
        if name == "row":
            self._start_row(attributes.get("r"))
        elif name == "c":
            self._start_cell(attributes)
        elif name == "f":
            self.formula = True
        elif name in ("v", "t"):
            self.inside = True
        elif name == "mergeCell":
            self._add_merged_cells(attributes.get("ref", ""))

    def add_text(self, data: str) -> None:
        if self.inside:
            self.value = (self.value + data)[: self.limits.cell + 1]

    def end_element(self, tag: str) -> None:
        name = _strip_prefix(tag)
        if name in ("v", "t"):
            self.inside = False
        elif name == "c":
            self._end_cell()

    def _start_row(self, number: str | None) -> None:
        row = self.row + 1 if number is None else _read_count(number)
        if row is None or row <= self.row:
            raise NotAWorkbookError
        self.row, self.column = row, 0

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        written = attributes.get("r")
        column, row = (self.column + 1, self.row) if written is None else _read_reference(written)
        if row != self.row or column <= self.column:
            raise NotAWorkbookError
        self.column, self.kind = column, attributes.get("t", "n")
        self.style = str(_read_count(attributes.get("s", "")) or 0)
        self.formula, self.value = False, ""

    def _end_cell(self) -> None:
        if self.formula and not self.value.strip():
            self._add_finding(
                build_cell_finding(
                    self.row, format_column_letters(self.column - 1), "cell_formula_without_value"
                )
            )
        elif self.kind == "e":
            self._add_finding(
                build_cell_finding(self.row, format_column_letters(self.column - 1), "cell_holds_error")
            )
        elif self.value:
            self._write_cell()

    def _write_cell(self) -> None:
        """Only filled cells are written and count: sheets are often formatted to their last row."""
        kind, value = self._read_content()
        self._count_cell(len(value))
        if self.row > self.written_row:
            closed = "</row>" if self.written else ""
            self.written.append(f'{closed}<row r="{self.row}">')
            self.written_row = self.row
        place = f"{format_column_letters(self.column - 1)}{self.row}"
        self.written.append(f'<c r="{place}" s="{self.style}" t="{kind}"><v>{escape(value)}</v></c>')

    def _read_content(self) -> tuple[str, str]:
        """Type and value of the cell; an invalid number is text."""
        if self.kind == "s":
            index = _read_count(self.value)
            if index is None or index >= len(self.strings):
                raise NotAWorkbookError
            return "str", self.strings[index]
        if self.kind == "n" and _NUMBER_PATTERN.fullmatch(self.value):
            return "n", self.value
        return ("b", self.value) if self.kind == "b" and self.value in "01" else ("str", self.value)

    def _count_cell(self, length: int) -> None:
        limits = self.limits
        self.characters += length
        self.widest = max(self.widest, self.column)
        if self.widest > limits.columns:
            raise LimitExceededError("file_too_many_columns", limit=limits.columns)
        if self.row > limits.rows + limits.title_rows or self.row * self.widest > limits.area:
            raise LimitExceededError("file_too_many_rows", limit=limits.rows)
        if self.characters > limits.inflated:
            raise LimitExceededError("file_inflates", limit=limits.inflated)

    def _add_merged_cells(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        place, end = _CELL_REFERENCE.fullmatch(first), _CELL_REFERENCE.fullmatch(last)
        if place and end:
            row, last_row = int(place[2]), int(end[2])
            self._add_finding(build_cell_finding(row, place[1], "cell_merged", area=ref, last_row=last_row))

    def _add_finding(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) > self.limits.faults:
            raise LimitExceededError("file_too_complex", limit=self.limits.faults)


def _read_count(text: str) -> int | None:
    return int(text) if _COUNT_PATTERN.fullmatch(text) else None


def _read_reference(text: str) -> tuple[int, int]:
    """Column and row, both from 1."""
    place = _CELL_REFERENCE.fullmatch(text)
    if not place:
        raise NotAWorkbookError
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(place[2])
