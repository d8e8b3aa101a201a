"""Sentences for codes, in Vietnamese and English.

Each module of this package holds ``SENTENCES``: code → (Vietnamese, English), with ``{names}`` of parameters.
It may hold ``WORDS`` too, for what a parameter stands for: name → value → (Vietnamese, English).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Literal

from domain.findings import Plain

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@cache
def load_catalogue() -> Mapping[str, tuple[str, str]]:
    """Every sentence the service can say; a code that two modules define is a mistake."""
    sentences: dict[str, tuple[str, str]] = {}
    for module in _import_modules():
        for code, pair in module.SENTENCES.items():
            if code in sentences:
                raise RuntimeError(f"two sentences for {code}")
            sentences[code] = pair
    return sentences


@cache
def load_words() -> Mapping[tuple[str, str], tuple[str, str]]:
    """What values of parameters are called: (name, value) → (Vietnamese, English)."""
    return {
        (name, value): pair
        for module in _import_modules()
        for name, called in getattr(module, "WORDS", {}).items()
        for value, pair in called.items()
    }


def translate_code(code: str, params: Mapping[str, Plain], language: Language) -> str:
    """The sentence for ``code``; a code without one speaks for itself, an unfilled name stays as it is."""
    pair = load_catalogue().get(code)
    if pair is None:
        return code
    said = {name: _translate_param(name, value, language) for name, value in params.items()}
    return pair[LANGUAGES.index(language)].format_map(_ParamMapping(said))


def _import_modules() -> Iterator[ModuleType]:
    for module in iter_modules(__path__):
        yield import_module(f"{__name__}.{module.name}")


def _translate_param(name: str, value: Plain, language: Language) -> Plain:
    """A list as people write one, a day as they do in Vietnam, what has a word of its own by it."""
    if isinstance(value, str):
        called = load_words().get((name, value))
        if called is not None:
            return called[LANGUAGES.index(language)]
        day = _DAY.fullmatch(value) if language == "vi" else None
        return f"{day[3]}/{day[2]}/{day[1]}" if day else value
    if isinstance(value, Sequence):
        return ", ".join(str(_translate_param(name, part, language)) for part in value)
    return value


class _ParamMapping(dict[str, Plain]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
