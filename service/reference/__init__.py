"""Reference lists: codes and their names, the same for everybody. Plans, people and units use these codes.

Ethnic groups follow the list of decision 121-TCTK/PPCĐ of 1979 (54 groups; 47 by its usual spelling), titles
and awards the Law 06/2022/QH15. The names of the others are the project's own labels.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.access import Role
from domain.apportionment import METHOD_NAMES
from domain.conferences.life import ConferenceState
from domain.decisions import AllocationState, SelectionState
from domain.figures import EQUAL_MEASURE, MEASURES
from domain.findings import NotFound
from domain.honours import AWARDS, TITLES
from domain.names import derive_slug
from domain.nominations import InvitationReply, NominationState
from domain.plans import PlanState
from domain.unit_files import ImportState
from domain.units import UNIT_KINDS
from domain.vocabulary import VALUES
from service.texts import load_headings, load_words

_VALUE_LISTS = {
    "gender": "genders",
    "ethnicity": "ethnic_groups",
    "religion": "religions",
    "party_member": "yes_no",
    "direct_worker": "yes_no",
    "new_exemplar": "yes_no",
    "sector": "sectors",
    "title": "titles",
    "award": "awards",
}
"""Attribute → the list of its values."""

_ETHNIC_MEASURE = re.compile(r"(staff|population)\.ethnic\.([0-9]{2})")


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """A code and its names; ``values`` names the list of an attribute's values, if it has one."""

    code: str
    vi: str
    en: str
    values: str | None = None


def _read_rows(file: str) -> Iterable[Mapping[str, str]]:
    return csv.DictReader(files(__package__).joinpath(file).read_text("utf-8").splitlines())


def _list_ethnic_groups() -> Sequence[ReferenceEntry]:
    """The 54 ethnic groups; their names are the same in both languages."""
    return [ReferenceEntry(row["code"], row["name"], row["name"]) for row in _read_rows("ethnic_groups.csv")]


def _list_values(name: str) -> Sequence[ReferenceEntry]:
    rows = [row for row in _read_rows("values.csv") if row["list"] == name]
    return [ReferenceEntry(row["code"], row["vi"], row["en"]) for row in rows]


def _list_words(parameter: str, codes: Iterable[str]) -> Sequence[ReferenceEntry]:
    return [ReferenceEntry(str(code), *load_words()[parameter, code]) for code in codes]


def _list_honours(names: Mapping[str, str]) -> Sequence[ReferenceEntry]:
    """Titles or awards; a plan and a nomination name one by its Vietnamese name."""
    return [ReferenceEntry(derive_slug(vi), vi, en) for vi, en in names.items()]


def _list_attributes() -> Sequence[ReferenceEntry]:
    entries = _list_words("attribute", VALUES)
    return [ReferenceEntry(each.code, each.vi, each.en, _VALUE_LISTS.get(each.code)) for each in entries]


def _list_methods() -> Sequence[ReferenceEntry]:
    return [ReferenceEntry(method, name.vi, name.en) for method, name in METHOD_NAMES.items()]


def _list_measures() -> Sequence[ReferenceEntry]:
    """The figures of units; a plan may define others."""
    return [ReferenceEntry(measure, *name_measure(measure)) for measure in (*MEASURES, EQUAL_MEASURE)]


def _list_states() -> Sequence[ReferenceEntry]:
    """The states of plans, conferences, allocations, lists, nominations, files and invitations."""
    nouns = (PlanState, ConferenceState, AllocationState, SelectionState, NominationState, ImportState)
    states = dict.fromkeys(str(state) for noun in nouns for state in noun)
    replies = [reply for reply in map(str, InvitationReply) if reply not in states]
    return [*_list_words("state", states), *_list_words("reply", replies)]


LISTS: Mapping[str, Callable[[], Sequence[ReferenceEntry]]] = {
    "attributes": _list_attributes,
    "genders": lambda: _list_values("genders"),
    "ethnic_groups": _list_ethnic_groups,
    "religions": lambda: _list_values("religions"),
    "sectors": lambda: _list_values("sectors"),
    "yes_no": lambda: _list_values("yes_no"),
    "titles": lambda: _list_honours(TITLES),
    "awards": lambda: _list_honours(AWARDS),
    "unit_kinds": lambda: _list_words("kind", UNIT_KINDS),
    "measures": _list_measures,
    "methods": _list_methods,
    "states": _list_states,
    "roles": lambda: _list_words("role", Role),
}


@cache
def list_entries(name: str) -> Sequence[ReferenceEntry]:
    """A list by its name."""
    if name not in LISTS:
        raise NotFound("reference_list_not_found")
    return LISTS[name]()


def list_attribute_values(attribute: str) -> Sequence[ReferenceEntry]:
    """The values of an attribute; none where it has no list of them."""
    return list_entries(_VALUE_LISTS[attribute]) if attribute in _VALUE_LISTS else ()


@cache
def name_measure(measure: str) -> tuple[str, str]:
    """The Vietnamese and the English name of a figure of the reference list."""
    ethnic = _ETHNIC_MEASURE.fullmatch(measure)
    if ethnic is None:
        return load_words()["measure", measure]
    group = list_entries("ethnic_groups")[int(ethnic[2]) - 1]
    vi, en = load_headings("ethnic")[ethnic[1]]
    return f"{vi} {group.vi}", f"{en} {group.en}"
