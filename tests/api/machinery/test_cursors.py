"""A list is read page by page: nothing twice, nothing left out, and no place in it given away."""

from base64 import urlsafe_b64decode

import httpx
import pytest
from sqlalchemy import text

from db.columns import new_id
from db.session import Database
from tests.api.machinery.test_problems import check

THINGS = "/v1/things"
NAMES = [f"Người thử nghiệm {n:02}" for n in range(7)]


@pytest.fixture(autouse=True)
async def _seven(database: Database) -> None:
    async with database.transaction() as session:
        rows = [{"id": new_id(), "name": name} for name in NAMES]
        insert = text("INSERT INTO thing (id, name) VALUES (:id, :name)")
        await (await session.connection()).execute(insert, rows)


def shown(answer: httpx.Response) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


async def test_pages_follow_each_other_to_the_end(client: httpx.AsyncClient) -> None:
    first = await client.get(THINGS, params={"limit": 3, "whole": "false"})
    second = await client.get(first.links["next"]["url"])
    third = await client.get(second.links["next"]["url"])
    assert [shown(page) for page in (first, second, third)] == [NAMES[:3], NAMES[3:6], NAMES[6:]]
    assert (third.json()["next_cursor"], "Link" in third.headers) == (None, False)
    assert first.json()["next_cursor"] in first.links["next"]["url"].replace("%3D", "=")


async def test_a_full_last_page_is_the_last(client: httpx.AsyncClient) -> None:
    page = await client.get(THINGS, params={"limit": 7})
    assert (shown(page), page.json()["next_cursor"]) == (NAMES, None)


async def test_what_goes_in_between_moves_no_page(client: httpx.AsyncClient, database: Database) -> None:
    first = await client.get(THINGS, params={"limit": 3})
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("DELETE FROM thing WHERE name = :name"), {"name": NAMES[1]})
    assert shown(await client.get(first.links["next"]["url"])) == NAMES[3:6]


async def test_a_cursor_tells_nothing(client: httpx.AsyncClient) -> None:
    cursor = (await client.get(THINGS, params={"limit": 3})).json()["next_cursor"]
    assert "thử nghiệm".encode() not in urlsafe_b64decode(cursor)


@pytest.mark.parametrize("change", ["tampered", "cut", "text", "empty", "filter", "actor", "list"])
async def test_a_cursor_opens_only_where_it_belongs(client: httpx.AsyncClient, change: str) -> None:
    cursor = (await client.get(THINGS, params={"limit": 3})).json()["next_cursor"]
    other = {"tampered": cursor[:-6] + "AAAAA=", "cut": cursor[:8], "text": "đâu", "empty": ""}
    params = {"limit": "3", "cursor": other.get(change, cursor)}
    if change == "filter":
        params["whole"] = "true"
    headers = {"Authorization": "Bearer somebody-else"} if change == "actor" else {}
    path = f"{THINGS}/again" if change == "list" else THINGS
    check(await client.get(path, params=params, headers=headers), 400, "cursor_invalid")


async def test_the_limit_may_change_from_page_to_page(client: httpx.AsyncClient) -> None:
    cursor = (await client.get(THINGS, params={"limit": 3})).json()["next_cursor"]
    assert shown(await client.get(THINGS, params={"limit": 2, "cursor": cursor})) == NAMES[3:5]
