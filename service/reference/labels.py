"""What is meant by a word: a code, a name in either language, or one of the names that a label lists.

Words are compared without marks, case and punctuation: "Nữ", "nu" and "NỮ" are the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from domain.names import derive_slug
from service.reference import ReferenceEntry, list_attribute_values, list_entries

_AMBIGUOUS_NAMES = frozenset({"thanh-pho"})
"""Names of more than one kind: a city may be below the centre, or below a province."""

_FEW = 5
"""Of a list of so many entries all are named where none is near."""

_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Glossary:
    """The entries of a list, and the codes by their names, folded."""

    entries: Mapping[str, ReferenceEntry] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    def find_code(self, word: str) -> str | None:
        """The code that a word names, or that each of several words with commas between them names."""
        if word in self.entries:
            return word
        whole = self.codes.get(derive_slug(word))
        parts = {self.codes.get(derive_slug(part)) for part in word.split(", ")}
        return whole or (parts.pop() if len(parts) == 1 else None)

    def list_near(self, word: str) -> list[str]:
        """The entries that a word may be meant to name, as code and Vietnamese name, the nearest first."""
        matches = get_close_matches(derive_slug(word), self.codes, n=2 * _MOST_NEAR, cutoff=0.6)
        near = list(dict.fromkeys(self.codes[name] for name in matches))[:_MOST_NEAR]
        if not near and len(self.entries) <= _FEW:
            near = list(self.entries)
        return [format_entry(self.entries[code]) for code in near]


def format_entry(entry: ReferenceEntry) -> str:
    """A code with its name, or the name alone where that is what one writes."""
    return entry.vi if derive_slug(entry.code) == derive_slug(entry.vi) else f"{entry.code} ({entry.vi})"


def build_glossary(entries: Iterable[ReferenceEntry], *, parts: bool = True) -> Glossary:
    """The glossary of a list; with ``parts`` each name of a label stands alone too ("Xã" of "Xã, phường")."""
    known = {entry.code: entry for entry in entries}
    names: dict[str, set[str]] = {}
    for code, entry in known.items():
        labels = [entry.vi, entry.en]
        listed = [part for label in labels for part in label.split(", ")] if parts else []
        for name in {derive_slug(text) for text in (code, *labels, *listed)} - {"", *_AMBIGUOUS_NAMES}:
            names.setdefault(name, set()).add(code)
    return Glossary(known, {name: codes.pop() for name, codes in names.items() if len(codes) == 1})


@cache
def load_glossary(name: str) -> Glossary:
    """The glossary of a reference list."""
    if name not in ("titles", "awards"):
        return build_glossary(list_entries(name), parts=name == "unit_kinds")
    by_name = [ReferenceEntry(entry.vi, entry.vi, entry.en) for entry in list_entries(name)]
    return build_glossary(by_name, parts=False)


@cache
def load_value_glossary(attribute: str) -> Glossary:
    """The glossary of an attribute's values."""
    if attribute in ("title", "award"):
        return load_glossary(f"{attribute}s")
    return build_glossary(list_attribute_values(attribute), parts=False)


def read_kind(word: str) -> str:
    """The kind of unit that a word names; the word itself where it names none."""
    return load_glossary("unit_kinds").find_code(word) or word


def read_honour(name: str, kind: str) -> str:
    """A title or an award as the reference list writes it; the name itself where it is not on the list."""
    return load_value_glossary(kind).find_code(name) or name
