"""What every answer carries, whose pages may read it, and in which form it can be had."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message

from api.app import create_app
from api.http.negotiation import choose_offer
from db.session import Database
from service.settings import SettingError, Settings
from service.vaults import Vault
from tests.api.machinery.test_document import served
from tests.api.machinery.test_problems import check
from tests.api.machinery.things import identify, router

THINGS = "/v1/things"
WEB = "https://web.example"
Key = dict[str, str]


@asynccontextmanager
async def connected(
    database: Database, settings: Settings, **transport: object
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service under other settings."""
    app = create_app(settings, database, Vault(bytes(32)), identify, routers=[router])
    headers = {"Authorization": "Bearer officer"}
    way = httpx.ASGITransport(app, **transport)  # type: ignore[arg-type]  # as they are given
    async with httpx.AsyncClient(transport=way, base_url="http://test", headers=headers) as client:
        yield client


def guarded(headers: Mapping[str, str]) -> None:
    """Every header of safety is there."""
    policy = {each.partition(" ")[0] for each in headers["Content-Security-Policy"].split("; ")}
    assert {"default-src", "base-uri", "form-action", "frame-ancestors"} == policy
    assert headers["Content-Security-Policy"].count("'none'") == 4
    wanted = {
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert {name: headers.get(name) for name in wanted} == wanted


async def test_every_answer_is_guarded_whoever_makes_it(client: httpx.AsyncClient, key: Key) -> None:
    preflight = {"Origin": WEB, "Access-Control-Request-Method": "GET"}
    large = {"Content-Type": "application/json"}
    answers = {
        200: await client.get(THINGS),
        201: await client.post(THINGS, json={"name": "x"}, headers=key),
        400: await client.get(THINGS, params={"odd": "1"}),
        401: await client.get(THINGS, headers={"Authorization": ""}),
        404: await client.get("/nothing"),
        405: await client.delete(THINGS),
        406: await client.get(THINGS, headers={"Accept": "image/png"}),
        413: await client.post(f"{THINGS}/totals", content=bytes(11 * 2**20), headers=large),
        422: await client.post(THINGS, json={"name": 1}, headers={"Idempotency-Key": "wrong"}),
        500: await client.post(f"{THINGS}/broken", json={"name": "y"}, headers={"Idempotency-Key": "broken"}),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {
        each: each for each in answers
    }
    others = [
        await client.get("/livez"),
        await client.get("/openapi.json"),
        await client.head(THINGS),
        await client.options(THINGS, headers=preflight),
        await client.options(THINGS, headers={**preflight, "Origin": "https://other.example"}),
    ]
    for answer in (*answers.values(), *others):
        guarded(answer.headers)


async def test_https_is_asked_for_where_it_is_spoken(database: Database) -> None:
    behind = Settings(trusted_proxies=("127.0.0.1",))
    spoken = {"X-Forwarded-Proto": "https"}
    async with connected(database, behind) as client:
        assert (await client.get("/livez", headers=spoken)).headers[
            "Strict-Transport-Security"
        ] == "max-age=31536000"
        assert "Strict-Transport-Security" not in (await client.get("/livez")).headers
    async with connected(database, Settings()) as client:
        answer = await client.get("/livez", headers=spoken)
        assert "Strict-Transport-Security" not in answer.headers, "said by somebody who is no proxy of ours"


# --- whose pages may read


async def test_no_origin_is_let_in_unless_it_is_named(database: Database) -> None:
    async with connected(database, Settings()) as client:
        asked = await client.get(THINGS, headers={"Origin": WEB})
        before = {"Origin": WEB, "Access-Control-Request-Method": "GET"}
        preflight = await client.options(THINGS, headers=before)
    assert asked.status_code == 200
    assert not [name for name in (*asked.headers, *preflight.headers) if name.startswith("access-control")]
    check(preflight, 405, "method_not_allowed")


async def test_a_preflight_lets_the_named_origin_do_what_clients_do(client: httpx.AsyncClient) -> None:
    asked = {
        "Origin": WEB,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, if-match, prefer",
    }
    answer = await client.options(THINGS, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == WEB
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    taken = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "if-match", "idempotency-key", "traceparent", "x-request-id"} <= taken
    assert "Access-Control-Allow-Credentials" not in answer.headers, "there are no cookies to send"
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": "https://web.example.evil.example"},
        {"Origin": "http://web.example"},
        {"Origin": "https://web.example:8443"},
        {"Origin": "null"},
        {"Access-Control-Request-Method": "TRACE"},
        {"Access-Control-Request-Headers": "x-odd"},
    ],
)
async def test_a_preflight_of_anything_else_is_refused(client: httpx.AsyncClient, changed: Key) -> None:
    asked = {"Origin": WEB, "Access-Control-Request-Method": "GET", **changed}
    answer = await client.options(THINGS, headers=asked)
    assert answer.status_code == 400
    assert answer.headers.get("Access-Control-Allow-Origin") in (None, WEB)
    if "Origin" in changed:
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_pages_may_read_what_they_go_on_from_failures_included(
    client: httpx.AsyncClient, key: Key
) -> None:
    failed = await client.post(f"{THINGS}/broken", json={"name": "x"}, headers={**key, "Origin": WEB})
    assert failed.status_code == 500
    assert failed.headers["Access-Control-Allow-Origin"] == WEB
    shown = set(failed.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Location", "Link", "Retry-After", "X-Request-ID", "Idempotency-Replayed"} <= shown


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "web.example",
        "https://*.example",
        "https://web.example/",
        "https://web.example/app",
        "https://web.example?x",
        "https://user@web.example",
        "https://WEB.example",
        "http://web.example",
        "ftp://web.example",
        "https://web.example,https://other.example",
    ],
)
def test_an_origin_is_a_scheme_and_a_host(origin: str) -> None:
    with pytest.raises(SettingError, match="DAIBIEU_CORS_ORIGINS"):
        Settings.read({"DAIBIEU_CORS_ORIGINS": f"https://web.example {origin}"})


