"""XLSX from strangers.

Nothing of the archive reaches the spreadsheet reader as it came. The parts that a table needs are unpacked
under a limit that counts while it unpacks, the sheet is read and written anew (``sheet_xml``), and a workbook
of one sheet is packed from it. So a lying directory, a bomb, or a cell in row 1,048,576 costs little.
"""

import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO
from posixpath import join, normpath
from xml.parsers.expat import ExpatError

from domain.findings import Finding
from service.unit_files.sheet_xml import NotAWorkbookError, Part, TooMuchError, rewrite, sound, walk
from service.unit_files.sheets import Limits, Sheet, broken, table

_ENTRY = b"PK\x01\x02"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAMAGED = (
    NotAWorkbookError,
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
)
"""A missing part (``KeyError``) and an encoding nobody knows (``LookupError``) count as damage too."""
_NO_STYLES = b"<styleSheet/>"


def read_xlsx(data: bytes, limits: Limits) -> Sheet:
    """The first visible sheet of the workbook in ``data``, its values only: formulas are not computed."""
    if data.startswith(_OLD_EXCEL):
        return broken("xlsx", "file_old_excel")
    try:
        _expect_few(data, limits)
        with zipfile.ZipFile(BytesIO(data)) as archive:
            book, findings = _unpack(archive, limits)
        values = _values(book)
    except TooMuchError as error:
        return broken("xlsx", error.code, **error.params)
    except _DAMAGED:
        return broken("xlsx", "file_not_xlsx")
    return table("xlsx", values, findings, limits)


def _expect_few(data: bytes, limits: Limits) -> None:
    """Before a directory is made of all that the archive says it holds."""
    if data.count(_ENTRY) > limits.parts:
        raise TooMuchError("file_too_complex", limit=limits.parts)


def _unpack(archive: zipfile.ZipFile, limits: Limits) -> tuple[bytes, list[Finding]]:
    """The workbook packed anew with its first visible sheet alone, and what a walk over that sheet saw."""
    parts = _Parts(archive, limits)
    book = _main_part(parts)
    folder, _, name = book.rpartition("/")
    links = parts.links(f"{folder}/_rels/{name}.rels")
    first, era = _first_sheet(parts.walk(book))
    sheet = next(
        (normpath(join(folder, link.target)).lstrip("/") for link in links if link.id == first), None
    )
    if sheet is None:
        raise NotAWorkbookError
    extras = {
        kind: parts.read(normpath(join(folder, link.target)).lstrip("/"), most)
        for kind, most in (("sharedStrings", limits.inflated), ("styles", limits.styles))
        if (link := next((each for each in links if each.type.endswith(f"/{kind}")), None))
    }
    content, findings = rewrite(parts.read(sheet), extras.get("sharedStrings", b""), limits)
    return _pack(content, sound(extras.get("styles", _NO_STYLES)), era), findings


def _main_part(parts: "_Parts") -> str:
    for link in parts.links("_rels/.rels"):
        if link.type.endswith("/officeDocument"):
            return normpath(link.target).lstrip("/")
    raise NotAWorkbookError


class _Link:
    """One relationship of a package part."""

    __slots__ = ("id", "target", "type")

    def __init__(self, part: Part):
        self.id, self.type, self.target = (part.attributes.get(x, "") for x in ("Id", "Type", "Target"))


class _Parts:
    """Parts of an archive, unpacked on demand within one common allowance."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits):
        names = archive.namelist()
        if len(names) != len(set(names)):
            raise NotAWorkbookError
        if sum(entry.file_size for entry in archive.infolist()) > limits.inflated:
            raise TooMuchError("file_inflates", limit=limits.inflated)
        self.archive, self.left, self.limit = archive, limits.inflated, limits.inflated

    def read(self, path: str, most: int | None = None) -> bytes:
        entry = self.archive.getinfo(path)
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAWorkbookError
        with self.archive.open(entry) as stream:
            content = stream.read(min(self.left, self.limit if most is None else most) + 1)
        self.left -= len(content)
        if self.left < 0 or (most is not None and len(content) > most):
            raise TooMuchError("file_inflates", limit=self.limit)
        return content

    def walk(self, path: str) -> list[Part]:
        return walk(self.read(path))

    def links(self, path: str) -> list[_Link]:
        return [_Link(part) for part in self.walk(path) if part.name == "Relationship"]


def _first_sheet(parts: list[Part]) -> tuple[str, bool]:
    """The relationship of the first visible sheet, and whether the workbook counts days from 1904."""
    era = any(x.name == "workbookPr" and x.attributes.get("date1904") in ("1", "true") for x in parts)
    for part in parts:
        if part.name == "sheet" and part.attributes.get("state", "visible") == "visible":
            for name, value in part.attributes.items():
                if name.rpartition(":")[2] == "id":
                    return value, era
    raise NotAWorkbookError


def _pack(sheet: bytes, styles: bytes, era: bool) -> bytes:
    """A workbook of one sheet, in which only ``styles`` (they tell days from numbers) are as they came."""
    kinds = ("worksheet", "styles")
    overrides = "".join(
        f'<Override PartName="/xl/{kind}.xml" ContentType="{_TYPES}.{kind}+xml"/>' for kind in kinds
    )
    links = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in kinds
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="book" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(era)}"/>'
        '<sheets><sheet name="sheet" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "xl/worksheet.xml": sheet,
        "xl/styles.xml": styles,
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _values(book: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, load_workbook

    try:
        sheet = load_workbook(BytesIO(book)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except CalamineError:
        raise NotAWorkbookError from None


def _text(cell: object) -> str:
    """A cell as one would type it: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return str(cell.date() if cell.time() == datetime.min.time() else cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
