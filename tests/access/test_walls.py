"""Two walls: each taken away in turn, and the other still stands."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import event, text, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from api.app import create_app
from api.http.refusals import RefusalBudget
from db.embedded import EmbeddedServer
from db.session import Database
from db.tables import build_metadata
from domain.access import Actor, Role
from service.vaults import Vault
from tests.access.matrix import Operation, cases, operations, read_outcome, send_request
from tests.access.world import BESIDE, ELSEWHERE, NOWHERE, A, B, actor, identify
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.db.ground import open_connection as bare
from tests.house.tree import ROOT
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json

FILTERS = (
    "is_in_subtree",
    "may_act_for",
    "has_role_at",
    "is_own_unit",
    "is_above_actor",
    "is_below_actor",
    "is_in_subtree_anywhere",
    "is_below_actor_anywhere",
    "is_visible_unit",
)
OPEN = {
    "account": "only functions of the owner read it",
    "alembic_version": "where the schema stands",
    "audit_head": "where each chain stands: a function locks it for whoever adds to one",
    "former_account": "only functions of the owner read it",
    "identity": "who may sign in; read by id only, beside a grant that is walled",
    "link_attempt": "only functions of the owner read it",
    "link_code": "only functions of the owner read it",
    "unit_above": "who stands above whom, which the policies themselves ask",
}
"""Tables without a policy, and why."""

ANYBODYS = (
    "congress",
    "plan_congress",
    "unit_name",
    "unit_code",
    "unit_link",
    "succession",
    "succession_part",
)
"""Tables that anybody identified may read: what units are called and under whom they stand is public.

Writing to them is guarded by triggers, since a policy would keep the planner from their statistics."""

TABLES = sorted(set(build_metadata().tables) - {*OPEN, *ANYBODYS})
LISTS = [
    "/v1/units",
    "/v1/conferences",
    "/v1/plans",
    "/v1/service_keys",
    "/v1/role_grants",
    "/v1/conferences/{conference_id}/nominations",
    "/v1/conferences/{conference_id}/invitations",
    "/v1/conferences/{conference_id}/quotas",
    "/v1/conferences/{conference_id}/allocations",
    "/v1/conferences/{conference_id}/selections",
    "/v1/conferences/{conference_id}/delegates",
    "/v1/list_votes",
    "/v1/difficulties",
    "/v1/units/{unit_id}/papers",
]
VIEWS = (
    "actor_grant",
    "actor_place",
    "actor_home",
    "actor_below",
    "actor_above",
    "conference_place",
    "allocation_place",
    "quota_place",
    "plan_place",
    "selection_held",
    "person_seated",
    "identity_role",
    "unit_above",
)
ROLES = (Role.STANDING_COUNCIL, Role.UNIT_OFFICER)


@contextmanager
def without_filters() -> Iterator[None]:
    """Every filter of every query forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        for path in (ROOT / "db").glob("*.py"):
            module = import_module(f"db.{path.stem}")
            for name in FILTERS:
                if hasattr(module, name):
                    patch.setattr(module, name, lambda *_: true())
        yield


@pytest.fixture(scope="module")
async def unwalled(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Client]:
    """The service over a copy whose tables have no policies in force."""
    async with copy_scene(postgres, scene) as database:
        async with bare(postgres, database.engine.url.database or "", None) as superuser:
            for table in build_metadata().tables:
                await superuser.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        app = create_app(SETTINGS, database, Vault(bytes(range(32))), identify(scene.facts["units"]))
        async with connect_client(app) as client:
            yield client


@pytest.fixture(scope="module")
def reading(client: Client) -> list[Operation]:
    """Every operation that reads."""
    app: Any = client.http._transport
    return [each for each in operations(app.app.openapi()) if each.method == "GET"]


async def seen(http: httpx.AsyncClient, path: str, role: Role, told: Json) -> list[str]:
    """What a list shows, thing by thing, wherever it is asked for."""
    found = []
    for ids in told["ids"].values():
        answer = await http.get(
            path.format(**ids),
            params={"on": "2030-06-01"} if path == "/v1/units" else {},
            headers=bearer(role),
        )
        items = answer.json() if answer.status_code == 200 else []
        found += sorted(each["id"] for each in (items["items"] if isinstance(items, dict) else items))
    return found


