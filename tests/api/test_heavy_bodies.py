"""Whatever is sent to whichever route: others are answered meanwhile."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from uuid import uuid4

import httpx
import pytest

from tests.api.heavy_bodies import (
    CALCULATOR,
    DENSE_TABLE,
    HeavyRequest,
    is_answered_badly,
    list_file_requests,
    list_json_requests,
    measure_held,
)
from tests.local_service import Served, connect, find_processes, lend_folder, serve

pytestmark = [pytest.mark.attacks, pytest.mark.timeout(600)]

MOST_SECONDS = 0.1


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with lend_folder() as data, serve(data) as served:
        yield served


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    """The officer, who is patient."""
    with connect(served) as http:
        http.timeout = httpx.Timeout(120)
        http.post(CALCULATOR, json={"odd": 1})  # the first request of a route takes longer
        yield http


def find_api(served: Served) -> int:
    return find_processes(served.process.pid)["api"]


def send_all(served: Served, http: httpx.Client, requests: list[HeavyRequest]) -> list[str]:
    """Send each body, and watch; the bodies during which a caller was held up, or that failed."""
    process, faults = find_api(served), []
    for request in requests:
        held, answer = measure_held(served.address, process, partial(request.send, http), MOST_SECONDS)
        if held > MOST_SECONDS or is_answered_badly(answer):
            faults.append(f"{held:.3f} {request.describe(answer)}")
    return faults


def test_others_are_answered_while_json_is_refused(served: Served, http: httpx.Client) -> None:
    requests = list_json_requests(http.get("/openapi.json").json())
    assert len({each.path for each in requests}) > 30
    assert send_all(served, http, requests) == []


def test_others_are_answered_while_files_are_refused(served: Served, http: httpx.Client) -> None:
    assert send_all(served, http, list_file_requests()) == []


def test_others_are_answered_while_files_come_together(served: Served, http: httpx.Client) -> None:
    """A table of many rows, and a form, by six callers each at once."""
    process, faults = find_api(served), []
    (form,) = [each for each in list_file_requests() if each.media.startswith("multipart")]
    for request in (DENSE_TABLE, form):

        def send(request: HeavyRequest = request) -> Counter[int]:
            with ThreadPoolExecutor(6) as callers:
                answers = callers.map(lambda _: request.send(http).status_code, range(6))
            return Counter(answers)

        held, answers = measure_held(served.address, process, send, MOST_SECONDS)
        if held > MOST_SECONDS or not answers.keys() <= {201, 422}:
            faults.append(f"{held:.3f} {request.media}: {dict(answers)}")
    assert faults == []


def test_others_are_answered_while_a_stored_file_is_read(served: Served, http: httpx.Client) -> None:
    """Whatever is asked of a file of a million cells, it is gone through beside the event loop."""
    (request, *_) = list_file_requests()
    kept = request.send(http)
    assert kept.status_code == 201, kept.text
    path = kept.headers["Location"]
    for ending in ("", "/file?format=csv"):
        held, answer = measure_held(
            served.address, find_api(served), partial(http.get, path + ending), MOST_SECONDS
        )
        assert (answer.status_code, held <= MOST_SECONDS) == (200, True), f"{ending}: {held:.3f}"


def test_others_are_answered_while_a_large_result_is_awaited(served: Served, http: httpx.Client) -> None:
    """The result has 7 MB: whoever waits for it, or cancels its run too late, reads only a state."""
    process = find_api(served)
    seats = count(100_000)
    units = [{"id": f"u{n}", "weight": 1000 + 7919 * n % 99991} for n in range(100_000)]

    def calculate() -> httpx.Response:
        body = {"method": "sainte_lague", "seats": next(seats), "units": units}
        return http.post(CALCULATOR, json=body, headers={"Prefer": "wait=60"})

    held, answer = measure_held(served.address, process, calculate, MOST_SECONDS)
    assert (answer.status_code, answer.json()["state"]) == (202, "done")
    assert held <= MOST_SECONDS, f"to wait: {held:.3f}"
    path = answer.headers["Location"]
    held, answer = measure_held(served.address, process, partial(http.get, path), MOST_SECONDS)
    assert (answer.status_code, held <= MOST_SECONDS) == (200, True), f"to read: {held:.3f}"

    def cancel() -> httpx.Response:
        return http.post(f"{path}/cancellation", headers={"Idempotency-Key": str(uuid4())})

    held, answer = measure_held(served.address, process, cancel, MOST_SECONDS)
    assert (answer.status_code, held <= MOST_SECONDS) == (409, True), f"to cancel: {held:.3f}"
