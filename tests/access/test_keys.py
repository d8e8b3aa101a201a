"""Keys of our own, as their holders and their thieves use them; and who may grant what to whom."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from api.app import create_app
from api.http.identity import build_identify
from db.columns import now
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor, Role
from service import keys
from service.identities import LOCAL_ISSUER
from service.settings import Settings
from service.vaults import Vault
from tests.access.keyring import bearer, issue_test_key, post_key
from tests.access.providers import AUDIENCE, Server, serve_provider
from tests.access.world import A, B
from tests.conftest import connect_client
from tests.db import ground
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json

FORM = re.compile(r"daibieu_[0-9A-Za-z]{61}")


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world, which these tests change."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture(scope="module")
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service on a server, where nobody is let in without a credential."""
    with serve_provider() as server:
        settings = Settings("server", database_url="given", oidc_issuer=server.issuer, oidc_audience=AUDIENCE)
        app = create_app(settings, database, Vault(bytes(32)), build_identify(settings))
        async with connect_client(app) as client:
            client.http.headers["X-Issuer"] = server.issuer
            client.http.provider = server  # type: ignore[attr-defined]  # for the tests with tokens
            yield client.http


async def me(http: httpx.AsyncClient, told: str) -> httpx.Response:
    return await http.get("/v1/me", headers=bearer(told))


@pytest.fixture(scope="module")
async def council(database: Database, scene: Scene) -> str:
    """The key of the district's council, in chain a."""
    return await issue_test_key(database, Role.STANDING_COUNCIL, scene.facts["units"]["huyen"], A)


@pytest.fixture(scope="module")
async def approver(database: Database, scene: Scene) -> str:
    """The key of the district's approver."""
    return await issue_test_key(database, Role.APPROVER, scene.facts["units"]["huyen"], A)


# --- what a key is


def test_a_key_has_a_form_and_a_checksum() -> None:
    told = keys.mint_key()
    assert FORM.fullmatch(told)
    assert keys.read_key(told) is not None
    for place in (8, 20, 40, 68):
        other = "0" if told[place] != "0" else "1"
        assert keys.read_key(told[:place] + other + told[place + 1 :]) is None
    assert len({keys.mint_key() for _ in range(100)}) == 100


@pytest.mark.parametrize("text", ["", "daibieu_", "daibieu_x", "daibieu_" + "0" * 61, "DAIBIEU_" + "0" * 61])
def test_what_is_no_key_is_told_without_asking(text: str) -> None:
    assert keys.read_key(text) is None


async def test_what_is_stored_is_a_digest(
    http: httpx.AsyncClient, database: Database, council: str, scene: Scene
) -> None:
    told = (await post_key(http, council, unit=scene.facts["units"]["xa"], congress=A)).json()["key"]
    assert FORM.fullmatch(told)
    async with database.transaction(Actor.for_service()) as session:
        connection = await session.connection()
        for table in ("service_key", "audit_event", "idempotency", "role_grant", "identity"):
            rows = (await connection.execute(text(f'SELECT "{table}"::text FROM "{table}"'))).scalars()
            assert not any(told in row or told[20:63] in row for row in rows), table


async def test_a_key_is_shown_once(http: httpx.AsyncClient, council: str, scene: Scene) -> None:
    body = {"unit": scene.facts["units"]["xa"], "congress": A, "subject": "mot-lan"}
    first = await post_key(http, council, **body)
    assert first.status_code == 201
    request = first.request
    again = await http.send(
        httpx.Request("POST", request.url, headers=request.headers, content=request.content)
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.json()["key"], again.json()["id"]) == (201, None, first.json()["id"])
    shown = await http.get(first.headers["Location"], headers=bearer(council))
    assert "key" not in shown.json()
    assert first.json()["key"] not in shown.text


# --- who gets in


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic b2ZmaWNlcjpvZmZpY2Vy"},
        {"Authorization": "daibieu_x"},
        {"Authorization": "Bearer daibieu_x"},
        {"Authorization": "Bearer local"},
        {"Authorization": "Bearer null"},
        {"Cookie": "Authorization=Bearer x"},
        {"X-Actor": "local"},
    ],
)
async def test_without_a_credential_nobody_is_let_in(http: httpx.AsyncClient, header: dict[str, str]) -> None:
    answer = await http.get("/v1/units", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, code := expected_code(header))
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge == "Bearer" if code == "credential_missing" else 'error="invalid_token"' in challenge


def expected_code(header: dict[str, str]) -> str:
    scheme, _, credential = header.get("Authorization", "").partition(" ")
    return "credential_wrong" if scheme == "Bearer" and credential else "credential_missing"


