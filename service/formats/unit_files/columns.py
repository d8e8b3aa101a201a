"""The columns of unit files: machine names, labels in both languages, and forms of headings.

A heading is understood in three ways: as machine name (``valid_from``), as label in either language, whatever
its case and marks (``Có từ ngày``), or as any text that ends in a bracketed machine name, as the templates
write it (``Có từ ngày [valid_from]``).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from domain.figures import (
    MEASURES,
    OTHER_MEASURES,
    POPULATION_AREAS,
    POPULATION_GROUPS,
    STAFF_GROUPS,
    STAFF_SECTORS,
)
from domain.names import clean_text, fold_text
from domain.unit_files import FileKind
from domain.units import UNIT_KINDS
from service.reference import list_entries, name_measure
from service.texts import load_headings, load_words

MEASURE_COLUMNS = (
    "staff",
    *STAFF_GROUPS,
    *STAFF_SECTORS,
    "population",
    *POPULATION_AREAS,
    *POPULATION_GROUPS,
    *OTHER_MEASURES,
)
"""The measures in a template; columns for ethnic groups may be added."""

LABELS: Mapping[FileKind, Mapping[str, tuple[str, str]]] = {
    "units": load_headings("units"),
    "figures": {
        **load_headings("figures"),
        **{measure: load_words()["measure", measure] for measure in MEASURE_COLUMNS},
    },
}
REQUIRED_COLUMNS: Mapping[FileKind, tuple[str, ...]] = {
    "units": ("code", "name", "kind", "valid_from"),
    "figures": ("unit", "as_of", "source"),
}
KIND_LABELS: Mapping[str, tuple[str, str]] = {kind: load_words()["kind", kind] for kind in UNIT_KINDS}
ETHNIC_GROUPS = tuple(entry.vi for entry in list_entries("ethnic_groups"))
"""In the order of decision 121-TCTK/PPCĐ of 1979: the first is 01."""

ERRORS_COLUMN = "errors"
IGNORED_HEADINGS = frozenset(
    {"stt", "tt", "so thu tu", "no", "no.", "#", "ghi chu", "note", "notes", ERRORS_COLUMN}
)

_BRACKETED_NAME = re.compile(r"\[([^\[\]]+)\]\s*$")
_PREFIXED_NAME = re.compile(r"(parent|code):([a-z0-9][a-z0-9._-]{0,59})")


NO_MEASURES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a file: its machine ``name`` (``None``: unknown), or ``ignored`` on purpose."""

    name: str | None
    ignored: bool = False


def build_label(kind: FileKind, name: str, index: int) -> str:
    """The label of a column in a language (0 Vietnamese, 1 English), without its bracketed machine name."""
    if kind == "figures" and name in MEASURES:
        return name_measure(name)[index]
    chained = _PREFIXED_NAME.fullmatch(name)
    key = {"parent": "parent", "code": "code:"}[chained[1]] if chained else name
    return LABELS[kind][key][index]


def read_machine_name(cell: str) -> str:
    """The bracketed name at the end of a heading, or the whole heading."""
    text = clean_text(cell)
    bracketed = _BRACKETED_NAME.search(text)
    return clean_text(bracketed[1]) if bracketed else text


def read_heading(
    kind: FileKind, cell: str, congresses: Collection[str] = (), measures: Mapping[str, str] = NO_MEASURES
) -> Heading:
    """The meaning of a cell of the heading row; a plain ``parent`` belongs to the only congress.

    Where there is no congress, or more than one, it is ``parent:``, of an unknown congress. ``measures`` are
    those that plans define: name → label.
    """
    text, name = clean_text(cell), read_machine_name(cell)
    folded = fold_text(name)
    if not text or folded in IGNORED_HEADINGS:
        return Heading(None, ignored=True)
    machine = name.lower()
    if machine not in _list_names(kind) and not _is_prefixed(kind, machine):
        machine = _map_names_by_label(kind).get(folded, "") or _find_measure(machine, folded, measures)
    if machine == "parent":
        machine = f"parent:{next(iter(congresses))}" if len(congresses) == 1 else "parent:"
    return Heading(machine or None)


def count_headings(cells: Iterable[str]) -> int:
    """How many of ``cells`` are headings of any kind of file, which distinguishes headings from a title."""
    return sum(any(read_heading(kind, cell, ("x",)).name for kind in LABELS) for cell in cells)


def _find_measure(machine: str, folded: str, measures: Mapping[str, str]) -> str:
    """The measure of a plan with that name or label, or an empty text."""
    labels = {fold_text(label): name for name, label in measures.items()}
    return machine if machine in measures else labels.get(folded, "")


def _is_prefixed(kind: FileKind, name: str) -> bool:
    return kind == "units" and _PREFIXED_NAME.fullmatch(name) is not None


@cache
def _list_names(kind: FileKind) -> frozenset[str]:
    names = {name for name in LABELS[kind] if not name.endswith(":")}
    return frozenset(names | set(MEASURES) if kind == "figures" else names)


@cache
def _map_names_by_label(kind: FileKind) -> Mapping[str, str]:
    names = [name for name in _list_names(kind) if name != ERRORS_COLUMN]
    return {fold_text(build_label(kind, name, index)): name for name in names for index in (0, 1)}
