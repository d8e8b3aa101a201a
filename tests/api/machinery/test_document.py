"""The document says what the service does: nothing answered that it does not name, nothing that fails."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI

from api.app import create_app
from api.http.limits import BODY_LIMIT
from api.http.openapi import format_document
from api.http.routes import Route, Router
from db.session import Database
from service.settings import Settings
from service.vaults import Vault
from tests.api.generated_requests import list_generated, send_generated
from tests.api.machinery.things import identify
from tests.documents import read_operations


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real server; its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


def operations(app: FastAPI) -> dict[str, dict[str, Any]]:
    paths = read_operations(app.openapi()).values()
    return {operation["operationId"]: operation for path in paths for operation in path.values()}


def statuses(operation: dict[str, Any]) -> set[int]:
    return {int(status) for status in operation["responses"]}


def test_every_operation_is_named_and_declares_its_access(app: FastAPI) -> None:
    assert operations(app)["create_thing"]["x-access"] == "units:write"
    assert operations(app)["livez"]["x-access"] == "public"
    assert all(operation["x-access"] and operation["summary"] for operation in operations(app).values())


def test_a_route_without_access_cannot_be_made() -> None:
    router = Router()
    with pytest.raises(TypeError, match="declares no access"):

        @router.get("/open")
        async def left_open() -> None: ...

    with pytest.raises(TypeError, match="declares no access"):
        router.add_api_route("/open", lambda: None)
    with pytest.raises(TypeError, match="declares no access"):
        APIRouter(route_class=Route).get("/open")(lambda: None)


def test_a_route_of_another_class_does_not_get_into_the_document(database: Database) -> None:
    other = Router()
    other.route_class = APIRouter().route_class
    other.add_api_route("/open", lambda: None)
    app = create_app(Settings(), database, Vault(bytes(32)), identify, routers=[other])
    with pytest.raises(TypeError, match="declares no access"):
        app.openapi()


def test_the_statuses_of_an_operation_follow_from_what_it_is(app: FastAPI) -> None:
    usual = {400, 401, 403, 404, 406, 429, 500, 503}
    assert statuses(operations(app)["list_things"]) == usual | {200}
    assert statuses(operations(app)["read_thing"]) == usual | {200, 304}
    assert statuses(operations(app)["create_thing"]) == usual | {201, 408, 409, 413, 415, 422}
    assert statuses(operations(app)["replace_thing"]) == usual | {200, 408, 409, 412, 413, 415, 422, 428}
    assert statuses(operations(app)["total"]) == {200, 400, 401, 403, 406, 408, 413, 415, 422, 429, 500, 503}
    assert statuses(operations(app)["livez"]) == {200, 400, 406, 500}


def test_every_problem_has_its_schema(app: FastAPI) -> None:
    document = app.openapi()
    for operation in operations(app).values():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                (media,) = response["content"]
                assert media == "application/problem+json"
                assert response["content"][media]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in json.dumps(document)


def test_required_headers_are_said(app: FastAPI) -> None:
    def required(name: str) -> set[str]:
        return {item["name"] for item in operations(app)[name]["parameters"] if item["required"]}

    assert "Idempotency-Key" in required("create_thing")
    assert "If-Match" in required("replace_thing")
    assert "parameters" not in operations(app)["total"]


def test_a_file_is_said_to_be_one(app: FastAPI) -> None:
    content = operations(app)["read_file"]["requestBody"]["content"]
    file = {"type": "string", "format": "binary"}
    assert content.keys() == {"text/csv", "application/octet-stream", "multipart/form-data"}
    assert content["text/csv"]["schema"] == content["application/octet-stream"]["schema"] == file
    assert content["multipart/form-data"]["schema"]["properties"] == {"file": file}


def test_the_document_is_written_the_same_each_time(app: FastAPI, database: Database) -> None:
    again = create_app(Settings(), database, Vault(bytes(32)), identify, routers=[])
    empty = create_app(Settings(), database, Vault(bytes(32)), identify, routers=[])
    assert format_document(again) == format_document(empty)
    assert json.loads(format_document(app)) == app.openapi()


async def test_no_page_loads_scripts_from_elsewhere(client: httpx.AsyncClient) -> None:
    for page in ("/docs", "/redoc"):
        assert (await client.get(page)).status_code == 404
    assert (await client.get("/openapi.json")).json()["openapi"].startswith("3.1")


async def test_a_client_that_sends_far_too_much_is_answered_and_served_on(app: FastAPI) -> None:
    content = bytes(100 * 1024 * 1024)
    headers = {"Authorization": "Bearer officer", "Content-Type": "application/json"}

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, 4 * BODY_LIMIT, 1 << 20):
            yield content[start : start + (1 << 20)]

    async with served(app) as address, httpx.AsyncClient(base_url=address, headers=headers) as client:
        for sent in (content, chunks()):
            answer = await client.post("/v1/things/totals", content=sent)
            assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
            assert (await client.get("/livez")).status_code == 200


@pytest.mark.slow
async def test_no_request_fails_or_is_answered_with_what_is_not_documented(app: FastAPI) -> None:
    """Whatever is sent; with the checks for undocumented statuses, types, headers and bodies."""
    app.state.gate.open.set()
    async with served(app) as address:
        await asyncio.to_thread(attack, app.openapi(), address)


def attack(document: dict[str, Any], address: str) -> None:
    left_out = {"write_slyly", "break_thing", "answer_refusal"}  # they are there to fail
    for operation in list_generated(document):
        if operation.definition.raw["operationId"] not in left_out:
            send_generated(operation, address, examples=8, headers={"Authorization": "Bearer officer"})
