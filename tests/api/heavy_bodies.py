"""The bodies that cost most for what they are, and a watch over what they do to others."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import httpx

from api.apportionments import MAX_BODY_BYTES
from api.http.limits import BODY_LIMIT
from tests.documents import read_operations

T = TypeVar("T")

CALCULATOR = "/v1/apportionments"
LARGEST_ANSWER = 500_000
"""Bytes that no answer to such a body may have."""

MEGABYTE = 2**20

WATCH = """
import http.client, json, pathlib, sys, threading, time
host, port, process = sys.argv[1:]
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()

def read_cost():
    cost = 0
    for each in pathlib.Path(f"/proc/{process}/task").glob("*/schedstat"):
        try:
            cost += int(each.read_text().split()[0])
        except OSError:
            pass
    return cost / 1e9

costs = []
caller = http.client.HTTPConnection(host, int(port), timeout=60)
while not (costs and stopped.is_set()):
    before = read_cost()
    caller.request("GET", "/livez")
    answer = caller.getresponse()
    costs.append(read_cost() - before)
    answer.read()
    assert answer.status == 200
    if len(costs) == 1:
        print("ready", flush=True)
    time.sleep(0.01)
print(json.dumps(costs))
"""

TRIES = 3
"""How often a request may be sent again before it counts as one that holds others up."""


@contextmanager
def watched(address: str, process: int) -> Iterator[list[float]]:
    """Call `/livez` all the time, from a process of its own.

    Afterwards the list has, for each call, the seconds of processor time that the service, which is this
    process, took from the call to its answer: for the answer, and for all that held it up, in whichever of
    its threads, since a thread that computes may keep the interpreter from the one that answers. On a quiet
    machine this is about how long the caller waited. On a busy one the wait says more about the others.

    It is never too low. It is too high where the caller itself had to wait for a processor between its two
    readings of the clock, while other threads of the service went on: :func:`measure_held` tries again then.
    """
    url = httpx.URL(address)
    costs: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", WATCH, url.host, str(url.port), str(process)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as watch:
        assert watch.stdout is not None
        assert watch.stdout.readline() == "ready\n"
        yield costs
        costs += json.loads(watch.communicate("", timeout=90)[0])


def measure_held(address: str, process: int, send: Callable[[], T], most: float) -> tuple[float, T]:
    """For how long a request holds others up, as :func:`watched` has it, and what is answered to it.

    What holds them up for more than ``most`` is sent again: a real cause is there each time, while the noise
    of a busy machine is not.
    """
    worst, tries = float("inf"), 0
    while worst > most and tries < TRIES:
        with watched(address, process) as costs:
            answer = send()
        worst, tries = min(worst, max(costs)), tries + 1
    return worst, answer


def read_processor_time(process: int) -> float:
    """The seconds that all threads of a process have had of a processor."""
    times = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in times) / 1e9


def build_units(size: int, unit: str = '{"a":1}') -> bytes:
    """A calculation of as many units as fit."""
    head, tail = '{"method":"dhondt","seats":1,"units":[', "]}"
    count = min((size - len(head) - len(tail)) // (len(unit) + 1), size // 32, 199_000)
    return (head + ",".join([unit] * count) + tail).encode()


def build_keys(size: int) -> bytes:
    """An object with as many unknown fields as are read."""
    count = size // 16 - 10
    return ("{" + ",".join(f'"{n:x}":"a"' for n in range(count)) + "}").encode()


def build_lists(size: int) -> bytes:
    """As many empty lists as are read."""
    return b'{"a":[' + b",".join([b"[]"] * (size // 32 - 10)) + b"]}"


def build_texts(size: int) -> bytes:
    return ("[" + ",".join(f'"{n:012d}"' for n in range(size // 16 - 10)) + "]").encode()


def build_escapes(size: int) -> bytes:
    return b'{"a":"' + b"\\u0041" * (size // 6 - 10) + b'"}'


def build_numbers(size: int) -> bytes:
    return b"[" + b",".join([b"1.5"] * (size // 16 - 10)) + b"]"


def build_form(size: int) -> bytes:
    """A form whose content nearly ends at every second byte."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return head + b"\r\n" * ((size - len(head) - 20) // 2) + b"\r\n--x--\r\n"


