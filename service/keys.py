"""Keys of our own: ``daibieu_``, a handle, a secret and a checksum; stored as a digest, shown once.

The checksum lets a scanner, or a typing error, be told without asking anybody. The secret has 256 bits, so
that one round of SHA-256 keeps it: there is nothing to guess.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

PREFIX = "daibieu_"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HANDLE, _SECRET, _CHECK = 12, 43, 6
_KEY = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_HANDLE}}})([0-9A-Za-z]{{{_SECRET}}})([0-9A-Za-z]{{{_CHECK}}})")
_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Presented:
    """A key that somebody shows: how to find it, and what it must have been."""

    handle: str
    digest: bytes = field(repr=False)

    def proves(self, digest: bytes | None) -> bool:
        """Whether it is the key of that digest, or of none; a near miss takes as long as a far one."""
        return hmac.compare_digest(self.digest, digest or _NOTHING) and digest is not None


def mint() -> str:
    """A new key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_HANDLE + _SECRET))
    return PREFIX + body + _check(body)


def read(key: str) -> Presented | None:
    """What a key says, or ``None`` where it cannot be one of ours."""
    found = _KEY.fullmatch(key)
    if found is None or not hmac.compare_digest(found[3], _check(found[1] + found[2])):
        return None
    return Presented(found[1], sha256(key.encode()).digest())


def _check(body: str) -> str:
    number, digits = crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
