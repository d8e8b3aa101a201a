"""Joining the private server of another process, through its socket.

The folder tells all: its lock says whether somebody has it and who, ``postmaster.pid`` in the data says which
server runs and where its socket is. Nothing of this is believed unless it fits together: notes and sockets
may be left over from a process that was killed.
"""

import fcntl
import os
import socket
import stat
import struct
import time
from pathlib import Path
from typing import NamedTuple

from db.embedded.data import LockNote, try_lock
from db.embedded.failure import EmbeddedServerError
from db.embedded.folders import DATABASE, SOCKET_NAME, build_url, find_place, is_private
from db.embedded.process import READY_TIMEOUT, ReadyMark
from db.embedded.users import ServerUser


class SharedServer(NamedTuple):
    """A running server of another process: the number of that process, and the folder of the socket."""

    owner: int
    socket: Path

    def build_url(self, database: str = DATABASE) -> str:
        """The URL of ``database`` for SQLAlchemy's ``create_async_engine``."""
        return build_url(self.socket, database)


def find_shared_server(folder: Path, *, patience: float = READY_TIMEOUT) -> SharedServer | None:
    """The server that another process runs over ``folder`` and shares; ``None`` if there is none.

    Waits at most ``patience`` seconds for a server that is starting. Raises :class:`EmbeddedServerError` for
    a folder of another user, for a socket that others could have put there, and for a server that does not
    become ready.
    """
    place = _find_place(folder)
    lock = None if place is None else _open_lock(place / "lock")
    if place is None or lock is None:
        return None
    deadline = time.monotonic() + patience
    try:
        while (owner := _find_sharing_owner(lock)) is not None:
            if (found := _find_socket(place)) is not None:
                return SharedServer(owner, found)
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"{place} is in use: process {owner} has it, but its PostgreSQL does not answer."
                )
            time.sleep(0.02)
    finally:
        os.close(lock)
    return None


def _find_place(folder: Path) -> Path | None:
    """The folder that contains the data; ``None`` if there are none."""
    place = find_place(folder.resolve())
    return place if place.is_dir() else None


def _open_lock(file: Path) -> int | None:
    """The lock, opened to look at. ``None`` if there is none."""
    try:
        lock = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError:
        raise _refuse_stranger(file) from None
    status = os.fstat(lock)
    if os.geteuid() not in (status.st_uid, 0) or stat.S_IMODE(status.st_mode) & 0o077:
        os.close(lock)
        raise _refuse_stranger(file)
    return lock


def _refuse_stranger(path: Path) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"{path} is not a file that only this user can use. Run this as the user who runs the service."
    )


def _find_sharing_owner(lock: int) -> int | None:
    """The process that has the lock and shares its server.

    ``None`` if nobody has the lock, or its owner does not share, or has been killed and its server is ending.
    """
    if try_lock(lock, fcntl.LOCK_SH):
        fcntl.flock(lock, fcntl.LOCK_UN)
        return None
    note = LockNote.read(lock)
    return note.owner if note.shared and note.has_live_owner() else None


def _find_socket(place: Path) -> Path | None:
    """The folder of the socket behind which the server of ``place`` answers; ``None`` while none does."""
    data = place / "pg"
    try:
        status = data.stat()
        mark = ReadyMark.read(data / "postmaster.pid")
        if mark is None or mark.data != data or not mark.socket.samefile(place / "socket"):
            return None
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _refuse_stranger(data) from None
    if not is_private(mark.socket, ServerUser(status.st_uid, status.st_gid)):
        raise _refuse_stranger(mark.socket)
    return mark.socket if _answers_as(mark.socket, mark.pid) else None


def _answers_as(folder: Path, pid: int) -> bool:
    """Whether the socket's other end is this process, as the kernel says where it can (on Linux)."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(folder / SOCKET_NAME))
        except OSError:  # left over from a server that was killed
            return False
        if not hasattr(socket, "SO_PEERCRED"):
            return True
        credentials = probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return bool(struct.unpack("3i", credentials)[0] == pid)
