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
from service.formats.validation import build_pointer
from service.plan_format.yaml_reader import read_yaml

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_MEMBERS = 5000
MAX_INTEGER_DIGITS = 18

PlanMedia = Literal["yaml", "json"]

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(r"[\[\]{}]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class _InexactNumber(str):
    """A number of the source that is not exact or too long."""

    __slots__ = ()


class _RepeatedKeyObject(dict[str, Any]):
    """An object whose source gave a key twice."""

    key: str


def read_document(data: bytes, media: PlanMedia) -> dict[str, Any]:
    """The mapping that ``data`` holds, as plain JSON values.

    Raises :class:`Invalid` (``plan_unreadable``) with line and column, or the pointer, of what is wrong.
    """
    if len(data) > MAX_BODY_BYTES:
        raise _build_refusal("body_too_large", {"limit": MAX_BODY_BYTES})
    text = _decode_text(data)
    body = read_yaml(text, MAX_DEPTH) if media == "yaml" else _read_json(text)
    if not isinstance(body, dict):
        raise _build_refusal("not_an_object")
    found = tuple(check_plain_data(body))
    if found:
        raise Invalid("plan_unreadable", errors=found)
    return body


def check_plain_data(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """Where plain data would not be read alike by everyone: inexact numbers, unstorable text, depth, size."""
    if len(path) > MAX_DEPTH:
        yield Finding("plan_too_deep", {"limit": MAX_DEPTH}, build_pointer(path[:MAX_DEPTH]))
    elif isinstance(value, dict | list) and len(value) > MAX_MEMBERS:
        yield Finding("too_many_items", {"maximum": MAX_MEMBERS}, build_pointer(path))
    elif isinstance(value, dict):
        if isinstance(value, _RepeatedKeyObject):
            yield Finding("plan_key_twice", {}, build_pointer((*path, value.key)))
        for name, each in value.items():
            if not isinstance(name, str) or _UNSTORABLE.search(name):
                yield Finding("json_text", {}, build_pointer(path))
            else:
                yield from check_plain_data(each, (*path, name))
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from check_plain_data(each, (*path, n))
    else:
        yield from _check_scalar(value, build_pointer(path))


def _check_scalar(value: Any, where: str) -> Iterator[Finding]:
    long = isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**MAX_INTEGER_DIGITS
    if long or isinstance(value, _InexactNumber | float):
        yield Finding("plan_number_not_exact", {"digits": MAX_INTEGER_DIGITS}, where)
    elif isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield Finding("json_text", {}, where)
    elif value is not None and not isinstance(value, bool | int):
        yield Finding("invalid", {}, where)


def _build_refusal(code: str, params: dict[str, Plain] | None = None) -> Invalid:
    return Invalid("plan_unreadable", errors=(Finding(code, params or {}),))


def _decode_text(data: bytes) -> str:
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _build_refusal("plan_not_utf8", {"line": line}) from None


def _read_json(text: str) -> Any:
    _expect_shallow(text)
    number: Callable[[str], Any] = _InexactNumber
    try:
        return json.loads(
            text,
            object_pairs_hook=_build_object,
            parse_float=number,
            parse_constant=number,
            parse_int=lambda digits: (
                int(digits) if len(digits) <= MAX_INTEGER_DIGITS else _InexactNumber(digits)
            ),
        )
    except json.JSONDecodeError as error:
        raise _build_refusal("json_syntax", {"line": error.lineno, "column": error.colno}) from None


def _expect_shallow(text: str) -> None:
    """Refuse deep nesting before the parser recurses into it."""
    depth = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            raise _build_refusal("plan_too_deep", {"limit": MAX_DEPTH})


def _build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names: set[str] = set()
    for name, _ in pairs:
        if name in names:
            twice = _RepeatedKeyObject(pairs)
            twice.key = name
            return twice
        names.add(name)
    return dict(pairs)
