"""Joining the private PostgreSQL of another process: only the right one, and only as its owner."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db.embedded import EmbeddedServer, EmbeddedServerError, find_shared_server

pytestmark = pytest.mark.slow  # starts and ends servers by the dozen

ROOT = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

HOLDS = """
import sys
from pathlib import Path
from db.embedded import EmbeddedServer
with EmbeddedServer.start(Path(sys.argv[1]), fast=True, shared=sys.argv[2] == "shared") as embedded:
    print((embedded.place / "pg" / "postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that every user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="joining-", dir=MEMORY if MEMORY.is_dir() else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def held(folder: Path, how: str = "shared") -> Iterator[subprocess.Popen[str]]:
    """Another process with a server over the folder."""
    command = [sys.executable, "-c", HOLDS, str(folder), how]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip().isdecimal()
        yield other
        if other.poll() is None:
            other.communicate(timeout=60)


async def test_the_server_of_another_process_is_joined(home: Path) -> None:
    with held(home) as other:
        found = find_shared_server(home)
        assert found is not None
        assert found.owner == other.pid
        engine = create_async_engine(found.build_url())
        async with engine.connect() as connection:
            where = (await connection.execute(text("SHOW data_directory"))).scalar_one()
        await engine.dispose()
        assert Path(where).parent.samefile(home)
    assert find_shared_server(home) is None, "it has stopped"


def test_a_second_server_is_refused_all_the_same(home: Path) -> None:
    with held(home) as other, pytest.raises(EmbeddedServerError, match=f"process {other.pid} runs"):
        EmbeddedServer.start(home)


def test_the_server_of_a_command_is_not_joined(home: Path) -> None:
    """It stops with its command, in the midst of the other one's work."""
    with held(home, "alone"):
        assert find_shared_server(home) is None


def test_without_data_there_is_nobody(home: Path) -> None:
    assert find_shared_server(home) is None
    assert find_shared_server(home / "missing") is None
    assert list(home.iterdir()) == [], "looking leaves nothing behind"


def test_what_a_killed_process_left_is_recognised(home: Path) -> None:
    with held(home) as other:
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert find_shared_server(home) is None
    assert (home / "lock").read_text() == f"{other.pid} shared\n"
    with EmbeddedServer.start(home):
        pass


@pytest.fixture
def claimed(home: Path) -> Iterator[Path]:
    """A folder whose lock this process has and shares, with the data of a server that is not there."""
    with held(home):
        pass
    (home / "lock").write_text(f"{os.getpid()} shared\n")
    with (home / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home


def forge(home: Path, pid: int, folder: Path) -> None:
    """Write what a ready server over this folder writes."""
    lines = [str(pid), str(home / "pg"), "0", "5432", str(folder), "", "", "ready   "]
    (home / "pg" / "postmaster.pid").write_text("\n".join(lines) + "\n")


def test_an_owner_without_a_server_is_waited_for_and_then_named(claimed: Path) -> None:
    with pytest.raises(EmbeddedServerError, match=f"process {os.getpid()} has it, but"):
        find_shared_server(claimed, patience=0.1)


@pytest.mark.parametrize("answering", [False, True])
def test_the_socket_of_another_process_is_not_joined(claimed: Path, answering: bool) -> None:
    """A note may name a process that ended; its socket may be dead, or that of somebody else."""
    forge(claimed, os.getppid(), claimed / "socket")
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(claimed / "socket" / ".s.PGSQL.5432"))
        if answering:
            other.listen()
        with pytest.raises(EmbeddedServerError, match="does not answer"):
            find_shared_server(claimed, patience=0.1)
        if answering:
            forge(claimed, os.getpid(), claimed / "socket")
            assert find_shared_server(claimed, patience=0.1) is not None, "only the number was wrong"


def test_a_folder_of_the_socket_that_others_may_enter_is_refused(claimed: Path) -> None:
    forge(claimed, os.getpid(), claimed / "socket")
    (claimed / "socket").chmod(0o755)
    with pytest.raises(EmbeddedServerError, match="only this user can use"):
        find_shared_server(claimed, patience=0.1)


def test_a_lock_that_others_may_read_or_replace_is_refused(claimed: Path) -> None:
    (claimed / "lock").chmod(0o644)
    with pytest.raises(EmbeddedServerError, match="only this user can use"):
        find_shared_server(claimed)
    (claimed / "lock").rename(claimed / "away")
    (claimed / "lock").symlink_to("away")
    with pytest.raises(EmbeddedServerError, match="only this user can use"):
        find_shared_server(claimed)


@as_root
def test_another_user_is_refused(home: Path) -> None:
    asks = (
        "import os, sys; from pathlib import Path; from db.embedded import *\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try:\n    find_shared_server(Path(sys.argv[1]))\n"
        "except EmbeddedServerError as error:\n    print(error)"
    )
    with held(home):
        told = subprocess.run(
            [sys.executable, "-c", asks, str(home)], cwd=ROOT, capture_output=True, text=True
        )
    assert "Run this as the user who runs the service" in told.stdout, told.stderr
