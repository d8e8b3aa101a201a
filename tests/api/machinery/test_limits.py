"""What is too large, too deep, too long or no JSON is refused before anything is made of it."""

import json
import time
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from api.http.limits import BODY_LIMIT, BYTES_PER_VALUE, MAX_DEPTH, BodyLimit, read_json
from api.http.problems import Problem
from tests.api.machinery.test_problems import EVERYTHING, check

TOTALS = "/v1/things/totals"
FILES = "/v1/things/files"
AS_JSON = {"Content-Type": "application/json"}


def refusal(content: bytes) -> tuple[int, str, dict[str | None, str]]:
    """Status and code of the problem, and its codes by pointer."""
    with pytest.raises(Problem) as raised:
        read_json(content)
    found = {fault.pointer: fault.code for fault in raised.value.errors}
    return raised.value.status_code, raised.value.code, found


def test_plain_data_is_read() -> None:
    plain = {"a": [1, -2, True, None, "Đại biểu 😀", {"b": 10**39}]}
    assert read_json(json.dumps(plain).encode()) == plain
    assert read_json(b'\xef\xbb\xbf"with a mark"') == "with a mark"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "json_syntax"),
        (b'{"a": 1,}', "json_syntax"),
        (b"{'a': 1}", "json_syntax"),
        (b'{"a": 1} 2', "json_syntax"),
        (b'{"a": 01}', "json_syntax"),
        (b'"\x01"', "json_syntax"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8"),
    ],
)
def test_what_is_no_json(content: bytes, code: str) -> None:
    assert refusal(content) == (400, code, {})


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        (b'{"a": [NaN]}', "/a/0", "json_number"),
        (b'{"a": {"b": Infinity}}', "/a/b", "json_number"),
        (b"-Infinity", "", "json_number"),
        (b'{"a": 1e999999999}', "/a", "decimal_form"),
        (b'{"a": 0.1}', "/a", "decimal_form"),
        (b'{"a": -0.0}', "/a", "decimal_form"),
        (b'{"a": 1%s}' % (b"0" * 40), "/a", "json_number"),
        (b'{"a": {"k": 1, "k": 1}}', "/a", "json_duplicate_key"),
        (b'[{"k": 1, "\\u006b": 2}]', "/0", "json_duplicate_key"),
        (b'{"a": "x\\u0000y"}', "/a", "json_text"),
        (b'{"a": "\\ud800"}', "/a", "json_text"),
        (b'{"\\u0000": 1}', "", "json_text"),
    ],
)
def test_what_is_json_and_yet_refused_is_pointed_at(content: bytes, pointer: str, code: str) -> None:
    assert refusal(content) == (422, "invalid_body", {pointer: code})


async def test_a_key_that_cannot_be_stored_is_not_repeated_in_a_pointer(client: httpx.AsyncClient) -> None:
    answer = await client.post(TOTALS, content=b'{"\\ud800": NaN}', headers=AS_JSON)
    [error] = check(answer, 422, "invalid_body")["errors"]
    assert (error["code"], error["pointer"]) == ("json_text", "")


def test_of_many_faults_the_first_hundred_are_pointed_at() -> None:
    found = refusal(b"[" + b"1.5," * 300 + b"1]")[2]
    assert found == {f"/{n}": "decimal_form" for n in range(100)}


@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_ends_at_a_depth(brackets: tuple[bytes, bytes]) -> None:
    def nested(depth: int) -> bytes:
        return brackets[0] * depth + b"1" * brackets[0].endswith(b":") + brackets[1] * depth

    read_json(nested(MAX_DEPTH))
    for depth in (MAX_DEPTH + 1, 500, 100_000):
        assert refusal(nested(depth))[:2] == (422, "json_too_deep")


def test_brackets_in_texts_are_not_nesting() -> None:
    assert read_json(b'["' + b"[" * 500 + b'"]') == ["[" * 500]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1e' + b"9" * 1_000_000 + b"}",
        b'{"a": ' + b"9" * 1_000_000 + b"}",
        b"[" + b"1.5," * 1_000_000 + b"1]",
        b"[" * 1_000_000,
        b'[{"a":1,"a":2}' + b',{"a":1,"a":2}' * 50_000 + b"]",
    ],
)
def test_bombs_are_refused_at_once(content: bytes) -> None:
    began = time.process_time()
    refusal(content)
    assert time.process_time() - began < 1


