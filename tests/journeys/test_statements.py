"""How many SQL statements an act takes over HTTP, from the actor's settings to the stored answer.

Everything counts: the idempotency key, the locks, the audit event, the reads for the answer, and with the
act that starts a run what its worker sends. How often somebody who waits looks whether it has ended depends
on the time and is left out. The actor is service-wide, so nothing is asked about reach.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import event

from api.worker import Worker
from db.session import Database
from service.clock import today
from tests.client import Client
from tests.conftest import connect_client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import (
    CHAIN,
    OTHER,
    adopt_selection,
    compute_selection,
    congress,
    delegates,
    draw_lot,
    map_places,
    plan,
)
from tests.journeys.steps import (
    Json,
    compute_allocation,
    confirm_quota,
    decision,
    document,
    open_conference,
    person,
)

STATEMENTS = {
    "propose allocation": 11,
    "withdraw allocation": 11,
    "approve allocation": 12,
    "adopt allocation": 15,
    "propose selection": 9,
    "withdraw selection": 8,
    "approve selection": 9,
    "adopt selection": 18,
    "open conference": 15,
    "record meeting": 11,
    "cancel conference": 11,
    "compute allocation": 48,
    "adjust allocation": 12,
    "receive quota": 12,
    "replace quota": 7,
    "confirm quota": 10,
    "list guest": 10,
    "reply of guest": 9,
    "compute selection": 54,
    "draw lot": 43,
    "edit selection": 51,
    "replace delegates": 68,
    "found unit": 24,
    "report figures": 30,
    "rename unit": 20,
    "draft plan": 13,
    "publish plan": 16,
}
"""Act → statements. A number is changed on purpose only: down with what made it so, or up with a reason."""


class StatementLog:
    """The statements that a database gets, by the act during which it gets them."""

    def __init__(self, database: Database):
        self.engine = database.engine.sync_engine
        self.acts: dict[str, list[str]] = {}

    @contextmanager
    def record(self, act: str) -> Iterator[None]:
        """Note every statement within the block."""
        statements = self.acts.setdefault(act, [])

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(" ".join(statement.split()))

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(self.engine, "before_cursor_execute", note)

    def expect_counts(self) -> None:
        """Fail with the statements of every act that took another number than it should."""
        wrong = {act: found for act, found in self.acts.items() if len(found) != STATEMENTS[act]}
        assert not wrong, "".join(
            f"\n{act}: {len(found)} statements and not {STATEMENTS[act]}"
            + "".join(f"\n {n:>3} {statement[:300]}" for n, statement in enumerate(found, 1))
            for act, found in wrong.items()
        )


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress with its nominees submitted."""
    return congress


