"""The small YAML of plans, built from the parser's events."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from domain.findings import Finding, Invalid, Plain
from service.formats.json_reader import DataLimits

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_INEXACT = re.compile(r"[-+]?(?:\.(?:inf|Inf|INF|nan|NaN|NAN)|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?)")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}

_FAULTS = {
    "mapping values are not allowed": "colon",
    "could not find expected ':'": "colon_missing",
    "found character that cannot start": "start",
    "found unexpected end of stream": "quote_open",
    "did not find expected ',' or": "bracket_open",
    "did not find expected key": "indentation",
    "did not find expected '-'": "indentation",
    "block sequence entries are not allowed": "dash",
    "found unknown escape character": "escape",
}
"""How the parser's own sentence begins → the word for it."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, limits: DataLimits) -> Any:
    """The one document in ``text``; raises :class:`Invalid` with line and column."""
    try:
        return _DocumentReader(yaml.parse(text, Loader=_LOADER), limits).read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            raise build_yaml_refusal("yaml_syntax", mark, fault=_name_fault(error)) from None
        raise _build_character_refusal(text, getattr(error, "position", 0)) from None


def build_yaml_refusal(code: str, mark: Any, **params: Plain) -> Invalid:
    """The refusal of the content at a mark of the parser."""
    where: dict[str, Plain] = {"line": mark.line + 1, "column": mark.column + 1}
    return Invalid("plan_unreadable", errors=(Finding(code, {**params, **where}),))


def _name_fault(error: Any) -> str:
    """What the parser found wrong, as a word of ``words.toml``."""
    problem = str(getattr(error, "problem", ""))
    return next((name for start, name in _FAULTS.items() if problem.startswith(start)), "structure")


def _build_character_refusal(text: str, place: int) -> Invalid:
    """The refusal of a character that the parser stopped at; it counts ``place`` in bytes of UTF-8."""
    position = min(len(text.encode()[:place].decode(errors="ignore")), len(text) - 1)
    line_start = text.rfind("\n", 0, position) + 1
    where: dict[str, Plain] = {
        "line": text.count("\n", 0, position) + 1,
        "column": position - line_start + 1,
        "character": f"U+{ord(text[position]):04X}",
    }
    return Invalid("plan_unreadable", errors=(Finding("yaml_character", where),))


class _DocumentReader:
    """Reads events into plain values, refusing as soon as something is not of the small YAML."""

    def __init__(self, events: Iterator[Any], limits: DataLimits):
        self._events = events
        self._limits = limits

    def read(self) -> Any:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return None
        if start.tags:
            raise build_yaml_refusal("yaml_tag", start.start_mark)
        value = self._read_value(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise build_yaml_refusal("yaml_documents", after.start_mark)
        return value

    def _read_value(self, event: Any, depth: int) -> Any:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise build_yaml_refusal("yaml_alias", mark)
        if event.tag is not None:
            raise build_yaml_refusal("yaml_tag", mark)
        if isinstance(event, yaml.ScalarEvent):
            return _read_scalar(event, self._limits.number_length)
        if depth >= self._limits.depth:
            raise build_yaml_refusal("plan_too_deep", mark, limit=self._limits.depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._read_list(depth + 1)
        return self._read_mapping(depth + 1)

    def _read_list(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._read_value(event, depth))
        return items

    def _read_mapping(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._read_key(event)
            if name in members:
                raise build_yaml_refusal("yaml_key_twice", event.start_mark)
            members[name] = self._read_value(next(self._events), depth)
        return members

    def _read_key(self, event: Any) -> str:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise build_yaml_refusal("yaml_alias", event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            raise build_yaml_refusal("yaml_key", event.start_mark)
        if event.tag is not None:
            raise build_yaml_refusal("yaml_tag", event.start_mark)
        if event.value == "<<" and event.implicit[0]:
            raise build_yaml_refusal("yaml_merge_key", event.start_mark)
        return str(event.value)


def _read_scalar(event: Any, number_length: int) -> Any:
    text = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) <= number_length:
        return int(text)
    if _INTEGER.fullmatch(text) or (_INEXACT.fullmatch(text) and not text.isdecimal()):
        raise build_yaml_refusal("yaml_number", event.start_mark)
    return text
