"""Strict JSON: text into plain data, and what in plain data is refused.

The standard parser takes NaN, repeated keys, any nesting up to the interpreter's limit and numbers that cost
seconds; here each is refused, with a pointer to its place. Each format gives its limits, and its findings for
what is beyond them.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from domain.findings import Finding, Invalid
from service.formats.validation import build_pointer

_UNSTORABLE_CHARACTER = re.compile(r"[\x00\ud800-\udfff]")
_SUSPICIOUS_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


@dataclass(frozen=True, slots=True)
class DataLimits:
    """The limits of a format, and the finding for what is refused, still without its pointer.

    ``depth`` is how deep lists and objects may be nested, ``members`` how many members each may have,
    ``number_length`` how many characters an integer may have. ``inexact_number`` is for a number with a
    fraction or an exponent, ``unusable_number`` for one that is too long, NaN or Infinity. With
    ``points_at_key`` the pointer of a repeated key leads to the key itself, otherwise to its object.
    """

    depth: int
    number_length: int
    too_deep: Finding
    inexact_number: Finding
    unusable_number: Finding
    repeated_key: Finding
    points_at_key: bool = False
    members: int = sys.maxsize


def decode_json(text: str, limits: DataLimits) -> tuple[Any, bool]:
    """The data in ``text``, and whether a number, a key or a character in it may be refused.

    If so, :func:`check_plain_data` has the findings. Raises :class:`Invalid`: ``json_syntax`` with line and
    column, or the code of ``limits.too_deep``.
    """
    decoder = _StrictDecoder(limits)
    try:
        value = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Invalid("json_syntax", {"line": error.lineno, "column": error.colno}) from None
    except RecursionError:
        raise Invalid(limits.too_deep.code, limits.too_deep.params) from None
    if text.count("[") + text.count("{") > limits.depth and _is_deeper(value, limits.depth):
        raise Invalid(limits.too_deep.code, limits.too_deep.params)
    return value, decoder.has_refused or _SUSPICIOUS_ESCAPE.search(text) is not None


def check_plain_data(value: Any, limits: DataLimits) -> Iterator[Finding]:
    """What is refused in plain data: inexact numbers, characters that cannot be stored, depth, size.

    In data of :func:`decode_json` also repeated keys, and the numbers that it did not read.
    """
    if _is_deeper(value, limits.depth):
        yield limits.too_deep
    else:
        yield from _check_value(value, limits, ())


class _RepeatedKeyObject(dict[str, Any]):
    """An object in which a key is repeated; ``key`` is the first such key."""

    key: str


class _StrictDecoder(json.JSONDecoder):
    """The standard decoder, which puts the finding where a number is refused, and marks repeated keys."""

    def __init__(self, limits: DataLimits):
        self.has_refused = False
        super().__init__(
            object_pairs_hook=self._read_object,
            parse_int=lambda literal: (
                int(literal) if len(literal) <= limits.number_length else self._refuse(limits.unusable_number)
            ),
            parse_float=lambda _: self._refuse(limits.inexact_number),
            parse_constant=lambda _: self._refuse(limits.unusable_number),
        )

    def _refuse(self, finding: Finding) -> Any:
        self.has_refused = True
        return finding

    def _read_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        plain = dict(pairs)
        if len(plain) == len(pairs):
            return plain
        self.has_refused = True
        repeated, names = _RepeatedKeyObject(plain), iter(plain)
        repeated.key = next(name for name, _ in pairs if name != next(names, None))
        return repeated


def _is_deeper(value: Any, depth: int) -> bool:
    """Whether lists and objects are nested deeper than this, found without recursion."""
    level = [value]
    for _ in range(depth + 1):
        nested = [item for item in level if isinstance(item, dict | list)]
        if not nested:
            return False
        level = list(
            chain.from_iterable(item.values() if isinstance(item, dict) else item for item in nested)
        )
    return True


def _check_value(value: Any, limits: DataLimits, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if not isinstance(value, dict | list):
        if finding := _find_scalar_fault(value, limits):
            yield replace(finding, pointer=build_pointer(path))
    elif len(value) > limits.members:
        yield Finding("too_many_items", {"maximum": limits.members}, build_pointer(path))
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _check_value(each, limits, (*path, n))
    else:  # no pointer leads through a key that cannot be stored
        if isinstance(value, _RepeatedKeyObject):
            at_key = limits.points_at_key and _is_storable(value.key)
            yield replace(limits.repeated_key, pointer=build_pointer((*path, value.key) if at_key else path))
        if not all(map(_is_storable, value)):
            yield Finding("json_text", {}, build_pointer(path))
        for name in filter(_is_storable, value):
            yield from _check_value(value[name], limits, (*path, name))


def _is_storable(text: Any) -> bool:
    return isinstance(text, str) and not _UNSTORABLE_CHARACTER.search(text)


def _find_scalar_fault(value: Any, limits: DataLimits) -> Finding | None:
    match value:
        case Finding():
            return value
        case str():
            return None if _is_storable(value) else Finding("json_text")
        case None | bool():
            return None
        case int():
            return limits.unusable_number if abs(value) >= 10**limits.number_length else None
        case float():
            return limits.inexact_number
    return Finding("invalid")
