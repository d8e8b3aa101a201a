"""The board of ten thousand conferences: its counts, and how the database finds them."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.embedded import EmbeddedServer
from db.progress import ProgressFilter
from db.session import Database, fetch_rows
from domain.access import Access, Actor, Grant, Role
from service import progress
from service.work import Work
from tests.access.world import A, plan
from tests.client import Client
from tests.databases import name_of
from tests.db.ground import open_connection
from tests.journeys.many_conferences import MANY, lay_conferences
from tests.journeys.scenes import Prepare
from tests.journeys.small_congress import publish_plan
from tests.journeys.steps import Json

pytestmark = pytest.mark.slow

ON = date(2030, 5, 1)
HOT = {"conference", "conference_step", "unit", "unit_above"}
"""The tables that grow with the conferences."""


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """Two plans and two councils without conferences."""

    async def load(client: Client) -> Json:
        units = {}
        for code in ("tinh", "bo"):
            body = {"code": code, "name": code, "kind": "province", "valid_from": "2020-01-01"}
            units[code] = (await client.post("/v1/units", body)).json()["id"]
        plans = [(await publish_plan(client, plan(name, "tinh")))["id"] for name in ("mot", "hai")]
        return {"units": units, "plans": plans}

    return load


@pytest.fixture
async def laid(database: Database, scene: Any, postgres: EmbeddedServer) -> Json:
    """Ten thousand conferences of each."""
    told: Json = scene.facts
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        found = await fetch_rows(session, text("SELECT plan, id FROM plan_version"))
    versions = {str(row[0]): row[1] for row in found}
    own, other = (versions[each] for each in told["plans"])
    council, neighbour = (UUID(told["units"][code]) for code in ("tinh", "bo"))
    async with open_connection(postgres, name_of(database), None) as connection:
        await lay_conferences(connection, version=own, other=other, council=council, neighbour=neighbour)
    return told


@contextmanager
def hear_statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their parameters."""
    sent: list[tuple[str, Any]] = []
    engine = database.engine.sync_engine

    def keep(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    yield sent
    event.remove(engine, "before_cursor_execute", keep)


def list_scanned(node: Json) -> Iterator[str]:
    """The tables that a plan reads from beginning to end."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for each in node.get("Plans", []):
        yield from list_scanned(each)


async def test_no_table_is_read_whole_and_the_counts_equal_a_plain_recount(
    laid: Json, database: Database
) -> None:
    grant = Grant(Role.STANDING_COUNCIL, UUID(laid["units"]["tinh"]), A)
    council = Actor("council", "Hội đồng", (grant,), access=Access.CONFERENCES_READ)
    boards = []
    for actor in (council, Actor.for_command_line()):
        async with database.transaction(actor, read_only=True) as session:
            work = Work(session, actor, None, ON)
            with hear_statements(database) as sent:
                boards.append(await progress.read_progress(work, ProgressFilter(UUID(laid["plans"][0]), ON)))
            assert len(sent) == 8, "however many tiers and conferences there are"
            connection = await session.connection()
            for statement, parameters in sent:
                explained = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
                found = explained.scalar_one()
                node = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
                assert HOT.isdisjoint(list_scanned(node)), statement
    assert boards[0].rows == boards[1].rows
    assert sum(row.conferences for row in boards[0].rows) == MANY
    counted = {
        (row.kind, step.step, name): getattr(step, name)
        for row in boards[0].rows
        for step in row.steps
        for name in ("done", "done_late", "due", "late", "undated")
    }
    assert {place: number for place, number in counted.items() if number} == await recount(database)


async def recount(database: Database) -> Counter[tuple[str, str, str]]:
    """Kind of units, step and status → how many, one by one."""
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        kinds = {
            each.id: each.facts.kind
            for each in (await session.exec(select(Conference).where(Conference.congress == A))).all()
        }
        steps = (await session.exec(select(ConferenceStep))).all()
    counted: Counter[tuple[str, str, str]] = Counter()
    for each in steps:
        lower, upper = each.during.lower, each.during.upper
        if each.conference in kinds and (lower is None or lower <= ON) and (upper is None or upper > ON):
            counted[kinds[each.conference], each.step, each.read_step().derive_status(ON)] += 1
    return counted
