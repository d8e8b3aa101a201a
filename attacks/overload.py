"""Requests that want more than their share: others are answered meanwhile, and the service does not grow."""

import asyncio
import gzip
import json
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx

from attacks.outcomes import Findings
from attacks.target import PATIENCE, Target, find_database
from db.runs import get_run
from db.session import Database
from domain.access import Actor
from domain.runs import UNFINISHED_RUNS
from tests.api.heavy_bodies import (
    CALCULATOR,
    DENSE_TABLE,
    MEGABYTE,
    HeavyRequest,
    is_answered_badly,
    list_file_requests,
    list_json_requests,
    list_targets,
    read_processor_time,
)
from tests.api.machinery.test_framing import DOUBTFUL, REJECTED, exchange
from tests.domain.apportionment.test_bombs import BOMBS as CERTIFICATES
from tests.domain.verification.test_work import in_steps
from tests.service.unit_files.bombs import BOMBS as FILES

VERIFIER = "/v1/verifications"
JSON = {"Content-Type": "application/json"}
MOST_SPENT = 0.3
"""Seconds of the answering process while a run is computed, which takes many."""
LARGEST_ANSWER = 100_000
"""Bytes of an answer to a request of some kilobytes."""


def send_worst_json(target: Target, findings: Findings) -> None:
    """The worst bodies of every route that takes JSON."""
    _send_heavy(target, findings, list_json_requests(target.document))


def send_worst_files(target: Target, findings: Findings) -> None:
    """The worst tables of units, and plans."""
    _send_heavy(target, findings, list_file_requests())


def _send_heavy(target: Target, findings: Findings, requests: list[HeavyRequest]) -> None:
    with target.connect(target.keys["local_officer"]) as http:
        answers = [(each, each.send(http)) for each in requests]
    for request, answer in answers:
        findings.expect(not is_answered_badly(answer), request.describe(answer))
    findings.figures.append(f"answer {max(len(answer.content) for _, answer in answers)} bytes")


def send_unknown_names(target: Target, findings: Findings) -> None:
    """Thousands of unknown parameters for every operation, and unknown fields for whoever may send any."""
    query = "&".join(f"x{n:x}=1" for n in range(7_000))
    fields = json.dumps({f"x{n:x}": 1 for n in range(6_000)})
    largest = 0
    with target.connect(None) as anyone, target.connect(target.keys["local_officer"]) as officer:
        for path, item in target.document["paths"].items():
            for method in item:
                for http in (anyone, officer):
                    answer = http.request(method, f"{path}?{query}", headers={"Idempotency-Key": "x"})
                    largest = max(largest, _expect_short(answer, findings))
        for http in (anyone, officer):
            answer = http.post(VERIFIER, content=fields, headers=JSON)
            largest = max(largest, _expect_short(answer, findings))
    findings.figures.append(f"answer {largest} bytes")


def _expect_short(answer: httpx.Response, findings: Findings) -> int:
    """Refused or answered as if they were not there, in few bytes; their number."""
    size = len(answer.content)
    fits = answer.status_code < 500 and size <= LARGEST_ANSWER
    findings.expect(fits, f"{answer.request.method} {answer.url.path}: {answer.status_code}, {size} bytes")
    return size


def verify_bombs(target: Target, findings: Findings) -> None:
    """Certificates whose verification would take minutes, several at a time, from anybody."""
    papers = [make() for make, _, _ in CERTIFICATES.values()]
    papers += [in_steps(20_000, 31, 10), in_steps(9_400, 31, 1)]
    contents = [json.dumps(each).encode() for each in papers]
    contents.append(b'{"format":"daibieu-apportionment-2","rule":{"c":"1/' + b"7" * 4_000 + b'"}}')

    async def send(http: httpx.AsyncClient, content: bytes) -> tuple[int, float]:
        began = time.monotonic()
        answer = await http.post(VERIFIER, content=content, headers=JSON)
        said = answer.json() if answer.status_code == 200 else {"proven": False}
        assert not said["proven"]
        return answer.status_code, time.monotonic() - began

    async def send_all() -> list[tuple[int, float]]:
        async with target.connect_many(None) as http:
            return await asyncio.gather(*(send(http, each) for each in contents))

    answers = asyncio.run(send_all())
    for status, _ in answers:
        findings.expect(status in (200, 413, 422, 503), f"answered {status}")
    findings.figures.append(f"answered after {max(seconds for _, seconds in answers):.1f} s")


