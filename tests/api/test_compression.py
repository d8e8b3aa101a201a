"""Compressed answers: smaller, never those whose bytes an ETag names, and only for those who ask."""

import gzip
import json

import httpx
import pytest

from api.http.compression import accepts_gzip
from tests.client import Client

GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


async def read_raw(
    http: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> tuple[httpx.Headers, bytes]:
    async with http.stream("GET", path, headers=headers) as answer:
        return answer.headers, b"".join([part async for part in answer.aiter_raw()])


async def test_a_long_answer_is_compressed_for_whoever_takes_gzip(client: Client) -> None:
    path = "/v1/reference/ethnic_groups"
    headers, content = await read_raw(client.http, path, GZIP)
    plain_headers, plain = await read_raw(client.http, path, PLAIN)
    assert headers["Content-Encoding"] == "gzip"
    assert int(headers["Content-Length"]) == len(content) < len(plain) / 3
    assert "Content-Encoding" not in plain_headers
    assert {headers["Vary"], plain_headers["Vary"]} == {"Accept-Encoding"}
    assert gzip.decompress(content) == plain


async def test_an_answer_with_an_etag_is_sent_as_it_is(client: Client) -> None:
    plan = await client.plan("khanh_hoa_cong_thuong_2020")
    headers, content = await read_raw(client.http, f"/v1/plans/{plan['id']}/versions/1", GZIP)
    assert headers["ETag"]
    assert "Content-Encoding" not in headers
    assert len(content) > 1_000
    assert json.loads(content)["id"]


async def test_the_document_is_compressed(client: Client) -> None:
    headers, content = await read_raw(client.http, "/openapi.json", GZIP)
    assert headers["Content-Encoding"] == "gzip"
    assert len(content) < len(gzip.decompress(content)) / 6


async def test_head_says_what_get_would(client: Client) -> None:
    headers, content = await read_raw(client.http, "/openapi.json", GZIP)
    head = await client.http.head("/openapi.json", headers=GZIP)
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(content)) == headers["Content-Length"]


@pytest.mark.parametrize(
    ("header", "taken"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.000, br", False), ("", False),
     ("x-gzip", False), ("gzipped", False), ("gzip;q=1, deflate", True)],
)  # fmt: skip
def test_who_takes_gzip(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken
