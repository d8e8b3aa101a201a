"""What leaves a trace, and how to see whether the traces are whole."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, select
from typer.testing import CliRunner

from api.app import create_app
from api.cli import main as cli
from api.http.attempts import Attempts
from api.http.identity import build_identify as by_credential
from api.http.refusals import RefusalBudget
from db.audit import REFUSAL_CHAIN, SERVICE_CHAIN, AuditEvent
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor, Role
from service import keys
from service.settings import Settings
from service.vaults import Vault
from tests.access.world import identify
from tests.client import Client
from tests.conftest import SETTINGS, connect_client
from tests.db import ground
from tests.journeys.scenes import Scene, copy_scene
from tests.journeys.steps import Json

OFFICER = {"Authorization": f"Bearer {Role.UNIT_OFFICER}"}
AUDITOR = {"Authorization": f"Bearer {Role.AUDITOR}"}


@pytest.fixture
async def database(postgres: EmbeddedServer, scene: Scene) -> AsyncIterator[Database]:
    """A copy of the world for each test."""
    async with copy_scene(postgres, scene) as database:
        yield database


@pytest.fixture
async def client(database: Database, scene: Scene) -> AsyncIterator[Client]:
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), identify(scene.facts["units"]))
    async with connect_client(app) as client:
        yield client


@pytest.fixture
async def server(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service where callers come with credentials."""
    settings = Settings("server", database_url="given")
    app = create_app(settings, database, Vault(bytes(range(32))), by_credential(settings))
    async with connect_client(app) as client:
        yield client.http


async def refusals(database: Database) -> list[AuditEvent]:
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        query = select(AuditEvent).where(col(AuditEvent.chain) == REFUSAL_CHAIN).order_by(col(AuditEvent.n))
        return [*await session.exec(query)]


async def test_failed_authentication_is_noted_with_its_reason_and_without_the_credential(
    server: httpx.AsyncClient, database: Database
) -> None:
    before = len(await refusals(database))
    unknown = keys.mint_key()
    for told in ("", "Bearer daibieu_x", f"Bearer {unknown}", "Bearer a.b.c"):
        await server.get("/v1/units", headers={"Authorization": told} if told else {})
    found = (await refusals(database))[before:]
    assert [each.changes["reason"] for each in found] == [
        "credential_missing",
        "key_malformed",
        "key_unknown",
        "no_identity_provider",
    ]
    assert {(each.actor, each.subject, each.changes["status"]) for each in found} == {
        ("anyone", "list_units", 401)
    }
    assert unknown not in str([each.changes for each in found])


async def test_refusals_for_want_of_authority_are_noted_with_who_and_what(
    client: Client, database: Database, scene: Scene
) -> None:
    before = len(await refusals(database))
    ids = scene.facts["ids"]
    await client.post("/v1/plans", {}, 403, headers=OFFICER)
    beside, nowhere = ids["beside"]["conference_id"], ids["nowhere"]["conference_id"]
    await client.get(f"/v1/conferences/{beside}", 404, headers={**OFFICER, "X-Request-ID": "yeu-cau-7"})
    await client.get(f"/v1/conferences/{nowhere}", 404, headers=OFFICER)
    found = (await refusals(database))[before:]
    assert [(each.actor, each.subject, each.changes["status"], each.changes["path"]) for each in found] == [
        ("unit_officer", "draft_plan", 403, {}),
        ("unit_officer", "read_conference", 404, {"conference_id": beside}),
        ("unit_officer", "read_conference", 404, {"conference_id": nowhere}),
    ]
    assert found[1].request_id == "yeu-cau-7"


async def test_what_is_refused_by_a_rule_or_by_the_form_is_no_refusal_of_authority(
    client: Client, database: Database, scene: Scene
) -> None:
    before = len(await refusals(database))
    unit = scene.facts["units"]["huyen"]
    await client.get("/v1/units?what=is-this", 400, headers=OFFICER)
    await client.get(f"/v1/units/{unit}?on=yesterday", 400, headers=OFFICER)
    await client.get("/v1/nothing", 404, headers=OFFICER)
    await client.get("/v1/reference/nothing", 404)
    assert len(await refusals(database)) == before


async def test_a_refusal_outlives_the_request_that_it_rolled_back(
    client: Client, database: Database, scene: Scene
) -> None:
    ids = scene.facts["ids"]
    headers = {"Authorization": f"Bearer {Role.STANDING_COUNCIL}", "If-Match": '"x"'}
    path = f"/v1/conferences/{ids['above']['conference_id']}/cancellation"
    before = len(await refusals(database))
    await client.post(path, {"reason": "x"}, 403, headers=headers)
    assert len(await refusals(database)) == before + 1


async def test_a_flood_of_refusals_is_counted_and_no_flood_of_writes(
    client: Client, database: Database
) -> None:
    at = [0.0]
    client.http._transport.app.state.refusals = RefusalBudget(3, 1, lambda: at[0])  # type: ignore[attr-defined]
    before = len(await refusals(database))
    for _ in range(10):
        await client.get("/v1/units", 401)
    assert len(await refusals(database)) == before + 3
    at[0] = 1.0
    await client.get("/v1/units", 401)
    last = (await refusals(database))[-1]
    assert (len(await refusals(database)), last.changes["passed_over"]) == (before + 4, 7)


