"""Readers of untrusted JSON: each returns a typed value, or raises with the pointer to the error."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TypeVar

MOST_DIGITS = 200
"""The most digits of a numerator or a denominator.

Figures and factors have 40 digits. A weight is a sum of their products, so it has about 90; a scale divides a
number of seats by a sum of weights, which gives about 100.
"""
RATIONAL_PATTERN = re.compile(rf"[0-9]{{1,{MOST_DIGITS}}}(/[0-9]{{1,{MOST_DIGITS}}})?", re.ASCII)
GREATEST_DENOMINATOR = 10**MOST_DIGITS
"""The greatest common denominator allowed in a sum; with a few hundred coprime ones a sum takes minutes."""
MOST_ID_LENGTH = 200
"""The most characters of an id: findings repeat it."""
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


def read_id(source: object, at: str) -> str:
    """A string that is not empty and not too long for an id."""
    found = read_text(source, at)
    return expect_valid(found, len(found) <= MOST_ID_LENGTH, at)


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
    """A whole number, or a string "p" or "p/q"; zero or more, of at most ``MOST_DIGITS`` digits each."""
    if type(source) is int and 0 <= source < 10**MOST_DIGITS:
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
