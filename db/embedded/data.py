"""The data folder: one server uses it at a time, it is created completely or not at all, and checked."""

import fcntl
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import NamedTuple, Self

from db.embedded.failure import EmbeddedServerError
from db.embedded.process import ServerLog, build_guarded_command, build_process_options
from db.embedded.users import ServerUser, choose_creator, expect_own_data, hand_over

MAJOR_VERSION = "18"
DEATH_SECONDS = 0.5
"""Seconds that a process may take to end after a signal was sent."""
SHARED = "shared"
"""The word in the lock by which its owner lets others join its server."""
LEFTOVER_PATIENCE = 30.0
"""Seconds that the server of an ended process may take to write its data and end too."""

INITDB_OPTIONS = (
    "--username=postgres",
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)

# Statements and the details of errors would carry personal data into the log.
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class LockNote(NamedTuple):
    """What the owner of the lock wrote into it: its process, and whether others may join its server."""

    owner: int | None
    shared: bool

    @classmethod
    def read(cls, lock: int) -> Self:
        """The note in an open lock file; without an owner if nobody has written one."""
        number, _, how = os.pread(lock, 40, 0).decode(errors="replace").strip().partition(" ")
        return cls(int(number) if number.isdecimal() else None, how == SHARED)

    def has_live_owner(self) -> bool:
        """Whether the process that wrote the note still runs."""
        return self.owner is not None and _is_running(self.owner)


def claim_folder(place: Path, *, shared: bool = False) -> int:
    """Lock ``place`` for this process and, by inheritance, for its server.

    ``shared`` notes that others may join the server. Returns the file descriptor of the lock, for
    :func:`release_folder`. Waits for the server of a process that has ended. Raises
    :class:`EmbeddedServerError` when another process has the lock.
    """
    lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    started_at = time.monotonic()
    while not try_lock(lock, fcntl.LOCK_EX):
        note = LockNote.read(lock)
        patience = DEATH_SECONDS if note.has_live_owner() else LEFTOVER_PATIENCE
        if time.monotonic() > started_at + patience:
            os.close(lock)
            raise EmbeddedServerError(
                f"{place} is in use: process {note.owner or 'unknown'} runs a PostgreSQL over it. "
                "Stop it, or name another data folder."
            )
        time.sleep(0.01)
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}{f' {SHARED}' if shared else ''}\n".encode(), 0)
    return lock


def release_folder(lock: int) -> None:
    """Unlock the folder; ``lock`` comes from :func:`claim_folder`."""
    os.ftruncate(lock, 0)
    os.close(lock)


def try_lock(lock: int, kind: int) -> bool:
    """Lock an open file as ``LOCK_EX`` or ``LOCK_SH`` says; ``False`` if another process prevents it."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
        status = Path(f"/proc/{number}/stat").read_text()
    except ProcessLookupError:
        return False
    except OSError:  # another user's process, or a system without /proc
        return True
    return status.rpartition(")")[2].split()[0] != "Z"  # killed, but its parent has not collected it yet


def initialise_data(
    place: Path, programs: Path, runner: ServerUser, log: ServerLog, lock: int, *, fast: bool
) -> None:
    """Create the data in ``pg.new`` and rename them to ``pg`` when complete; so ``pg`` is never incomplete.

    Only the group of ``runner`` and root may enter ``pg.new``.
    """
    creator = choose_creator(runner)
    new = place / "pg.new"
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    data = new / "pg"
    data.mkdir(mode=0o700)
    creator.take_ownership(data)
    if creator.uid:
        os.chown(new, 0, creator.gid)
        new.chmod(0o710)
    settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
    command = [programs / "initdb", "-D", data, *INITDB_OPTIONS, *settings, *(["--no-sync"] if fast else [])]
    with log.open() as out:
        done = subprocess.run(  # noqa: S603 - our own program and arguments
            build_guarded_command(command, creator), check=False, **build_process_options(out, lock)
        )
    if done.returncode:
        raise EmbeddedServerError(
            f"PostgreSQL could not create its data; the end of its log:\n{log.read_last_lines()}"
        )
    if creator != runner:
        hand_over(data, creator.uid, runner)
    data.rename(place / "pg")
    new.rmdir()
    if not fast:
        _sync_folder(place)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def expect_usable_data(data: Path, runner: ServerUser) -> None:
    """Raise :class:`EmbeddedServerError` for data of another user, or of another version of PostgreSQL.

    Data that root may take over for ``runner`` are taken over; nobody may run a server over them.
    """
    version = (data / "PG_VERSION").read_text().strip()
    if version != MAJOR_VERSION:
        raise EmbeddedServerError(
            f"{data} was written by PostgreSQL {version}, and this is {MAJOR_VERSION}. "
            "Dump it with the older version and load it into a new data folder."
        )
    remove_stale_mark(data)
    expect_own_data(data, runner)


def remove_stale_mark(data: Path) -> None:
    """Remove ``postmaster.pid`` of a dead server when another program has its process number now.

    PostgreSQL would take that program for a running server and refuse to start. No server of this package
    runs, because we have the lock. Raises :class:`EmbeddedServerError` when a server started by hand runs.
    """
    mark = data / "postmaster.pid"
    try:
        process = Path("/proc") / mark.read_text().split("\n")[0]
        name = (process / "comm").read_text().strip()
        is_server = name == "postgres" and (process / "cwd").readlink() == data
    except OSError:  # no such file or process, or another user's process: PostgreSQL decides
        return
    if is_server:
        raise EmbeddedServerError(
            f"Process {process.name}, a PostgreSQL that was started by hand, runs over {data}. Stop it first."
        )
    mark.unlink()