def send_half(target: Target, findings: Findings) -> None:
    """Bodies of a megabyte that never come to their end, and heads that never do."""
    head = f"POST {VERIFIER} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    body = f"{head}Content-Length: {2 * MEGABYTE}\r\n\r\n".encode() + b" " * MEGABYTE
    with ExitStack() as stack:
        held = [stack.enter_context(_open_socket(target.port)) for _ in range(60)]
        for each in held:
            each.sendall(body)
        heads = [stack.enter_context(_open_socket(target.port)) for _ in range(100)]
        began = time.monotonic()
        for each in heads:
            each.sendall(head.encode())
        refused = sum(_is_refused(each) for each in held)
        findings.expect(refused >= 15, f"{60 - refused} unfinished bodies of a megabyte are kept")
        for number, each in enumerate(heads):
            each.settimeout(max(0.1, began + 30 - time.monotonic()))
            findings.expect(_is_closed(each), f"head {number} is still waited for")
        seconds = time.monotonic() - began
    findings.tried += len(held)
    with target.connect(None) as http:
        answer = http.post(VERIFIER, json={"format": "x"})
        findings.expect(answer.status_code in (200, 422), f"afterwards: {answer.status_code}")
    findings.figures.append(f"{60 - refused} MB kept, heads closed after {seconds:.0f} s")


