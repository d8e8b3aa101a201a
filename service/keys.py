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
_HANDLE_LENGTH, _SECRET_LENGTH, _CHECKSUM_LENGTH = 12, 43, 6
_KEY_PATTERN = re.compile(
    rf"{PREFIX}([0-9A-Za-z]{{{_HANDLE_LENGTH}}})([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{{_CHECKSUM_LENGTH}}})"
)
_ZERO_DIGEST = bytes(32)


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key that somebody shows: how to find it, and what it must have been."""

    handle: str
    digest: bytes = field(repr=False)

    def has_digest(self, digest: bytes | None) -> bool:
        """Whether it is the key of that digest, or of none; a near miss takes as long as a far one."""
        return hmac.compare_digest(self.digest, digest or _ZERO_DIGEST) and digest is not None


def mint_key() -> str:
    """A new key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_HANDLE_LENGTH + _SECRET_LENGTH))
    return PREFIX + body + _compute_checksum(body)


def read_key(key: str) -> PresentedKey | None:
    """What a key says, or ``None`` where it cannot be one of ours."""
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
