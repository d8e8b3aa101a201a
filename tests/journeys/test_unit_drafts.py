"""How many nominations a unit may enter in a day, and when more."""

import asyncio
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from db.nominations import count_unit_drafts
from db.session import Database
from domain.access import Actor, Grant, Role
from domain.nominations import MOST_DRAFTS_OF_UNIT
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.small_congress import CHAIN, congress
from tests.journeys.steps import Json, nominee, person

AT_ONCE = 30
ROOM = 3


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """A congress with its nominees submitted."""
    return congress


@pytest.fixture
def facts(scene: Scene) -> Json:
    return scene.facts


async def test_a_unit_enters_so_many_nominations_a_day_also_when_many_are_sent_at_once(
    client: Client, facts: Json, database: Database
) -> None:
    unit, other = facts["units"]["xa-mot"], facts["units"]["xa-hai"]
    await enter_many(database, facts["id"], unit, MOST_DRAFTS_OF_UNIT - ROOM)

    async def draft(n: int) -> httpx.Response:
        headers = {"Idempotency-Key": f"draft-{n}"}
        body = nominee(unit, person=person())
        return await client.http.post(
            f"/v1/conferences/{facts['id']}/nominations", json=body, headers=headers
        )

    answers = await asyncio.gather(*map(draft, range(AT_ONCE)))
    assert sorted(each.status_code for each in answers) == [201] * ROOM + [429] * (AT_ONCE - ROOM)
    refused = next(each for each in answers if each.status_code == 429)
    assert refused.json()["code"] == "unit_drafts_new"
    assert 3_000 < int(refused.headers["Retry-After"]) <= 3_600, "the oldest is 23 hours old"
    await client.post(f"/v1/conferences/{facts['id']}/nominations", nominee(other, person=person()))
    for reader in (
        Actor("council", "council", (Grant(Role.STANDING_COUNCIL, UUID(facts["units"]["tinh"]), CHAIN),)),
        Actor("stranger", "stranger"),
    ):
        async with database.transaction(reader) as session:
            counted = await count_unit_drafts(session, CHAIN, UUID(unit))
        assert counted.drafts == MOST_DRAFTS_OF_UNIT, "drafts that the reader may not see count too"


async def enter_many(database: Database, conference: str, unit: str, most: int) -> None:
    """Let the unit have so many nominations, most of them entered 23 hours ago and withdrawn."""
    async with database.transaction(Actor.for_command_line()) as session:
        await (await session.connection()).execute(
            _ENTER, {"conference": UUID(conference), "unit": UUID(unit), "most": most}
        )


_ENTER = text(
    "WITH one AS (SELECT * FROM nomination WHERE conference = :conference AND unit = :unit LIMIT 1)"
    " INSERT INTO nomination SELECT (jsonb_populate_record(NULL::nomination, to_jsonb(one)"
    " || jsonb_build_object('id', gen_random_uuid(), 'state', 'withdrawn',"
    " 'created_at', now() - interval '23 hours'))).*"
    " FROM one, generate_series(1, :most - (SELECT count(*) FROM nomination WHERE unit = :unit)::int)"
)