def bearer(role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {role}"}


async def leaks(http: httpx.AsyncClient, reading: list[Operation], told: Json) -> list[str]:
    """What is answered of things that are out of reach."""
    found = []
    for operation in reading:
        for row, relation, parameters, body in cases(operation, told):
            if relation in (BESIDE, ELSEWHERE) and not row.endswith("(published)"):
                for role in ROLES:
                    answer = await send_request(http, operation, parameters, body, role)
                    if read_outcome(answer) == "yes":
                        found.append(f"{row} {relation} {role}")
    return found


async def test_with_every_filter_forgotten_the_database_leaks_nothing(
    client: Client, reading: list[Operation], scene: Scene
) -> None:
    with without_filters():
        assert await leaks(client.http, reading, scene.facts) == []


async def test_without_policies_the_filters_leak_nothing(
    unwalled: Client, reading: list[Operation], scene: Scene
) -> None:
    assert await leaks(unwalled.http, reading, scene.facts) == []


async def test_with_neither_everything_leaks(
    unwalled: Client, reading: list[Operation], scene: Scene
) -> None:
    """So that the two tests above are known to look where something is."""
    with without_filters():
        found = await leaks(unwalled.http, reading, scene.facts)
    asked_for = {
        row
        for operation in reading
        for row, relation, *_ in cases(operation, scene.facts)
        if relation == BESIDE
    }
    assert {each.split()[0] for each in found} == {row.split()[0] for row in asked_for}


@pytest.mark.parametrize("path", LISTS)
async def test_lists_show_the_same_behind_either_wall(
    client: Client, unwalled: Client, scene: Scene, path: str
) -> None:
    for role in ROLES:
        both = await seen(client.http, path, role, scene.facts)
        with without_filters():
            second = await seen(client.http, path, role, scene.facts)
        first = await seen(unwalled.http, path, role, scene.facts)
        with without_filters():
            neither = await seen(unwalled.http, path, role, scene.facts)
        assert second == first == both
        assert len(neither) > len(both) or (path, role) in SCOPELESS


SCOPELESS = {("/v1/service_keys", Role.UNIT_OFFICER), ("/v1/role_grants", Role.UNIT_OFFICER)}


async def test_out_of_reach_asks_the_same_queries_as_not_there(
    client: Client, database: Database, reading: list[Operation], scene: Scene
) -> None:
    told: list[str] = []

    def note(*args: Any) -> None:
        told.append(args[2])

    client.http._transport.app.state.refusals = RefusalBudget(most=10_000)  # type: ignore[attr-defined]
    officer = bearer(Role.UNIT_OFFICER)
    await client.get(f"/v1/units/{uuid4()}", 404, headers=officer)  # the chain of refusals begins
    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        for operation in reading:
            queries: dict[str, dict[str, list[str]]] = {}
            for row, relation, parameters, body in cases(operation, scene.facts):
                if relation in (BESIDE, ELSEWHERE, NOWHERE) and not row.endswith("(published)"):
                    told.clear()
                    answer = await send_request(client.http, operation, parameters, body, Role.UNIT_OFFICER)
                    assert answer.status_code in (403, 404)
                    queries.setdefault(row, {})[relation] = [*told]
            for row, found in queries.items():
                assert all(each == found[NOWHERE] for each in found.values()), row
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_who_names_nobody_sees_nothing(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        for table in TABLES:
            found = (await connection.execute(text(f'SELECT count(*) FROM "{table}"'))).scalar_one()
            assert found == 0 or table in ("plan", "plan_version"), table


async def test_every_table_is_walled_or_known_to_be_open(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        query = (
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND NOT relrowsecurity"
        )
        assert set((await connection.execute(text(query))).scalars()) == {*OPEN, *ANYBODYS}
        query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_guarded'"
        assert set((await connection.execute(text(query))).scalars()) == set(ANYBODYS)


async def test_nobody_writes_through_the_views_that_policies_ask(database: Database) -> None:
    async with database.transaction() as session:
        connection = await session.connection()
        for view in VIEWS:
            for right in ("INSERT", "UPDATE", "DELETE"):
                query = text("SELECT has_table_privilege('daibieu_app', :view, :right)")
                assert not (await connection.execute(query, {"view": view, "right": right})).scalar_one()


WRITES = [
    "UPDATE conference SET version = 9 WHERE unit = '{beside}'",
    "UPDATE nomination SET merit = '9' WHERE unit = '{beside}'",
    "UPDATE nomination SET merit = '9' WHERE id = '{draft_below}'",
    "UPDATE quota SET seats = 9 WHERE unit = '{beside}'",
    "UPDATE allocation SET version = 9 WHERE conference = '{conference_above}'",
    "UPDATE unit SET version = 9 WHERE id = '{beside}'",
    "UPDATE plan SET title = 'x' WHERE council <> 'huyen' AND council <> 'xa'",
    "UPDATE role_grant SET version = 9 WHERE unit = '{beside}'",
    "UPDATE service_key SET version = 9 WHERE id = '{key_beside}'",
    "UPDATE person SET name = 'x' WHERE id = '{person_beside}'",
    "DELETE FROM person_attribute WHERE person = '{person_beside}'",
    "UPDATE person_sealed SET sealed = '' WHERE person = '{person_beside}'",
    "DELETE FROM invitation WHERE conference = '{conference_above}'",
    "UPDATE run SET state = 'failed' WHERE id = '{run_beside}'",
    "DELETE FROM idempotency",
]


@pytest.mark.parametrize("statement", WRITES)
async def test_what_is_not_theirs_no_statement_changes(
    database: Database, scene: Scene, statement: str
) -> None:
    ids, units = scene.facts["ids"], scene.facts["units"]
    told = {
        "own": units["huyen"],
        "beside": units["huyen-ben"],
        "above": units["tinh"],
        "draft_below": ids["below"]["draft_id"],
        "conference_above": ids["above"]["conference_id"],
        "key_beside": ids["beside"]["key_id"],
        "run_beside": ids["beside"]["run_id"],
        "person_beside": ids["beside"]["person_id"],
    }
    async with database.transaction(actor(Role.STANDING_COUNCIL, units)) as session:
        connection = await session.connection()
        assert (await connection.execute(text(statement.format(**told)))).rowcount == 0


ADDED = """
INSERT INTO unit_link VALUES (gen_random_uuid(), 'vi-du-a', '{xa-ben}', '{huyen-ben}', '[2040-01-01,)');
INSERT INTO unit_link VALUES (gen_random_uuid(), 'vi-du-b', '{xa}', '{huyen}', '[2040-01-01,)');
SELECT add_role_grant(gen_random_uuid(), id, NULL, 'auditor', NULL, NULL, NULL, 'x', NULL)
    FROM identity LIMIT 1;
SELECT add_role_grant(gen_random_uuid(), id, NULL, 'auditor', '{huyen-ben}', NULL, NULL, 'x', NULL)
    FROM identity LIMIT 1;
SELECT add_role_grant(gen_random_uuid(), id, NULL, 'auditor', '{huyen}', 'vi-du-b', NULL, 'x', NULL)
    FROM identity LIMIT 1;
INSERT INTO staff_report VALUES (gen_random_uuid(), '{huyen-ben}', now(), 1, 'x', false, now(), now());
INSERT INTO collective VALUES (gen_random_uuid(), '{huyen-ben}', 'x', NULL, now());
UPDATE nomination SET unit = '{huyen-ben}', quota = NULL WHERE id = '{own_draft}';
UPDATE conference SET version = 9 WHERE unit = '{tinh}';
UPDATE unit_link SET parent = '{huyen}' WHERE child = '{huyen-ben}';
UPDATE unit_name SET name = 'x' WHERE unit = '{huyen-ben}';
DELETE FROM unit_code WHERE unit = '{huyen-ben}';
INSERT INTO unit_code VALUES (gen_random_uuid(), 'gso', 'x', '{tinh}', '[2020-01-01,)');
UPDATE congress SET name = 'x'
"""


@pytest.mark.parametrize("statement", ADDED.strip().split(";\n"))
async def test_nothing_is_added_where_it_would_not_be_theirs(
    database: Database, scene: Scene, statement: str
) -> None:
    units = scene.facts["units"]
    told = {**units, "own_draft": scene.facts["ids"]["own"]["draft_id"]}
    async with database.transaction(actor(Role.STANDING_COUNCIL, units)) as session:
        connection = await session.connection()
        with pytest.raises(DBAPIError, match=r"row-level security|out of reach"):
            await connection.execute(text(statement.format(**told)))
        await session.rollback()


async def test_grants_hold_in_their_own_chain(database: Database, scene: Scene) -> None:
    """One unit in two chains: what a grant in the one reaches, a grant in the other does not."""
    units = scene.facts["units"]
    query = text("SELECT congress FROM conference ORDER BY congress")
    found = {}
    for chain in ("vi-du-a", "vi-du-b", None):
        async with database.transaction(actor(Role.STANDING_COUNCIL, units, congress=chain)) as session:
            found[chain] = {*(await (await session.connection()).execute(query)).scalars()}
    assert found == {"vi-du-a": {"vi-du-a"}, "vi-du-b": {"vi-du-b"}, None: {"vi-du-a", "vi-du-b"}}


@pytest.mark.parametrize(
    "places", [("huyen", A, "huyen-ben", B), ("huyen", None, "bo", B), ("xa", A, "huyen", B)]
)
async def test_several_grants_reach_what_each_of_them_reaches_and_no_more(
    database: Database, scene: Scene, places: tuple[str, str | None, str, str | None]
) -> None:
    """No unit of the one grant in the chain of the other."""
    first, second = (
        actor(Role.UNIT_OFFICER, scene.facts["units"], place, chain)
        for place, chain in (places[:2], places[2:])
    )
    both = replace(first, grants=(*first.grants, *second.grants))
    apart, together = (
        [await rows_seen(database, each) for each in (first, second)],
        await rows_seen(database, both),
    )
    assert together == apart[0] | apart[1]
    assert together not in apart


async def rows_seen(database: Database, who: Actor) -> set[tuple[str, str]]:
    """(table, place) of every row that the policies let somebody see."""
    async with database.transaction(who) as session:
        connection = await session.connection()
        queries = {table: text(f'SELECT ctid::text FROM "{table}"') for table in TABLES}
        return {
            (table, row) for table in TABLES for row in (await connection.execute(queries[table])).scalars()
        }


async def test_the_service_itself_reaches_all(database: Database) -> None:
    engine = create_async_engine(database.url)
    try:
        async with engine.connect() as owner, database.transaction(Actor.for_service()) as session:
            connection = await session.connection()
            for table in TABLES:
                query = text(f'SELECT count(*) FROM "{table}"')
                whole = (await owner.execute(query)).scalar_one()
                # Whom nobody names is in nobody's reach; here everybody is named.
                assert (await connection.execute(query)).scalar_one() == whole, table
    finally:
        await engine.dispose()
