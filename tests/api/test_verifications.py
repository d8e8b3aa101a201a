"""A certificate from anybody: read and verified in a process, refused when it would take too long."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI

from service.formats.fault_limits import MOST_FAULTS
from tests.api.bad_input.sending import problem, send
from tests.api.machinery.test_document import served
from tests.client import Client
from tests.domain.apportionment.test_bombs import weighed
from tests.domain.verification.test_work import in_steps
from tests.local_service import eventually

PATH = "/v1/verifications"


def build_lost_seats(units: int) -> dict[str, Any]:
    """Every unit has fewer seats than its floor."""
    paper = weighed(units, 5)
    for row in paper["units"]:
        row["floor"] = 2
    return paper


@pytest.mark.parametrize("units", [3, MOST_FAULTS, 5_000])
async def test_a_hundred_faults_are_told_and_how_many_more_there_are(client: Client, units: int) -> None:
    answer = (await client.post(PATH, build_lost_seats(units), 200)).json()
    assert answer["proven"] is False
    assert len(answer["findings"]) == min(units, MOST_FAULTS)
    assert answer["more_findings"] == max(0, units - MOST_FAULTS)
    assert {each["code"] for each in answer["findings"]} == {"certificate_bound_broken"}


async def test_too_much_work_is_refused(client: Client) -> None:
    answer = await send(client, PATH, in_steps(1_000, 31, 30))
    told = problem(answer, 422, "certificate_too_large")
    assert told["params"]["steps"] > told["params"]["limit"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"[1, 2]", 422, "invalid_body"),
        (b'"text"', 422, "invalid_body"),
        (b'{"format": 1.5}', 422, "invalid_body"),
        (b'{"format": ', 400, "json_syntax"),
        (b"\xff", 400, "not_utf8"),
        (b"", 422, "invalid_body"),
        (b"{" + b'"a":[' + b"0," * 700_000 + b"0]}", 422, "json_too_many_values"),
    ],
)
async def test_what_is_no_certificate_is_refused_as_elsewhere(
    client: Client, content: bytes, status: int, code: str
) -> None:
    problem(await send(client, PATH, content), status, code)


async def test_a_client_that_leaves_ends_the_work(app: FastAPI) -> None:
    paper = in_steps(9_400, 31, 1)  # some seconds
    content = json.dumps(paper).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    pool = app.state.verifications
    async with served(app) as address:
        host, port = address.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        await writer.drain()
        assert await asyncio.to_thread(eventually, lambda: pool.busy == 1)
        writer.close()
        await writer.wait_closed()
        assert await asyncio.to_thread(eventually, lambda: pool.busy == 0, 2)
