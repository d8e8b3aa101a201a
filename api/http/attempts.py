"""Failed credentials: after too many of them an address must wait before it may send unknown ones.

A request that must wait is refused before the database or the identity provider is asked. A credential that
was valid lately is still accepted, so that an attacker behind a shared address cannot lock out other users.
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

from api.http.problems import Problem

MAX_REMEMBERED = 10_000
"""The most addresses, and the most valid credentials, that are remembered; the oldest are dropped."""


@dataclass(slots=True)
class Attempts:
    """``most`` failures of one address at once, ``rate`` per second on average; 0: no limit."""

    most: float = 30.0
    rate: float = 0.5
    kept: int = MAX_REMEMBERED
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _serving: OrderedDict[bytes, None] = field(default_factory=OrderedDict, repr=False)
    _secret: bytes = field(default_factory=lambda: urandom(32), repr=False)

    def expect_attempt_left(self, request: Request) -> None:
        """Raise :class:`Problem` 429 for an unknown credential from an address that must wait."""
        credential = _read_credential(request)
        if not self.most or credential is None or self._hash_credential(credential) in self._serving:
            return
        left = self._compute_left(read_client_address(request))
        if left < 1:
            wait = math.ceil((1 - left) / self.rate)
            raise Problem(429, "too_many_attempts", {"seconds": wait}, headers={"Retry-After": str(wait)})

    def record_failure(self, request: Request) -> None:
        """Count an invalid credential; a request without one is not counted."""
        credential = _read_credential(request)
        if credential is None:
            return
        self._serving.pop(self._hash_credential(credential), None)
        where = read_client_address(request)
        self._left[where] = (max(0.0, self._compute_left(where) - 1), self.clock())
        self._left.move_to_end(where)
        _drop_oldest(self._left, self.kept)

    def record_success(self, request: Request) -> None:
        """Remember a valid credential."""
        credential = _read_credential(request)
        if credential is None:
            return
        mark = self._hash_credential(credential)
        self._serving[mark] = None
        self._serving.move_to_end(mark)
        _drop_oldest(self._serving, self.kept)

    def _compute_left(self, where: str) -> float:
        """The attempts that an address has left now."""
        left, at = self._left.get(where, (self.most, self.clock()))
        return min(self.most, left + (self.clock() - at) * self.rate)

    def _hash_credential(self, credential: bytes) -> bytes:
        return blake2b(credential, key=self._secret, digest_size=16).digest()


def read_client_address(request: Request) -> str:
    """The client address; for IPv6 the network of one subscriber (64 bits)."""
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