@pytest.fixture
async def client(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """A client whose runs are computed while it waits, over the same database."""
    worker = Worker(app.state.database, app.state.vault)

    async def process_run(request: Request, run: UUID, seconds: int) -> None:
        await worker.process_run(run)

    monkeypatch.setattr("api.runs.await_run", process_run)
    async with connect_client(app, with_worker=False) as client:
        yield client
    worker.close()


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


@pytest.fixture
def log(database: Database) -> StatementLog:
    return StatementLog(database)


async def record_decision(client: Client, log: StatementLog, kind: str, subject: Any) -> None:
    """Propose, withdraw and propose again; then approve and adopt."""
    path = f"/v1/{kind}s/{subject.json()['id']}"
    with log.record(f"propose {kind}"):
        proposed = await client.act(f"{path}/proposal", subject.headers["ETag"])
    with log.record(f"withdraw {kind}"):
        withdrawn = await client.act(f"{path}/withdrawal", proposed.headers["ETag"], {"reason": "x"})
    proposed = await client.act(f"{path}/proposal", withdrawn.headers["ETag"])
    with log.record(f"approve {kind}"):
        approved = await client.act(f"{path}/approval", proposed.headers["ETag"])
    with log.record(f"adopt {kind}"):
        await client.act(f"{path}/adoption", approved.headers["ETag"], decision("2"))


async def test_deciding_on_an_allocation_takes_few_statements(
    client: Client, facts: Json, log: StatementLog
) -> None:
    """At a conference that is opened again, since the first one has an allocation."""
    given_up = await client.get(f"/v1/conferences/{facts['id']}")
    path = f"/v1/conferences/{facts['id']}/cancellation"
    await client.act(path, given_up.headers["ETag"], {"reason": "x"})
    again = await open_conference(client, facts["plan"], CHAIN, facts["units"]["tinh"], "tinh")
    await record_decision(client, log, "allocation", await compute_allocation(client, again))
    log.expect_counts()


async def test_deciding_on_a_list_takes_few_statements(
    client: Client, facts: Json, log: StatementLog
) -> None:
    found = await draw_lot(client, await compute_selection(client, facts))
    await record_decision(client, log, "selection", found)
    log.expect_counts()


async def test_lists_are_computed_edited_and_mended_in_few_statements(
    client: Client, facts: Json, log: StatementLog
) -> None:
    """A run is counted with the act that starts it: its lease, its inputs and its answer."""
    with log.record("compute selection"):
        found = await compute_selection(client, facts)
    assert found.json()["state"] == "lots_required"
    with log.record("draw lot"):
        found = await draw_lot(client, found)
    path = f"/v1/selections/{found.json()['id']}"
    chosen = next(one for one, row in (await map_places(client, found)).items() if row["outcome"] == "chosen")
    with log.record("edit selection"):
        pin = [{"nomination": chosen, "reason": "x"}]
        await client.act(f"{path}/edits", found.headers["ETag"], {"pin": pin})
    adopted = await adopt_selection(client, found, "3")
    who = (await delegates(client, facts))[chosen]["id"]
    with log.record("replace delegates"):
        body = {"delegates": [who], "reason": "x"}
        await client.act(f"{path}/replacements", adopted.headers["ETag"], body)
    log.expect_counts()


async def test_conferences_and_their_seats_take_few_statements(
    client: Client, facts: Json, log: StatementLog
) -> None:
    path = f"/v1/conferences/{facts['id']}"
    with log.record("list guest"):
        body = {"group": "khach-moi", "basis": "x", "notice": "1", "purpose": "p", "person": person()}
        guest = await client.post(f"{path}/invitations", body)
    with log.record("reply of guest"):
        reply = {"reply": "invited", "on": today().isoformat()}
        await client.act(f"/v1/invitations/{guest.json()['id']}/reply", guest.headers["ETag"], reply)
    read = await client.get(path)
    with log.record("record meeting"):
        met = {"on": today().isoformat(), "reason": "x"}
        await client.act(f"{path}/holding", read.headers["ETag"], met)
    with log.record("open conference"):
        other = await open_conference(client, facts["plan"], OTHER, facts["units"]["bo"], "bo")
    quotas = f"/v1/conferences/{other['id']}/quotas"
    with log.record("receive quota"):
        quota: Json = {
            "unit": facts["units"]["xa-ba"],
            "group": "dien-hinh",
            "seats": 1,
            "document": document("1"),
        }
        received = await client.post(quotas, quota)
    with log.record("replace quota"):
        none: Json = {"seats": 0, "document": document("2")}
        replaced = await client.put(f"/v1/quotas/{received.json()['id']}", none, received.headers["ETag"])
    with log.record("confirm quota"):
        await confirm_quota(client, replaced)
    with log.record("compute allocation"):
        computed = await compute_allocation(client, other)
    with log.record("adjust allocation"):
        more: Json = {"unit": facts["units"]["xa-mot"], "group": "dien-hinh", "adjustment": 1, "reason": "x"}
        path = f"/v1/allocations/{computed.json()['id']}/adjustments"
        await client.act(path, computed.headers["ETag"], more)
    read = await client.get(f"/v1/conferences/{other['id']}")
    with log.record("cancel conference"):
        path = f"/v1/conferences/{other['id']}/cancellation"
        await client.act(path, read.headers["ETag"], {"reason": "x"})
    log.expect_counts()


async def test_units_and_plans_take_few_statements(client: Client, facts: Json, log: StatementLog) -> None:
    with log.record("found unit"):
        body = {
            "code": "xa-moi",
            "name": "Xã mới (ví dụ)",
            "kind": "commune",
            "valid_from": "2020-01-01",
            "parents": {CHAIN: "tinh"},
        }
        unit = await client.post("/v1/units", body)
    path = f"/v1/units/{unit.json()['id']}"
    with log.record("report figures"):
        await client.post(f"{path}/figures", {"as_of": "2030-01-01", "source": "x", "figures": {"staff": 9}})
    read = await client.get(path)
    with log.record("rename unit"):
        name = {"name": "Xã mới khác (ví dụ)", "first": "2021-01-01"}
        await client.act(f"{path}/names", read.headers["ETag"], name)
    with log.record("draft plan"):
        drafted = await client.post("/v1/plans", plan("vi-du-2031"))
    with log.record("publish plan"):
        version = f"/v1/plans/{drafted.json()['id']}/versions/1/publication"
        await client.act(version, drafted.headers["ETag"])
    log.expect_counts()
