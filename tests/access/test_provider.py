"""A real OpenID Connect provider, started here: its discovery, its keys, the tokens it signs."""

import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.app import create_app
from api.identity import identify
from db.embedded import Embedded
from db.session import Database
from domain.access import Actor, Role
from service import identities
from service.identities import Granting, Holder
from service.sealing import Vault
from service.settings import Settings
from tests.conftest import connected
from tests.journeys.scenes import Scene, copied

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider's own libraries, not ours
    mock = pytest.importorskip("oidc_provider_mock")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CLIENT, REDIRECT = "daibieu", "https://web.example/callback"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Where the provider answers."""
    with mock.run_server_in_thread(port=0) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def database(postgres: Embedded, scene: Scene) -> AsyncIterator[Database]:
    async with copied(postgres, scene) as database:
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


async def test_who_signs_in_there_is_known_here(database: Database, issuer: str, scene: Scene) -> None:
    settings = Settings("server", database_url="given", oidc_issuer=issuer, oidc_audience=CLIENT)
    app = create_app(settings, database, Vault(bytes(32)), identify(settings))
    unit: Any = scene.told["units"]["xa"]
    async with database.transaction(Actor.local()) as session:
        granting = Granting(Role.UNIT_OFFICER, unit, None, "Thử nghiệm")
        holder = Holder("nguoi-thu-nghiem-1", "Người thử nghiệm 1")
        await identities.grant(session, Actor.local(), issuer, holder, granting)
    async with connected(app) as client:
        for subject, client_id, status in (
            ("nguoi-thu-nghiem-1", CLIENT, 200),
            ("nguoi-thu-nghiem-2", CLIENT, 403),
            ("nguoi-thu-nghiem-1", "somebody-else", 401),
        ):
            headers = {"Authorization": f"Bearer {signed_in(issuer, subject, client_id)}"}
            answer = await client.http.get("/v1/units?on=2030-06-01", headers=headers)
            assert answer.status_code == status, answer.text
            if status == 200:
                assert {each["code"] for each in answer.json()["items"]} == {"xa", "huyen", "tinh"}