def test_origins_stand_apart_by_spaces() -> None:
    told = "https://web.example  http://localhost:5173 https://[2001:db8::1]:8443"
    assert Settings.read({"DAIBIEU_CORS_ORIGINS": told}).cors_origins == tuple(told.split())


# --- HEAD


async def test_head_is_get_without_the_content(app: FastAPI, key: Key) -> None:
    """Over a socket: a server that is told of GET would wait for the content."""
    async with served(app) as address, httpx.AsyncClient(base_url=address) as client:
        client.headers["Authorization"] = "Bearer officer"
        made = await client.post(THINGS, json={"name": "x"}, headers=key)
        for path in (THINGS, made.headers["Location"], "/livez", "/v1/nothing"):
            got, headed = await client.get(path), await client.head(path)
            assert headed.content == b""
            assert headed.status_code == got.status_code
            same = ("content-type", "content-length", "etag")
            assert [headed.headers.get(each) for each in same] == [got.headers.get(each) for each in same]


async def test_no_server_has_to_drop_the_content_of_a_head(app: FastAPI) -> None:
    scope = {"type": "http", "method": "HEAD", "scheme": "http", "path": "/livez", "raw_path": b"/livez"}
    more: dict[str, object] = {
        "query_string": b"",
        "headers": [],
        "client": None,
        "server": None,
        "http_version": "1.1",
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({**scope, **more}, receive, send)
    assert sent[0]["status"] == 200
    assert {message.get("body", b"") for message in sent} == {b""}


async def test_head_is_refused_where_get_is(client: httpx.AsyncClient) -> None:
    answer = await client.head(THINGS, headers={"Authorization": ""})
    assert (answer.status_code, answer.content) == (401, b"")


async def test_head_stands_in_the_numbers_as_what_it_was(app: FastAPI, client: httpx.AsyncClient) -> None:
    await client.head(THINGS)
    asked = {"method": "HEAD", "operation": "list_things", "status": "200"}
    assert app.state.metrics.registry.get_sample_value("daibieu_http_requests_total", asked) == 1


# --- forms


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", "a/json"),
        ("*/*", "a/json"),
        ("a/*", "a/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv, a/json", "text/csv"),
        ("text/csv;q=0.5, a/json", "a/json"),
        ("text/csv, */*", "text/csv"),
        ("a/json, text/plain, */*", "a/json"),
        ("text/csv;q=0.1, */*;q=0.2", "a/json"),
        ("*/*;q=0, text/csv", "text/csv"),
        ("a/json;q=0, */*", "text/csv"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("a/json;q=0.000, text/csv; q=0", None),
        ("nonsense", "a/json"),
        ("text/csv;charset=utf-8;q=1", "text/csv"),
        ("text/csv;q=9", "text/csv"),
        (", ".join(["image/png"] * 1000) + ", text/csv", None),
    ],
)
def test_the_form_is_the_one_that_the_caller_wants_most(accept: str, found: str | None) -> None:
    assert choose_offer(accept, ("a/json", "text/csv")) == found


async def test_what_cannot_be_had_is_answered_with_what_can(client: httpx.AsyncClient, key: Key) -> None:
    problem = check(await client.get(THINGS, headers={"Accept": "application/xml"}), 406, "not_acceptable")
    assert problem["params"] == {"offered": "application/json"}
    check(
        await client.post(THINGS, json={"name": "x"}, headers={**key, "Accept": "text/csv"}),
        406,
        "not_acceptable",
    )
    assert (await client.get(THINGS)).json()["items"] == [], "nothing was done"


async def test_who_is_unknown_is_told_so_before_the_form(client: httpx.AsyncClient) -> None:
    answer = await client.get(THINGS, headers={"Accept": "image/png", "Authorization": ""})
    check(answer, 401, "unauthenticated")


async def test_many_ranges_cost_little(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        for sign in (",", ";", "*/*;", "a/b;q=", " "):
            await client.get(THINGS, headers={"Accept": sign * 5_000})