async def test_every_route_but_the_public_ones_answers_401_first(http: httpx.AsyncClient) -> None:
    """Before it looks at the address, the query, the headers or the content."""
    spec = http._transport.app.openapi()  # type: ignore[attr-defined]
    asked = 0
    for path, methods in spec["paths"].items():
        for method, told in methods.items():
            if not path.startswith("/v1") or told["x-access"] == "public":
                continue
            url = re.sub(r"\{\w+\}", "nothing", path)
            answer = await http.request(
                method, f"{url}?what=is&this", content=b"{", headers={"If-Match": "x"}
            )
            assert answer.status_code == 401, (method, path)
            asked += 1
    assert asked > 60


async def test_two_credentials_are_none(http: httpx.AsyncClient, council: str) -> None:
    headers = [("Authorization", f"Bearer {council}"), ("Authorization", f"Bearer {council}")]
    assert (await http.get("/v1/me", headers=headers)).status_code == 401


async def test_a_key_with_another_secret_or_another_handle_opens_nothing(
    http: httpx.AsyncClient, council: str
) -> None:
    other = keys.mint_key()
    said = []
    for body in (council[8:20] + other[20:63], other[8:20] + council[20:63]):
        told = keys.PREFIX + body + keys._compute_checksum(body)
        assert keys.read_key(told) is not None
        answer = await me(http, told)
        assert (answer.status_code, answer.json()["code"]) == (401, "credential_wrong")
        said.append((answer.headers["WWW-Authenticate"], {**answer.json(), "instance": ""}))
    assert said[0] == said[1], "whether the handle exists is not told"


async def test_a_revoked_key_opens_nothing_from_that_moment(
    http: httpx.AsyncClient, council: str, scene: Scene
) -> None:
    made = await post_key(http, council, unit=scene.facts["units"]["xa"], congress=A)
    told = made.json()["key"]
    assert (await me(http, told)).status_code == 200
    path = f"{made.headers['Location']}/revocation"
    answer = await http.post(
        path,
        json={"reason": "Mất"},
        headers={**bearer(council), "If-Match": (await read(http, made, council))},
    )
    assert answer.json()["revoked_at"] is not None
    assert (await me(http, told)).status_code == 401
    answer = await http.post(
        path, json={"reason": "x"}, headers={**bearer(council), "If-Match": answer.headers["ETag"]}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "key_revoked_already")


async def read(http: httpx.AsyncClient, made: httpx.Response, by: str) -> str:
    return (await http.get(made.headers["Location"], headers=bearer(by))).headers["ETag"]


async def test_an_expired_key_opens_nothing(
    http: httpx.AsyncClient, database: Database, postgres: EmbeddedServer, scene: Scene
) -> None:
    told = await issue_test_key(database, Role.UNIT_OFFICER, scene.facts["units"]["xa"], A)
    assert (await me(http, told)).status_code == 200
    earlier = (
        "UPDATE service_key SET created_at = now() - interval '2 days', expires_at = now() WHERE handle = $1"
    )
    async with ground.open_connection(postgres, database.engine.url.database or "", None) as superuser:
        await superuser.execute(earlier, told[8:20])
    answer = await me(http, told)
    assert (answer.status_code, answer.json()["code"]) == (401, "credential_expired")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    body = told[8:20] + keys.mint_key()[20:63]
    guessed = await me(http, keys.PREFIX + body + keys._compute_checksum(body))
    assert guessed.json()["code"] == "credential_wrong", "only its holder learns that it has expired"


async def test_a_key_of_the_local_mode_opens_no_server(http: httpx.AsyncClient, database: Database) -> None:
    told = await issue_test_key(database, Role.STANDING_COUNCIL, issuer=LOCAL_ISSUER)
    assert (await me(http, told)).status_code == 401
    settings = Settings()
    app = create_app(settings, database, Vault(bytes(32)), build_identify(settings))
    async with connect_client(app) as client:
        assert (await me(client.http, told)).status_code == 200


async def test_the_day_of_the_last_use_is_noted_and_no_finer(
    http: httpx.AsyncClient, council: str, scene: Scene
) -> None:
    made = await post_key(http, council, unit=scene.facts["units"]["xa"], congress=A)
    assert made.json()["last_used_on"] is None
    await me(http, made.json()["key"])
    shown = (await http.get(made.headers["Location"], headers=bearer(council))).json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", shown["last_used_on"])


# --- whose they are


