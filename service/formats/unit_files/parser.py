"""Table to rows: each cell is read by the type of its column, with findings by row and column."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Generic, TypeVar

from domain.figures import FigureRow
from domain.findings import MOST_FINDINGS, Finding, Plain, Severity, limit_findings
from domain.names import clean_text, derive_slug, fold_text
from domain.unit_files import FileKind
from domain.units import LONGEST_CODE, UnitRow, build_cell_finding
from service.formats.unit_files.cells import RowCells
from service.formats.unit_files.columns import NO_MEASURES, REQUIRED_COLUMNS, read_heading
from service.formats.unit_files.sheets import Sheet, format_column_letters
from service.reference.labels import read_kind

Row = TypeVar("Row", UnitRow, FigureRow)

_SUBTOTAL = re.compile(r"(tổng cộng|tổng số|cộng)( .*)?|tổng|(sub)?total")
_PLAIN_SUBTOTALS = frozenset({"cong", "tong", "tong cong", "tong so"})
_OTHER_COLUMNS = frozenset(("unit", "as_of", "source", "made_up"))
"""The columns of a file of figures that are no figures."""
NO_KINDS: Mapping[str, str] = {}
MAX_PREDECESSORS = 100
"""The most predecessors of a unit; more are a mistake in the cell."""
_OWN_FAMILIES = ("parent", "code:", "staff", "population")


@dataclass(frozen=True, slots=True)
class ParsedRows(Generic[Row]):
    """The rows of a sheet. ``faulty`` rows could be read only in part: that part is checked, and they are
    never stored. ``findings`` include those of reading the sheet."""

    rows: tuple[Row, ...]
    faulty: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def all_rows(self) -> list[Row]:
        """All rows in the order of the file."""
        return sorted(self.rows + self.faulty, key=lambda row: row.row)


def parse_units(
    sheet: Sheet, congresses: Collection[str], kinds: Mapping[str, str] = NO_KINDS
) -> ParsedRows[UnitRow]:
    """The units of ``sheet``; ``congresses`` are those in which a parent may be named, ``kinds`` those that
    plans define: kind → name."""
    kinds_by_name = {fold_text(name): kind for kind, name in kinds.items()}

    def read_unit(cells: RowCells) -> UnitRow:
        row = _read_unit(cells)
        return replace(row, kind=kinds_by_name.get(fold_text(row.kind), row.kind))

    columns, findings = _match_columns(sheet, "units", congresses)
    return _parse_sheet(sheet, "units", columns, findings, read_unit, "code", "name")


def parse_figures(sheet: Sheet, measures: Mapping[str, str] = NO_MEASURES) -> ParsedRows[FigureRow]:
    """The figures of ``sheet``; an empty cell is unknown and leaves no figure. ``measures`` are those that
    plans define: measure → name."""
    columns, findings = _match_columns(sheet, "figures", (), measures)
    return _parse_sheet(sheet, "figures", columns, findings, _read_figures, "unit", "unit")


def _parse_sheet(
    sheet: Sheet,
    kind: FileKind,
    columns: Mapping[int, str],
    findings: list[Finding],
    make: Callable[[RowCells], Row],
    code: str,
    name: str,
) -> ParsedRows[Row]:
    absent = [name for name in REQUIRED_COLUMNS[kind] if sheet.header_row and name not in columns.values()]
    findings += [build_cell_finding(sheet.header_row, name, "column_missing", name=name) for name in absent]
    rows: list[Row] = []
    faulty: list[Row] = []
    for number, values in sheet.iterate_rows() if columns else ():
        if len(findings) > MOST_FINDINGS:
            break
        read = {key: values[place] for place, key in columns.items() if place < len(values)}
        cells = RowCells(number, read, absent)
        if _is_subtotal(cells.read_raw(code), cells.read_raw(name), values):
            findings.append(build_cell_finding(number, name, "row_is_subtotal", Severity.WARNING))
            continue
        row = make(cells)
        findings += cells.findings
        (faulty if row.unread else rows).append(row)
    return ParsedRows(tuple(rows), tuple(faulty), tuple(limit_findings(chain(sheet.findings, findings))))


def _match_columns(
    sheet: Sheet,
    kind: FileKind,
    congresses: Collection[str],
    measures: Mapping[str, str] = NO_MEASURES,
) -> tuple[Mapping[int, str], list[Finding]]:
    """Place → machine name of every column that is understood.

    A column for parents in an unknown congress is read too, for its other faults.
    """
    columns: dict[int, str] = {}
    findings: list[Finding] = []
    row = sheet.header_row
    for place, cell in enumerate(sheet.header):
        found = read_heading(kind, cell, congresses, measures)
        if found.ignored:
            continue
        if found.name is None:
            findings.append(_build_heading_finding(kind, cell, row, format_column_letters(place)))
        elif found.name in columns.values():
            findings.append(
                build_cell_finding(row, format_column_letters(place), "column_repeated", name=found.name)
            )
        else:
            columns[place] = found.name
            if found.name.startswith("parent:") and found.name[7:] not in congresses:
                findings.append(
                    _build_congress_finding(found.name, congresses, row, format_column_letters(place))
                )
    return columns, findings


def _build_congress_finding(name: str, congresses: Collection[str], row: int, column: str) -> Finding:
    """The finding for a column for parents whose congress is unknown or missing."""
    if not congresses:
        return build_cell_finding(row, column, "column_congress_none")
    known: list[Plain] = [*congresses]
    if name == "parent:":
        return build_cell_finding(row, column, "column_congress_missing", congresses=known)
    return build_cell_finding(row, column, "column_congress_unknown", congresses=known)


def _build_heading_finding(kind: FileKind, cell: str, row: int, column: str) -> Finding:
    """A heading that is not understood: an error where it looks like one of ours, otherwise ignored with
    a finding."""
    other: FileKind = "figures" if kind == "units" else "units"
    if read_heading(other, cell, ("x",)).name:
        return build_cell_finding(row, column, "column_of_other_file")
    ours = fold_text(cell).startswith(_OWN_FAMILIES)
    return build_cell_finding(row, column, "column_unknown", Severity.ERROR if ours else Severity.WARNING)


def _is_subtotal(code: str, name: str, values: Sequence[str]) -> bool:
    """A row such as "Cộng" or "Tổng số": it has no code of its own, and would count people twice."""
    text = name or clean_text(next(value for value in values if value.strip()))
    text = text.lower().rstrip(" :.")
    if code and code.lower().rstrip(" :.") != text:
        return False
    return _SUBTOTAL.fullmatch(text) is not None or text in _PLAIN_SUBTOTALS


def _read_unit(cells: RowCells) -> UnitRow:
    name = cells.read_text("name", required=True)
    code = _read_code(cells, "code", name)
    kind = read_kind(cells.read_text("kind", required=True))
    valid_from, valid_to = cells.read_day("valid_from", required=True), cells.read_day("valid_to")
    parents = {column[7:]: cells.read_text(column) for column in cells.list_columns("parent:")}
    codes = {column[5:]: cells.read_text(column) for column in cells.list_columns("code:")}
    predecessors = _read_predecessors(cells)
    made_up = cells.read_flag("made_up")
    unread = cells.unread_columns
    return UnitRow(
        cells.row,
        code,
        name,
        kind,
        valid_from or date.min,
        valid_to,
        _filter_read_values(parents, "parent:", unread),
        _filter_read_values(codes, "code:", unread),
        () if "predecessors" in unread else predecessors,
        made_up,
        unread,
    )


def _read_code(cells: RowCells, column: str, name: str) -> str:
    code = cells.read_text(column)
    if not code and column not in cells.unread_columns:
        cells.add_error(column, "unit_code_missing", suggestion=derive_slug(name)[:LONGEST_CODE])
    return code


def _filter_read_values(values: Mapping[str, str], family: str, unread: Collection[str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value and f"{family}{key}" not in unread}


def _read_predecessors(cells: RowCells) -> tuple[tuple[str, Fraction], ...]:
    """``code`` or ``code=share``, separated by ``;``: a share is ``1/2``, ``0.5`` or ``50%``, without it
    all."""
    found: list[tuple[str, Fraction]] = []
    pieces = cells.read_text("predecessors").split(";", MAX_PREDECESSORS)
    if len(pieces) > MAX_PREDECESSORS:
        cells.add_error("predecessors", "unit_predecessors_many", limit=MAX_PREDECESSORS)
        return ()
    for piece in pieces:
        code, equals, text = (part.strip() for part in piece.partition("="))
        share = _read_share(text) if equals else Fraction(1)
        if share is None or (equals and not code):
            cells.add_error("predecessors", "unit_share_bad")
        elif code:
            found.append((code, share))
    return tuple(found)


def _read_share(text: str) -> Fraction | None:
    whole = re.fullmatch(r"([0-9]{1,9})/([1-9][0-9]{0,8})", text)
    if whole:
        return Fraction(int(whole[1]), int(whole[2]))
    decimal = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,9})?)\s*(%?)", text)
    if decimal:
        return Fraction(decimal[1].replace(",", ".")) / (100 if decimal[2] else 1)
    return None


def _read_figures(cells: RowCells) -> FigureRow:
    unit = cells.read_text("unit", required=True)
    as_of = cells.read_day("as_of", required=True)
    source = cells.read_text("source", required=True)
    made_up = cells.read_flag("made_up")
    read = {name: cells.read_integer(name) for name in cells.list_columns() if name not in _OTHER_COLUMNS}
    figures = {measure: figure for measure, figure in read.items() if figure is not None}
    return FigureRow(cells.row, unit, as_of or date.min, source, figures, made_up, cells.unread_columns)
