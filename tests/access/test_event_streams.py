"""Event streams, from a real server: each event once, in order, and no longer than its reader may read."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.cli.serving import ServiceServer
from api.http.event_streams import MOST_OF_CALLER
from api.http.identity import build_identify
from db.session import Database
from domain.access import Role
from service.vaults import Vault
from tests.access.keyring import bearer, issue_test_key
from tests.access.world import A
from tests.conftest import SETTINGS
from tests.journeys.scenes import Scene
from tests.journeys.steps import Json

HOUSE = "/v1/events?chain=house"
STREAM = {"Accept": "text/event-stream"}

_days = count(1)


@asynccontextmanager
async def serve(database: Database, port: int = 0, **pace: float) -> AsyncIterator[httpx.AsyncClient]:
    """The service behind a real server, whose streams are woken after fractions of a second."""
    app = create_app(SETTINGS, database, Vault(bytes(range(32))), build_identify(SETTINGS))
    for name, seconds in {"pause": 0.05, "heartbeat": 0.4, **pace}.items():
        setattr(app.state.event_streams, name, seconds)
    config = uvicorn.Config(app, log_config=None, lifespan="off", access_log=False)
    server = ServiceServer(config, app.state.event_streams, app.state.stopping)
    with socket.create_server(("127.0.0.1", port)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=url, timeout=10) as http:
                yield http
                server.should_exit = True
                await asyncio.wait_for(asyncio.shield(serving), 5)
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def council(database: Database, scene: Scene) -> str:
    """A key of the province's council."""
    return await issue_test_key(database, Role.STANDING_COUNCIL, scene.facts["units"]["tinh"], A)


async def rename_unit(http: httpx.AsyncClient, council: str, unit: str) -> None:
    """An act that everybody near the unit is told of."""
    path = f"/v1/units/{unit}"
    read = await http.get(path, headers=bearer(council))
    day = next(_days)
    body = {"name": f"Đơn vị {day}", "first": f"{2031 + day // 28}-01-{1 + day % 28:02}"}
    headers = {**bearer(council), "If-Match": read.headers["ETag"]}
    answer = await http.post(f"{path}/names", json=body, headers=headers)
    assert answer.status_code < 300, answer.text


async def read_stream(http: httpx.AsyncClient, key: str, query: str = HOUSE, **headers: str) -> Any:
    """The events of a stream, each as (id, name, data), until it ends."""
    async with http.stream("GET", query, headers={**bearer(key), **STREAM, **headers}) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        held: Json = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line:
                held[name] = value
                continue
            if "event" in held:
                yield held.get("id"), held["event"], json.loads(held["data"])
            held = {}


async def collect(stream: Any, most: int) -> list[Any]:
    found = []
    async for each in stream:
        found.append(each)
        if len(found) == most:
            break
    await stream.aclose()
    return found


async def test_a_stream_and_a_poller_see_each_event_once_through_a_restart(
    database: Database, scene: Scene, council: str
) -> None:
    unit = scene.facts["units"]["xa-hai"]
    async with serve(database) as http:
        begin = (await http.get(HOUSE, headers=bearer(council))).json()["after"]
        query = f"{HOUSE}&after={begin}"
        first = asyncio.create_task(collect(read_stream(http, council, query), 3))
        for _ in range(3):
            await rename_unit(http, council, unit)
        seen = await asyncio.wait_for(first, 10)
    async with serve(database) as http:
        for _ in range(3):
            await rename_unit(http, council, unit)
        again = {"Last-Event-ID": seen[-1][0]}
        seen += await asyncio.wait_for(collect(read_stream(http, council, HOUSE, **again), 3), 10)
        polled = (await http.get(query, headers=bearer(council))).json()["events"]
    assert [data for _, _, data in seen] == polled
    assert [(int(n), name) for n, name, _ in seen] == [(each["n"], "unit_renamed") for each in polled]
    assert len(polled) == 6


async def test_a_stream_ends_with_the_key_of_its_reader(
    database: Database, scene: Scene, council: str
) -> None:
    unit = scene.facts["units"]["xa-hai"]
    async with serve(database) as http:
        whom = {"subject": "nguoi-doc", "name": "Người thử nghiệm", "role": "unit_officer", "source": "x"}
        body = {**whom, "purpose": "x", "unit": unit, "congress": A}
        made = await http.post("/v1/service_keys", json=body, headers=bearer(council))
        reading = asyncio.create_task(collect(read_stream(http, made.json()["key"]), 1_000))
        await asyncio.sleep(0.2)
        assert not reading.done()
        headers = {**bearer(council), "If-Match": made.headers["ETag"]}
        path = f"/v1/service_keys/{made.json()['id']}/revocation"
        assert (await http.post(path, json={"reason": "x"}, headers=headers)).status_code < 300
        seen = await asyncio.wait_for(reading, 5)
    assert seen[-1][1:] == ("end", {"code": "credential_wrong"})


async def test_the_end_of_the_service_ends_its_streams(database: Database, council: str) -> None:
    async with serve(database, heartbeat=60.0) as http:
        reading = asyncio.create_task(collect(read_stream(http, council), 1_000))
        await asyncio.sleep(0.3)
        began = monotonic()
    await asyncio.wait_for(reading, 5)
    assert monotonic() - began < 5


async def test_a_silent_stream_shows_that_it_lives(database: Database, council: str) -> None:
    async with serve(database, heartbeat=0.1) as http:
        after = (await http.get(HOUSE, headers=bearer(council))).json()["after"]
        headers = {**bearer(council), **STREAM}
        async with http.stream("GET", f"{HOUSE}&after={after}", headers=headers) as answer:
            lines = answer.aiter_lines()
            found = [await asyncio.wait_for(anext(lines), 5) for _ in range(12)]
    assert found.count(": nothing new") >= 3
    assert f"id: {after}" in found


async def test_a_stream_ends_after_its_time(database: Database, council: str) -> None:
    async with serve(database, heartbeat=0.1, seconds=0.3) as http:
        await asyncio.wait_for(collect(read_stream(http, council), 1_000), 5)


async def test_a_caller_has_a_few_streams_at_a_time(database: Database, council: str) -> None:
    async with serve(database) as http:
        reading = [
            asyncio.create_task(collect(read_stream(http, council), 1_000)) for _ in range(MOST_OF_CALLER)
        ]
        await asyncio.sleep(0.5)
        refused = await http.get(HOUSE, headers={**bearer(council), **STREAM})
        assert (refused.status_code, refused.json()["code"]) == (429, "streams_too_many")
        reading[0].cancel()
        await asyncio.sleep(0.5)
        after = {"Last-Event-ID": "999999"}
        more = asyncio.create_task(collect(read_stream(http, council, **after), 1_000))
        await asyncio.sleep(0.2)
        assert not more.done(), "a closed stream makes room"
    await asyncio.gather(*reading, more, return_exceptions=True)


async def test_of_a_stream_nobody_reads_only_the_head_is_sent(database: Database, council: str) -> None:
    async with serve(database) as http:
        answer = await asyncio.wait_for(http.head(HOUSE, headers={**bearer(council), **STREAM}), 5)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")


async def test_a_stream_of_nothing_is_a_problem(database: Database, council: str) -> None:
    async with serve(database) as http:
        query = f"/v1/events?chain={uuid4()}"
        answer = await http.get(
            query, headers={**bearer(council), "Accept": f"{STREAM['Accept']}, */*;q=0.1"}
        )
    assert (answer.status_code, answer.json()["code"]) == (404, "plan_not_found")
