"""The processes of the private server: they are started, watched and stopped here."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT
from typing import IO, Any, NamedTuple, Self

from db.embedded.failure import EmbeddedServerError
from db.embedded.users import THIS_USER, ServerUser

GUARD_SCRIPT = Path(__file__).with_name("guard.py")
LOG_SIZE = 10_000_000
"""Bytes from which on a log is renamed to ``log.old`` at the next start."""
READY_TIMEOUT = 120.0
"""Seconds that a server may take to be ready: after a crash it first replays its write-ahead log."""


class ServerLog:
    """The file the server writes to."""

    def __init__(self, path: Path):
        self.path = path
        if path.exists() and path.stat().st_size > LOG_SIZE:
            path.replace(path.with_name("log.old"))
        with self.open() as log:
            self._start = log.tell()

    def open(self) -> IO[bytes]:
        """The file, to write at its end. A symbolic link in its place is not followed."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        log = os.fdopen(os.open(self.path, flags, 0o600), "ab")
        log.seek(0, os.SEEK_END)
        return log

    def read_last_lines(self) -> str:
        """What was written since this start: its last 2000 bytes."""
        with self.path.open("rb") as log:
            log.seek(self._start)
            return log.read()[-2000:].decode(errors="replace").strip()


class ReadyMark(NamedTuple):
    """What ``postmaster.pid`` of a ready server says: its process, and the folders of its data and socket."""

    pid: int
    data: Path
    socket: Path

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The content of ``postmaster.pid``; ``None`` if no server is ready."""
        try:
            lines = file.read_text().split("\n")
        except FileNotFoundError:
            return None
        if len(lines) <= 7 or lines[7].strip() != "ready":
            return None
        return cls(int(lines[0]), Path(lines[1]), Path(lines[4]))


class ServerProcess:
    """The server's process.

    The kernel sends the death signal when the *thread* that started the process ends. So a separate thread
    starts it and waits until it ends.
    """

    def __init__(self, command: Sequence[object], runner: ServerUser, log: ServerLog, lock: int):
        self._log = log
        self._ended = threading.Event()
        started: Future[subprocess.Popen[bytes]] = Future()
        thread = threading.Thread(
            target=self._run_process,
            args=(build_guarded_command(command, runner), lock, started),
            name="postgres",
            daemon=True,
        )
        thread.start()
        self._process = started.result()

    def _run_process(self, command: list[str], lock: int, started: "Future[subprocess.Popen[bytes]]") -> None:
        try:
            with self._log.open() as log:
                process = subprocess.Popen(command, **build_process_options(log, lock))  # noqa: S603 - ours
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            started.set_exception(error)
            return
        started.set_result(process)
        process.wait()
        self._ended.set()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def wait_until_ready(self, data: Path) -> None:
        """Wait until ``postmaster.pid`` reports a ready server; a server that does not start is stopped."""
        deadline = time.monotonic() + READY_TIMEOUT
        try:
            while not self._is_ready(data / "postmaster.pid"):
                if self._ended.wait(0.005) or time.monotonic() > deadline:
                    self._give_up()
        except BaseException:
            self.stop()
            raise

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._ended.is_set()

    def _is_ready(self, mark: Path) -> bool:
        found = ReadyMark.read(mark)
        return found is not None and found.pid == self.pid

    def _give_up(self) -> None:
        raise EmbeddedServerError(
            f"PostgreSQL did not start; the end of its log:\n{self._log.read_last_lines()}"
        )

    def stop(self, *, orderly: bool = True) -> None:
        """Stop in order; else quickly (the next start replays the write-ahead log); else by force."""
        steps = ((SIGINT, 60.0), (SIGQUIT, 10.0), (SIGKILL, None))
        for signal, seconds in steps if orderly else steps[1:]:
            if not self._ended.is_set():
                self._process.send_signal(signal)
            if self._ended.wait(seconds):
                return


def build_guarded_command(
    command: Sequence[object], runner: ServerUser = THIS_USER, signal: int = SIGQUIT
) -> list[str]:
    """``command`` run by the guard: with the rights of ``runner``, and ``signal`` when this process ends."""
    guard = (sys.executable, "-I", "-S", GUARD_SCRIPT, os.getpid(), int(signal), runner.uid, runner.gid)
    return [str(word) for word in (*guard, *command)]


def build_process_options(log: IO[bytes], lock: int) -> dict[str, Any]:
    """Arguments to run a process of the server: it inherits the lock, and nothing of our environment."""
    return {
        "env": build_environment(),
        "cwd": "/",
        "stdin": subprocess.DEVNULL,
        "stdout": log,
        "stderr": log,
        "pass_fds": (lock,),
        "start_new_session": True,
    }


def build_environment() -> dict[str, str]:
    """The environment of PostgreSQL's programs; PGHOST and similar variables would mislead them."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
