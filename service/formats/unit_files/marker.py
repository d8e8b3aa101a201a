"""A file with its findings: beside each row in words, and in XLSX also on the cells."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from domain.findings import Finding, Severity
from domain.unit_files import SheetMedia
from service.formats.spreadsheets import build_csv, create_workbook
from service.formats.unit_files.columns import ERRORS_COLUMN
from service.formats.unit_files.sheets import Sheet, format_column_letters
from service.formats.unit_files.template import FIXED_DATE
from service.formats.unit_files.translator import SheetTranslator
from service.texts import LANGUAGES, Language, load_headings

_MAX_COMMENTS = 1_000
"""The most cells with a note; more make spreadsheets slow. Colours and the added column have all findings."""

_COLOURS = {Severity.ERROR: "#F8CBAD", Severity.WARNING: "#FFE699", Severity.INFO: "#DDEBF7"}
_SEVERITY_ORDER = tuple(_COLOURS)
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
"""A figure that is written as a number: a spreadsheet keeps all its digits."""
_MAX_REMARK_LENGTH = 1_500
"""Characters of a remark: a marked file must stay within the limits of an import."""


def mark_sheet(
    sheet: Sheet, findings: Sequence[Finding], language: Language, media: SheetMedia | None = None
) -> bytes:
    """``sheet`` as a file, in ``media`` or its own, with one more column at its end: each row's findings.

    Every cell stays in its place and no cell can run as a formula. After repair the file can be sent again:
    the added column is skipped.
    """
    notes: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        notes[_read_row_number(finding)].append(finding)
    height = max(len(sheet.rows), 1, *notes) if notes else max(len(sheet.rows), 1)
    rows = [sheet.rows[n] if n < len(sheet.rows) else () for n in range(height)]
    words = SheetTranslator(sheet, language)
    remarks = [_build_remark(words, notes.get(number, ())) for number in range(1, height + 1)]
    if sheet.header_row:
        remarks[sheet.header_row - 1] = _add_remark_heading(remarks[sheet.header_row - 1], language)
    if (media or sheet.media) == "csv":
        return _build_marked_csv(rows, remarks, language)
    return _build_marked_xlsx(words, rows, remarks, notes)


def _read_row_number(finding: Finding) -> int:
    """The row of a finding, from 1; findings about the whole file are in the first row."""
    row = finding.params.get("row", 0)
    return max(row, 1) if isinstance(row, int) else 1


def _build_remark(words: SheetTranslator, findings: Sequence[Finding]) -> str:
    text = "\n".join(_translate_findings(words, findings))
    return text if len(text) <= _MAX_REMARK_LENGTH else f"{text[:_MAX_REMARK_LENGTH]}…"


def _add_remark_heading(remark: str, language: Language) -> str:
    """The remark on the headings, above the heading of the remarks themselves."""
    head = f"{load_headings('sheets')['errors'][LANGUAGES.index(language)]} [{ERRORS_COLUMN}]"
    return f"{remark}\n{head}" if remark else head


def _translate_findings(words: SheetTranslator, findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(map(words.translate_finding, findings)))


def _build_marked_csv(rows: Sequence[Sequence[str]], remarks: Sequence[str], language: Language) -> bytes:
    width = max(map(len, rows))
    marked = [[*row, *[""] * (width - len(row)), remark] for row, remark in zip(rows, remarks, strict=True)]
    return build_csv(marked, language)


def _build_marked_xlsx(
    words: SheetTranslator,
    rows: Sequence[Sequence[str]],
    remarks: Sequence[str],
    notes: Mapping[int, Sequence[Finding]],
) -> bytes:
    content = BytesIO()
    book = create_workbook(content)
    book.set_properties({"created": FIXED_DATE})
    colours = {severity: book.add_format({"bg_color": colour}) for severity, colour in _COLOURS.items()}
    page, width, commented = book.add_worksheet(words.sheet_name), max(map(len, rows)), 0
    page.set_column(width, width, 80, book.add_format({"text_wrap": True}))
    for row, (cells, remark) in enumerate(zip(rows, remarks, strict=True)):
        page.write_string(row, width, remark)
        marked = _map_findings_by_column(words, notes.get(row + 1, ()))
        for place, cell in enumerate(cells):
            at_cell = marked.get(place, [])
            colour = (
                colours[min((finding.severity for finding in at_cell), key=_SEVERITY_ORDER.index)]
                if at_cell
                else None
            )
            if place in words.measure_places and _WHOLE_NUMBER.fullmatch(cell):
                page.write_number(row, place, int(cell), colour)
            else:
                page.write_string(row, place, cell, colour)
            if at_cell and commented < _MAX_COMMENTS:
                page.write_comment(row, place, "\n".join(_translate_findings(words, at_cell)))
                commented += 1
    page.ignore_errors({"number_stored_as_text": f"A1:{format_column_letters(width)}{len(rows)}"})
    book.close()
    return content.getvalue()


def _map_findings_by_column(
    words: SheetTranslator, findings: Iterable[Finding]
) -> Mapping[int, list[Finding]]:
    """Findings by the place of their cell, without those on columns that the file does not have."""
    marked: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        place = words.find_column(str(finding.params.get("column", "")))
        if place is not None:
            marked[place].append(finding)
    return marked
