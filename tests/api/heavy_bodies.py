"""The bodies that cost most for what they are, and a watch over what they do to others."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

MEGABYTE = 2**20
FORM = "multipart/form-data; boundary=x"

WATCH = """
import http.client, json, sys, threading, time
host, port = sys.argv[1:]
stopped = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()
waits = []
while not stopped.is_set():
    began = time.perf_counter()
    caller = http.client.HTTPConnection(host, int(port), timeout=60)
    caller.request("GET", "/livez")
    caller.getresponse().read()
    caller.close()
    waits.append(time.perf_counter() - began)
    time.sleep(0.01)
print(json.dumps(waits))
"""


@contextmanager
def watched(address: str) -> Iterator[list[float]]:
    """Call `/livez` all the time from a process of its own; afterwards the list has the seconds of each."""
    url = httpx.URL(address)
    waits: list[float] = []
    with subprocess.Popen(
        [sys.executable, "-c", WATCH, url.host, str(url.port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as watch:
        yield waits
        waits += json.loads(watch.communicate("", timeout=90)[0])


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


JSON_BODIES = {
    "units": build_units,
    "keys": build_keys,
    "lists": build_lists,
    "texts": build_texts,
    "escapes": build_escapes,
    "numbers": build_numbers,
}
