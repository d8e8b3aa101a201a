"""The small YAML of plans, built from the parser's events."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from domain.findings import Finding, Invalid, Plain

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_INEXACT = re.compile(r"[-+]?(?:\.(?:inf|Inf|INF|nan|NaN|NAN)|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?)")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_LONGEST_INTEGER = 18

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, deepest: int) -> Any:
    """The one document in ``text``; raises :class:`Invalid` with line and column."""
    try:
        return _Document(yaml.parse(text, Loader=_LOADER), deepest).read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            raise refused("yaml_syntax", mark) from None
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise Invalid("plan_unreadable", errors=(Finding("yaml_character", {"line": line}),)) from None


def refused(code: str, mark: Any, **params: Plain) -> Invalid:
    """The refusal of what stands at a mark of the parser."""
    where: dict[str, Plain] = {"line": mark.line + 1, "column": mark.column + 1}
    return Invalid("plan_unreadable", errors=(Finding(code, {**params, **where}),))


class _Document:
    """Reads events into plain values, refusing as soon as something is not of the small YAML."""

    def __init__(self, events: Iterator[Any], deepest: int):
        self._events = events
        self._deepest = deepest

    def read(self) -> Any:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            return None
        if start.tags:
            raise refused("yaml_tag", start.start_mark)
        value = self._value(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise refused("yaml_documents", after.start_mark)
        return value

    def _value(self, event: Any, depth: int) -> Any:
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise refused("yaml_alias", mark)
        if event.tag is not None:
            raise refused("yaml_tag", mark)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if depth >= self._deepest:
            raise refused("plan_too_deep", mark, limit=self._deepest)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth + 1)
        return self._mapping(depth + 1)

    def _list(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, depth))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._name(event)
            if name in members:
                raise refused("yaml_key_twice", event.start_mark)
            members[name] = self._value(next(self._events), depth)
        return members

    def _name(self, event: Any) -> str:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise refused("yaml_alias", event.start_mark)
        if not isinstance(event, yaml.ScalarEvent):
            raise refused("yaml_key", event.start_mark)
        if event.tag is not None:
            raise refused("yaml_tag", event.start_mark)
        if event.value == "<<" and event.implicit[0]:
            raise refused("yaml_merge_key", event.start_mark)
        return str(event.value)


def _scalar(event: Any) -> Any:
    text = event.value
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and len(text) <= _LONGEST_INTEGER:
        return int(text)
    if _INTEGER.fullmatch(text) or (_INEXACT.fullmatch(text) and not text.isdecimal()):
        raise refused("yaml_number", event.start_mark)
    return text
