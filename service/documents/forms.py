"""The form of documents: their wording, which an operator may replace, and the caller's wishes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any, Self

from domain.documents.content import DocumentKind
from service.settings import SettingError

WORDINGS_FILE = "wordings.toml"
_EVERY = "every"

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wording of each kind of document: kind → line → text with ``{names}``."""

    words: Words

    @classmethod
    def load(cls, templates: Path | None = None) -> Self:
        """Our wording, with the lines that the operator has set in the folder ``templates``.

        Raises :class:`SettingError` for a line that we do not have, and for one with other names.
        """
        words = _read(Path(__file__).with_name(WORDINGS_FILE))
        own = None if templates is None else templates / WORDINGS_FILE
        return cls(words if own is None or not own.is_file() else _replace(words, _read(own)))

    def write(self, kind: DocumentKind, line: str, **params: object) -> str:
        """A line of a kind of document, or else the one that all have."""
        own = self.words.get(kind, {})
        return (own[line] if line in own else self.words[_EVERY][line]).format(**params)


@dataclass(frozen=True, slots=True)
class LetterheadWish:
    """What a caller wants in the head and under the text; what is ``None`` follows from plan and decision."""

    organ: str | None = None
    superior: str | None = None
    series: str | None = None
    place: str | None = None
    capacity: str | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """The wording of documents and the wish of the caller."""

    wordings: Wordings
    wish: LetterheadWish = field(default_factory=LetterheadWish)

    def write(self, kind: DocumentKind, line: str, **params: object) -> str:
        """As :meth:`Wordings.write`."""
        return self.wordings.write(kind, line, **params)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"DAIBIEU_TEMPLATES: {path.name} cannot be read ({error})") from None


def _replace(words: Words, own: Mapping[str, object]) -> Words:
    """Our words with the operator's lines."""
    changed = {kind: dict(lines) for kind, lines in words.items()}
    for kind, lines in own.items():
        if not isinstance(lines, Mapping):
            raise SettingError(f"DAIBIEU_TEMPLATES: no kind of document is {kind}")
        for line, text in lines.items():
            if line not in words.get(kind, {}):
                raise SettingError(f"DAIBIEU_TEMPLATES: no document has the line {kind}.{line}")
            if not isinstance(text, str):
                raise SettingError(f"DAIBIEU_TEMPLATES: {kind}.{line} is not a text")
            wrong = _list_names(text) - _list_names(words[kind][line])
            if wrong:
                raise SettingError(f"DAIBIEU_TEMPLATES: {kind}.{line} cannot name {', '.join(sorted(wrong))}")
            changed[kind][line] = text
    return changed


def _list_names(text: str) -> set[str]:
    """The names in a wording: each alone in its braces, since a format of its own may fail at the print."""
    try:
        fields = [(name, spec, how) for _, name, spec, how in Formatter().parse(text) if name is not None]
    except ValueError:
        fields = [("", "", "")]
    if any(not name or spec or how for name, spec, how in fields):
        raise SettingError(f"DAIBIEU_TEMPLATES: not a wording: {text[:60]}")
    return {name for name, _, _ in fields}
