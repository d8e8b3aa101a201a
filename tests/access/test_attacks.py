"""Somebody with a credential of their own who wants what is another's: each attempt, and what comes of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.app import create_app
from api.http.identity import build_identify
from db.embedded import EmbeddedServer
from db.session import Database, DatabaseLimits, allow_counting
from domain.access import Actor, Grant, Role
from domain.findings import NotFound
from service.settings import Settings
from service.vaults import Vault
from tests.access.forbidden_statements import FORBIDDEN, REFUSED
from tests.access.keyring import bearer, issue_test_key, post_key
from tests.access.world import A, B, actor, plan
from tests.conftest import connect_client
from tests.journeys.scenes import Scene, copy_scene


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world, which these tests change."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture(scope="module")
async def http(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service on a server."""
    settings = Settings("server", database_url="given")
    app = create_app(settings, database, Vault(bytes(32)), build_identify(settings))
    async with connect_client(app) as client:
        yield client.http


@pytest.fixture
def units(scene: Scene) -> dict[str, str]:
    found: dict[str, str] = scene.facts["units"]
    return found


# --- as somebody else


async def test_nobody_gets_a_key_in_the_name_of_somebody_with_other_roles(
    http: httpx.AsyncClient, database: Database, units: dict[str, str]
) -> None:
    """Whoever bears another's name acts in it, takes back what is the other's, and is not a second person."""
    place = units["huyen"]
    council = await issue_test_key(database, Role.STANDING_COUNCIL, place, A)
    elsewhere = await issue_test_key(database, Role.STANDING_COUNCIL, place, B)
    approver = await issue_test_key(database, Role.APPROVER, place, A)
    signing = await post_key(http, approver, subject="nguoi-ky", role="approver", unit=place, congress=A)
    assert signing.status_code == 201
    officer = await post_key(http, council, subject="can-bo", unit=place, congress=A)
    assert officer.status_code == 201
    for thief, subject, chain in ((council, "nguoi-ky", A), (elsewhere, "can-bo", B)):
        answer = await post_key(http, thief, subject=subject, unit=place, congress=chain)
        assert (answer.status_code, answer.json()["code"]) == (403, "grant_beyond_own")
    again = await post_key(http, council, subject="can-bo", unit=place, congress=A)
    assert again.json()["holder"] == officer.json()["holder"]


# --- from the other chain


async def test_the_same_unit_in_the_other_chain_is_another_place(
    http: httpx.AsyncClient, database: Database, units: dict[str, str]
) -> None:
    """Its people and their keys are not shown to the council of this chain, nor listed."""
    council = await issue_test_key(database, Role.STANDING_COUNCIL, units["huyen"], A)
    elsewhere = await issue_test_key(database, Role.STANDING_COUNCIL, units["huyen"], B)
    made = await post_key(http, elsewhere, subject="can-bo-khac", unit=units["huyen"], congress=B)
    place = made.headers["Location"]
    assert (await http.get(place, headers=bearer(elsewhere))).status_code == 200
    assert (await http.get(place, headers=bearer(council))).status_code == 404
    listed = (await http.get("/v1/service_keys", headers=bearer(council), params={"limit": 200})).json()
    assert "can-bo-khac" not in {each["holder"]["subject"] for each in listed["items"]}


# --- under somebody else's rules


async def test_a_conference_stands_under_a_plan_of_its_own_council_or_of_one_above(
    http: httpx.AsyncClient, database: Database, units: dict[str, str]
) -> None:
    """Else a council would choose the plan, of a neighbour, that asks for no second person."""
    neighbours = await issue_test_key(database, Role.STANDING_COUNCIL, units["huyen-ben"], A)
    approver = await issue_test_key(database, Role.APPROVER, units["huyen-ben"], A)
    loose = {**plan("de-dai", "huyen-ben"), "four_eyes": "document"}
    drafted = await http.post("/v1/plans", json=loose, headers=bearer(neighbours))
    path = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
    headers = {**bearer(approver), "If-Match": drafted.headers["ETag"]}
    assert (await http.post(path, headers=headers)).status_code == 201
    opening = {"plan": drafted.json()["id"], "congress": A, "unit": units["xa-hai"], "tier": "xa"}
    council = await issue_test_key(database, Role.STANDING_COUNCIL, units["huyen"], A)
    answer = await http.post("/v1/conferences", json=opening, headers=bearer(council))
    assert (answer.status_code, answer.json()["code"]) == (422, "plan_of_another_council")
    opening["unit"] = units["xa-ben-hai"]
    answer = await http.post("/v1/conferences", json=opening, headers=bearer(neighbours))
    assert answer.status_code == 201, answer.text


