"""Reference lists: codes and their names, the same for everybody.

Ethnic groups follow the list of decision 121-TCTK/PPCĐ of 1979 (54 groups; 47 by its usual spelling). The
names of unit kinds and methods are the project's own labels.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.apportionment import METHOD_NAMES
from domain.findings import NotFound
from service.formats.unit_files.columns import KIND_LABELS


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """A code and its names."""

    code: str
    vi: str
    en: str


@cache
def list_ethnic_groups() -> Sequence[ReferenceEntry]:
    """The 54 ethnic groups; their names are the same in both languages."""
    text = files(__package__).joinpath("ethnic_groups.csv").read_text("utf-8")
    return [
        ReferenceEntry(row["code"], row["name"], row["name"]) for row in csv.DictReader(text.splitlines())
    ]


def list_methods() -> Sequence[ReferenceEntry]:
    """The methods of apportionment."""
    return [ReferenceEntry(method, name.vi, name.en) for method, name in METHOD_NAMES.items()]


def list_unit_kinds() -> Sequence[ReferenceEntry]:
    """The kinds of units that the examples use; a plan may name others."""
    return [ReferenceEntry(kind, vi, en) for kind, (vi, en) in KIND_LABELS.items()]


LISTS: Mapping[str, Callable[[], Sequence[ReferenceEntry]]] = {
    "ethnic_groups": list_ethnic_groups,
    "methods": list_methods,
    "unit_kinds": list_unit_kinds,
}


def list_entries(name: str) -> Sequence[ReferenceEntry]:
    """A list by its name."""
    if name not in LISTS:
        raise NotFound("reference_list_not_found")
    return LISTS[name]()