def _open_socket(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def _is_refused(connection: socket.socket) -> bool:
    """Whether an answer came before the content was complete."""
    connection.settimeout(0.2)
    try:
        return connection.recv(100).startswith(b"HTTP/1.1 503")
    except TimeoutError:
        return False
    except OSError:
        return True


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other side closes it while one waits."""
    try:
        return connection.recv(100) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def calculate_much(target: Target, findings: Findings) -> None:
    """Calculations of 20,000 units at once, by somebody without a role."""
    answers = _calculate(target, 20_000, 4)
    findings.expect(answers.keys() <= {200, 503}, f"answered {dict(answers)}")
    findings.tried += 3
    findings.figures.append(f"{answers[200]} computed, {answers[503]} refused")


def calculate_many(target: Target, findings: Findings) -> None:
    """More large calculations at once than a caller may have unfinished."""
    answers = _calculate(target, 20_001, 6)
    findings.tried += 5
    findings.expect(answers.keys() == {202, 429}, f"answered {dict(answers)}")
    findings.figures.append(f"{answers[202]} stored, {answers[429]} refused")


_seats = iter(range(1_000, 1_000_000))


def _build_calculation(units: int) -> dict[str, Any]:
    """One that nobody has sent before."""
    rows = [{"id": f"u{n}", "weight": 1000 + 7919 * n % 99991} for n in range(units)]
    return {"method": "sainte_lague", "seats": next(_seats), "units": rows}


def _calculate(target: Target, units: int, count: int) -> Counter[int]:
    """How often which status is answered to so many different calculations at once."""

    async def send(http: httpx.AsyncClient) -> int:
        answer = await http.post(CALCULATOR, json=_build_calculation(units), headers={"Prefer": "wait=0"})
        if answer.status_code in (429, 503):
            assert answer.headers["Retry-After"].isdecimal()
        return answer.status_code

    async def send_all() -> Counter[int]:
        token = target.provider.token(sub="nguoi-khong-co-vai-tro")
        async with target.connect_many(token) as http:
            return Counter(await asyncio.gather(*(send(http) for _ in range(count))))

    return asyncio.run(send_all())


def compute_runs(target: Target, findings: Findings) -> None:
    """Runs that take workers seconds, and hardly any processor time of the process that answers."""
    asyncio.run(_compute_runs(target, findings))


async def _compute_runs(target: Target, findings: Findings) -> None:
    database = Database(find_database(target.served))
    token = target.provider.token(sub="nguoi-cho-ket-qua")
    async with target.connect_many(token) as http:
        for _ in range(2):
            answer = await http.post(
                CALCULATOR, json=_build_calculation(100_000), headers={"Prefer": "wait=0"}
            )
            findings.expect(answer.status_code == 202, f"answered {answer.status_code}")
            began, before = time.monotonic(), read_processor_time(target.api)
            await _await_end(database, UUID(answer.json()["id"]))
            seconds, spent = time.monotonic() - began, read_processor_time(target.api) - before
            fault = f"the answering process spent {spent:.2f} s on a run of {seconds:.1f} s"
            findings.expect(spent < MOST_SPENT, fault)
            findings.figures.append(f"{spent * 1000:.0f} ms while workers computed {seconds:.1f} s")
    await database.close()


async def _await_end(database: Database, run: UUID) -> None:
    """Ask the database, and not the process whose time is measured."""
    while True:
        async with database.transaction(Actor.for_command_line(), read_only=True) as session:
            if (await get_run(session, run)).state not in UNFINISHED_RUNS:
                return
        await asyncio.sleep(0.1)


def await_result(target: Target, findings: Findings) -> None:
    """Wait for a result of some 15 MB, which comes in time."""
    with target.connect(target.provider.token(sub="nguoi-cho-ket-qua-khac")) as http:
        answer = http.post(CALCULATOR, json=_build_calculation(100_000), headers={"Prefer": "wait=60"})
    findings.expect(answer.status_code == 202 and answer.json()["state"] == "done", answer.text[:100])
    findings.figures.append(f"answer {len(answer.content) // MEGABYTE} MB")


def send_files_together(target: Target, findings: Findings) -> None:
    """Six tables of units at once."""
    with target.connect(target.keys["local_officer"]) as http, ThreadPoolExecutor(6) as callers:
        answers = Counter(callers.map(lambda _: DENSE_TABLE.send(http).status_code, range(6)))
    findings.tried += 5
    findings.expect(answers.keys() <= {201, 503}, f"answered {dict(answers)}")


def ask_what_ifs(target: Target, findings: Findings) -> None:
    """Thirty what-ifs about the list of one unit at once."""
    own, unit = target.world["ids"]["own"], target.world["units"]["xa"]
    people = [{"group": "dien-hinh", "gender": "female"}] * 500
    path = f"/v1/conferences/{own['conference_id']}/composition/what_ifs"

    async def ask_all() -> Counter[int]:
        async with target.connect_many(target.keys["local_officer"]) as http:
            body = {"unit": unit, "added": people}
            answers = await asyncio.gather(*(http.post(path, json=body) for _ in range(30)))
        return Counter(each.status_code for each in answers)

    answers = asyncio.run(ask_all())
    findings.tried += 29
    findings.expect(answers.keys() == {200, 429}, f"answered {dict(answers)}")
    findings.figures.append(f"{answers[200]} computed, {answers[429]} refused")


def frame_doubtfully(target: Target, findings: Findings) -> None:
    """Requests of which two servers might disagree where they end, each with another one behind it."""
    for name, (head, content, version) in {**DOUBTFUL, **REJECTED}.items():
        answered = asyncio.run(exchange(target.port, head, content, version))
        refused = answered.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 "))
        findings.expect(refused and answered.count(b"HTTP/1.1") == 1, f"{name}: {answered[:80]!r}")


def send_packed_bodies(target: Target, findings: Findings) -> None:
    """Content that says it is compressed, a thousand times smaller than what is in it."""
    packed = gzip.compress(b" " * (64 * MEGABYTE))
    headers = {"Content-Encoding": "gzip", "Idempotency-Key": "packed", "If-Match": '"x"'}
    with target.connect(target.keys["local_officer"]) as http:
        for media in ("application/json", "text/csv", "application/yaml"):
            for method, path in list_targets(target.document, media):
                answer = http.request(method, path, content=packed, headers=headers | {"Content-Type": media})
                findings.expect(400 <= answer.status_code < 500, f"{path}: {answer.status_code}")


_ROUTES = {
    "xlsx": ("/v1/unit_imports?kind=units", None),
    "csv": ("/v1/unit_imports?kind=units", "text/csv"),
    "figures": ("/v1/unit_imports?kind=figures", "text/csv"),
    "json": (CALCULATOR, "application/json"),
    "yaml": ("/v1/plans", "application/yaml"),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_file_bombs(target: Target, findings: Findings) -> None:
    """Files, plans and JSON of some kilobytes that want gigabytes."""
    largest = 0
    with target.connect(target.keys["local_officer"]) as http:
        for name, (build, code) in FILES.items():
            bomb = build()
            path, media = _ROUTES[bomb.kind]
            headers = {"Content-Type": media or _XLSX, "Idempotency-Key": f"bomb {name}".replace(" ", "-")}
            answer = http.post(path, content=bomb.content, headers=headers)
            largest = max(largest, len(answer.content))
            refused = answer.status_code in (413, 422) and code in answer.text
            defused = refused or answer.status_code == 201  # a file is stored with its faults
            findings.expect(defused, f"{name}: {answer.status_code}, {answer.text[:150]}")
    findings.figures.append(f"answer {largest} bytes")