# --- with what others left behind


async def test_an_answer_is_kept_for_its_asker_alone(
    http: httpx.AsyncClient, database: Database, units: dict[str, str]
) -> None:
    """Another's ``Idempotency-Key``, with the very same request, replays nothing."""
    told = []
    for place, chain in ((units["huyen"], A), (units["huyen-ben"], A), (units["huyen"], B)):
        headers = {
            **bearer(await issue_test_key(database, Role.STANDING_COUNCIL, place, chain)),
            "Idempotency-Key": "same",
        }
        body = {"code": "xa-moi", "name": "Xã mới", "kind": "commune", "valid_from": "2030-01-01"}
        answer = await http.post("/v1/units", json={**body, "parents": {A: "huyen"}}, headers=headers)
        assert "idempotency-replayed" not in answer.headers
        told.append(answer.status_code)
    assert told == [201, 422, 422]


async def test_nothing_of_an_actor_stays_on_a_connection(database: Database) -> None:
    """One connection serves one transaction after another."""
    query = text("SELECT count(*) FROM conference")
    one = Database(database.url, DatabaseLimits(connections=1))
    for who in (Actor.for_service(), None, Actor.for_service(), None):
        async with one.transaction(who) as session:
            found = (await (await session.connection()).execute(query)).scalar_one()
            assert (found > 0) == (who is not None)
    await one.close()


# --- by asking


async def test_a_taken_id_says_nothing_of_the_plan_that_has_it(
    http: httpx.AsyncClient, database: Database, units: dict[str, str]
) -> None:
    neighbours = await issue_test_key(database, Role.STANDING_COUNCIL, units["huyen-ben"], A)
    drafted = await http.post("/v1/plans", json=plan("rieng", "huyen-ben"), headers=bearer(neighbours))
    council = await issue_test_key(database, Role.STANDING_COUNCIL, units["huyen"], A)
    answer = await http.post("/v1/plans", json=plan("rieng", "huyen"), headers=bearer(council))
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_id_taken")
    assert drafted.json()["id"] not in answer.text
    own = await http.post("/v1/plans", json=plan("rieng", "huyen-ben"), headers=bearer(neighbours))
    assert drafted.json()["id"] in own.text


async def test_what_is_opened_to_count_is_closed_when_counting_fails(
    database: Database, units: dict[str, str]
) -> None:
    async with database.transaction(actor(Role.STANDING_COUNCIL, units, "tinh")) as session:
        with pytest.raises(NotFound):
            async with allow_counting(session):
                raise NotFound("unit_not_found")
        query = text("SELECT current_setting('daibieu.aggregates', true)")
        assert (await (await session.connection()).execute(query)).scalar_one() in (None, "")


# --- with statements of one's own


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_application_role_may_do_what_the_service_does_and_no_more(
    database: Database, units: dict[str, str], statement: str
) -> None:
    """Also where everything is within reach."""
    everywhere = replace(actor(Role.STANDING_COUNCIL, units), grants=(Grant(Role.STANDING_COUNCIL),))
    async with database.transaction(everywhere) as session:
        connection = await session.connection()
        with pytest.raises(DBAPIError, match=REFUSED):
            await connection.execute(text(statement.format(**units)))
        await session.rollback()


@pytest.mark.parametrize("chains", ["ARRAY['a new one']", "ARRAY['house']"])
async def test_a_head_that_stands_nowhere_is_never_committed(database: Database, chains: str) -> None:
    """A chain that begins without an event, and a time that no event has."""
    with pytest.raises(DBAPIError, match="where its last event does"):
        await lock_heads(database, chains)


async def lock_heads(database: Database, chains: str) -> None:
    """Lock heads in a transaction that adds no event."""
    async with database.transaction(Actor.for_command_line()) as session:
        query = text(f"SELECT lock_audit_heads({chains}, 'house')")
        await (await session.connection()).execute(query)
