"""Identifying callers: by a token of the identity provider, or by a service key."""

from fastapi import Request

from api.http.problems import Problem
from api.http.routes import Identify
from db.session import Database
from domain.access import Actor
from service import identities, keys
from service.settings import Settings
from service.tokens import IdentityProvider, InvalidCredential, ProviderUnreachable

_CHALLENGE_HEADER = {"WWW-Authenticate": "Bearer"}  # without an error: nothing was presented (RFC 6750, 3.1)
_EXPIRED = ("key_expired", "token_expired")
_RETRY_HEADER = {"Retry-After": "5"}


def build_identify(settings: Settings, provider: IdentityProvider | None = None) -> Identify:
    """Build the function that identifies callers: by keys, and by tokens if there is a ``provider``."""
    local = settings.mode == "local"
    if provider is None and settings.oidc_issuer is not None:
        provider = IdentityProvider(
            settings.oidc_issuer, settings.oidc_audience or "", most_minutes=settings.token_minutes
        )

    async def identify(request: Request) -> Actor:
        text = _read_bearer(request)
        try:
            if text.startswith(keys.PREFIX):
                return await _identify_by_key(request.app.state.database, text, local)
            return await _identify_by_token(request.app.state.database, provider, text)
        except InvalidCredential as refuted:
            request.state.refuted = refuted.reason
            raise _build_refutation(refuted.reason) from None
        except ProviderUnreachable:
            raise Problem(503, "identity_provider_unavailable", headers=_RETRY_HEADER) from None

    return identify


def _read_bearer(request: Request) -> str:
    """Read the bearer credential; raises :class:`Problem` 401 unless there is exactly one."""
    given = request.headers.getlist("authorization")
    if len(given) > 1:
        request.state.refuted = "several_credentials"
        raise _build_refutation("several_credentials")
    scheme, _, text = given[0].partition(" ") if given else ("", "", "")
    if scheme.lower() != "bearer" or not text.strip():
        raise Problem(401, "credential_missing", headers=_CHALLENGE_HEADER)
    return text.strip()


def _build_refutation(reason: str) -> Problem:
    """The problem for a credential that proves nothing: whether it has expired, and nothing else.

    That it has expired is told only of one that was genuine, so nobody learns from it what to try next.
    """
    code, words = "credential_wrong", "The credential is not valid"
    if reason in _EXPIRED:
        code, words = "credential_expired", "The credential has expired"
    challenge = f'Bearer error="invalid_token", error_description="{words}"'
    return Problem(401, code, headers={"WWW-Authenticate": challenge})


async def _identify_by_key(database: Database, text: str, local: bool) -> Actor:
    presented = keys.read_key(text)
    if presented is None:
        raise InvalidCredential("key_malformed")
    async with database.transaction(Actor.for_service(), brief=True) as session:
        return await identities.authenticate_key(session, presented, local=local)


async def _identify_by_token(database: Database, provider: IdentityProvider | None, text: str) -> Actor:
    if provider is None:
        raise InvalidCredential("no_identity_provider")
    claims = await provider.read_claims(text)
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        return await identities.load_claims_actor(session, claims)