async def test_the_audit_trail_names_the_person_whatever_key_they_came_with(
    http: httpx.AsyncClient, database: Database, scene: Scene
) -> None:
    place = (Role.STANDING_COUNCIL, scene.facts["units"]["huyen"], A)
    first = await issue_test_key(database, *place, subject="nguoi-hai-khoa")
    second = await issue_test_key(database, *place, subject="nguoi-hai-khoa")
    persons = {(await me(http, told)).json()["id"] for told in (first, second)}
    assert len(persons) == 1
    for told in (first, second):
        assert (await post_key(http, told, unit=scene.facts["units"]["xa"], congress=A)).status_code == 201
    async with database.transaction(Actor.for_service()) as session:
        query = "SELECT DISTINCT actor FROM audit_event WHERE act = 'key_issued' AND actor = ANY (:who)"
        found = (await (await session.connection()).execute(text(query), {"who": [*persons]})).scalars()
        assert {*found} == persons


# --- who grants what


async def granted(http: httpx.AsyncClient, by: str, **body: Any) -> tuple[int, str]:
    answer = await post_key(http, by, **body)
    told = answer.json()
    return answer.status_code, told.get("code", "") if answer.status_code >= 400 else ""


async def test_a_council_grants_within_its_own(
    http: httpx.AsyncClient, council: str, approver: str, scene: Scene
) -> None:
    units = scene.facts["units"]
    own, below = {"unit": units["huyen"], "congress": A}, {"unit": units["xa"], "congress": A}
    assert await granted(http, council, **own) == (201, "")
    assert await granted(http, council, **below, role="standing_council") == (201, "")
    assert await granted(http, council, **below, role="machine_client", scopes=["units:read"]) == (201, "")
    assert await granted(http, approver, **below, role="auditor") == (201, "")
    assert await granted(http, approver, **own, role="approver") == (201, "")


async def test_nobody_grants_what_is_beyond_their_own(
    http: httpx.AsyncClient, council: str, approver: str, scene: Scene
) -> None:
    units = scene.facts["units"]
    own = {"unit": units["huyen"], "congress": A}
    refused = (403, "grant_beyond_own")
    # Another's role: a council with approvers of its own making would be its own second pair of eyes.
    assert await granted(http, council, **own, role="approver") == refused
    assert await granted(http, council, **own, role="auditor") == refused
    assert await granted(http, approver, **own, role="standing_council") == refused
    # Another chain, all chains, the whole house.
    assert await granted(http, council, unit=units["huyen"], congress=B) == refused
    assert await granted(http, council, unit=units["huyen"]) == refused
    assert await granted(http, council) == refused
    # Units out of reach are not there; the one above is seen by nobody's grant.
    for place in ("huyen-ben", "xa-ben", "tinh", "bo"):
        assert await granted(http, council, unit=units[place], congress=A) == (422, "unit_not_found")
    assert await granted(http, council, unit=str(uuid4()), congress=A) == (422, "unit_not_found")


async def test_scopes_only_narrow(
    http: httpx.AsyncClient, council: str, scene: Scene, database: Database
) -> None:
    units = scene.facts["units"]
    own = {"unit": units["huyen"], "congress": A}
    assert await granted(http, council, **own, scopes=["plans:publish"]) == (422, "grant_faulty")
    assert await granted(http, council, **own, role="machine_client") == (422, "grant_faulty")
    assert await granted(http, council, **own, role="machine_client", scopes=["access:write"]) == (
        422,
        "grant_faulty",
    )
    told = (await post_key(http, council, **own, role="standing_council", scopes=["access:write"])).json()[
        "key"
    ]
    assert (await http.get("/v1/units", headers=bearer(told))).status_code == 403
    # Who may only grant, may not grant themselves the rest.
    assert await granted(http, told, **own, role="standing_council") == (403, "grant_beyond_own")
    assert await granted(http, told, **own, role="standing_council", scopes=["access:write"]) == (201, "")


async def test_life_is_bounded(http: httpx.AsyncClient, council: str, scene: Scene) -> None:
    own = {"unit": scene.facts["units"]["huyen"], "congress": A}
    for days in (-1, 0, 367, 40_000):
        at = (now() + timedelta(days=days)).isoformat()
        assert await granted(http, council, **own, expires_at=at) == (422, "key_life")


@pytest.mark.parametrize(
    "more",
    [
        {"id": str(uuid4())},
        {"identity": str(uuid4())},
        {"issued_by": "x"},
        {"grants": []},
        {"handle": "x"},
        {"key": keys.mint_key()},
        {"issuer": LOCAL_ISSUER},
        {"local": True},
    ],
)
async def test_nothing_else_is_taken_from_a_body(
    http: httpx.AsyncClient, council: str, scene: Scene, more: Json
) -> None:
    """Mass assignment: a field that is not asked for is refused, not dropped and not taken."""
    own = {"unit": scene.facts["units"]["huyen"], "congress": A}
    answer = await post_key(http, council, **own, **more)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_field")


