"""An answer does not grow with the faults of a request: a hundred are told, and that there may be more."""

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from pydantic_core import PydanticOmit

from api.http.bodies import INLINE_BYTES, THREAD_BYTES
from api.http.problems import build_refusal_problem
from domain.findings import Finding, Invalid
from service.formats.fault_limits import MOST_FAULTS, check_within_budget, limit_faults
from service.formats.validation import build_pointer
from tests.api.machinery.test_problems import EVERYTHING, check

TOTALS = "/v1/things/totals"
AS_JSON = {"Content-Type": "application/json"}
LARGEST_ANSWER = 100_000
SIZES = {"inline": INLINE_BYTES - 1_000, "thread": THREAD_BYTES - 1_000, "process": THREAD_BYTES + 100_000}


def fill(size: int, part: str, head: str, tail: str) -> bytes:
    """A body of about this size, of one part again and again."""
    return (head + ",".join([part] * (size // (len(part) + 1))) + tail).encode()


def build_wrong_parts(size: int) -> bytes:
    """Each part has three faults."""
    rest = json.dumps({name: value for name, value in EVERYTHING.items() if name != "parts"})
    return fill(size, '{"a":1}', rest[:-1] + ',"parts":[', "]}")


def build_unknown_fields(size: int) -> bytes:
    fields = ",".join(f'"f{n:x}":1' for n in range(size // 10))
    return (json.dumps(EVERYTHING)[:-1] + "," + fields + "}").encode()


def build_wrong_shares(size: int) -> bytes:
    """Keys and values of a dictionary that are all wrong."""
    shares = ",".join(f'"Ä{n:x}":[]' for n in range(size // 20))
    return (json.dumps(EVERYTHING)[:-1] + ',"shares":{' + shares + "}}").encode()


def build_wrong_numbers(size: int) -> bytes:
    return fill(size, "1.5", '{"parts":[', "]}")


BODIES = {
    "parts": build_wrong_parts,
    "fields": build_unknown_fields,
    "shares": build_wrong_shares,
    "numbers": build_wrong_numbers,
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", BODIES)
async def test_a_hundred_faults_of_a_body_are_told(client: httpx.AsyncClient, kind: str, size: str) -> None:
    answer = await client.post(TOTALS, content=BODIES[kind](SIZES[size]), headers=AS_JSON)
    problem = check(answer, 422, "invalid_body")
    assert (len(problem["errors"]), problem["more_errors"]) == (MOST_FAULTS, True)
    assert len(answer.content) < LARGEST_ANSWER


@pytest.mark.parametrize("size", SIZES)
async def test_a_body_of_any_size_is_read(client: httpx.AsyncClient, size: str) -> None:
    count = SIZES[size] // 40
    body = EVERYTHING | {"parts": [{"kind": "wheel", "weight": "1.5"}] * count}
    answer = await client.post(TOTALS, content=json.dumps(body), headers=AS_JSON)
    assert (answer.status_code, answer.json()) == (200, {"parts": count})


@pytest.mark.parametrize("size", SIZES)
async def test_the_same_fault_is_told_in_the_same_way_in_a_body_of_any_size(
    client: httpx.AsyncClient, size: str
) -> None:
    body = EVERYTHING | {"parts": [{"kind": "wheel", "weight": "1.5"}] * (SIZES[size] // 40)}
    body["parts"][-1] = {"kind": "sail", "weight": "-1"}
    problem = check(await client.post(TOTALS, content=json.dumps(body), headers=AS_JSON), 422, "invalid_body")
    last = len(body["parts"]) - 1
    told = {error["pointer"]: error["code"] for error in problem["errors"]}
    assert told == {f"/parts/{last}/kind": "wrong_choice", f"/parts/{last}/weight": "too_small"}
    assert problem["more_errors"] is False


async def test_what_is_no_json_is_told_so_in_a_body_of_any_size(client: httpx.AsyncClient) -> None:
    for size in SIZES.values():
        check(await client.post(TOTALS, content=b"{" + b" " * size, headers=AS_JSON), 400, "json_syntax")


@pytest.mark.parametrize(("count", "more"), [(1, False), (MOST_FAULTS, False), (MOST_FAULTS + 1, True)])
async def test_whether_there_are_more_faults_is_told(
    client: httpx.AsyncClient, count: int, more: bool
) -> None:
    answers = [
        await client.get("/v1/things?" + "&".join(f"odd{n}" for n in range(count))),
        await client.post(TOTALS, json=EVERYTHING | {f"odd{n}": 1 for n in range(count)}),
        await client.post(TOTALS, json=[1.5] * count),
    ]
    for answer in answers:
        problem = answer.json()
        assert (len(problem["errors"]), problem["more_errors"]) == (min(count, MOST_FAULTS), more)


async def test_a_hundred_faults_of_a_query_are_told(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/things?" + "&".join(f"{n:x}=%00" for n in range(6_500)))
    problem = check(answer, 400, "invalid_parameters")
    assert (len(problem["errors"]), problem["more_errors"]) == (MOST_FAULTS, True)
    assert len(answer.content) < LARGEST_ANSWER


def test_a_hundred_findings_of_the_rules_are_told() -> None:
    found = [Finding("too_small", {"minimum": 3}, f"/{n}") for n in range(5_000)]
    problem = build_refusal_problem(Invalid("invalid_body", errors=found))
    assert (len(problem.errors), problem.more_errors) == (MOST_FAULTS, True)


async def test_a_pointer_does_not_repeat_a_deep_body(client: httpx.AsyncClient) -> None:
    """A hundred faults in the depth: each would repeat all the names that lead to it."""
    name, depth = "x" * 99, 60
    content = "".join(f'{{"{name}":' for _ in range(depth)) + "[" + "1.5," * 99 + "1.5]" + "}" * depth
    answer = await client.post(TOTALS, content=content, headers=AS_JSON)
    assert len(check(answer, 422, "invalid_body")["errors"]) == MOST_FAULTS
    assert len(answer.content) < LARGEST_ANSWER
    assert build_pointer([name] * depth) == f"/{name}" * 5


def test_the_validation_stops_early() -> None:
    """After enough faults a part is not even looked at."""
    seen: list[int] = []

    def check_part(value: int) -> int:
        seen.append(value)
        raise ValueError

    with limit_faults() as budget:
        budget.left = 0
        with pytest.raises(PydanticOmit):
            check_within_budget(1, check_part)
    assert (seen, budget.stopped) == ([], True)


async def test_a_large_body_does_not_hold_up_the_loop(client: httpx.AsyncClient) -> None:
    """What takes the processor half a second leaves the loop free; before, it took 21 seconds of the loop."""
    content, longest, answered = build_wrong_parts(2 * 2**20), 0.0, asyncio.Event()

    async def look() -> None:
        nonlocal longest
        while not answered.is_set():
            began = time.thread_time()
            await asyncio.sleep(0)
            longest = max(longest, time.thread_time() - began)

    looking = asyncio.create_task(look())
    answer: Any = await client.post(TOTALS, content=content, headers=AS_JSON)
    answered.set()
    await looking
    assert answer.status_code == 422
    assert longest < 0.1