async def probe(client: Client, path: str, **headers: str) -> None:
    for _ in range(20):
        await client.http.get(path, headers=headers)


async def count_probes(database: Database, actor: str, since: int) -> int:
    return sum(each.actor == actor for each in (await refusals(database))[since:])


async def test_no_flood_hides_what_another_caller_tries(
    client: Client, database: Database, scene: Scene
) -> None:
    app = client.http._transport.app  # type: ignore[attr-defined]
    app.state.refusals, app.state.attempts = RefusalBudget(20, 0, lambda: 0.0), Attempts(0)
    path = f"/v1/conferences/{scene.facts['ids']['beside']['conference_id']}"
    before = len(await refusals(database))
    for flood in ({}, {"Authorization": "Bearer nobody"}, OFFICER):
        for _ in range(40):
            await client.http.get(path, headers=flood)
    await probe(client, path, **AUDITOR)
    assert await count_probes(database, Role.AUDITOR, before) == 20
    assert await count_probes(database, Role.UNIT_OFFICER, before) == 20
    assert await count_probes(database, "anyone", before) == 40, "no credential, and wrong ones"


def test_budgets_of_few_callers_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    budget = RefusalBudget(1, 0, lambda: 0.0, kept=2)
    assert [budget.spend(each) for each in ("a", "a", "b", "c")] == [0, None, 0, 0]
    assert budget.spend("a") == 0, "the caller refused longest ago was forgotten"
    assert "refusals_passed_over" in capsys.readouterr().out


async def test_a_refusal_is_answered_even_where_it_cannot_be_noted(
    client: Client, database: Database, postgres: EmbeddedServer
) -> None:
    async with ground.open_connection(postgres, database.engine.url.database or "", None) as superuser:
        await superuser.execute("REVOKE INSERT ON audit_event FROM daibieu_app")
    await client.get("/v1/units", 401)


async def test_chains_are_read_by_those_whose_plans_they_are(client: Client, scene: Scene) -> None:
    own, beside = (scene.facts["ids"][each]["plan_id"] for each in ("own", "beside"))
    shown = {}
    for chain in (own, beside, SERVICE_CHAIN, REFUSAL_CHAIN, "nothing"):
        path = f"/v1/audit_events?chain={chain}"
        listed = (await client.get(path, headers=AUDITOR)).json()["items"]
        told = (await client.get(f"/v1/audit_events/verification?chain={chain}", headers=AUDITOR)).json()
        lines = (
            await client.get(f"/v1/audit_events/export?chain={chain}", headers=AUDITOR)
        ).text.splitlines()
        shown[chain] = (len(listed), told["events"], len(lines))
    assert shown.pop(own) == (1, 1, 1)
    assert set(shown.values()) == {(0, 0, 0)}
    await client.get(f"/v1/audit_events?chain={own}", 403, headers=OFFICER)


async def test_an_export_is_the_chain_itself(client: Client, database: Database, scene: Scene) -> None:
    chain = scene.facts["ids"]["own"]["plan_id"]
    answer = await client.get(f"/v1/audit_events/export?chain={chain}", headers=AUDITOR)
    assert answer.headers["content-type"] == "application/x-ndjson"
    (line,) = [json.loads(each) for each in answer.text.splitlines()]
    told = (await client.get(f"/v1/audit_events/verification?chain={chain}", headers=AUDITOR)).json()
    assert (line["act"], line["hash"]) == ("plan_drafted", told["head"])


# --- the command line


def run(monkeypatch: pytest.MonkeyPatch, database: Database, *words: str) -> tuple[int, str, str]:
    """(exit status, what it printed, what it complained of)"""
    monkeypatch.setenv("DAIBIEU_DATABASE_URL", database.url)
    told = CliRunner().invoke(cli.app, [*words])
    return told.exit_code, told.stdout, told.stderr


async def test_an_exported_person_is_json_though_the_box_does_not_open(
    monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path
) -> None:
    async with database.transaction(Actor.for_service()) as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE person_sealed SET sealed = ''"))
        query = text("SELECT person FROM person_sealed LIMIT 1")
        who = str((await connection.execute(query)).scalar_one())
    key = tmp_path / "master.key"
    key.write_bytes(b64encode(bytes(range(32))))
    monkeypatch.setenv("DAIBIEU_MASTER_KEY_FILE", str(key))
    words = ("person", "export", who, "--purpose")
    status, printed, complained = await in_thread(monkeypatch, database, *words, "data-subject-request")
    assert (status, json.loads(printed)["findings"][0]["code"]) == (0, "sealed_boxes_unreadable"), complained
    status, printed, _ = await in_thread(monkeypatch, database, *words, "statistics")
    assert (status != 0, printed) == (True, "")


