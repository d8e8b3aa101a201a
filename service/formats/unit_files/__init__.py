"""Unit files: CSV and XLSX with units or figures of units, checked as a whole before anything is stored.

:func:`read_sheet` makes a :class:`Sheet` of bytes, :func:`parse_units` and :func:`parse_figures` make rows
of it; ``domain.units.check_rows`` and ``domain.figures.check_figures`` check them. :func:`build_template` has
an empty file to fill in, :func:`mark_sheet` a file with its findings beside the rows.
"""

from domain.unit_files import FileKind, SheetMedia
from service.formats.unit_files.marker import mark_sheet
from service.formats.unit_files.parser import ParsedRows, parse_figures, parse_units
from service.formats.unit_files.reader import read_sheet
from service.formats.unit_files.sheets import Sheet
from service.formats.unit_files.template import build_template
from service.formats.unit_files.translator import SheetTranslator

__all__ = [
    "FileKind",
    "ParsedRows",
    "Sheet",
    "SheetMedia",
    "SheetTranslator",
    "build_template",
    "mark_sheet",
    "parse_figures",
    "parse_units",
    "read_sheet",
]
