"""Difficulties of units: who raises, answers and sees them, and how the board counts them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.session import Database
from domain.access import Actor
from service.clock import today
from tests.access.test_disclosures import by
from tests.access.world import BELOW, OWN
from tests.client import Client
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json, codes

TEXT = "Chưa có hội trường đủ 200 chỗ trong Quý II"
ANSWER: dict[str, Any] = {"answer": "Mượn hội trường của huyện", "document": "15/HĐTĐKT"}
COMMUNE, COUNCIL, COUNCIL_ABOVE = by("unit_officer@xa"), by("standing_council"), by("standing_council@tinh")


async def raised(client: Client, scene: Scene, who: dict[str, str] = COMMUNE, **more: str) -> Json:
    """A difficulty of the commune below, with its ``etag``."""
    path = f"/v1/conferences/{scene.facts['ids'][BELOW]['conference_id']}/difficulties"
    answer = await client.post(path, {"text": TEXT, **more}, headers=who)
    return {**answer.json(), "etag": answer.headers["ETag"]}


async def act(
    client: Client, row: Json, name: str, who: dict[str, str], status: int = 201, **body: Any
) -> Json:
    path = f"/v1/difficulties/{row['id']}/{name}"
    answer = await client.post(path, body, status, headers={**who, "If-Match": row["etag"]})
    return {**answer.json(), "etag": answer.headers.get("ETag", row["etag"])}


async def test_a_unit_asks_and_the_council_above_answers(client: Client, scene: Scene) -> None:
    row = await raised(client, scene)
    assert (row["state"], row["text"], row["answer"]) == ("open", TEXT, None)
    assert (await act(client, row, "answer", by("standing_council@xa"), 403, **ANSWER))["code"] == (
        "answer_to_own_difficulty"
    )
    answered = await act(client, row, "answer", COUNCIL, **ANSWER)
    assert (answered["state"], answered["answer"], answered["document"]) == ("answered", *ANSWER.values())
    again = await act(client, answered, "answer", COUNCIL, 409, **ANSWER)
    assert again["code"] == "difficulty_not_open"
    closed = await act(client, answered, "closing", COMMUNE)
    assert closed["state"] == "closed"
    assert (await act(client, closed, "closing", COMMUNE, 409))["code"] == "difficulty_not_open"
    over = await act(client, await raised(client, scene), "closing", COMMUNE)
    assert (over["state"], over["answer"]) == ("closed", None)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("unit_officer@xa", 200),
        ("auditor@xa", 200),
        ("unit_officer@huyen", 200),
        ("standing_council@tinh", 200),
        ("unit_officer@xa-hai", 404),
        ("standing_council@huyen-ben", 404),
        ("standing_council@bo", 404),
    ],
)
async def test_it_is_for_the_unit_and_those_above(
    client: Client, scene: Scene, who: str, status: int
) -> None:
    row = await raised(client, scene)
    await client.get(f"/v1/difficulties/{row['id']}", status, headers=by(who))
    path = f"/v1/difficulties?conference={row['conference']}&state=open"
    listed = (await client.get(path, headers=by(who))).json()["items"]
    assert (row["id"] in {each["id"] for each in listed}) is (status == 200)


@pytest.mark.parametrize(
    ("who", "status"),
    [("unit_officer@huyen", 403), ("auditor@xa", 403), ("unit_officer@huyen-ben", 404)],
)
async def test_only_the_unit_and_its_councils_raise_one(
    client: Client, scene: Scene, who: str, status: int
) -> None:
    path = f"/v1/conferences/{scene.facts['ids'][BELOW]['conference_id']}/difficulties"
    await client.post(path, {"text": TEXT}, status, headers=by(who))
    assert (await raised(client, scene, COUNCIL))["state"] == "open"


async def test_what_tells_of_people_is_a_paper_of_the_unit(client: Client, scene: Scene) -> None:
    ids = scene.facts["ids"]
    assert (await raised(client, scene, paper=ids[BELOW]["paper_id"]))["paper"] == ids[BELOW]["paper_id"]
    path = f"/v1/conferences/{ids[BELOW]['conference_id']}/difficulties"
    body = {"text": TEXT, "paper": ids[OWN]["paper_id"]}
    refused = await client.post(path, body, 422, headers=COMMUNE)
    assert codes(refused.json()["errors"]) == ["paper_not_found"]


async def test_the_board_counts_them_in_their_state_on_a_day(
    client: Client, scene: Scene, database: Database
) -> None:
    async def board(days: int) -> dict[str, int]:
        on = (today() - timedelta(days=days)).isoformat()
        path = f"/v1/plans/{scene.facts['general']}/progress?on={on}&tier=xa"
        rows = (await client.get(path, headers=COUNCIL_ABOVE)).json()["rows"]
        found: dict[str, int] = rows[0]["difficulties"]
        return found

    conference = scene.facts["ids"][BELOW]["conference_id"]
    row = """
        INSERT INTO difficulty (id, conference, state, text, raised_on, answer, answered_on, closed_on,
            created_by, created_at, version)
        SELECT gen_random_uuid(), :conference, :state, 'x', current_date - CAST(:raised AS int),
            CASE WHEN :answered > 0 THEN 'x' END,
            CASE WHEN :answered > 0 THEN current_date - CAST(:answered AS int) END,
            CASE WHEN :closed > 0 THEN current_date - CAST(:closed AS int) END, 'x', now(), 1
    """
    rows = [
        ("closed", 400, 350, 320),
        ("answered", 390, 360, 0),
        ("open", 395, 0, 0),
        ("closed", 380, 0, 370),
    ]
    async with database.transaction(Actor.for_service()) as session:
        connection = await session.connection()
        for state, since, answered, closed in rows:
            values = {"conference": conference, "state": state, "raised": since}
            await connection.execute(text(row), {**values, "answered": answered, "closed": closed})
    assert [await board(days) for days in (410, 392, 375, 365, 355, 330, 310)] == [
        {"open": 0, "answered": 0, "closed": 0},
        {"open": 2, "answered": 0, "closed": 0},
        {"open": 4, "answered": 0, "closed": 0},
        {"open": 3, "answered": 0, "closed": 1},
        {"open": 2, "answered": 1, "closed": 1},
        {"open": 1, "answered": 2, "closed": 1},
        {"open": 1, "answered": 1, "closed": 2},
    ]
