"""Every request can be found in the log and in the numbers, and nobody's data can."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from api.http.metrics import Metrics, MetricsServer
from api.http.request_log import configure_logging
from db.session import Database

THINGS = "/v1/things"
PERSON = "Nguyễn-Thử-Nghiệm"
Key = dict[str, str]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(stream)
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_request_has_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    ids = {(await client.get("/livez")).headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-1.2_3", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ('"', False)],
)
async def test_a_well_formed_id_is_kept(client: httpx.AsyncClient, given: str, kept: bool) -> None:
    answer = await client.get("/livez", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is kept


async def test_a_line_says_what_was_asked_and_how_it_went(
    client: httpx.AsyncClient, log: io.StringIO
) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await client.get(THINGS, headers={"X-Request-ID": "mine", "traceparent": trace})
    (line,) = lines(log)
    assert line.pop("milliseconds") > 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "daibieu.api",
        "method": "GET",
        "operation": "list_things",
        "parent_id": "b7ad6b7169203331",
        "request_id": "mine",
        "status": 200,
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }


@pytest.mark.parametrize("trace", ["", "00-xyz", "00-" + "0" * 31 + "-" + "1" * 16 + "-01"])
async def test_a_malformed_trace_is_left_out(client: httpx.AsyncClient, log: io.StringIO, trace: str) -> None:
    await client.get("/livez", headers={"traceparent": trace})
    assert "trace_id" not in lines(log)[0]


async def test_a_failure_is_logged_without_what_was_sent(
    client: httpx.AsyncClient, log: io.StringIO, key: Key
) -> None:
    answer = await client.post(f"{THINGS}/broken", json={"name": PERSON}, headers=key)
    failed, request = lines(log)
    assert (failed["event"], failed["level"], failed["error"]) == ("failed", "error", "RuntimeError")
    assert failed["request_id"] == request["request_id"] == answer.headers["X-Request-ID"]
    assert any(frame.startswith("machinery/things.py:") for frame in failed["frames"])
    assert PERSON not in log.getvalue()


async def test_no_log_line_holds_personal_data(client: httpx.AsyncClient, log: io.StringIO, key: Key) -> None:
    await client.post(THINGS, json={"name": PERSON}, headers=key)
    await client.post(THINGS, json={"name": PERSON}, headers={"Idempotency-Key": "two"})
    await client.post(THINGS, json={"name": "Doomed"}, headers={"Idempotency-Key": "three"})
    await client.get(f"{THINGS}/{PERSON}")
    await client.get(THINGS, params={"odd": PERSON})
    await client.get(f"/v1/{PERSON}")
    for told in (PERSON, "secret of the commit", "officer", "127.0.0.1", "Bearer"):
        assert told not in log.getvalue()
    assert [line["status"] for line in lines(log) if line["event"] == "request"] == [
        201,
        409,
        500,
        404,
        400,
        404,
    ]
    (failed,) = [line for line in lines(log) if line["event"] == "failed"]
    assert failed["sqlstate"] == "XX001"


async def test_every_answer_carries_the_headers_of_safety(client: httpx.AsyncClient, key: Key) -> None:
    failed = await client.post(f"{THINGS}/broken", json={"name": "x"}, headers=key)
    for answer in (await client.get(THINGS), await client.get("/v1/nothing"), failed):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_only_named_origins_are_let_in(client: httpx.AsyncClient) -> None:
    named = await client.get(THINGS, headers={"Origin": "https://web.example"})
    other = await client.get(THINGS, headers={"Origin": "https://other.example"})
    assert named.headers["Access-Control-Allow-Origin"] == "https://web.example"
    assert "ETag" in named.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in other.headers


async def test_the_numbers_stand_on_a_port_of_their_own(app: FastAPI, client: httpx.AsyncClient) -> None:
    await client.get(THINGS)
    await client.get("/v1/nothing")
    await client.request("BREW", THINGS)
    server = MetricsServer(app.state.metrics, "127.0.0.1", 0)
    try:
        async with httpx.AsyncClient() as scraper:
            text = (await scraper.get(f"http://127.0.0.1:{server.port}/metrics")).text
    finally:
        server.close()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    counted = [
        (sample.labels["method"], sample.labels["operation"], sample.labels["status"], sample.value)
        for sample in families["daibieu_http_requests"].samples
        if sample.name.endswith("_total")
    ]
    assert ("GET", "list_things", "200", 1.0) in counted
    assert ("GET", "none", "404", 1.0) in counted
    assert [count[0] for count in counted if count[2] == "405"] == ["other"]
    assert families["daibieu_http_requests_in_progress"].samples[0].value == 0


def test_each_application_counts_for_itself() -> None:
    one, other = Metrics(), Metrics()
    one.record_start()
    assert other.registry.get_sample_value("daibieu_http_requests_in_progress") == 0


async def test_it_is_ready_when_the_database_is_migrated(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = (await client.get("/readyz")).json()
    assert (ready["status"], ready["workers"]) == ("ok", False)
    assert ready["runs_waiting"] >= 0
    monkeypatch.setattr("api.health._read_migration_head", lambda: "another")
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_not_migrated")
    assert answer.headers["Retry-After"]
