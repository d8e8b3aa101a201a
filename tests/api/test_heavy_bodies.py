"""Whatever is sent to whichever route: others are answered meanwhile."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.apportionments import MAX_BODY_BYTES
from api.http.limits import BODY_LIMIT
from tests.api.heavy_bodies import FILES, JSON_BODIES, PLANS, watched
from tests.documents import read_operations
from tests.local_service import Served, connect, find_processes, lend_folder, serve

pytestmark = [pytest.mark.attacks, pytest.mark.timeout(600)]

CALCULATOR = "/v1/apportionments"
MOST_SECONDS = 0.1
MOST_TO_KEEP = 0.3
"""For a file without faults that refuse it: it is written to the database, 20 MB in one piece."""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with lend_folder() as data, serve(data) as served:
        yield served


@pytest.fixture(scope="module")
def document(served: Served) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{served.address}/openapi.json").json()
    return found


def list_targets(document: dict[str, Any], media: str) -> list[tuple[str, str]]:
    """Method and path of each operation that takes this type, with ids of nothing."""
    found = []
    for path, operations in read_operations(document).items():
        for method, operation in operations.items():
            if media in operation.get("requestBody", {}).get("content", {}):
                steps = [str(uuid4()) if step.startswith("{") else step for step in path.split("/")]
                found.append((method, "/".join(steps)))
    return found


def send_all(served: Served, sent: list[tuple[str, str, str, bytes]]) -> list[str]:
    """Send each body, and watch; the bodies during which a caller was held up, or that failed."""
    process, held = find_processes(served.process.pid)["api"], []
    with connect(served) as http:
        http.timeout = httpx.Timeout(120)
        http.post(CALCULATOR, json={"odd": 1})  # the first request of a route takes longer
        for method, path, media, content in sent:
            with watched(served.address, process) as costs:
                headers = {"Content-Type": media, "Idempotency-Key": str(uuid4()), "If-Match": '"x"'}
                answer = http.request(method, path, content=content, headers=headers)
            size, most = len(answer.content), MOST_TO_KEEP if answer.status_code == 201 else MOST_SECONDS
            if max(costs) > most or answer.status_code >= 500 or size > 500_000:
                held.append(f"{media} {content[:60]!r} {path}: {max(costs):.3f} {answer.status_code} {size}")
    return held


def test_others_are_answered_while_json_is_refused(served: Served, document: dict[str, Any]) -> None:
    """The worst of the calculator, which takes the most; of the other routes each gets another one."""
    sent = [("post", CALCULATOR, "application/json", build(MAX_BODY_BYTES)) for build in JSON_BODIES.values()]
    bodies = cycle([build(BODY_LIMIT) for build in JSON_BODIES.values()])
    targets = list_targets(document, "application/json")
    assert len(targets) > 30
    sent += [(*target, "application/json", next(bodies)) for target in targets]
    assert send_all(served, sent) == []


def test_others_are_answered_while_files_are_refused(served: Served) -> None:
    sent = [
        ("post", path, media, content)
        for path, bodies in (("/v1/unit_imports?kind=units", FILES), ("/v1/plans", PLANS))
        for media, contents in bodies.items()
        for content in contents
    ]
    assert send_all(served, sent) == []
