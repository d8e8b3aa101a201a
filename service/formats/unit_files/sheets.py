"""A file as a table of text: its rows, the place of its headings, and the findings of reading it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.findings import Finding, Plain, Severity
from domain.unit_files import SheetMedia
from domain.units import build_cell_finding
from service.formats.unit_files.columns import count_headings


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Limits of a file. ``area`` is rows times columns; ``inflated``: bytes of an XLSX unpacked, of its
    ``styles`` alone fewer; ``parts``: how many it has; ``faults``: how many of its cells cannot be read.
    """

    rows: int = 50_000
    columns: int = 200
    area: int = 1_000_000
    cell: int = 2_000
    bytes: int = 20 * 2**20
    inflated: int = 64 * 2**20
    styles: int = 8 * 2**20
    parts: int = 2_000
    faults: int = 20_000
    title_rows: int = 20


DEFAULT_LIMITS = FileLimits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was sent. ``rows[0]`` is row 1 of the file; ``header_row`` counts from 1, 0 is none."""

    media: SheetMedia
    rows: tuple[tuple[str, ...], ...] = ()
    header_row: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The headings, as written."""
        return self.rows[self.header_row - 1] if self.header_row else ()

    def iterate_rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Number and cells of the rows below the headings, without empty rows and ``#`` remarks."""
        for number, cells in enumerate(self.rows[self.header_row :], self.header_row + 1):
            first = next((cell.strip() for cell in cells if cell.strip()), "")
            if self.header_row and first and not first.startswith("#"):
                yield number, cells


def build_broken_sheet(media: SheetMedia, code: str, **params: Plain) -> Sheet:
    """A file of which no row can be used, and why."""
    return Sheet(media, findings=(Finding(code, {"row": 0, "column": "", **params}),))


def build_sheet(
    media: SheetMedia, rows: Sequence[Sequence[str]], findings: Sequence[Finding], limits: FileLimits
) -> Sheet:
    """``rows`` within their limits, with the heading row found among the first rows."""
    found: list[Finding] = []
    cells = tuple(_cut_cells(number, row, limits, found) for number, row in enumerate(rows, 1))
    header_row = _find_header_row(cells, limits)
    found += [finding for finding in findings if _is_within_table(finding, header_row)]
    sheet = Sheet(media, cells, header_row)
    filled = [number for number, _ in sheet.iterate_rows()]
    if len(filled) > limits.rows:
        return build_broken_sheet(media, "file_too_many_rows", limit=limits.rows)
    if not header_row:
        found.append(Finding("file_header_missing", {"row": 0, "column": "", "limit": limits.title_rows}))
    elif not filled:
        found.append(Finding("file_empty", {"row": 0, "column": ""}, severity=Severity.WARNING))
    return replace(sheet, findings=tuple(found))


def _cut_cells(number: int, row: Sequence[str], limits: FileLimits, found: list[Finding]) -> tuple[str, ...]:
    for place, cell in enumerate(row):
        if len(cell) > limits.cell:
            found.append(
                build_cell_finding(number, format_column_letters(place), "cell_too_long", limit=limits.cell)
            )
    return tuple(cell[: limits.cell] for cell in row)


def _is_within_table(finding: Finding, header_row: int) -> bool:
    """Whether a finding is within the table; above the headings there are titles, often merged."""
    last = finding.params.get("last_row", finding.params["row"])
    return isinstance(last, int) and last >= header_row


def _find_header_row(rows: Sequence[Sequence[str]], limits: FileLimits) -> int:
    """The first row with the most headings that are understood; one is not enough."""
    counts = [count_headings(row) for row in rows[: limits.title_rows]]
    best = max(counts, default=0)
    return counts.index(best) + 1 if best > 1 else 0


def format_column_letters(place: int) -> str:
    """The letters that a spreadsheet has above the column at ``place`` (0 is A, 26 is AA)."""
    text, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text
