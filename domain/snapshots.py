"""Frozen inputs: the canonical text of plain data, and its digest.

Two snapshots with the same meaning have the same bytes: keys sorted, no white space, UTF-8 in NFC as given,
fractions as "p/q", no floats. The digest is SHA-256 in lower-case hexadecimal.
"""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256

from domain.findings import Plain


def encode_canonical(value: Plain) -> bytes:
    """The canonical bytes of plain data (a subset of RFC 8785: no floats occur here)."""
    _expect_no_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def compute_digest(value: Plain) -> str:
    """SHA-256 over :func:`encode_canonical`, 64 hexadecimal digits."""
    return sha256(encode_canonical(value)).hexdigest()


def read_fraction(text: str | int) -> Fraction:
    """The exact number in a text: ``"p/q"``, a decimal, or an integer."""
    return Fraction(text)


def plain_fraction(number: Fraction | int) -> str:
    """The inverse of :func:`read_fraction`: ``"p"`` or ``"p/q"`` in lowest terms."""
    return str(Fraction(number))


def simplify_fraction(number: Fraction) -> Fraction | int:
    """The same number, an ``int`` where it is whole."""
    return number.numerator if number.denominator == 1 else number


def plain_value(value: object) -> Plain:
    """Any value of the rules as plain data: dataclasses by field, dates as ISO 8601, fractions as "p/q"."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Fraction):
        return plain_fraction(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return plain_record(value)
    if isinstance(value, Mapping):
        return {str(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, Set):
        return sorted(str(part) for part in value)
    if isinstance(value, Sequence):
        return [plain_value(part) for part in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


def plain_record(record: object) -> dict[str, Plain]:
    """The fields of a dataclass instance as plain data."""
    if not is_dataclass(record):
        raise TypeError(f"{type(record).__name__} is no dataclass")
    return {each.name: plain_value(getattr(record, each.name)) for each in fields(record)}


def _expect_no_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no exact text; write the number as a string or a fraction")
    if isinstance(value, Mapping):
        for part in value.values():
            _expect_no_floats(part)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for part in value:
            _expect_no_floats(part)
