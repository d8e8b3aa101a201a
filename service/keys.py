"""Keys of this service: ``daibieu_``, a handle, a secret and a checksum; only a digest is stored.

The checksum lets scanners find keys and reveals typing errors without the database. The secret has 256 bits,
so that one round of SHA-256 is enough: it cannot be guessed.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

PREFIX = "daibieu_"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HANDLE_LENGTH, _SECRET_LENGTH, _CHECKSUM_LENGTH = 12, 43, 6
_KEY_PATTERN = re.compile(
    rf"{PREFIX}([0-9A-Za-z]{{{_HANDLE_LENGTH}}})([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{{_CHECKSUM_LENGTH}}})"
)
_ZERO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as a caller sent it: the handle to find it, and the digest to compare."""

    handle: str
    digest: bytes = field(repr=False)

    def has_digest(self, digest: bytes | None) -> bool:
        """Whether it is the key of that digest; ``None`` is no key. Every comparison takes the same time."""
        return hmac.compare_digest(self.digest, digest or _ZERO_DIGEST) and digest is not None


def mint_key() -> str:
    """A new key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_HANDLE_LENGTH + _SECRET_LENGTH))
    return PREFIX + body + _compute_checksum(body)


def read_key(key: str) -> PresentedKey | None:
    """The parts of a key, or ``None`` where it cannot be one of this service."""
    found = _KEY_PATTERN.fullmatch(key)
    if found is None or not hmac.compare_digest(found[3], _compute_checksum(found[1] + found[2])):
        return None
    return PresentedKey(found[1], sha256(key.encode()).digest())


def _compute_checksum(body: str) -> str:
    number, digits = crc32(body.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
