"""Readers of untrusted JSON: each returns a typed value, or raises with the pointer to the error."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TypeVar

RATIONAL_PATTERN = re.compile(r"[0-9]{1,4000}(/[0-9]{1,4000})?", re.ASCII)
GREATEST_DENOMINATOR = 10**4_000
"""The greatest common denominator allowed in a sum; with a few hundred coprime ones a sum takes minutes."""
T = TypeVar("T")


class MalformedError(Exception):
    """Some part does not follow the format; ``at`` is the pointer to it."""

    def __init__(self, at: str):
        super().__init__(at)
        self.at = at


def read_optional(source: Mapping[str, object], name: str, read: Callable[[object, str], T]) -> T | None:
    """A member read by ``read``, or ``None`` where it is missing."""
    return None if source.get(name) is None else read(source[name], f"/{name}")


def read_mapping(source: object, at: str) -> Mapping[str, object]:
    """A JSON object."""
    if not isinstance(source, Mapping):
        raise MalformedError(at)
    return source


def read_sequence(source: object, at: str) -> Sequence[object]:
    """A JSON array."""
    if not isinstance(source, list | tuple):
        raise MalformedError(at)
    return source


def read_text(source: object, at: str) -> str:
    """A string that is not empty."""
    if not isinstance(source, str) or not source:
        raise MalformedError(at)
    return source


def read_choice(source: object, known: tuple[str, ...], at: str) -> str:
    """One of the ``known`` words."""
    found = read_text(source, at)
    return expect_valid(found, found in known, at)


def read_count(source: object, at: str) -> int:
    """A whole number, zero or more."""
    if type(source) is not int or source < 0:
        raise MalformedError(at)
    return source


def read_integer(source: object, at: str) -> int:
    """A whole number of either sign."""
    if type(source) is not int:
        raise MalformedError(at)
    return source


def read_rational(source: object, at: str) -> Fraction:
    """A whole number, or a string "p" or "p/q"; zero or more, of at most 4,000 digits each."""
    if type(source) is int and source >= 0:
        return Fraction(source)
    if not isinstance(source, str) or not RATIONAL_PATTERN.fullmatch(source):
        raise MalformedError(at)
    try:
        return Fraction(source)
    except ZeroDivisionError:
        raise MalformedError(at) from None


def sum_rationals(parts: Iterable[Fraction], at: str) -> Fraction:
    """The exact sum of ``parts``.

    :raises MalformedError: where their common denominator exceeds ``GREATEST_DENOMINATOR``.
    """
    parts = list(parts)
    common = 1
    for part in parts:
        common = lcm(common, part.denominator)
        if common > GREATEST_DENOMINATOR:
            raise MalformedError(at)
    return Fraction(sum(part.numerator * (common // part.denominator) for part in parts), common)


def expect_valid(value: T, is_valid: bool, at: str) -> T:
    """``value``.

    :raises MalformedError: unless ``is_valid``.
    """
    if not is_valid:
        raise MalformedError(at)
    return value
