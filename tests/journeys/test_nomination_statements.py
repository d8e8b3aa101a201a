"""How many statements each act on a nomination sends: what is loaded once is not read again."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from db.session import Database
from tests.client import Client
from tests.journeys.scenes import Prepare, Scene
from tests.journeys.soc_trang import load
from tests.journeys.steps import (
    Json,
    act_on_nomination,
    document,
    draft_nomination,
    nominee,
    person,
    receive_quota,
    submit_nominee,
)

Act = Callable[[Client, Json, httpx.Response], Awaitable[httpx.Response]]

COUNTS = {
    "nominate": 12,
    "change": 21,
    "submit": 11,
    "accept": 17,
    "return": 17,
    "withdraw": 14,
    "read_nomination": 10,
    "check_composition": 19,
}
"""Act → statements, for an actor whose reach is the whole service.

No target of the unit counts what is sealed; of the whole conference some do. Setting the actor and locking
the idempotency key are counted, BEGIN and COMMIT are not.
"""


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    """The congress with one nominee of a unit submitted."""
    return load_with_nominee


async def load_with_nominee(client: Client) -> Json:
    congress = await load(client)
    unit = congress["units"]["so-noi-vu"]
    quota = {"unit": unit, "group": "dien-hinh", "seats": 3, "document": document("1")}
    await receive_quota(client, congress, quota)
    await submit_nominee(client, congress, unit)
    return {**congress, "unit": unit}


@contextmanager
def record_statements(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*args: Any) -> None:
        sent.append(args[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def nominate(client: Client, congress: Json, _: httpx.Response) -> httpx.Response:
    """Somebody new, with an attribute in the open and a sealed one."""
    stated = person(ethnicity="02", gender="female")
    return await draft_nomination(client, congress, congress["unit"], person=stated)


async def change(client: Client, congress: Json, draft: httpx.Response) -> httpx.Response:
    """The person and the nomination."""
    body = nominee(congress["unit"], person=person(gender="male"))
    del body["unit"]
    return await client.put(f"/v1/nominations/{draft.json()['id']}", body, draft.headers["ETag"])


async def submit(client: Client, _: Json, draft: httpx.Response) -> httpx.Response:
    return await act_on_nomination(client, draft, "submission")


async def accept(client: Client, _: Json, submitted: httpx.Response) -> httpx.Response:
    return await act_on_nomination(client, submitted, "acceptance")


async def send_back(client: Client, _: Json, accepted: httpx.Response) -> httpx.Response:
    return await act_on_nomination(client, accepted, "return", reason="Bổ sung tóm tắt thành tích")


async def withdraw(client: Client, _: Json, returned: httpx.Response) -> httpx.Response:
    return await act_on_nomination(client, returned, "withdrawal", reason="Rút tên")


async def read_nomination(client: Client, _: Json, draft: httpx.Response) -> httpx.Response:
    return await client.get(f"/v1/nominations/{draft.json()['id']}")


async def check_composition(client: Client, congress: Json, _: httpx.Response) -> httpx.Response:
    return await client.get(f"/v1/conferences/{congress['id']}/composition")


STEPS: dict[str, tuple[Act, ...]] = {
    "nominate": (nominate,),
    "change": (nominate, change),
    "submit": (nominate, submit),
    "accept": (nominate, submit, accept),
    "return": (nominate, submit, accept, send_back),
    "withdraw": (nominate, submit, accept, send_back, withdraw),
    "read_nomination": (nominate, read_nomination),
    "check_composition": (nominate, check_composition),
}
"""Act → the acts that lead to it, and itself; each takes the answer of the one before."""


@pytest.mark.parametrize("act", STEPS)
async def test_an_act_sends_so_many_statements(
    client: Client, database: Database, scene: Scene, act: str
) -> None:
    answer = httpx.Response(200)
    *before, last = STEPS[act]
    for step in before:
        answer = await step(client, scene.facts, answer)
    with record_statements(database) as sent:
        await last(client, scene.facts, answer)
    assert len(sent) == COUNTS[act], "\n".join(sent)
