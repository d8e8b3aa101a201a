"""Sentences for codes, in Vietnamese and English.

Each TOML file of this package has the sentences of one noun: a table for each code, with its text in either
language (``vi``, ``en``) and ``{names}`` of parameters. Where a number governs an English noun, both forms
follow its name: ``{seats:seat|seats}`` gives "1 seat" or "3 seats". ``words.toml`` has the names of a
parameter's values. Days and numbers are written as the readers of the language write them: 30/11/2019 and
15.295,5 in Vietnamese, 30 November 2019 and 15,295.5 in English.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
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
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_SAME_WORDS = {"figure": "measure", "needed": "state", "wanted": "reply", "whole": "measure"}
"""Parameter → the table of ``words.toml`` that names its values, where the two have different names."""

_EXACT_NUMBERS = frozenset({"more_weight", "share", "sum", "weight"})
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
        if not name.endswith(".toml") or name == _WORDS_FILE:
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


def translate_code(code: str, params: Mapping[str, Plain], language: Language) -> str:
    """The sentence for ``code`` in a language, with its parameters filled in.

    A code without a sentence is returned as it is. A parameter that is not given keeps its ``{name}``.
    """
    pair = load_catalogue().get(code)
    if pair is None:
        return code
    values = {name: _translate_param(name, value, language) for name, value in params.items()}
    return _FORMATTER.vformat(pair[LANGUAGES.index(language)], (), values)


def choose_plural(number: object, forms: str) -> str:
    """The form for a number out of ``"singular|plural"``: singular for exactly one, plural for all others."""
    singular, _, plural = forms.partition(PLURAL_SEPARATOR)
    return singular if str(number) == "1" else plural


def _read_tables(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text("utf-8"))


def _translate_param(name: str, value: Plain, language: Language) -> Plain:
    """A parameter as text for readers: its word, its day or its number, and lists with commas."""
    if isinstance(value, str):
        words = load_words().get((_SAME_WORDS.get(name, name), value))
        if words is not None:
            return words[LANGUAGES.index(language)]
        if name in _EXACT_NUMBERS and _NUMBER.fullmatch(value):
            return _write_number(value, language)
        day = _DAY.fullmatch(value)
        return _write_day(day, language) if day else value
    if isinstance(value, int) and not isinstance(value, bool) and name not in _NOT_GROUPED:
        return _write_number(str(value), language)
    if isinstance(value, Sequence):
        return ", ".join(str(_translate_param(name, part, language)) for part in value)
    return value


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