async def test_a_key_is_taken_back_by_whoever_could_have_given_it(
    http: httpx.AsyncClient, council: str, approver: str, scene: Scene, database: Database
) -> None:
    own = {"unit": scene.facts["units"]["huyen"], "congress": A}
    made = await post_key(http, approver, **own, role="approver")
    path, etag = f"{made.headers['Location']}/revocation", await read(http, made, approver)
    for by, status in ((council, 403), (made.json()["key"], 201)):
        headers = {**bearer(by), "If-Match": etag}
        assert (await http.post(path, json={"reason": "x"}, headers=headers)).status_code == status
    beside = await issue_test_key(database, Role.STANDING_COUNCIL, scene.facts["units"]["huyen-ben"], A)
    headers = {**bearer(beside), "If-Match": etag}
    assert (await http.post(path, json={"reason": "x"}, headers=headers)).status_code == 404


# --- tokens


@pytest.fixture
def server(http: httpx.AsyncClient) -> Server:
    found: Server = http.provider  # type: ignore[attr-defined]
    return found


async def test_whom_nobody_granted_anything_may_calculate_and_nothing_else(
    http: httpx.AsyncClient, server: Server
) -> None:
    token = server.token(sub="nguoi-la")
    assert (await me(http, token)).json()["grants"] == []
    assert (await http.get("/v1/units", headers=bearer(token))).status_code == 403
    body = {"method": "dhondt", "seats": 1, "units": [{"id": "a", "weight": 1}]}
    answer = await http.post("/v1/apportionments", json=body, headers=bearer(token))
    assert answer.status_code == 200


async def test_roles_are_granted_here_and_not_claimed_there(
    http: httpx.AsyncClient, server: Server, council: str, scene: Scene
) -> None:
    claims: Json = {
        "roles": ["approver"],
        "role": "approver",
        "grants": [{"role": "approver"}],
        "scope": "plans:publish",
    }
    token = server.token(sub="nguoi-tu-xung", **claims)
    assert (await me(http, token)).json()["grants"] == []
    body = {
        "subject": "nguoi-tu-xung",
        "name": "Người thử nghiệm",
        "role": "unit_officer",
        "unit": scene.facts["units"]["xa"],
        "congress": A,
        "source": "Thử nghiệm",
    }
    made = await http.post("/v1/role_grants", json=body, headers=bearer(council))
    assert made.status_code == 201
    # The scope in the token is not one of the role's, so nothing is left of it.
    assert (await http.get("/v1/units", headers=bearer(token))).status_code == 403
    plain = server.token(sub="nguoi-tu-xung", scope="openid profile")
    units = (await http.get("/v1/units?on=2030-01-01", headers=bearer(plain))).json()["items"]
    assert {each["code"] for each in units} == {"xa", "huyen", "tinh"}
    narrow = server.token(sub="nguoi-tu-xung", scope="openid units:read")
    assert (await http.get("/v1/conferences", headers=bearer(narrow))).status_code == 403
    etag = made.headers["ETag"]
    path = f"{made.headers['Location']}/revocation"
    answer = await http.post(path, json={"reason": "x"}, headers={**bearer(council), "If-Match": etag})
    assert answer.status_code == 201
    assert (await http.get("/v1/units", headers=bearer(plain))).status_code == 403


async def test_a_token_and_a_key_of_one_name_are_two_people(
    http: httpx.AsyncClient, server: Server, database: Database, scene: Scene
) -> None:
    told = await issue_test_key(
        database, Role.UNIT_OFFICER, scene.facts["units"]["xa"], A, subject="cung-ten"
    )
    assert (await me(http, told)).json()["grants"]
    assert (await me(http, server.token(sub="cung-ten"))).json()["grants"] == []


async def test_while_the_provider_is_away_keys_go_on(
    database: Database, council: str, server: Server
) -> None:
    settings = Settings(
        "server", database_url="given", oidc_issuer="http://127.0.0.1:9", oidc_audience=AUDIENCE
    )
    app = create_app(settings, database, Vault(bytes(32)), build_identify(settings))
    async with connect_client(app) as client:
        assert (await me(client.http, council)).status_code == 200
        answer = await me(client.http, server.token())
        assert (answer.status_code, answer.json()["code"]) == (503, "identity_provider_unavailable")
        assert answer.headers["Retry-After"]
