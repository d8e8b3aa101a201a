"""The file given back with its findings: beside each row in words, and in XLSX on the cells themselves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from domain.findings import Finding, Severity
from service.sentences import LANGUAGES, Language
from service.spreadsheets import csv_file, workbook
from service.unit_files.columns import ERRORS
from service.unit_files.sheets import Media, Sheet, letters
from service.unit_files.template import CREATED
from service.unit_files.words import Words

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
    words = Words(sheet, language)
    remarks = [_remark(words, notes.get(number, ())) for number in range(1, height + 1)]
    if sheet.header_row:
        remarks[sheet.header_row - 1] = _headed(remarks[sheet.header_row - 1], language)
    if (media or sheet.media) == "csv":
        return _csv(rows, remarks)
    return _xlsx(words, rows, remarks, notes)


def _row(finding: Finding) -> int:
    """Its row from 1; what concerns the whole file is said in the first."""
    row = finding.params.get("row", 0)
    return max(row, 1) if isinstance(row, int) else 1


def _remark(words: Words, findings: Sequence[Finding]) -> str:
    told = "\n".join(_say(words, findings))
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"


def _headed(remark: str, language: Language) -> str:
    """The remark on the headings, above the heading of the remarks themselves."""
    head = f"{('Lỗi và cảnh báo', 'Errors and warnings')[LANGUAGES.index(language)]} [{ERRORS}]"
    return f"{remark}\n{head}" if remark else head


def _say(words: Words, findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(map(words.say, findings)))


def _csv(rows: Sequence[Sequence[str]], remarks: Sequence[str]) -> bytes:
    width = max(map(len, rows))
    return csv_file(
        [*row, *[""] * (width - len(row)), remark] for row, remark in zip(rows, remarks, strict=True)
    )


def _xlsx(
    words: Words,
    rows: Sequence[Sequence[str]],
    remarks: Sequence[str],
    notes: Mapping[int, Sequence[Finding]],
) -> bytes:
    content = BytesIO()
    book = workbook(content)
    book.set_properties({"created": CREATED})
    colours = {severity: book.add_format({"bg_color": colour}) for severity, colour in _COLOURS.items()}
    page, width, commented = book.add_worksheet(), max(map(len, rows)), 0
    page.set_column(width, width, 80, book.add_format({"text_wrap": True}))
    for row, (cells, remark) in enumerate(zip(rows, remarks, strict=True)):
        page.write_string(row, width, remark)
        marked = _marked(words, notes.get(row + 1, ()))
        for place, cell in enumerate(cells):
            told = marked.get(place, [])
            colour = colours[min((finding.severity for finding in told), key=_RANKS.index)] if told else None
            page.write_string(row, place, cell, colour)
            if told and commented < _COMMENTS:
                page.write_comment(row, place, "\n".join(_say(words, told)))
                commented += 1
    page.ignore_errors({"number_stored_as_text": f"A1:{letters(width)}{len(rows)}"})
    book.close()
    return content.getvalue()


def _marked(words: Words, findings: Iterable[Finding]) -> Mapping[int, list[Finding]]:
    """Findings by the place of their cell; what speaks of a column the file does not have stays in words."""
    marked: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        place = words.place(str(finding.params.get("column", "")))
        if place is not None:
            marked[place].append(finding)
    return marked
