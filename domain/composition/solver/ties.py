"""How a split settles ties: by a seed published beforehand, never by the order of the input.

The key of a cell is the first eight hexadecimal digits of SHA-256 over seed, unit and value, joined by the
character U+001F, in UTF-8; the smaller key comes first. Anyone can recompute it::

    printf 'SEED\\037UNIT\\037VALUE' | sha256sum | cut -c1-8
"""

from array import array
from collections.abc import Sequence
from hashlib import sha256
from sys import byteorder
from typing import TypeAlias

KEY_BITS = 32
TieKeys: TypeAlias = "array[int]"
"""Keys of a table, row after row; a flat array, since a large table has a million of them."""


def compute_tie_key(seed: str, unit: str, value: str) -> int:
    """The tie key of ``unit`` for one seat of ``value`` (32 bits; the smaller key comes first)."""
    return _hash_key(f"{seed}\x1f{unit}\x1f{value}".encode())


def compute_tie_keys(seed: str, units: Sequence[str], values: Sequence[str]) -> TieKeys:
    """The keys of a table, cell by cell along its rows."""
    start, tails = f"{seed}\x1f".encode(), [f"\x1f{value}".encode() for value in values]
    heads = [start + unit.encode() for unit in units]
    keys = array("I")
    keys.frombytes(b"".join([sha256(head + tail).digest()[:4] for head in heads for tail in tails]))
    if byteorder == "little":
        keys.byteswap()
    return keys


def _hash_key(text: bytes) -> int:
    return int.from_bytes(sha256(text).digest()[:4])
