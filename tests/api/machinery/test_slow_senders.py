"""Clients that send slowly, or only half of a request: they cost little, and not for long."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.connections import ConnectionLimit
from api.http.limits import BodyLimit, set_body_limit
from api.http.problems import Problem, respond_with_problem
from tests.local_service import eventually


class _Impatient(ConnectionLimit):
    head_seconds = 0.5


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    """The application behind a real server that waits half a second for a head; its port."""
    config = uvicorn.Config(app, http=_Impatient, log_config=None, lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await serving


async def read_anonymously(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length of the content, which counts for all anonymous requests."""
    request = Request(scope, receive)
    set_body_limit(request, 1_000, anonymous=True)
    try:
        length = len(await request.body())
    except Problem as problem:
        await respond_with_problem(request, problem)(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
    await send({"type": "http.response.body", "body": f"{length:4}".encode()})


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


Connect = Callable[..., Awaitable[Connection]]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens connections, and closes them at the end."""
    opened: list[asyncio.StreamWriter] = []

    async def open_one(port: int, sent: bytes = b"") -> Connection:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(writer)
        writer.write(sent)
        await writer.drain()
        return reader, writer

    yield open_one
    for writer in opened:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def build_request(declared: int, sent: int = 0) -> bytes:
    return f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {declared}\r\n\r\n".encode() + b"x" * sent


async def trickle(writer: asyncio.StreamWriter, reader: asyncio.StreamReader, each: bytes) -> float:
    """Send a little again and again until the server closes the connection; the seconds until then."""
    began = time.monotonic()
    while not reader.at_eof() and time.monotonic() - began < 10:
        try:
            writer.write(each)
            await writer.drain()
            await asyncio.wait_for(reader.read(), 0.1)
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


async def test_a_head_that_does_not_come_to_its_end_is_not_waited_for(connect: Connect) -> None:
    async with served(BodyLimit(read_anonymously)) as port:
        for begun in (b"", b"POST / HTTP/1.1\r\n"):
            reader, writer = await connect(port, begun)
            assert 0.3 < await trickle(writer, reader, b"a: b\r\n" if begun else b"") < 5


async def test_a_second_head_is_not_waited_for_longer(connect: Connect) -> None:
    """The server's own limit for a connection without work begins again with each byte."""
    async with served(BodyLimit(read_anonymously)) as port:
        reader, writer = await connect(port, build_request(3, 3))
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(4)
        assert 0.3 < await trickle(writer, reader, b"a") < 5


async def test_the_content_of_a_refused_request_is_not_dropped_for_ever(connect: Connect) -> None:
    async with served(BodyLimit(read_anonymously)) as port:
        reader, writer = await connect(port, build_request(2_000, 100))
        assert b" 413 " in await reader.readuntil(b"\r\n\r\n")
        assert 0.3 < await trickle(writer, reader, b"a") < 5


async def test_a_request_that_is_answered_late_is_waited_for(connect: Connect) -> None:
    """The limit is for the head: the content may take its own time."""
    async with served(BodyLimit(read_anonymously)) as port:
        reader, writer = await connect(port, build_request(3, 1))
        await asyncio.sleep(1)
        writer.write(b"xx")
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        writer.close()


async def test_content_that_comes_too_slowly_is_not_waited_for(connect: Connect) -> None:
    async with served(BodyLimit(read_anonymously, grace=0.5)) as port:
        reader, writer = await connect(port, build_request(900, 1))
        began = time.monotonic()
        while time.monotonic() - began < 0.4:
            writer.write(b"x")
            await asyncio.sleep(0.05)
        answer = await asyncio.wait_for(reader.read(), 5)
        assert b" 408 " in answer.partition(b"\r\n")[0]
        assert b"body_too_slow" in answer


async def test_unfinished_anonymous_content_has_a_limit_in_all(connect: Connect) -> None:
    limit = BodyLimit(read_anonymously, shared=2_500)
    async with served(limit) as port:
        held = [await connect(port, build_request(1_000, 999)) for _ in range(2)]
        assert await asyncio.to_thread(eventually, lambda: limit.left == 502)  # both have arrived
        reader, _ = await connect(port, build_request(1_000, 999))
        answer = await asyncio.wait_for(reader.read(), 5)
        assert b" 503 " in answer.partition(b"\r\n")[0]
        assert b"retry-after: 5" in answer.lower()
        assert b"too_busy" in answer
        held[0][1].close()
        assert await asyncio.to_thread(eventually, lambda: limit.left > 1_500)  # that one is given back
        reader, _ = await connect(port, build_request(1_000, 1_000))
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        held[1][1].write(b"x")
        assert b" 200 " in await held[1][0].readuntil(b"\r\n\r\n")
    assert limit.left == 2_500
