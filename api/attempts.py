"""Failed credentials: an address may send so many, then its unknown credentials have to wait a moment.

What waits is refused before the database or the provider's keys are asked. A credential that has served here
lately is let through all the same: whoever guesses behind a shared address does not shut out those who work
there.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from os import urandom

from starlette.requests import Request

from api.problems import Problem

MAX_REMEMBERED = 10_000
"""Addresses, and credentials that serve, that are remembered at most; the longest unseen are forgotten."""


@dataclass(slots=True)
class Attempts:
    """``most`` failures of one address at once, ``rate`` a second in the long run; 0: any number."""

    most: float = 30.0
    rate: float = 0.5
    kept: int = MAX_REMEMBERED
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _serving: OrderedDict[bytes, None] = field(default_factory=OrderedDict, repr=False)
    _secret: bytes = field(default_factory=lambda: urandom(32), repr=False)

    def expect_attempt_left(self, request: Request) -> None:
        """Raise :class:`Problem` 429 for a credential that is not known to serve, from a spent address."""
        credential = _read_credential(request)
        if not self.most or credential is None or self._hash_credential(credential) in self._serving:
            return
        left = self._compute_left(read_client_address(request))
        if left < 1:
            wait = math.ceil((1 - left) / self.rate)
            raise Problem(429, "too_many_attempts", {"seconds": wait}, headers={"Retry-After": str(wait)})

    def record_failure(self, request: Request) -> None:
        """Count a credential that proved nothing; none at all is no attempt."""
        credential = _read_credential(request)
        if credential is None:
            return
        self._serving.pop(self._hash_credential(credential), None)
        where = read_client_address(request)
        self._left[where] = (max(0.0, self._compute_left(where) - 1), self.clock())
        self._left.move_to_end(where)
        _drop_oldest(self._left, self.kept)

    def record_success(self, request: Request) -> None:
        """Remember a credential that proved who calls."""
        credential = _read_credential(request)
        if credential is None:
            return
        mark = self._hash_credential(credential)
        self._serving[mark] = None
        self._serving.move_to_end(mark)
        _drop_oldest(self._serving, self.kept)

    def _compute_left(self, where: str) -> float:
        """What is left to an address now."""
        left, at = self._left.get(where, (self.most, self.clock()))
        return min(self.most, left + (self.clock() - at) * self.rate)

    def _hash_credential(self, credential: bytes) -> bytes:
        return blake2b(credential, key=self._secret, digest_size=16).digest()


def read_client_address(request: Request) -> str:
    """Where a request comes from; of IPv6 the network that one subscriber has (64 bits)."""
    host = request.client.host if request.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return host[:100]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def _read_credential(request: Request) -> bytes | None:
    given = request.headers.getlist("authorization")
    return "\n".join(given).encode("latin-1", "replace") if any(each.strip() for each in given) else None


def _drop_oldest(found: OrderedDict[str, tuple[float, float]] | OrderedDict[bytes, None], most: int) -> None:
    while len(found) > most:
        found.popitem(last=False)
