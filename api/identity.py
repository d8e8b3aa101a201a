"""Who calls: a bearer of a token from the provider of identities, or of a key of ours."""

from fastapi import Request

from api.problems import Problem
from api.routes import Identify
from db.session import Database
from domain.access import Actor
from service import identities, keys
from service.settings import Settings
from service.tokens import Provider, Refuted, Unreachable

_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_REFUTED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
_RETRY = {"Retry-After": "5"}


def identify(settings: Settings, provider: Provider | None = None) -> Identify:
    """How callers are told apart: by keys always, by tokens where there is a ``provider``."""
    local = settings.mode == "local"
    if provider is None and settings.oidc_issuer is not None:
        provider = Provider(settings.oidc_issuer, settings.oidc_audience or "")

    async def known(request: Request) -> Actor:
        text = _bearer(request)
        try:
            if text.startswith(keys.PREFIX):
                return await _by_key(request.app.state.database, text, local)
            return await _by_token(request.app.state.database, provider, text)
        except Refuted as refuted:
            request.state.refuted = refuted.reason
            raise Problem(401, "unauthenticated", headers=_REFUTED) from None
        except Unreachable:
            raise Problem(503, "identity_provider_unavailable", headers=_RETRY) from None

    return known


def _bearer(request: Request) -> str:
    """The only credential that is taken; more than one header of it is none."""
    given = request.headers.getlist("authorization")
    scheme, _, text = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not text.strip():
        raise Problem(401, "unauthenticated", headers=_CHALLENGE)
    return text.strip()


async def _by_key(database: Database, text: str, local: bool) -> Actor:
    presented = keys.read(text)
    if presented is None:
        raise Refuted("key_malformed")
    async with database.transaction(Actor.service()) as session:
        return await identities.by_key(session, presented, local=local)


async def _by_token(database: Database, provider: Provider | None, text: str) -> Actor:
    if provider is None:
        raise Refuted("no_identity_provider")
    claims = await provider.claims(text)
    async with database.transaction(Actor.service(), read_only=True) as session:
        return await identities.by_claims(session, claims)
