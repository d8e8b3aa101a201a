"""Sentences for codes, in Vietnamese and English.

Each module of this package holds ``SENTENCES``: code → (Vietnamese, English), with ``{names}`` of parameters.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from domain.findings import Plain

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """Every sentence the service can say; a code that two modules define is a mistake."""
    sentences: dict[str, tuple[str, str]] = {}
    for module in iter_modules(__path__):
        for code, pair in import_module(f"{__name__}.{module.name}").SENTENCES.items():
            if code in sentences:
                raise RuntimeError(f"two sentences for {code}")
            sentences[code] = pair
    return sentences


def say(code: str, params: Mapping[str, Plain], language: Language) -> str:
    """The sentence for ``code``; a code without one speaks for itself, an unfilled name stays as it is."""
    pair = catalogue().get(code)
    if pair is None:
        return code
    said = {name: _said(value) for name, value in params.items()}
    return pair[LANGUAGES.index(language)].format_map(_Named(said))


def _said(value: Plain) -> Plain:
    """A list as people write one."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(_said(part)) for part in value)
    return value


class _Named(dict[str, Plain]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"