async def test_a_large_body_is_read_off_the_loop(client: httpx.AsyncClient) -> None:
    body = EVERYTHING | {"parts": [{"kind": "wheel", "weight": str(n)} for n in range(10_000)]}
    assert (await client.post(TOTALS, json=body)).json() == {"parts": 10_000}


@pytest.mark.parametrize(
    ("media", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("APPLICATION/JSON", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/xml", 415),
        ("nonsense", 415),
        ("", 415),
    ],
)
async def test_only_json_where_json_is_taken(client: httpx.AsyncClient, media: str, status: int) -> None:
    answer = await client.post(TOTALS, content=json.dumps(EVERYTHING), headers={"Content-Type": media})
    assert answer.status_code == status
    if status == 415:
        problem = check(answer, 415, "unsupported_media_type")
        assert problem["params"] == {"supported": "application/json"}


async def test_a_route_for_files_takes_its_own_types(client: httpx.AsyncClient) -> None:
    taken = await client.post(FILES, content=b"a\nb\n", headers={"Content-Type": "text/csv"})
    assert taken.json() == {"parts": 2}
    check(await client.post(FILES, json={}), 415, "unsupported_media_type")


async def test_content_where_none_is_taken(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "without-content"}
    answer = await client.post("/v1/things/runs", json={"odd": 1}, headers=key)
    check(answer, 400, "body_not_expected")


async def _chunks(size: int) -> Any:
    for _ in range(size // 65536 + 1):
        yield b"x" * 65536


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_over_the_limit(client: httpx.AsyncClient, declared: bool) -> None:
    content = b"x" * (BODY_LIMIT + 1) if declared else _chunks(BODY_LIMIT)
    answer = await client.post(TOTALS, content=content, headers=AS_JSON)
    problem = check(answer, 413, "body_too_large")
    assert problem["params"] == {"limit": BODY_LIMIT}


async def test_what_is_said_to_be_too_large_is_not_even_read() -> None:
    async def reader(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    async def receive() -> Message:
        raise AssertionError("it was read")

    scope = {"type": "http", "headers": [(b"content-length", b"101")]}
    with pytest.raises(Problem) as raised:
        await BodyLimit(reader, 100)(scope, receive, receive)  # type: ignore[arg-type]  # nothing is sent
    assert raised.value.status_code == 413


@pytest.mark.parametrize("length", [b"5", b"0", b"-1", b"+5", b"1e3", b"", b"9" * 30, None])
async def test_a_length_that_lies_is_not_believed(length: bytes | None) -> None:
    """Whoever hands the request on: what arrives is counted."""
    taken = 0

    async def reader(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal taken
        while (message := await receive()).get("more_body"):
            taken += len(message["body"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * 30, "more_body": True}

    headers = [] if length is None else [(b"content-length", length)]
    with pytest.raises(Problem) as raised:
        await BodyLimit(reader, 100)({"type": "http", "headers": headers}, receive, receive)  # type: ignore[arg-type]  # nothing is sent
    assert (raised.value.code, taken) == ("body_too_large", 90)


def test_values_end_where_their_number_is_passed() -> None:
    for content in (b"[1,2,3]", b'{"a":[1,2]}', b"[[[]]]", b'"a,b,c"'):
        read_json(content, 3)
        with pytest.raises(Problem) as raised:
            read_json(content, 1)
        assert (raised.value.status_code, raised.value.code) == (422, "json_too_many_values")


async def test_values_are_counted_before_anything_is_made_of_them(client: httpx.AsyncClient) -> None:
    content = b"[" + b"1," * (BODY_LIMIT // BYTES_PER_VALUE) + b"1]"
    answer = await client.post(TOTALS, content=content, headers=AS_JSON)
    assert check(answer, 422, "json_too_many_values")["params"] == {"limit": BODY_LIMIT // BYTES_PER_VALUE}


async def test_a_route_may_set_its_own_limit(client: httpx.AsyncClient) -> None:
    as_csv = {"Content-Type": "text/csv"}
    assert (await client.post(FILES, content=b"x" * 20_000, headers=as_csv)).status_code == 200
    check(await client.post(FILES, content=b"x" * 20_001, headers=as_csv), 413, "body_too_large")


async def test_who_is_unknown_is_told_so_before_the_size(client: httpx.AsyncClient) -> None:
    headers = {**AS_JSON, "Authorization": ""}
    answer = await client.post(TOTALS, content=b"x" * (BODY_LIMIT + 1), headers=headers)
    check(answer, 401, "unauthenticated")
