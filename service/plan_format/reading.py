"""Bytes to plain data, in JSON or a small YAML, with nothing that could surprise.

The YAML taken is that of a hand-written document: block and flow mappings, lists, and scalars. Anchors,
aliases, tags, merge keys and several documents are refused, and so is a key given twice. Plain scalars are
texts unless they are written as JSON writes null, true, false and integers: a date, ``yes`` and ``05`` stay
what they look like. Numbers with a fraction or exponent are refused in both, since an exact number is an
integer or a text such as "7/10".
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from domain.findings import Finding, Invalid, Plain
from service.plan_format.yaml_reading import read_yaml
from service.validation import pointer

LARGEST = 2 * 1024 * 1024
DEEPEST = 32
MOST_MEMBERS = 5000
LONGEST_INTEGER = 18

Media = Literal["yaml", "json"]

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(r"[\[\]{}]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class _Number(str):
    """A number of the source that is not exact or too long."""

    __slots__ = ()


class _Twice(dict[str, Any]):
    """An object whose source gave a key twice."""

    key: str


def read(data: bytes, media: Media) -> dict[str, Any]:
    """The mapping that ``data`` holds, as plain JSON values.

    Raises :class:`Invalid` (``plan_unreadable``) with line and column, or the pointer, of what is wrong.
    """
    if len(data) > LARGEST:
        raise _refused("body_too_large", {"limit": LARGEST})
    text = _text(data)
    body = read_yaml(text, DEEPEST) if media == "yaml" else _json(text)
    if not isinstance(body, dict):
        raise _refused("not_an_object")
    found = tuple(surprises(body))
    if found:
        raise Invalid("plan_unreadable", errors=found)
    return body


def surprises(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """Where plain data would not be read alike by everyone: inexact numbers, unstorable text, depth, size."""
    if len(path) > DEEPEST:
        yield Finding("plan_too_deep", {"limit": DEEPEST}, pointer(path[:DEEPEST]))
    elif isinstance(value, dict | list) and len(value) > MOST_MEMBERS:
        yield Finding("too_many_items", {"maximum": MOST_MEMBERS}, pointer(path))
    elif isinstance(value, dict):
        if isinstance(value, _Twice):
            yield Finding("plan_key_twice", {}, pointer((*path, value.key)))
        for name, each in value.items():
            if not isinstance(name, str) or _UNSTORABLE.search(name):
                yield Finding("json_text", {}, pointer(path))
            else:
                yield from surprises(each, (*path, name))
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from surprises(each, (*path, n))
    else:
        yield from _scalar(value, pointer(path))


def _scalar(value: Any, where: str) -> Iterator[Finding]:
    long = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**LONGEST_INTEGER
    if long or isinstance(value, _Number | float):
        yield Finding("plan_number_not_exact", {"digits": LONGEST_INTEGER}, where)
    elif isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield Finding("json_text", {}, where)
    elif value is not None and not isinstance(value, bool | int):
        yield Finding("invalid", {}, where)


def _refused(code: str, params: dict[str, Plain] | None = None) -> Invalid:
    return Invalid("plan_unreadable", errors=(Finding(code, params or {}),))


def _text(data: bytes) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused("plan_not_utf8", {"line": line}) from None


def _json(text: str) -> Any:
    _shallow(text)
    number: Callable[[str], Any] = _Number
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=number,
            parse_constant=number,
            parse_int=lambda digits: int(digits) if len(digits) <= LONGEST_INTEGER else _Number(digits),
        )
    except json.JSONDecodeError as error:
        raise _refused("json_syntax", {"line": error.lineno, "column": error.colno}) from None


def _shallow(text: str) -> None:
    """Refuse deep nesting before the parser recurses into it."""
    depth = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise _refused("plan_too_deep", {"limit": DEEPEST})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            twice = _Twice(pairs)
            twice.key = name
            return twice
        names.add(name)
    return dict(pairs)
