"""How the local service ends, whole or in part: told so, or killed."""

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local_service import (
    PATIENCE,
    connect,
    eventually,
    find_free_port,
    find_processes,
    is_alive,
    is_gone,
    lend_folder,
    run_command,
    serve,
    start_service,
)

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

IMPATIENT = "from api.cli import main, supervisor; supervisor.PAUSES = (0.1, 0.1); main.main()"
"""The service, with shorter pauses."""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A folder whose first start is over."""
    with lend_folder() as folder:
        with serve(folder):
            pass
        yield folder


def find_place(data: Path) -> Path:
    """Where the database is: root's goes elsewhere when its user cannot reach the folder."""
    link = data / "postgres" / "elsewhere"
    return link.readlink() if link.is_symlink() else data / "postgres"


@on_linux
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_all_of_it_in_order(data: Path, number: signal.Signals) -> None:
    with start_service(data) as served:
        processes = find_processes(served.process.pid)
        assert set(processes) == {"api", "worker", "postgres"}
        served.process.send_signal(number)
        told, _ = served.process.communicate(timeout=PATIENCE)
        assert served.process.returncode == 0, told
        assert all(map(is_gone, processes.values()))
        assert "unexpectedly" not in told
    place = find_place(data)
    assert (place / "lock").read_text() == ""
    assert not (place / "pg" / "postmaster.pid").exists()


@on_linux
@pytest.mark.faults
def test_a_stop_waits_for_no_request_that_does_not_end(data: Path) -> None:
    """One client has sent half of its content, and one half of a head."""
    with start_service(data, DAIBIEU_STOP_SECONDS="1", DAIBIEU_BODY_SECONDS="300") as served:
        port = int(served.address.rpartition(":")[2])
        content = b"Host: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        halves = (b"POST /v1/verifications HTTP/1.1\r\n" + content, b"GET /livez HTTP/1.1\r\nHost: x")
        address = ("127.0.0.1", port)
        with socket.create_connection(address) as body, socket.create_connection(address) as head:
            for client, half in zip((body, head), halves, strict=True):
                client.sendall(half)
            time.sleep(0.5)
            served.process.send_signal(signal.SIGTERM)
            told, _ = served.process.communicate(timeout=PATIENCE)
        assert served.process.returncode == 0, told
        assert "is ended by force" not in told


@on_linux
@pytest.mark.faults
@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_child_that_was_killed_is_started_again_and_loses_nothing(data: Path, name: str) -> None:
    with start_service(data) as served, connect(served) as http:
        conference = http.get("/v1/conferences").json()["items"][0]["id"]
        allocate = http.build_request(
            "POST", f"/v1/conferences/{conference}/allocations", json={}, headers={"Idempotency-Key": name}
        )
        stored = http.send(allocate)
        before = find_processes(served.process.pid)
        os.kill(before[name], signal.SIGKILL)
        assert eventually(lambda: find_processes(served.process.pid).get(name, 0) not in (0, before[name]))
        assert eventually(lambda: is_alive(served))
        again = http.send(allocate)
        assert (stored.status_code, again.status_code, again.json()) == (201, 201, stored.json())
        after = find_processes(served.process.pid)
        assert after.keys() == before.keys()
        assert [each for each in before if before[each] != after[each]] == [name]
        served.process.send_signal(signal.SIGTERM)
        told, _ = served.process.communicate(timeout=PATIENCE)
    title = {"api": "the API", "worker": "the worker"}[name]
    assert f"{title} ended unexpectedly, by SIGKILL; it starts again in 0.2 s" in told
    assert served.process.returncode == 0


@on_linux
@pytest.mark.faults
def test_a_child_that_keeps_ending_ends_the_service(data: Path) -> None:
    with start_service(data, ("-c", IMPATIENT, "serve")) as served:
        killed: set[int] = set()
        others = find_processes(served.process.pid)

        def kill_worker() -> bool:
            worker = find_processes(served.process.pid).get("worker")
            if worker is not None and worker not in killed:
                killed.add(worker)
                os.kill(worker, signal.SIGKILL)
            return served.process.poll() is not None

        assert eventually(kill_worker)
        told, _ = served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode == 2
    assert "daibieu: the worker ended 3 times in a row, the last time by SIGKILL" in told
    assert all(map(is_gone, others.values()))


@on_linux
@pytest.mark.faults
def test_nothing_outlives_a_supervisor_that_was_killed(data: Path) -> None:
    with start_service(data) as served:
        processes = find_processes(served.process.pid)
        assert set(processes) == {"api", "worker", "postgres"}
        served.process.kill()
        served.process.wait()
        assert eventually(lambda: all(map(is_gone, processes.values())), 10)
    address = ("127.0.0.1", int(served.address.rpartition(":")[2]))

    def is_closed() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(address) != 0

    assert eventually(is_closed, 1), "the last thread of a killed process closes its sockets later"
    done = run_command(data, "audit", "verify")
    assert (done.returncode, done.stderr) == (0, ""), "what it left is recognised"


@on_linux
@pytest.mark.faults
def test_a_database_that_ends_by_itself_ends_the_service(data: Path) -> None:
    with start_service(data) as served:
        os.kill(find_processes(served.process.pid)["postgres"], signal.SIGKILL)
        told, _ = served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode == 2
    assert re.search(r"daibieu: PostgreSQL ended by itself; its log is .*/log", told)


@pytest.mark.slow
def test_a_wrong_setting_of_a_child_is_said_once(data: Path, tmp_path: Path) -> None:
    key = tmp_path / "broken.key"
    key.write_text("not a key\n")
    done = run_command(data, "serve", DAIBIEU_PORT=str(find_free_port()), DAIBIEU_MASTER_KEY_FILE=str(key))
    assert done.returncode == 2
    assert "32 bytes in base64" in done.stderr
    assert "cannot start; the reason is above" in done.stderr
    assert "starts again" not in done.stderr
