"""A real OpenID Connect provider, started here: its discovery, its keys, the tokens it signs.

It names no key in its tokens, as a provider with one key need not (OpenID Connect Core, 10.1).
"""

import time
import warnings
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
import jwt
import pytest

from api.app import create_app
from api.http.identity import build_identify
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor, Role
from service import identities
from service.identities import Grantee, GrantRequest
from service.settings import Settings
from service.tokens import RENEWAL_PAUSE, IdentityProvider, InvalidCredential
from service.vaults import Vault
from tests.conftest import connect_client
from tests.journeys.scenes import Scene, copy_scene
from tests.works import make_work

with warnings.catch_warnings(record=True):  # the provider's own libraries deprecate each other
    from oidc_provider_mock import run_server_in_thread

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CLIENT, REDIRECT = "daibieu", "https://web.example/callback"


provided = partial(run_server_in_thread, port=0)


def address(server: Any) -> str:
    """What the provider goes by."""
    return f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """The provider."""
    with provided() as server:
        yield server


@pytest.fixture(scope="module")
def issuer(server: Any) -> str:
    """Where the provider answers."""
    return address(server)


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    async with copy_scene(postgres, scene) as database:
        yield database


def signed_in(issuer: str, subject: str, client: str = CLIENT) -> str:
    """The token of somebody who has gone through the authorization code flow."""
    query = {
        "client_id": client,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "openid profile",
    }
    with httpx.Client(base_url=issuer) as http:
        sent = http.post("/oauth2/authorize", params=query, data={"sub": subject})
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        answer: Any = http.post("/oauth2/token", data=form, auth=(client, "secret")).raise_for_status().json()
    token: str = answer["id_token"]
    return token


def access_token(server: Any, subject: str, client: str = CLIENT) -> str:
    """An access token signed by the provider's key; of its own accord it gives only ID tokens this form."""
    with server.app.test_request_context("/"):
        server.app.preprocess_request()
        jwk = flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True)
    now = int(time.time())
    said = {"iss": address(server), "aud": client, "sub": subject, "iat": now, "exp": now + 300}
    said |= {"client_id": "web", "jti": f"{subject}-{now}"}
    return jwt.encode(said, jwt.PyJWK(jwk), algorithm="RS256", headers={"typ": "at+jwt"})


async def test_who_signs_in_there_is_known_here(
    database: Database, server: Any, issuer: str, scene: Scene
) -> None:
    settings = Settings("server", database_url="given", oidc_issuer=issuer, oidc_audience=CLIENT)
    app = create_app(settings, database, Vault(bytes(32)), build_identify(settings))
    unit: Any = scene.facts["units"]["xa"]
    async with database.transaction(Actor.for_command_line()) as session:
        granting = GrantRequest(Role.UNIT_OFFICER, unit, None, "Thử nghiệm")
        holder = Grantee("nguoi-thu-nghiem-1", "Người thử nghiệm 1")
        await identities.grant_role(make_work(session), issuer, holder, granting)
    async with connect_client(app) as client:
        for subject, client_id, status in (
            ("nguoi-thu-nghiem-1", CLIENT, 200),
            ("nguoi-thu-nghiem-2", CLIENT, 403),
            ("nguoi-thu-nghiem-1", "somebody-else", 401),
        ):
            headers = {"Authorization": f"Bearer {access_token(server, subject, client_id)}"}
            answer = await client.http.get("/v1/units?on=2030-06-01", headers=headers)
            assert answer.status_code == status, answer.text
            if status == 200:
                assert {each["code"] for each in answer.json()["items"]} == {"xa", "huyen", "tinh"}


async def test_what_it_tells_its_client_of_a_person_opens_nothing_here(issuer: str) -> None:
    """An ID token, signed by the right key and for the right audience."""
    provider = IdentityProvider(issuer, CLIENT)
    with pytest.raises(InvalidCredential, match="id_token"):
        await provider.read_claims(signed_in(issuer, "nguoi-thu-nghiem-1"))
    await provider.close()


async def test_what_it_did_not_sign_proves_nothing(server: Any, issuer: str) -> None:
    provider = IdentityProvider(issuer, CLIENT)
    head, body, signature = access_token(server, "nguoi-thu-nghiem-1").split(".")
    *_, others = access_token(server, "nguoi-thu-nghiem-2").split(".")
    assert (await provider.read_claims(f"{head}.{body}.{signature}")).subject == "nguoi-thu-nghiem-1"
    with pytest.raises(InvalidCredential, match="signature_wrong"):
        await provider.read_claims(f"{head}.{body}.{others}")
    await provider.close()


async def test_when_it_changes_its_key_the_new_one_counts_and_the_old_one_no_longer() -> None:
    """It comes back at its address with another key; nothing in a token says which key it is of."""
    at = [1000.0]
    with provided() as before:
        provider = IdentityProvider(address(before), CLIENT, clock=lambda: at[0])
        old = access_token(before, "nguoi-thu-nghiem-1")
        assert (await provider.read_claims(old)).subject == "nguoi-thu-nghiem-1"
    with provided(port=before.server_port) as after:
        new = access_token(after, "nguoi-thu-nghiem-1")
        with pytest.raises(InvalidCredential, match="signature_wrong"):
            await provider.read_claims(new)  # it was asked for its keys a moment ago
        at[0] += RENEWAL_PAUSE
        assert (await provider.read_claims(new)).subject == "nguoi-thu-nghiem-1"
        with pytest.raises(InvalidCredential, match="signature_wrong"):
            await provider.read_claims(old)
    await provider.close()
