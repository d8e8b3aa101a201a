"""Requests of which two servers might disagree where they end: refused, and nothing after them is read."""

import asyncio
import json

import pytest
from starlette.types import Receive, Scope, Send

from api.http.limits import BodyLimit
from tests.api.machinery.test_slow_senders import read_anonymously, served

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"5\r\nhello\r\n0\r\n\r\n"

DOUBTFUL = {
    "the length first": (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", CHUNKED, b"1.1"),
    "the length last": (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", CHUNKED, b"1.1"),
    "the length of nothing": (b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", CHUNKED, b"1.1"),
    "an old version": (b"Transfer-Encoding: chunked\r\n", CHUNKED, b"1.0"),
}
REJECTED = {
    "two lengths": (b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello", b"1.1"),
    "a list of lengths": (b"Content-Length: 5, 6\r\n", b"hello", b"1.1"),
    "a length with a sign": (b"Content-Length: +5\r\n", b"hello", b"1.1"),
    "a space before the colon": (b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n", CHUNKED, b"1.1"),
    "another encoding": (b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n", CHUNKED, b"1.1"),
    "two encodings": (b"Transfer-Encoding: identity, chunked\r\nContent-Length: 5\r\n", CHUNKED, b"1.1"),
}


async def talk(head: bytes, content: bytes, version: bytes) -> tuple[bytes, list[str]]:
    """All that is answered until the server closes, and the paths that the application was asked for."""
    asked: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await read_anonymously(scope, receive, send)

    async with served(BodyLimit(app)) as port:
        answered = await exchange(port, head, content, version)
    return answered, asked


async def exchange(port: int, head: bytes, content: bytes, version: bytes) -> bytes:
    """All that a server answers to a request, and to another one hidden behind it, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /first HTTP/" + version + b"\r\nHost: a\r\n" + head + b"\r\n" + content + SMUGGLED)
    async with asyncio.timeout(5):
        answered = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answered


@pytest.mark.parametrize("how", DOUBTFUL)
async def test_doubtful_framing_is_refused_as_a_problem_and_the_connection_closed(how: str) -> None:
    answered, asked = await talk(*DOUBTFUL[how])
    head, _, content = answered.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in head.lower()
    assert json.loads(content)["code"] == "framing_ambiguous"
    assert answered.count(b"HTTP/1.1") == 1, "what follows is no request"
    assert asked == []


@pytest.mark.parametrize("how", REJECTED)
async def test_what_the_server_itself_cannot_read_is_closed(how: str) -> None:
    answered, asked = await talk(*REJECTED[how])
    assert answered.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))
    assert b"connection: close" in answered.lower()
    assert answered.count(b"HTTP/1.1") == 1
    assert asked == []
