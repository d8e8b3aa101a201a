"""A request that is sent again does nothing twice; what failed left nothing behind."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db import idempotency
from db.session import Database
from domain.access import Actor
from tests.api.machinery.conftest import names

THINGS = "/v1/things"
BODY = {"name": "Bánh xe"}
Key = dict[str, str]


async def keys(database: Database) -> list[tuple[str, str]]:
    async with database.transaction(Actor.for_service()) as session:
        found = await (await session.connection()).execute(text("SELECT actor, key FROM idempotency"))
        return [(row.actor, row.key) for row in found]


async def test_a_post_that_creates_needs_a_key(client: httpx.AsyncClient, database: Database) -> None:
    answer = await client.post(THINGS, json=BODY)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert await names(database) == []


@pytest.mark.parametrize("bad", ["", "two words", "x" * 256, "\x7f"])
async def test_a_key_is_printable_and_short(client: httpx.AsyncClient, bad: str) -> None:
    answer = await client.post(THINGS, json=BODY, headers={"Idempotency-Key": bad})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


async def test_a_retry_gets_the_stored_answer(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    first = await client.post(THINGS, json=BODY, headers=key)
    again = await client.post(THINGS, json=BODY, headers=key)
    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    for header in ("ETag", "Location", "Content-Type"):
        assert again.headers[header] == first.headers[header]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await names(database) == ["Bánh xe"]


@pytest.mark.parametrize("change", ["body", "path", "query"])
async def test_a_key_belongs_to_one_request(
    client: httpx.AsyncClient, database: Database, key: Key, change: str
) -> None:
    await client.post(THINGS, json=BODY, headers=key)
    path = {"path": f"{THINGS}/broken", "query": f"{THINGS}/refused?kind=invalid"}.get(change, THINGS)
    again = await client.post(path, json={"name": "Trục"} if change == "body" else BODY, headers=key)
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")
    assert await names(database) == ["Bánh xe"]


async def test_two_actors_may_use_the_same_key(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    await client.post(THINGS, json=BODY, headers=key)
    other = {**key, "Authorization": "Bearer somebody-else"}
    answer = await client.post(THINGS, json={"name": "Trục"}, headers=other)
    assert answer.status_code == 201
    assert await names(database) == ["Bánh xe", "Trục"]


async def test_a_rival_under_the_same_key_is_refused_while_the_first_runs(
    app: FastAPI, client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    first = asyncio.create_task(client.post(f"{THINGS}/slow", json=BODY, headers=key))
    await app.state.gate.entered.wait()
    rival = await client.post(f"{THINGS}/slow", json=BODY, headers=key)
    assert (rival.status_code, rival.json()["code"]) == (409, "idempotency_key_in_use")
    assert rival.headers["Retry-After"]
    app.state.gate.open.set()
    assert (await first).status_code == 201
    late = await client.post(f"{THINGS}/slow", json=BODY, headers=key)
    assert late.json() == (await first).json()
    assert await names(database) == ["Bánh xe"]


async def test_of_many_at_once_one_does_the_work(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    answers = await asyncio.gather(*(client.post(THINGS, json=BODY, headers=key) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await names(database) == ["Bánh xe"]


async def test_a_commit_that_fails_answers_500_and_stores_nothing(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    answer = await client.post(THINGS, json={"name": "Doomed"}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "secret of the commit" not in answer.text
    assert await names(database) == []
    assert key["Idempotency-Key"] not in {name for _, name in await keys(database)}


async def test_a_constraint_that_speaks_at_commit_is_a_conflict(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    body = {"name": "Nan hoa", "part_of": str(uuid4())}
    answer = await client.post(THINGS, json=body, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "thing_part_of_fkey")
    assert await names(database) == []


@pytest.mark.parametrize("path", ["broken", "refused?kind=conflict", "answered"])
async def test_an_error_rolls_back_and_stores_no_answer(
    client: httpx.AsyncClient, database: Database, key: Key, path: str
) -> None:
    answer = await client.post(f"{THINGS}/{path}", json=BODY, headers=key)
    assert answer.status_code in (409, 500)
    assert await names(database) == []
    assert key["Idempotency-Key"] not in {name for _, name in await keys(database)}


async def test_a_retry_after_an_error_does_the_work(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    body = {"name": "Nan hoa", "part_of": str(uuid4())}
    assert (await client.post(THINGS, json=body, headers=key)).status_code == 409
    assert (await client.post(THINGS, json=BODY, headers=key)).status_code == 201
    assert await names(database) == ["Bánh xe"]


async def test_a_retry_of_a_run_shows_the_run_as_it_is_now(
    client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    first = await client.post(f"{THINGS}/runs", headers=key)
    assert (first.status_code, first.json()) == (202, {"state": "queued"})
    async with database.transaction(Actor.for_service()) as session:
        await (await session.connection()).execute(text("UPDATE run SET state = 'done'"))
    again = await client.post(f"{THINGS}/runs", headers=key)
    assert (again.status_code, again.json()) == (200, {"state": "done"})
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await client.post(f"{THINGS}/runs?", headers=key, json={})
    assert other.json()["code"] == "idempotency_key_reused"


async def test_stored_answers_are_sealed(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    await client.post(THINGS, json=BODY, headers=key)
    async with database.transaction(Actor.for_service()) as session:
        locked, row = await idempotency.lock_answer(session, "officer", key["Idempotency-Key"])
    assert locked
    assert row is not None
    assert row.answer is not None
    assert "Bánh xe".encode() not in row.answer
    assert b"201" not in row.answer


async def test_an_answer_sealed_under_another_key_is_not_worked_again(
    app: FastAPI, client: httpx.AsyncClient, database: Database, key: Key
) -> None:
    await client.post(THINGS, json=BODY, headers=key)
    app.state.answers = app.state.cursors
    again = await client.post(THINGS, json=BODY, headers=key)
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_answer_unreadable")


async def test_an_expired_key_is_forgotten(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    await client.post(THINGS, json=BODY, headers=key)
    async with database.transaction(Actor.for_service()) as session:
        expire = text("UPDATE idempotency SET expires_at = now() WHERE key = :key")
        await (await session.connection()).execute(expire, {"key": key["Idempotency-Key"]})
    answer = await client.post(THINGS, json={"name": "Trục"}, headers=key)
    assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)
    assert await names(database) == ["Bánh xe", "Trục"]


async def test_expired_keys_are_dropped(client: httpx.AsyncClient, database: Database, key: Key) -> None:
    await client.post(THINGS, json=BODY, headers=key)
    async with database.transaction(Actor.for_service()) as session:
        await (await session.connection()).execute(text("UPDATE idempotency SET expires_at = now()"))
    async with database.transaction(Actor.for_service()) as session:
        assert await idempotency.delete_expired_keys(session) > 0
    assert await keys(database) == []


async def test_who_gets_the_lock_sees_what_a_rival_stored_just_before(database: Database) -> None:
    """Also where the statement began before the rival's commit, as it may when both come at once."""
    waiting = text(
        "SELECT found.locked, found.request_digest"
        " FROM (SELECT length(pg_sleep(0.5)::text) AS nothing OFFSET 0) AS waited,"
        " LATERAL lock_answer(waited.nothing + 1, 'local', 'near') AS found"
    )

    async def lock_late() -> Any:
        async with database.transaction(Actor.for_command_line()) as session:
            return (await (await session.connection()).execute(waiting)).one()

    async with database.transaction(Actor.for_command_line()) as session:
        late = asyncio.create_task(lock_late())
        await asyncio.sleep(0.2)
        await idempotency.store_answer(session, "local", "near", b"d" * 32, master="m", answer=b"a")
    assert tuple(await late) == (True, b"d" * 32)


async def test_a_valid_answer_is_never_replaced(database: Database) -> None:
    async with database.transaction(Actor.for_command_line()) as session:
        await idempotency.store_answer(session, "local", "kept", b"d" * 32, master="m", answer=b"first")
    with pytest.raises(IntegrityError, match="idempotency_pkey"):
        async with database.transaction(Actor.for_command_line()) as session:
            await idempotency.store_answer(session, "local", "kept", b"e" * 32, master="m", answer=b"second")
    async with database.transaction(Actor.for_command_line()) as session:
        _, row = await idempotency.lock_answer(session, "local", "kept")
    assert row is not None
    assert row.answer == b"first"
