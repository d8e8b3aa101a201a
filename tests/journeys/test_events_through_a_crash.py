"""Events over a service that is killed meanwhile: a stream and a poller see each of them once, in order."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.local_service import Served, connect, eventually, find_processes, lend_folder, serve

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

ACTS, KILLED_AFTER = 12, (4, 8)
SECONDS = 90.0
HOUSE = "/v1/events?chain=house"


def test_a_stream_and_a_poller_see_each_event_once_though_the_service_is_killed() -> None:
    with lend_folder() as folder, serve(folder) as served, ThreadPoolExecutor() as threads:
        with connect(served) as http:
            unit = found_unit(http)
            begin = read_end(http)
        polled = threads.submit(follow, served, begin, poll)
        streamed = threads.submit(follow, served, begin, stream)
        for n in range(ACTS):
            if n in KILLED_AFTER:
                kill_api(served)
            rename(served, unit, n)
        with connect(served) as http:
            events = http.get(f"{HOUSE}&after={begin}").json()["events"]
        assert [each["act"] for each in events] == ["unit_renamed"] * ACTS
        assert polled.result() == streamed.result() == [each["n"] for each in events]


def found_unit(http: httpx.Client) -> str:
    body = {"code": "xa-thu-nghiem", "name": "Xã thử nghiệm", "kind": "commune", "valid_from": "2020-01-01"}
    parents = {"parents": {"soc-trang-v": "tinh-soc-trang"}}
    made = http.post("/v1/units", json={**body, **parents}, headers={"Idempotency-Key": "unit"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def read_end(http: httpx.Client) -> int:
    """The number of the last event so far."""
    after, more = 0, True
    while more:
        answer = http.get(f"{HOUSE}&after={after}&limit=200").json()
        after, more = answer["after"], answer["more"]
    return int(after)


def kill_api(served: Served) -> None:
    """Kill the process that answers; its supervisor starts another."""
    killed = find_processes(served.process.pid)["api"]
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: find_processes(served.process.pid).get("api") not in (None, killed))


def rename(served: Served, unit: str, n: int) -> None:
    """One act, sent with the same key until it is answered."""
    body = {"name": f"Xã thử nghiệm {n}", "first": f"2021-01-{n + 1:02}"}

    def sends() -> bool:
        try:
            with connect(served) as http:
                etag = http.get(f"/v1/units/{unit}").headers["ETag"]
                headers = {"If-Match": etag, "Idempotency-Key": f"rename-{n}"}
                return http.post(f"/v1/units/{unit}/names", json=body, headers=headers).status_code < 300
        except (httpx.TransportError, KeyError):
            return False

    assert eventually(sends, SECONDS), n


Reader = Callable[[httpx.Client, list[int], int], None]
"""Adds the numbers of events, from the one after the last, until the connection breaks or all are there."""


def follow(served: Served, begin: int, read: Reader) -> list[int]:
    """The numbers of the events that a reader gets, who goes on after the last whenever it breaks."""
    seen: list[int] = []
    until = time.monotonic() + SECONDS
    while len(seen) < ACTS and time.monotonic() < until:
        try:
            with connect(served) as http:
                read(http, seen, seen[-1] if seen else begin)
        except httpx.TransportError:
            time.sleep(0.1)
    return seen


def poll(http: httpx.Client, seen: list[int], after: int) -> None:
    while len(seen) < ACTS:
        answer: dict[str, Any] = http.get(f"{HOUSE}&after={after}").json()
        seen += [each["n"] for each in answer["events"]]
        after = answer["after"]
        time.sleep(0.05)


def stream(http: httpx.Client, seen: list[int], after: int) -> None:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
    told: dict[str, str] = {}
    with http.stream("GET", HOUSE, headers=headers) as answer:
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            told |= {name: value} if line else {}
            if not line and "event" in told:
                seen.append(int(told["id"]))
            told = told if line else {}
            if len(seen) >= ACTS:
                return
