"""Empty files to fill in, with an example that is never imported and, in XLSX, a guide to the columns."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from domain.unit_files import FileKind, SheetMedia
from domain.units import UNIT_KINDS
from service.formats.spreadsheets import build_csv, create_workbook
from service.formats.unit_files.columns import (
    ETHNIC_GROUPS,
    KIND_LABELS,
    MEASURE_COLUMNS,
    NO_MEASURES,
    build_label,
)
from service.texts import LANGUAGES, Language, load_headings, translate_code

_SAMPLE_CELLS: dict[str, tuple[str, str]] = {
    "code": ("# xa-vi-du--huyen-vi-du", "# xa-vi-du--huyen-vi-du"),
    "name": ("Xã Ví Dụ", "Xã Ví Dụ"),
    "kind": KIND_LABELS["commune"],
    "valid_from": ("01/04/2019", "2019-04-01"),
    "predecessors": ("xa-cu-a; xa-cu-b=1/2", "xa-cu-a; xa-cu-b=1/2"),
    "made_up": ("không", "no"),
    "unit": ("# xa-vi-du--huyen-vi-du", "# xa-vi-du--huyen-vi-du"),
    "as_of": ("31/12/2019", "2019-12-31"),
    "source": ("BM01", "BM01"),
    "staff": ("35", "35"),
    "staff.women": ("14", "14"),
}
"""Example values in each language."""
FIXED_DATE = datetime(2020, 1, 1)  # noqa: DTZ001 - a fixed date, so that equal templates are equal files


def build_template(
    kind: FileKind,
    media: SheetMedia,
    language: Language,
    *,
    congresses: Sequence[str] = (),
    schemes: Sequence[str] = (),
    measures: Sequence[str] = MEASURE_COLUMNS,
    defined: Mapping[str, str] = NO_MEASURES,
) -> bytes:
    """A file with headings as ``label [machine name]`` and one ``#`` example row, which imports skip.

    ``congresses`` and ``schemes`` become the parent and identifier columns of a units file, ``measures`` the
    figures of a figures file (``staff.ethnic.05`` and its like may be added). ``defined`` are the measures,
    or the kinds of units, that plans define: word → name.
    """
    own = defined if kind == "figures" else NO_MEASURES
    names = _list_columns(kind, congresses, schemes, [*measures, *own])
    index = LANGUAGES.index(language)
    head = [f"{own.get(name) or build_label(kind, name, index)} [{name}]" for name in names]
    example = [_SAMPLE_CELLS[name][index] if name in _SAMPLE_CELLS else "" for name in names]
    if media == "csv":
        return build_csv([head, example], language)
    return _build_workbook(kind, names, head, example, language, defined)


def _list_columns(
    kind: FileKind, congresses: Sequence[str], schemes: Sequence[str], measures: Sequence[str]
) -> list[str]:
    if kind == "figures":
        return ["unit", "as_of", "source", "made_up", *measures]
    parents = [f"parent:{congress}" for congress in congresses]
    codes = [f"code:{scheme}" for scheme in schemes]
    return ["code", "name", "kind", "valid_from", "valid_to", *parents, *codes, "predecessors", "made_up"]


def _build_workbook(
    kind: FileKind,
    names: Sequence[str],
    head: Sequence[str],
    example: Sequence[str],
    language: Language,
    defined: Mapping[str, str],
) -> bytes:
    index = LANGUAGES.index(language)
    content = BytesIO()
    book = create_workbook(content)
    book.set_properties({"created": FIXED_DATE})
    bold, grey, text = (book.add_format(x) for x in ({"bold": True}, {"italic": True}, {"num_format": "@"}))
    sheet = book.add_worksheet(load_headings("sheets")["data"][index])
    sheet.freeze_panes(1, 1)
    for place, name in enumerate(names):
        sheet.set_column(place, place, 22, None if name in MEASURE_COLUMNS else text)
        sheet.write_string(0, place, head[place], bold)
        if name in MEASURE_COLUMNS and example[place]:
            sheet.write_number(1, place, int(example[place]), grey)
        else:
            sheet.write_string(1, place, example[place], grey)
    guide = load_headings("sheets")["guide"][index]
    if kind == "units":
        _add_choice_list(
            sheet,
            names.index("kind"),
            f"='{guide}'!$B${len(names) + 2}:$B${len(names) + 1 + len(UNIT_KINDS) + len(defined)}",
        )
    _add_choice_list(
        sheet, names.index("made_up"), list(("không", "có") if language == "vi" else ("no", "yes"))
    )
    _write_guide(book.add_worksheet(guide), kind, names, language, defined, bold)
    book.close()
    return content.getvalue()


def _add_choice_list(sheet: Any, place: int, source: str | list[str]) -> None:
    """A list to choose from in the cells of a column; those with commas are named by their place."""
    sheet.data_validation(2, place, 49_999, place, {"validate": "list", "source": source})


def _write_guide(
    sheet: Any,
    kind: FileKind,
    names: Sequence[str],
    language: Language,
    defined: Mapping[str, str],
    bold: Any,
) -> None:
    """Write the meaning of each column, and the codes to choose from."""
    index = LANGUAGES.index(language)
    lines = [
        (
            f"[{name}]",
            defined.get(name) or build_label(kind, name, index),
            translate_code(_find_meaning_code(name), {}, language),
        )
        for name in names
    ]
    lines.append(("", "", ""))
    if kind == "units":
        lines += [(code, KIND_LABELS[code][index], "") for code in UNIT_KINDS]
        lines += [(code, name, "") for code, name in defined.items()]
    else:
        lines += [(f"staff.ethnic.{n:02d}", name, "") for n, name in enumerate(ETHNIC_GROUPS, 1)]
    sheet.set_column(0, 1, 34)
    sheet.set_column(2, 2, 110)
    for row, cells in enumerate(lines):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, bold if place == 0 else None)


def _find_meaning_code(name: str) -> str:
    """The code of the sentence that explains a column."""
    family = name.partition(":")[0]
    if family in ("unit", "code") and ":" not in name:
        return "column_means_code"
    if family in _EXPLAINED_COLUMNS:
        return f"column_means_{family}"
    return "column_means_identifier" if family == "code" else "column_means_measure"


_EXPLAINED_COLUMNS = (
    "name",
    "kind",
    "valid_from",
    "valid_to",
    "parent",
    "predecessors",
    "made_up",
    "as_of",
    "source",
)
