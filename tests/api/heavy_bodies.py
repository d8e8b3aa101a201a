"""The bodies that cost most for what they are, and a watch over what they do to others."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

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
while not (costs and stopped.is_set()):
    before = read_cost()
    caller = http.client.HTTPConnection(host, int(port), timeout=60)
    caller.request("GET", "/livez")
    assert caller.getresponse().status == 200
    caller.close()
    costs.append(read_cost() - before)
    if len(costs) == 1:
        print("ready", flush=True)
    time.sleep(0.01)
print(json.dumps(costs))
"""


@contextmanager
def watched(address: str, process: int) -> Iterator[list[float]]:
    """Call `/livez` all the time, from a process of its own.

    Afterwards the list has, for each call, the seconds of processor time that the service, which is this
    process, took from the call to its answer: for the answer, and for all that held it up. On a quiet machine
    this is about how long the caller waited. On a busy one the wait says more about the others.
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
