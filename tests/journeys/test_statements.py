"""How many SQL statements an act takes over HTTP, from the actor's settings to the stored answer.

Everything counts: the idempotency key, the locks, the audit event, and the reads for the answer. The actor is
service-wide, so nothing is asked about reach.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from db.session import Database
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import CHAIN, compute_selection, congress, draw_lot
from tests.journeys.steps import Json, compute_allocation, decision, open_conference

STATEMENTS = {
    "propose allocation": 11,
    "withdraw allocation": 11,
    "approve allocation": 11,
    "adopt allocation": 14,
    "propose selection": 8,
    "withdraw selection": 8,
    "approve selection": 8,
    "adopt selection": 17,
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
