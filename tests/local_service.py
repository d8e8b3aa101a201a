"""The service as `make run` starts it: real processes over a folder of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

ROOT = Path(__file__).parents[1]
PATIENCE = 60


class Served(NamedTuple):
    """Where the service answers, what it printed until then, its data folder, and its first process."""

    address: str
    printed: str
    data: Path
    process: subprocess.Popen[str]

    def run_command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the service over the same folder."""
        return run_command(self.data, *words)


def build_environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of this process with no setting but the folder and those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAIBIEU_")}
    return {**kept, "PYTHONPATH": str(ROOT), "DAIBIEU_DATA": str(data), **more}


def run_command(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the service over this folder."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *words],
        cwd=ROOT,
        env=build_environment(data, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def find_free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def start_service(
    data: Path, command: Sequence[str] = ("-m", "api.cli", "serve"), **more: str
) -> Iterator[Served]:
    """Start the service over a folder and wait until it serves; killed at the end if it still runs."""
    port = find_free_port()
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=build_environment(data, DAIBIEU_PORT=str(port), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        printed = ""
        for line in server.stdout or ():
            printed += line
            if "serving on" in line:
                break
        assert "serving on" in printed, printed
        try:
            yield Served(f"http://127.0.0.1:{port}", printed, data, server)
        finally:
            if server.poll() is None:
                server.kill()


@contextmanager
def serve(data: Path, **more: str) -> Iterator[Served]:
    """The service over a folder, stopped as Ctrl-C does, which must end it well."""
    with start_service(data, **more) as served:
        yield served
        served.process.send_signal(signal.SIGINT)
        served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode == 0, served.printed


@contextmanager
def lend_folder() -> Iterator[Path]:
    """A folder that every user can reach, as a service's data folder is; deleted at the end."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="service-", dir=memory if memory.is_dir() else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def eventually(happens: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether it happens within some seconds."""
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def find_processes(parent: int) -> dict[str, int]:
    """The children of a process by what they are: ``api``, ``worker`` or ``postgres``."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes().decode().rstrip("\0").split("\0")
        except OSError:
            continue
        if int(status[1]) == parent and status[0] != "Z":
            name = words[-1] if "child" in words else Path(words[0]).name
            found[name] = int(folder.name)
    return found


def is_gone(process: int) -> bool:
    """Whether a process has ended; while one of its threads is left, so are its sockets."""
    place = Path(f"/proc/{process}")
    try:
        state = (place / "stat").read_text().rpartition(")")[2].split()[0]
        return state == "Z" and len(list((place / "task").iterdir())) == 1
    except OSError:
        return True


def is_alive(served: Served) -> bool:
    try:
        return httpx.get(f"{served.address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def connect(served: Served) -> httpx.Client:
    """A client with the officer's key."""
    key = (served.data / "officer.key").read_text().strip()
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=served.address, headers=headers, timeout=PATIENCE)
