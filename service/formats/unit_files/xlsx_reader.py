"""XLSX from untrusted senders.

The spreadsheet reader gets nothing of the archive directly. The parts that a table needs are unpacked under
a limit, the sheet is read and written again (``sheet_xml``) and packed as a workbook of one sheet. So a
false directory, a zip bomb, or a cell in row 1,048,576 costs little.
"""

import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO
from posixpath import join, normpath
from xml.parsers.expat import ExpatError

from domain.findings import Finding
from service.formats.unit_files.sheet_xml import (
    LimitExceededError,
    NotAWorkbookError,
    XmlElement,
    expect_well_formed,
    list_elements,
    rewrite_sheet,
)
from service.formats.unit_files.sheets import FileLimits, Sheet, build_broken_sheet, build_sheet

_ENTRY_SIGNATURE = b"PK\x01\x02"
_OLD_EXCEL_SIGNATURE = b"\xd0\xcf\x11\xe0"
_MAIN_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_NAMESPACE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAMAGE_ERRORS = (
    NotAWorkbookError,
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
)
"""Errors of a damaged file; also a missing part (``KeyError``) or an unknown encoding (``LookupError``)."""
_NO_STYLES = b"<styleSheet/>"


def read_xlsx(data: bytes, limits: FileLimits) -> Sheet:
    """The first visible sheet of the workbook in ``data``, its values only: formulas are not computed."""
    if data.startswith(_OLD_EXCEL_SIGNATURE):
        return build_broken_sheet("xlsx", "file_old_excel")
    try:
        _expect_few_parts(data, limits)
        with zipfile.ZipFile(BytesIO(data)) as archive:
            book, findings = _repack_first_sheet(archive, limits)
        values = _read_values(book)
    except LimitExceededError as error:
        return build_broken_sheet("xlsx", error.code, **error.params)
    except _DAMAGE_ERRORS:
        return build_broken_sheet("xlsx", "file_not_xlsx")
    return build_sheet("xlsx", values, findings, limits)


def _expect_few_parts(data: bytes, limits: FileLimits) -> None:
    """Raise for too many parts, before the directory of the archive is read."""
    if data.count(_ENTRY_SIGNATURE) > limits.parts:
        raise LimitExceededError("file_too_complex", limit=limits.parts)


def _repack_first_sheet(archive: zipfile.ZipFile, limits: FileLimits) -> tuple[bytes, list[Finding]]:
    """The workbook packed again with only its first visible sheet, and the findings about that sheet."""
    parts = _ArchiveParts(archive, limits)
    book = _find_main_part(parts)
    folder, _, name = book.rpartition("/")
    links = parts.list_relationships(f"{folder}/_rels/{name}.rels")
    first, era = _find_first_sheet(parts.list_part_elements(book))
    sheet = next(
        (normpath(join(folder, link.target)).lstrip("/") for link in links if link.id == first), None
    )
    if sheet is None:
        raise NotAWorkbookError
    extras = {
        kind: parts.read_part(normpath(join(folder, link.target)).lstrip("/"), most)
        for kind, most in (("sharedStrings", limits.inflated), ("styles", limits.styles))
        if (link := next((each for each in links if each.type.endswith(f"/{kind}")), None))
    }
    content, findings = rewrite_sheet(parts.read_part(sheet), extras.get("sharedStrings", b""), limits)
    return _build_workbook(content, expect_well_formed(extras.get("styles", _NO_STYLES)), era), findings


def _find_main_part(parts: "_ArchiveParts") -> str:
    for link in parts.list_relationships("_rels/.rels"):
        if link.type.endswith("/officeDocument"):
            return normpath(link.target).lstrip("/")
    raise NotAWorkbookError


class _Relationship:
    """One relationship of a package part."""

    __slots__ = ("id", "target", "type")

    def __init__(self, part: XmlElement):
        self.id, self.type, self.target = (part.attributes.get(x, "") for x in ("Id", "Type", "Target"))


class _ArchiveParts:
    """Parts of an archive, unpacked on demand within one common allowance."""

    def __init__(self, archive: zipfile.ZipFile, limits: FileLimits):
        names = archive.namelist()
        if len(names) != len(set(names)):
            raise NotAWorkbookError
        if sum(entry.file_size for entry in archive.infolist()) > limits.inflated:
            raise LimitExceededError("file_inflates", limit=limits.inflated)
        self.archive, self.left, self.limit = archive, limits.inflated, limits.inflated

    def read_part(self, path: str, most: int | None = None) -> bytes:
        entry = self.archive.getinfo(path)
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAWorkbookError
        with self.archive.open(entry) as stream:
            content = stream.read(min(self.left, self.limit if most is None else most) + 1)
        self.left -= len(content)
        if self.left < 0 or (most is not None and len(content) > most):
            raise LimitExceededError("file_inflates", limit=self.limit)
        return content

    def list_part_elements(self, path: str) -> list[XmlElement]:
        return list_elements(self.read_part(path))

    def list_relationships(self, path: str) -> list[_Relationship]:
        return [_Relationship(part) for part in self.list_part_elements(path) if part.name == "Relationship"]


def _find_first_sheet(parts: list[XmlElement]) -> tuple[str, bool]:
    """The relationship of the first visible sheet, and whether the workbook counts days from 1904."""
    era = any(x.name == "workbookPr" and x.attributes.get("date1904") in ("1", "true") for x in parts)
    for part in parts:
        if part.name == "sheet" and part.attributes.get("state", "visible") == "visible":
            for name, value in part.attributes.items():
                if name.rpartition(":")[2] == "id":
                    return value, era
    raise NotAWorkbookError


def _build_workbook(sheet: bytes, styles: bytes, era: bool) -> bytes:
    """A workbook of one sheet with the unchanged ``styles``, which distinguish days from numbers."""
    kinds = ("worksheet", "styles")
    overrides = "".join(
        f'<Override PartName="/xl/{kind}.xml" ContentType="{_CONTENT_TYPES}.{kind}+xml"/>' for kind in kinds
    )
    links = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE_NAMESPACE}/{kind}" Target="{kind}.xml"/>' for kind in kinds
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE_NAMESPACE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT_TYPES}.sheet.main+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE_NAMESPACE}/relationships">'
        f'<Relationship Id="book" Type="{_OFFICE_NAMESPACE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN_NAMESPACE}" xmlns:r="{_OFFICE_NAMESPACE}">'
        f'<workbookPr date1904="{int(era)}"/>'
        '<sheets><sheet name="sheet" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE_NAMESPACE}/relationships">'
        f"{links}</Relationships>",
        "xl/worksheet.xml": sheet,
        "xl/styles.xml": styles,
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _read_values(book: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, load_workbook

    try:
        sheet = load_workbook(BytesIO(book)).get_sheet_by_index(0)
        return [[_format_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except CalamineError:
        raise NotAWorkbookError from None


def _format_cell(cell: object) -> str:
    """A cell as one would type it: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return str(cell.date() if cell.time() == datetime.min.time() else cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
