"""Unit files: CSV and XLSX with units, or with figures of units, checked as a whole before anything is
stored.

:func:`read` makes a :class:`Sheet` of any bytes, :func:`parse_units` and :func:`parse_figures` make rows of
it, ``domain.units.check_rows`` and ``domain.figures.check_figures`` judge them. :func:`template` writes an
empty file to fill in, :func:`mark` gives a file back with its findings beside the rows, in :class:`Words`.
"""

from service.unit_files.columns import FileKind
from service.unit_files.marking import mark
from service.unit_files.parsing import Parsed, parse_figures, parse_units
from service.unit_files.reading import read
from service.unit_files.sheets import LIMITS, Limits, Media, Sheet
from service.unit_files.template import template
from service.unit_files.words import Words

__all__ = [
    "LIMITS",
    "FileKind",
    "Limits",
    "Media",
    "Parsed",
    "Sheet",
    "Words",
    "mark",
    "parse_figures",
    "parse_units",
    "read",
    "template",
]