def build_table(cell: str, columns: int, size: int = 20 * MEGABYTE) -> bytes:
    """A table of units with as many rows as are read."""
    row = ",".join([cell] * columns) + "\n"
    count = min(size // len(row.encode()), 49_000)
    return ("Mã đơn vị,Tên đơn vị\n" + row * count).encode()


def build_plan(part: str, across: int, size: int = 2 * MEGABYTE) -> bytes:
    """A plan whose lists have lists of this part."""
    inner = f'{{"seat_groups":[{",".join([part] * across)}]}}'
    return ('{"tiers":[' + ",".join([inner] * (size // len(inner) - 2)) + "]}").encode()


FILES = {
    "text/csv": (build_table("!", 2), build_table("é" * 100, 2), build_table("x", 19)),
    "multipart/form-data; boundary=x": (build_form(20 * MEGABYTE),),
}
PLANS = {
    "application/json": (build_plan('{"a":1}', 150), build_plan("[]", 400), build_plan("1.5", 250)),
    "application/yaml": (build_plan("{}", 400), b"tiers:\n" + b"- {}\n" * 4_900),
}

JSON_BODIES = {
    "units": build_units,
    "keys": build_keys,
    "lists": build_lists,
    "texts": build_texts,
    "escapes": build_escapes,
    "numbers": build_numbers,
}


class HeavyRequest(NamedTuple):
    """One of these bodies, and where it is sent."""

    method: str
    path: str
    media: str
    content: bytes

    def send(self, http: httpx.Client) -> httpx.Response:
        """Send it under a key of its own."""
        headers = {"Content-Type": self.media, "Idempotency-Key": str(uuid4()), "If-Match": '"x"'}
        return http.request(self.method, self.path, content=self.content, headers=headers)

    def describe(self, answer: httpx.Response) -> str:
        """What was sent and answered, for whoever has to look for it."""
        size = len(answer.content)
        return f"{self.media} {self.content[:60]!r} {self.path}: {answer.status_code}, {size} bytes"


DENSE_TABLE = HeavyRequest("post", "/v1/unit_imports?kind=units", "text/csv", build_table("!", 2, 40_000))
"""Ten thousand rows in 40 KB: what costs most for its size."""


def is_answered_badly(answer: httpx.Response) -> bool:
    """Whether a body made the service fail, or say too much."""
    return answer.status_code >= 500 or len(answer.content) > LARGEST_ANSWER


def list_json_requests(document: dict[str, Any]) -> list[HeavyRequest]:
    """The worst of the calculator, which takes the most; of the other routes each gets another one."""
    found = [
        HeavyRequest("post", CALCULATOR, "application/json", build(MAX_BODY_BYTES))
        for build in JSON_BODIES.values()
    ]
    bodies = cycle([build(BODY_LIMIT) for build in JSON_BODIES.values()])
    for method, path in list_targets(document, "application/json"):
        found.append(HeavyRequest(method, path, "application/json", next(bodies)))
    return found


def list_file_requests() -> list[HeavyRequest]:
    """Files of units, and plans."""
    return [
        HeavyRequest("post", path, media, content)
        for path, bodies in (("/v1/unit_imports?kind=units", FILES), ("/v1/plans", PLANS))
        for media, contents in bodies.items()
        for content in contents
    ]


def list_targets(document: dict[str, Any], media: str) -> Iterator[tuple[str, str]]:
    """Method and path of each operation that takes this type, with ids of nothing."""
    for path, operations in read_operations(document).items():
        for method, operation in operations.items():
            if media in operation.get("requestBody", {}).get("content", {}):
                steps = [str(uuid4()) if step.startswith("{") else step for step in path.split("/")]
                yield method, "/".join(steps)
