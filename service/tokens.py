"""Tokens of an OpenID Connect provider: signed by its keys, for this service, and not expired.

Algorithms are pinned and asymmetric; a key serves only the algorithms of its own kind, so that nothing the
provider publishes can be taken for a shared secret. The keys are fetched when they are first needed, kept,
and renewed in the background: known keys are used until newer ones arrive.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from service.key_addresses import Resolve, read_keys_url, resolve_host
from service.settings import TOKEN_MINUTES

ALGORITHMS = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
"""The accepted algorithms, by the kind of key (RFC 7518, RFC 8037)."""

CLOCK_SKEW = 60
"""Seconds by which clocks may differ."""
RENEW_AFTER = 600.0
"""Seconds after which keys are fetched again, in the background."""
STALE_AFTER = 86_400.0
"""Seconds after which keys that could not be renewed are no longer used."""
RENEWAL_PAUSE = 10.0
"""Seconds between two renewals for unknown keys, however many tokens name one."""
KEY_WAIT = 3.0
"""Seconds for which a request waits for keys."""
RENEWAL_TIMEOUT = 10.0
"""Seconds for a whole renewal, however slow the provider is."""
MAX_ANSWER_BYTES = 2**20
MAX_TOKEN_LENGTH = 16_384

_log = structlog.get_logger("daibieu.tokens")


class InvalidCredential(Exception):  # noqa: N818 - an answer, not a failure
    """A token or a key that proves nothing; ``reason`` is for the audit trail, never for the caller."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ProviderUnreachable(Exception):  # noqa: N818 - as above
    """The provider's keys cannot be fetched, so that no token can be checked."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """The person that a token identifies, and its scopes, if it names any."""

    issuer: str
    subject: str
    name: str
    scopes: frozenset[str]


class IdentityProvider:
    """One provider of identities, by its address (``issuer``), for one ``audience``.

    Tokens that are valid for more than ``most_minutes`` from now on are refused.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        most_minutes: int = TOKEN_MINUTES,
        http: Callable[[], httpx.AsyncClient] | None = None,
        resolve: Resolve = resolve_host,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.issuer = issuer
        self.audience = audience
        self._most_seconds = most_minutes * 60
        self._resolve = resolve
        self._http = http or (lambda: httpx.AsyncClient(timeout=KEY_WAIT, follow_redirects=False))
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._fetched: float | None = None
        self._asked: float | None = None
        self._renewal: asyncio.Task[None] | None = None

    async def read_claims(self, token: str) -> TokenClaims:
        """The claims of a token with a valid signature that is for this service and in force.

        Raises :class:`InvalidCredential`, and :class:`ProviderUnreachable` while there are no keys.
        """
        algorithm, kid, kind = _read_header(token)
        key = await self._get_key(kid)
        try:
            claims = self._decode_claims(token, algorithm, key)
        except InvalidCredential as refuted:
            if kid is not None or refuted.reason not in _OTHER_KEY_REASONS:
                raise
            claims = self._decode_claims(token, algorithm, await self._get_renewed_key())
        _expect_access_token(kind, claims)
        if claims["exp"] > time.time() + self._most_seconds + CLOCK_SKEW:
            raise InvalidCredential("token_valid_too_long")
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise InvalidCredential("subject_missing")
        name = str(claims.get("name") or subject)[:200]
        return TokenClaims(self.issuer, subject, name, _read_scopes(claims))

    async def close(self) -> None:
        """Stop fetching keys."""
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
        """The provider's only key, fetched again: a token without a key id may be signed by a new key."""
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
        """Start to fetch the keys, unless that was done a moment ago; returns whether a fetch is running."""
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
                place = await read_keys_url(found, self.issuer, self._resolve)
                self._keys = _read_signing_keys(await _fetch_json(http, place))
        except _FETCH_ERRORS as error:
            _log.warning("keys_not_fetched", error=type(error).__name__)
            return
        self._fetched = self._clock()


_FETCH_ERRORS = (
    *(httpx.HTTPError, httpx.InvalidURL, OSError),
    *(ValueError, AttributeError, TypeError, LookupError, RecursionError),  # content of another shape
)

_OTHER_KEY_REASONS = ("signature_wrong", "algorithm_refused")
"""The error for a token that was signed by another key than the one tried."""

_ACCESS_TOKEN_TYPES = ("at+jwt", "application/at+jwt")
"""The types of an access token (RFC 9068); its older forms say only that they are a JWT."""
_TOKEN_TYPES = ("jwt", *_ACCESS_TOKEN_TYPES)
_ID_TOKEN_CLAIMS = ("at_hash", "c_hash", "s_hash")
"""What only ID tokens have (OpenID Connect Core, 3.1.3.6 and 3.3.2.11)."""
_ACCESS_TOKEN_CLAIMS = ("client_id", "cid", "appid", "scope", "scp")
"""What access tokens have and ID tokens have not: the client, as providers call it, or the scopes."""

_ERROR_REASONS = {
    "ExpiredSignatureError": "token_expired",
    "ImmatureSignatureError": "token_not_yet_valid",
    "InvalidAudienceError": "audience_wrong",
    "InvalidIssuerError": "issuer_wrong",
    "InvalidSignatureError": "signature_wrong",
    "MissingRequiredClaimError": "claim_missing",
}


def _read_header(token: str) -> tuple[str, str | None, str]:
    """(algorithm, key id, type) as the token has them; nothing of it is verified yet."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidCredential("token_too_long")
    try:
        header = jwt.get_unverified_header(token)
    except PyJWTError:
        raise InvalidCredential("token_malformed") from None
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or not any(algorithm in taken for taken in ALGORITHMS.values()):
        raise InvalidCredential("algorithm_refused")
    kind = str(header.get("typ", "JWT")).lower()
    if "crit" in header or kind not in _TOKEN_TYPES:
        raise InvalidCredential("token_of_another_kind")
    if kid is not None and (not isinstance(kid, str) or not 0 < len(kid) <= 255):
        raise InvalidCredential("key_not_named")
    return algorithm, kid, kind


def _expect_access_token(kind: str, claims: Mapping[str, Any]) -> None:
    """Raise :class:`InvalidCredential` for a token that is meant for the client, and not for a service.

    An ID token names the client as its audience and says who signed in; whoever has it was not allowed to
    act for that person. It is known by its claims where the type does not tell (RFC 9068, section 5).
    """
    said = str(claims.get("typ", "Bearer")).lower()
    if said not in ("bearer", *_TOKEN_TYPES):  # "ID", "Refresh", "Logout": Keycloak
        raise InvalidCredential("token_of_another_kind")
    is_declared = kind in _ACCESS_TOKEN_TYPES or "typ" in claims
    if any(name in claims for name in _ID_TOKEN_CLAIMS) or ("nonce" in claims and not is_declared):
        raise InvalidCredential("id_token")
    if not is_declared and not any(name in claims for name in _ACCESS_TOKEN_CLAIMS):
        raise InvalidCredential("no_access_token")


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
    """The keys that sign, by their id; a secret, or a key that cannot be read, is skipped."""
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


def _read_scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    named = claims.get("scope") or claims.get("scp") or ""
    words = named.split() if isinstance(named, str) else named
    return (
        frozenset(word for word in words if isinstance(word, str)) if isinstance(words, list) else frozenset()
    )
