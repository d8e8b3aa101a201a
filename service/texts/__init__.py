"""Sentences for codes, in Vietnamese and English.

Each TOML file of this package has the sentences of one noun: a table for each code, with its text in either
language (``vi``, ``en``) and ``{names}`` of parameters. Where a number governs an English noun, both forms
follow its name: ``{seats:seat|seats}`` gives "1 seat" or "3 seats". ``words.toml`` has the names of a
parameter's values, ``headings.toml`` the headings of tables.

Days and numbers are written as the readers of the language write them: 30/11/2019 and 15.295,5 in Vietnamese,
30 November 2019 and 15,295.5 in English.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal

from domain.apportionment import METHOD_NAMES
from domain.findings import Plain

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")

PLURAL_SEPARATOR = "|"
"""Between the singular and the plural form that follow the name of a number in a sentence."""

_FOLDER = files(__name__)
_WORDS_FILE = "words.toml"
_HEADINGS_FILE = "headings.toml"
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_SAME_WORDS = {
    "allowed": "how",
    "figure": "measure",
    "figures": "measure",
    "needed": "state",
    "wanted": "reply",
    "whole": "measure",
}
"""Parameter → the table of ``words.toml`` that names its values, where the two have different names."""

Names = Mapping[tuple[str, str], str]
"""(noun, id) → the name of a unit or of a part of a plan; nouns are the parameters that have such ids."""

_NOUNS = {
    **dict.fromkeys(("nomination", "nominees", "one", "other"), ("nominee",)),
    "ids": ("target", "nominee"),
    "order": ("unit", "nominee"),
    "stage": ("stage", "group"),
    "targets": ("target",),
    "units": ("unit",),
}
"""Parameter → the nouns whose ids it has, where the two have different names."""

_NOUNS_OF_PAIRS = {"stage": ("group", "bloc"), "target": ("target", "unit")}
"""Noun → the nouns of the two ids in an id such as ``dien-hinh/huyen-thi``."""

_EXACT_NUMBERS = frozenset(
    {"above", "counted", "every", "more_weight", "rest", "share", "sum", "to", "weight"}
)
"""Parameters whose text is an exact number; in all others, a text of digits is a code."""

_NOT_GROUPED = frozenset(
    {"column", "earliest", "end", "first", "first_row", "last", "latest", "line", "periods", "row", "start"}
)
"""Parameters that may be a year or a place in a file: 2025 is never written 2.025."""


@cache
def load_catalogue() -> Mapping[str, tuple[str, str]]:
    """Every sentence of the service: code → (Vietnamese, English).

    Raises ``RuntimeError`` when two files define the same code.
    """
    sentences: dict[str, tuple[str, str]] = {}
    for name in (file.name for file in _FOLDER.iterdir()):
        if not name.endswith(".toml") or name in (_WORDS_FILE, _HEADINGS_FILE):
            continue
        for code, texts in _read_tables(name).items():
            if code in sentences:
                raise RuntimeError(f"two sentences for {code}")
            sentences[code] = (texts["vi"], texts["en"])
    return sentences


@cache
def load_words() -> Mapping[tuple[str, str], tuple[str, str]]:
    """The names of parameter values: (parameter, value) → (Vietnamese, English)."""
    methods = {("method", str(method)): (name.vi, name.en) for method, name in METHOD_NAMES.items()}
    return methods | {
        (name, value): (texts["vi"], texts["en"])
        for name, words in _read_tables(_WORDS_FILE).items()
        for value, texts in words.items()
    }


@cache
def load_headings(table: str) -> Mapping[str, tuple[str, str]]:
    """The headings of a table's columns, in their order: column → (Vietnamese, English); the first may be
    the ``title``."""
    return {name: (texts["vi"], texts["en"]) for name, texts in _read_tables(_HEADINGS_FILE)[table].items()}


@dataclass(frozen=True, slots=True)
class Translator:
    """Writes sentences in a language, with ``names`` in the place of ids."""

    language: Language
    names: Names = field(default_factory=dict)

    def translate(self, code: str, params: Mapping[str, Plain]) -> str:
        """The sentence for ``code``, with its parameters filled in.

        A code without a sentence is returned as it is. A parameter that is not given keeps its ``{name}``,
        and an id without a name stays as it is. With a parameter ``near``, the words that may have been meant
        follow in a sentence of their own.
        """
        pair = load_catalogue().get(code)
        if pair is None:
            return code
        values = {name: self.translate_value(name, value) for name, value in params.items()}
        sentence = _FORMATTER.vformat(pair[LANGUAGES.index(self.language)], (), values)
        if params.get("near") and code != "near_words":
            return f"{sentence} {self.translate('near_words', {'near': params['near']})}"
        return sentence

    def translate_text(self, name: str, text: str) -> str:
        """A text for readers: the name of an id, the word of a value, a number, a day, or the text itself."""
        index = LANGUAGES.index(self.language)
        words = load_words()
        for noun in _NOUNS.get(name, (name,)):
            if named := self._find_name(noun, text):
                return named
        if (_SAME_WORDS.get(name, name), text) in words:
            return words[_SAME_WORDS.get(name, name), text][index]
        if name in _EXACT_NUMBERS and _NUMBER.fullmatch(text):
            return _write_number(text, self.language)
        if name == "measure" and " " in text:
            return re.sub("[^ ]+", lambda part: words.get((name, part[0]), (part[0],) * 2)[index], text)
        day = _DAY.fullmatch(text)
        return _write_day(day, self.language) if day else text

    def translate_value(self, name: str, value: Plain) -> Plain:
        """A parameter for readers: its name, word, day or number; commas between the parts of a list."""
        if isinstance(value, str):
            return self.translate_text(name, value)
        if isinstance(value, int) and not isinstance(value, bool) and name not in _NOT_GROUPED:
            return _write_number(str(value), self.language)
        if isinstance(value, Sequence):
            return ", ".join(str(self.translate_value(name, part)) for part in value)
        if isinstance(value, Mapping):
            numbers = {key: self.translate_value(name, number) for key, number in value.items()}
            return ", ".join(f"{self.translate_text(name, key)} {number}" for key, number in numbers.items())
        return value

    def _find_name(self, noun: str, value: str) -> str | None:
        """The name of a unit or of a part of a plan, None if it is not known.

        The name of an id of two parts, such as ``dien-hinh/huyen-thi``, is the names of both.
        """
        known = self.names.get((noun, value))
        first, slash, second = value.partition("/")
        if known is not None or not slash or noun not in _NOUNS_OF_PAIRS:
            return known
        parts = zip(_NOUNS_OF_PAIRS[noun], (first, second), strict=True)
        found = [self.names.get(part) for part in parts]
        return None if None in found else " – ".join(map(str, found))


def translate_code(code: str, params: Mapping[str, Plain], language: Language) -> str:
    """The sentence for ``code`` in a language, with ids as they are."""
    return Translator(language).translate(code, params)


def choose_plural(number: object, forms: str) -> str:
    """The form for a number out of ``"singular|plural"``: singular for exactly one, plural for all others."""
    singular, _, plural = forms.partition(PLURAL_SEPARATOR)
    return singular if str(number) == "1" else plural


def _read_tables(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text("utf-8"))


def _write_day(day: re.Match[str], language: Language) -> str:
    """30/11/2019 or 30 November 2019; the text itself where there is no such month."""
    year, month, number = day.groups()
    if not 1 <= int(month) <= len(_ENGLISH_MONTHS):
        return day[0]
    if language == "vi":
        return f"{number}/{month}/{year}"
    return f"{int(number)} {_ENGLISH_MONTHS[int(month) - 1]} {year}"


def _write_number(number: str, language: Language) -> str:
    """A decimal number with its thousands in groups: 15.295,5 in Vietnamese, 15,295.5 in English."""
    whole, point, decimals = number.partition(".")
    english = f"{int(whole):,}{point}{decimals}"
    if whole.startswith("-") and not english.startswith("-"):
        english = f"-{english}"
    return english.translate(str.maketrans(",.", ".,")) if language == "vi" else english


class _SentenceFormatter(Formatter):
    """Fills a sentence; ``{seats:seat|seats}`` gives the number and the form of the noun that it needs."""

    def get_value(self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        """The parameter, or its name in braces when it is not given."""
        return kwargs.get(str(key), f"{{{key}}}")

    def format_field(self, value: object, format_spec: str) -> str:
        """The value alone, or followed by the noun when ``format_spec`` gives its two forms."""
        return f"{value} {choose_plural(value, format_spec)}" if format_spec else str(value)


_FORMATTER = _SentenceFormatter()
