"""Workbooks to test with: sound ones from a writer, broken ones packed by hand."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

HEAD = ("code", "name", "kind", "valid_from", "valid_to", "parent:c", "predecessors", "made_up")
ROW = ("xa-a", "Xã A", "commune", "2019-04-01", "", "", "", "")


def book(rows: Sequence[Sequence[str]], more: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook of text cells; ``more`` may add to its workbook and sheet."""
    content = BytesIO()
    written = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    sheet = written.add_worksheet()
    for number, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(number, place, cell)
    if more:
        more(written, sheet)
    written.close()
    return content.getvalue()


def repacked(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """``data`` with some of its parts replaced, or left out where the change is ``None``."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = changes.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return packed.getvalue()


def with_sheet(cells: str, shared: str = "") -> bytes:
    """A workbook whose sheet data is ``cells`` and whose shared strings are ``shared``, as raw XML."""
    changes: dict[str, bytes | None] = {
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
    }
    if shared:
        changes["xl/sharedStrings.xml"] = f"<sst>{shared}</sst>".encode()
    return repacked(book([HEAD]), changes)
