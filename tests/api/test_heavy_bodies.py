"""Whatever is sent to whichever route: others are answered meanwhile."""

from collections.abc import Iterator

import httpx
import pytest

from tests.api.heavy_bodies import (
    CALCULATOR,
    HeavyRequest,
    is_answered_badly,
    list_file_requests,
    list_json_requests,
    watched,
)
from tests.local_service import Served, connect, find_processes, lend_folder, serve

pytestmark = [pytest.mark.attacks, pytest.mark.timeout(600)]

MOST_SECONDS = 0.1
MOST_TO_KEEP = 0.3
"""For a file without faults that refuse it: it is written to the database, 20 MB in one piece."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with lend_folder() as data, serve(data) as served:
        yield served


def send_all(served: Served, requests: list[HeavyRequest]) -> list[str]:
    """Send each body, and watch; the bodies during which a caller was held up, or that failed."""
    process, held = find_processes(served.process.pid)["api"], []
    with connect(served) as http:
        http.timeout = httpx.Timeout(120)
        http.post(CALCULATOR, json={"odd": 1})  # the first request of a route takes longer
        for request in requests:
            with watched(served.address, process) as costs:
                answer = request.send(http)
            most = MOST_TO_KEEP if answer.status_code == 201 else MOST_SECONDS
            if max(costs) > most or is_answered_badly(answer):
                held.append(f"{max(costs):.3f} {request.describe(answer)}")
    return held


def test_others_are_answered_while_json_is_refused(served: Served) -> None:
    requests = list_json_requests(httpx.get(f"{served.address}/openapi.json").json())
    assert len({each.path for each in requests}) > 30
    assert send_all(served, requests) == []


def test_others_are_answered_while_files_are_refused(served: Served) -> None:
    assert send_all(served, list_file_requests()) == []