@pytest.fixture
def chains(scene: Scene) -> int:
    """How many there are: the house's, and one a plan; nothing was refused while the world was made."""
    plans = 1 + 2 * len([ids for ids in scene.facts["ids"].values() if "published_id" in ids]) - 2
    return 1 + plans


async def in_thread(monkeypatch: pytest.MonkeyPatch, database: Database, *words: str) -> tuple[int, str, str]:
    import asyncio

    return await asyncio.to_thread(run, monkeypatch, database, *words)


async def test_every_chain_is_verified_and_its_head_printed(
    monkeypatch: pytest.MonkeyPatch, database: Database, chains: int
) -> None:
    status, printed, _ = await in_thread(monkeypatch, database, "audit", "verify")
    heads = [line.split(" ") for line in printed.splitlines()]
    assert (status, len(heads)) == (0, chains)
    assert "house" in {chain for chain, *_ in heads}
    assert all(n.isdecimal() and len(head) == 64 for _, n, head in heads)


async def test_what_was_noted_outside_tells_of_a_chain_written_anew(
    monkeypatch: pytest.MonkeyPatch, database: Database, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    """By whoever owns the database, with every hash computed again."""
    from db.audit import compute_event_hash

    _, printed, _ = await in_thread(monkeypatch, database, "audit", "verify", "house")
    noted = tmp_path / "heads.txt"
    noted.write_text(printed)
    assert (await in_thread(monkeypatch, database, "audit", "verify", "--noted", str(noted)))[0] == 0
    await rewrite(postgres, database, compute_event_hash)
    status, printed, _ = await in_thread(monkeypatch, database, "audit", "verify", "house")
    assert status == 0, "the new chain holds by itself"
    status, _, told = await in_thread(monkeypatch, database, "audit", "verify", "--noted", str(noted))
    assert status == 1
    assert "differs from the noted one" in told


async def rewrite(postgres: EmbeddedServer, database: Database, link: object) -> None:
    """Change who did the first act of the house, and all hashes after it."""
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlmodel.ext.asyncio.session import AsyncSession

    from db import audit

    name = database.engine.url.database or ""
    async with ground.open_connection(postgres, name, None) as superuser:
        for table in ("audit_event", "audit_head"):
            await superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    engine = create_async_engine(database.url)
    async with AsyncSession(engine) as session, session.begin():
        prev = audit.GENESIS_HASH
        for event in await audit.page_events(session, SERVICE_CHAIN, limit=100_000):
            event.actor = "somebody-else" if event.n == 1 else event.actor
            event.prev = prev
            event.hash = prev = audit.compute_event_hash(event)
            session.add(event)
        head = await session.get_one(audit.AuditHead, SERVICE_CHAIN)
        head.hash = prev
    await engine.dispose()


async def test_a_chain_that_does_not_hold_is_told(
    monkeypatch: pytest.MonkeyPatch, database: Database, postgres: EmbeddedServer
) -> None:
    async with ground.open_connection(postgres, database.engine.url.database or "", None) as superuser:
        await superuser.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        await superuser.execute("UPDATE audit_event SET actor = 'x' WHERE chain = 'house' AND n = 3")
    status, printed, told = await in_thread(monkeypatch, database, "audit", "verify")
    assert status == 1
    assert "house: broken at event 3; 2 events before it are valid" in told
    assert "house" not in printed


async def test_a_chain_is_exported_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    status, printed, _ = await in_thread(monkeypatch, database, "audit", "export", "house")
    events = [json.loads(line) for line in printed.splitlines()]
    assert status == 0
    assert [each["n"] for each in events] == list(range(1, len(events) + 1))


async def test_the_first_key_comes_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, database: Database, server: httpx.AsyncClient
) -> None:
    words = ("access", "key", "standing_council", "nguoi-1", "--name", "Người thử nghiệm", "--source", "QĐ 1")
    status, printed, _ = await in_thread(monkeypatch, database, *words, "--unit", "huyen")
    told = printed.strip()
    assert status == 0
    me: Json = (await server.get("/v1/me", headers={"Authorization": f"Bearer {told}"})).json()
    assert [each["role"] for each in me["grants"]] == ["standing_council"]
    status, _, _ = await in_thread(monkeypatch, database, *words, "--unit", "khong-co")
    assert status != 0
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        query = text("SELECT actor FROM audit_event WHERE act = 'key_issued' ORDER BY at DESC LIMIT 1")
        assert (await (await session.connection()).execute(query)).scalar_one() == "local"


async def test_a_role_is_granted_on_the_command_line_where_there_is_a_provider(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    words = ("access", "grant", "approver", "sub-1", "--name", "Người thử nghiệm", "--source", "QĐ 1")
    assert (await in_thread(monkeypatch, database, *words))[0] != 0
    monkeypatch.setenv("DAIBIEU_OIDC_ISSUER", "https://identities.example")
    monkeypatch.setenv("DAIBIEU_OIDC_AUDIENCE", "daibieu")
    status, printed, _ = await in_thread(monkeypatch, database, *words)
    assert status == 0
    assert len(printed.strip()) == 36
