"""The XML of a spreadsheet, read strictly and written anew, before anything else believes it.

The reader of spreadsheets trusts places such as ``A4294967295`` and makes room for all cells before them,
which ends the process. It is therefore given only what this module has understood and written itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from domain.findings import Finding, Plain
from domain.units import at
from service.unit_files.sheets import Limits, letters

_PARTS = 20_000
_DEEPEST = 64
_LONGEST_TAG = 256 * 1024
_AT_ONCE = 64 * 1024
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,7}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


class NotAWorkbookError(Exception):
    """The bytes are no XLSX file, or one that no program would write."""


class TooMuchError(Exception):
    """The file is larger than allowed; ``code`` and ``params`` say in what."""

    def __init__(self, code: str, **params: Plain):
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a small XML part."""

    name: str
    attributes: Mapping[str, str]


def _refuse(*_: object) -> None:
    raise ExpatError("a document type has no place here")


def _passed_over(*_: object) -> None:
    return None


def walk(content: bytes) -> list[Part]:
    """The elements of a small part in order, by local name."""
    found: list[Part] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        found.append(Part(_local(name), attributes))
        if len(found) > _PARTS:
            raise TooMuchError("file_too_complex", limit=_PARTS)

    _follow(content, start)
    return found


def sound(content: bytes) -> bytes:
    """``content`` itself, when it is well-formed XML without a document type."""
    _follow(content)
    return content


def rewrite(sheet: bytes, shared: bytes, limits: Limits) -> tuple[bytes, list[Finding]]:
    """``sheet`` written anew with its ``shared`` strings in place, and what its values alone do not tell.

    Raises :class:`TooMuchError` when rows, columns, area or text pass their limits, and
    :class:`NotAWorkbookError` when places are out of order. Finds merged cells, formulas never computed, and
    cells that hold an error such as ``#REF!``: all of them read as empty, and empty would pass for unknown.
    """
    walker = _Walker(_strings(shared, limits) if shared else [], limits)
    _follow(sheet, walker.start, walker.end, walker.text)
    rows = "".join(walker.written)
    closed = "</row>" if rows else ""
    return f"<worksheet><sheetData>{rows}{closed}</sheetData></worksheet>".encode(), walker.findings


def _follow(
    content: bytes,
    start: Callable[[str, Mapping[str, str]], object] = _passed_over,
    end: Callable[[str], object] = _passed_over,
    text: Callable[[str], object] = _passed_over,
) -> None:
    """Walk through XML, telling of elements and text; no document type, no depth, no endless tag.

    The parser keeps every open element and the whole of a tag, so both are limited while it reads.
    """
    depth = 0

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise NotAWorkbookError
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = opened, closed, text
    for begin in range(0, len(content), _AT_ONCE):
        parser.Parse(content[begin : begin + _AT_ONCE], False)
        if begin - parser.CurrentByteIndex > _LONGEST_TAG:
            raise NotAWorkbookError
    parser.Parse(b"", True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _strings(shared: bytes, limits: Limits) -> list[str]:
    """The shared strings, each cut a little above what a cell may hold; hints on how to say them left out."""
    found: list[str] = []
    depth = {"t": 0, "rPh": 0}

    def start(tag: str, _: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "si":
            found.append("")
            if len(found) > limits.area:
                raise TooMuchError("file_too_complex", limit=limits.area)
        elif name in depth:
            depth[name] += 1

    def end(tag: str) -> None:
        if _local(tag) in depth:
            depth[_local(tag)] -= 1

    def text(data: str) -> None:
        if found and depth["t"] and not depth["rPh"]:
            found[-1] = (found[-1] + data)[: limits.cell + 1]

    _follow(shared, start, end, text)
    return found


@dataclass(slots=True)
class _Walker:
    """Follows rows and cells, with or without written places, and holds them to order and limits."""

    strings: list[str]
    limits: Limits
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

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            self._row(attributes.get("r"))
        elif name == "c":
            self._cell(attributes)
        elif name == "f":
            self.formula = True
        elif name in ("v", "t"):
            self.inside = True
        elif name == "mergeCell":
            self._merged(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        if self.inside:
            self.value = (self.value + data)[: self.limits.cell + 1]

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("v", "t"):
            self.inside = False
        elif name == "c":
            self._ended()

    def _row(self, number: str | None) -> None:
        row = self.row + 1 if number is None else _count(number)
        if row is None or row <= self.row:
            raise NotAWorkbookError
        self.row, self.column = row, 0

    def _cell(self, attributes: Mapping[str, str]) -> None:
        written = attributes.get("r")
        column, row = (self.column + 1, self.row) if written is None else _place(written)
        if row != self.row or column <= self.column:
            raise NotAWorkbookError
        self.column, self.kind = column, attributes.get("t", "n")
        self.style = str(_count(attributes.get("s", "")) or 0)
        self.formula, self.value = False, ""

    def _ended(self) -> None:
        if self.formula and not self.value.strip():
            self._found(at(self.row, letters(self.column - 1), "cell_formula_without_value"))
        elif self.kind == "e":
            self._found(at(self.row, letters(self.column - 1), "cell_holds_error"))
        elif self.value:
            self._write()

    def _write(self) -> None:
        """Only filled cells are written and count: sheets are often formatted to their last row."""
        kind, value = self._content()
        self._count(len(value))
        if self.row > self.written_row:
            closed = "</row>" if self.written else ""
            self.written.append(f'{closed}<row r="{self.row}">')
            self.written_row = self.row
        place = f"{letters(self.column - 1)}{self.row}"
        self.written.append(f'<c r="{place}" s="{self.style}" t="{kind}"><v>{escape(value)}</v></c>')

    def _content(self) -> tuple[str, str]:
        """Type and value of the cell; what only calls itself a number is text."""
        if self.kind == "s":
            index = _count(self.value)
            if index is None or index >= len(self.strings):
                raise NotAWorkbookError
            return "str", self.strings[index]
        if self.kind == "n" and _NUMBER.fullmatch(self.value):
            return "n", self.value
        return ("b", self.value) if self.kind == "b" and self.value in "01" else ("str", self.value)

    def _count(self, length: int) -> None:
        limits = self.limits
        self.characters += length
        self.widest = max(self.widest, self.column)
        if self.widest > limits.columns:
            raise TooMuchError("file_too_many_columns", limit=limits.columns)
        if self.row > limits.rows + limits.title_rows or self.row * self.widest > limits.area:
            raise TooMuchError("file_too_many_rows", limit=limits.rows)
        if self.characters > limits.inflated:
            raise TooMuchError("file_inflates", limit=limits.inflated)

    def _merged(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        place, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
        if place and end:
            row, last_row = int(place[2]), int(end[2])
            self._found(at(row, place[1], "cell_merged", area=ref, last_row=last_row))

    def _found(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) > self.limits.faults:
            raise TooMuchError("file_too_complex", limit=self.limits.faults)


def _count(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) else None


def _place(text: str) -> tuple[int, int]:
    """Column and row, both from 1."""
    place = _PLACE.fullmatch(text)
    if not place:
        raise NotAWorkbookError
    column = 0
    for letter in place[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(place[2])
