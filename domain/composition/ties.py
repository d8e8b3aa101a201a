"""How a split settles what the figures leave equal: by a seed published beforehand, never by input order.

The key of a cell is the first eight hexadecimal digits of SHA-256 over seed, unit and value, joined by the
character U+001F, in UTF-8; the smaller key comes first. Anyone can recompute it::

    printf 'SEED\\037UNIT\\037VALUE' | sha256sum | cut -c1-8
"""

from collections.abc import Sequence
from hashlib import sha256

KEY_BITS = 32


def tie_key(seed: str, unit: str, value: str) -> int:
    """The key by which ``unit`` stands in line for one place of ``value`` (32 bits; smaller comes first)."""
    return _key(f"{seed}\x1f{unit}\x1f{value}".encode())


def tie_keys(
    seed: str, units: Sequence[str], values: Sequence[str], caps: Sequence[Sequence[int]]
) -> list[list[int]]:
    """The keys of a table, unit by unit; nought where ``caps`` leaves no place to be had."""
    start, tails = f"{seed}\x1f".encode(), [f"\x1f{value}".encode() for value in values]
    keys = []
    for unit, row in zip(units, caps, strict=True):
        head = start + unit.encode()
        keys.append([_key(head + tail) if cap else 0 for tail, cap in zip(tails, row, strict=True)])
    return keys


def _key(text: bytes) -> int:
    return int.from_bytes(sha256(text).digest()[:4])
