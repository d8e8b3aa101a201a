"""Tokens of an OpenID Connect provider: signed by its keys, for us, and still in force.

Algorithms are pinned and asymmetric; a key serves only the algorithms of its own kind, so that nothing the
provider publishes can be taken for a shared secret. The keys are fetched when they are first needed, kept,
and renewed beside the requests: known keys serve on while newer ones are asked for.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from service.settings import is_secure_url

ALGORITHMS = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
"""The algorithms that are taken, by the kind of key (RFC 7518, RFC 8037)."""

CLOCK_SKEW = 60
"""Seconds by which clocks may differ."""
RENEW_AFTER = 600.0
"""Seconds after which keys are asked for again, beside the requests."""
STALE_AFTER = 86_400.0
"""Seconds after which keys that could not be renewed serve no longer."""
RENEWAL_PAUSE = 10.0
"""Seconds between two renewals for keys that are not known, however many are named."""
KEY_WAIT = 3.0
"""Seconds for which a request waits for keys."""
RENEWAL_TIMEOUT = 10.0
"""Seconds for the whole of a renewal, however slowly the provider speaks."""
MAX_ANSWER_BYTES = 2**20
MAX_TOKEN_LENGTH = 16_384

_log = structlog.get_logger("daibieu.tokens")


class InvalidCredential(Exception):  # noqa: N818 - an answer, not a failure
    """A token or a key that proves nothing; ``reason`` is for the audit trail, never for the caller."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ProviderUnreachable(Exception):  # noqa: N818 - as above
    """The provider's keys cannot be had, so that nothing can be said of a token."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """Who a token speaks of, and the scopes it names, if it names any."""

    issuer: str
    subject: str
    name: str
    scopes: frozenset[str]


class IdentityProvider:
    """One provider of identities, by the address it goes by (``issuer``), for one ``audience``."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        http: Callable[[], httpx.AsyncClient] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.issuer = issuer
        self.audience = audience
        self._http = http or (lambda: httpx.AsyncClient(timeout=KEY_WAIT, follow_redirects=False))
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._fetched: float | None = None
        self._asked: float | None = None
        self._renewal: asyncio.Task[None] | None = None

    async def read_claims(self, token: str) -> TokenClaims:
        """What a token says, once its signature and its claims hold.

        Raises :class:`InvalidCredential`, and :class:`ProviderUnreachable` while there are no keys to use.
        """
        algorithm, kid = _read_header(token)
        key = await self._get_key(kid)
        try:
            said = self._decode_claims(token, algorithm, key)
        except InvalidCredential as refuted:
            if kid is not None or refuted.reason not in _OTHER_KEY_REASONS:
                raise
            said = self._decode_claims(token, algorithm, await self._get_renewed_key())
        subject = said["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise InvalidCredential("subject_missing")
        return TokenClaims(self.issuer, subject, str(said.get("name") or subject)[:200], _read_scopes(said))

    async def close(self) -> None:
        """Stop asking."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _decode_claims(self, token: str, algorithm: str, key: PyJWK) -> dict[str, Any]:
        """The claims of a token that this key signed."""
        if algorithm != key.algorithm_name:
            raise InvalidCredential("algorithm_refused")
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self.audience,
                issuer=self.issuer,
                leeway=CLOCK_SKEW,
                options={"require": ["exp", "iat", "iss", "aud", "sub"], "enforce_minimum_key_length": True},
            )
        except PyJWTError as error:
            raise InvalidCredential(_ERROR_REASONS.get(type(error).__name__, "token_invalid")) from None

    async def _get_key(self, kid: str | None) -> PyJWK:
        age = None if self._fetched is None else self._clock() - self._fetched
        known = self._find_key(kid) if age is not None and age < STALE_AFTER else None
        if known is not None:
            if age is not None and age >= RENEW_AFTER:
                self._start_renewal()
            return known
        await self._await_renewal()
        if self._fetched is None or self._clock() - self._fetched >= STALE_AFTER:
            raise ProviderUnreachable
        found = self._find_key(kid)
        if found is None:
            raise InvalidCredential("key_not_named" if kid is None else "key_unknown")
        return found

    async def _get_renewed_key(self) -> PyJWK:
        """The provider's one key as it is now: a token that names none may be of the key's successor."""
        await self._await_renewal()
        key = self._find_key(None)
        if key is None:
            raise InvalidCredential("key_not_named")
        return key

    async def _await_renewal(self) -> None:
        if self._start_renewal() and self._renewal is not None:
            await asyncio.wait([self._renewal], timeout=KEY_WAIT)

    def _find_key(self, kid: str | None) -> PyJWK | None:
        """The key of that id; a token may leave it out where there is one key alone (OIDC Core, 10.1)."""
        if kid is not None:
            return self._keys.get(kid)
        return next(iter(self._keys.values())) if len(self._keys) == 1 else None

    def _start_renewal(self) -> bool:
        """Have the keys asked for, unless that was done a moment ago; whether somebody is asking."""
        if self._renewal is not None and not self._renewal.done():
            return True
        if self._asked is not None and self._clock() - self._asked < RENEWAL_PAUSE:
            return False
        self._asked = self._clock()
        self._renewal = asyncio.create_task(self._fetch_keys())
        return True

    async def _fetch_keys(self) -> None:
        try:
            async with asyncio.timeout(RENEWAL_TIMEOUT), self._http() as http:
                found = await _fetch_json(http, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                self._keys = _read_signing_keys(await _fetch_json(http, _read_keys_url(found, self.issuer)))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, AttributeError, TypeError) as error:
            _log.warning("keys_not_fetched", error=type(error).__name__)
            return
        self._fetched = self._clock()


def _read_keys_url(found: Mapping[str, Any], issuer: str) -> str:
    """Where a provider that goes by its own name keeps its keys: by the same scheme, HTTPS but in local mode.

    Its host may be another one, as with large providers; what is asked there is still a GET without a body,
    without credentials and without a redirect, of which nobody sees the answer.
    """
    place = found.get("jwks_uri")
    if found.get("issuer") != issuer or not isinstance(place, str) or not is_secure_url(place):
        raise ValueError("a provider that is not who it should be, or keys that do not come by HTTPS")
    asked = urlsplit(place)
    if asked.scheme != urlsplit(issuer).scheme or asked.username is not None or asked.password is not None:
        raise ValueError("keys that do not come by the issuer's scheme, or that want credentials")
    return place


_OTHER_KEY_REASONS = ("signature_wrong", "algorithm_refused")
"""What a token comes to that was signed by another key than the one it was tried with."""

_TOKEN_TYPES = ("jwt", "at+jwt", "application/at+jwt")

_ERROR_REASONS = {
    "ExpiredSignatureError": "token_expired",
    "ImmatureSignatureError": "token_not_yet_valid",
    "InvalidAudienceError": "audience_wrong",
    "InvalidIssuerError": "issuer_wrong",
    "InvalidSignatureError": "signature_wrong",
    "MissingRequiredClaimError": "claim_missing",
}


def _read_header(token: str) -> tuple[str, str | None]:
    """(algorithm, key id) as the token has them; nothing of it is believed yet."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidCredential("token_too_long")
    try:
        header = jwt.get_unverified_header(token)
    except PyJWTError:
        raise InvalidCredential("token_malformed") from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or not any(algorithm in taken for taken in ALGORITHMS.values()):
        raise InvalidCredential("algorithm_refused")
    if "crit" in header or str(header.get("typ", "JWT")).lower() not in _TOKEN_TYPES:
        raise InvalidCredential("token_of_another_kind")
    if kid is not None and (not isinstance(kid, str) or not 0 < len(kid) <= 255):
        raise InvalidCredential("key_not_named")
    return algorithm, kid


async def _fetch_json(http: httpx.AsyncClient, url: str) -> dict[str, Any]:
    async with http.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response:
        if response.status_code != 200 or "content-encoding" in response.headers:
            raise ValueError("no answer to be used")
        content = b""
        async for part in response.aiter_raw():
            content += part
            if len(content) > MAX_ANSWER_BYTES:
                raise ValueError("too long an answer")
    found: dict[str, Any] = httpx.Response(200, content=content).json()
    return found


def _read_signing_keys(found: Mapping[str, Any]) -> dict[str, PyJWK]:
    """The keys that sign, by their id; a secret among them, or one we cannot read, is passed over."""
    usable = {}
    for each in found["keys"]:
        kid = each.get("kid", "")
        if not isinstance(kid, str) or each.get("kty") not in ALGORITHMS or each.get("use", "sig") != "sig":
            continue
        try:
            key = PyJWK(each)
        except (PyJWTError, ValueError):
            continue
        if key.algorithm_name in ALGORITHMS[each["kty"]]:
            usable[kid] = key
    return usable


def _read_scopes(said: Mapping[str, Any]) -> frozenset[str]:
    named = said.get("scope") or said.get("scp") or ""
    words = named.split() if isinstance(named, str) else named
    return (
        frozenset(word for word in words if isinstance(word, str)) if isinstance(words, list) else frozenset()
    )
