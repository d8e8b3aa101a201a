"""The file given back with its findings: beside each row in words, and in XLSX on the cells themselves."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO

from domain.findings import Finding, Severity
from service.sentences import LANGUAGES, Language, say
from service.unit_files.cells import FORMULA
from service.unit_files.columns import ERRORS, LABELS, heading
from service.unit_files.sheets import Media, Sheet, letters
from service.unit_files.template import CREATED

_COMMENTS = 1_000
"""So many cells carry a note of their own; more make spreadsheets crawl. Colours and the column have all."""

_COLOURS = {Severity.ERROR: "#F8CBAD", Severity.WARNING: "#FFE699", Severity.INFO: "#DDEBF7"}
_RANKS = tuple(_COLOURS)
_LONGEST = 1_500
"""Characters of a remark: a marked file must stay within the limits of what may be sent."""


def mark(sheet: Sheet, findings: Sequence[Finding], language: Language, media: Media | None = None) -> bytes:
    """``sheet`` as a file, in ``media`` or its own, with one more column at its end: what each row's findings
    say.

    Every cell stays where it was and no cell can run as a formula. Once repaired the file can be sent again
    as it is: the added column is known and skipped.
    """
    notes: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        notes[_row(finding)].append(finding)
    height = max(len(sheet.rows), 1, *notes) if notes else max(len(sheet.rows), 1)
    rows = [sheet.rows[n] if n < len(sheet.rows) else () for n in range(height)]
    remarks = [_remark(sheet, number, notes.get(number, ()), language) for number in range(1, height + 1)]
    if (media or sheet.media) == "csv":
        return _csv(rows, remarks)
    return _xlsx(sheet, rows, remarks, notes, language)


def _row(finding: Finding) -> int:
    """Its row from 1; what concerns the whole file is said in the first."""
    row = finding.params.get("row", 0)
    return max(row, 1) if isinstance(row, int) else 1


def _remark(sheet: Sheet, number: int, findings: Sequence[Finding], language: Language) -> str:
    told = "\n".join(_say(findings, language))
    if len(told) > _LONGEST:
        told = f"{told[:_LONGEST]}…"
    if number != sheet.header_row:
        return told
    head = f"{('Lỗi và cảnh báo', 'Errors and warnings')[LANGUAGES.index(language)]} [{ERRORS}]"
    return f"{told}\n{head}" if told else head


def _say(findings: Iterable[Finding], language: Language) -> list[str]:
    return list(dict.fromkeys(say(finding.code, finding.params, language) for finding in findings))


def _csv(rows: Sequence[Sequence[str]], remarks: Sequence[str]) -> bytes:
    width = max(map(len, rows))
    text = StringIO()
    csv.writer(text).writerows(
        [*map(_tame, row), *[""] * (width - len(row)), _tame(remark)]
        for row, remark in zip(rows, remarks, strict=True)
    )
    return text.getvalue().encode("utf-8-sig")


def _tame(cell: str) -> str:
    """An apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _xlsx(
    sheet: Sheet,
    rows: Sequence[Sequence[str]],
    remarks: Sequence[str],
    notes: Mapping[int, Sequence[Finding]],
    language: Language,
) -> bytes:
    from xlsxwriter import Workbook

    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": CREATED})
    colours = {severity: book.add_format({"bg_color": colour}) for severity, colour in _COLOURS.items()}
    page, width, commented = book.add_worksheet(), max(map(len, rows)), 0
    places = _places(sheet)
    page.set_column(width, width, 80, book.add_format({"text_wrap": True}))
    for row, (cells, remark) in enumerate(zip(rows, remarks, strict=True)):
        page.write_string(row, width, remark)
        marked = _marked(places, notes.get(row + 1, ()))
        for place, cell in enumerate(cells):
            told = marked.get(place, [])
            colour = colours[min((finding.severity for finding in told), key=_RANKS.index)] if told else None
            page.write_string(row, place, cell, colour)
            if told and commented < _COMMENTS:
                page.write_comment(row, place, "\n".join(_say(told, language)))
                commented += 1
    page.ignore_errors({"number_stored_as_text": f"A1:{letters(width)}{len(rows)}"})
    book.close()
    return content.getvalue()


def _marked(places: Mapping[str, int], findings: Iterable[Finding]) -> Mapping[int, list[Finding]]:
    """Findings by the place of their cell; what speaks of a column the file does not have stays in words."""
    marked: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        column = str(finding.params.get("column", ""))
        place = places.get(column, places.get("parent:") if column.startswith("parent:") else None)
        if place is not None:
            marked[place].append(finding)
    return marked


def _places(sheet: Sheet) -> dict[str, int]:
    """Columns by letters and by machine name to their place; ``parent:`` is one that names no congress."""
    width = max(map(len, sheet.rows), default=0)
    places = {letters(place): place for place in range(width)}
    for place, cell in enumerate(sheet.header):
        for kind in LABELS:
            name = heading(kind, cell, ("",)).name
            if name:
                places.setdefault(name, place)
    return places
