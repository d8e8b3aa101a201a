"""The private server: the class by which the service uses it."""

import atexit
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from db.embedded.data import (
    claim_folder,
    expect_usable_data,
    initialise_data,
    release_folder,
)
from db.embedded.entrance import RULE_FILES, write_entrance_rules
from db.embedded.failure import OWN_SERVER, EmbeddedServerError
from db.embedded.folders import (
    DATABASE,
    PORT,
    SUPERUSER,
    build_url,
    choose_data_folder,
    find_place,
    find_programs,
    make_folder,
    make_socket_folder,
)
from db.embedded.process import ServerLog, ServerProcess, build_environment
from db.embedded.users import choose_server_user

SERVER_OPTIONS = ("listen_addresses=", "unix_socket_permissions=0700")
FAST_OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
DATABASE_IN_USE = "42P04"  # duplicate_database
ROLE_IN_USE = "42710"  # duplicate_object


class EmbeddedServer:
    """A private PostgreSQL 18 over one data folder, without a TCP port, that ends with this process.

    ``folder`` is the data folder as the caller named it. ``place`` is the folder that contains the data: the
    same, unless the server's user cannot reach it. ``programs`` is the folder of ``pg_dump`` and other
    programs, ``socket`` the folder of the server's socket.
    """

    def __init__(
        self, folder: Path, place: Path, programs: Path, socket: Path, lock: int, server: ServerProcess
    ):
        self.folder = folder
        self.place = place
        self.programs = programs
        self.socket = socket
        self._lock = lock
        self._server = server
        self._process = os.getpid()
        self._stopped = False

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        fast: bool = False,
        shared: bool = False,
        database: str = DATABASE,
        user: str | None = None,
    ) -> Self:
        """Start a server over ``folder``, which is created if missing, with the database ``database`` in it.

        Blocks: about a second for a new folder, 0.1 s later. ``fast`` is for tests: data may be lost when the
        machine crashes. ``shared`` lets other processes join (:func:`db.embedded.find_shared_server`).
        ``user`` names the user that root runs it as (:func:`db.embedded.users.choose_server_user`). Raises
        :class:`EmbeddedServerError`, also when another process has a server there.
        """
        try:
            embedded = cls._start(make_folder(Path(folder).resolve()), fast, shared, user)
        except OSError as error:
            raise EmbeddedServerError(
                f"PostgreSQL cannot be set up over {folder}: {error}. "
                f"Name a data folder that this user can write, or {OWN_SERVER}."
            ) from error
        atexit.register(embedded.stop)
        try:
            embedded.create_database(database, exist_ok=True)
        except BaseException:
            embedded.stop()
            raise
        return embedded

    @classmethod
    def _start(cls, folder: Path, fast: bool, shared: bool, user: str | None) -> Self:
        runner = choose_server_user(find_place(folder), user)
        place = choose_data_folder(folder, runner, fast)
        lock = claim_folder(place, shared=shared)
        try:
            runner = choose_server_user(place, user)  # another process may have created the data before
            programs = find_programs(runner)
            log = ServerLog(place / "log")
            if not (place / "pg").exists():
                initialise_data(place, programs, runner, log, lock, fast=fast)
            expect_usable_data(place / "pg", runner)
            socket = make_socket_folder(place, runner)
            rules = write_entrance_rules(place, runner)
            command = _build_command(place, programs, socket, [*rules, *(FAST_OPTIONS if fast else ())])
            server = ServerProcess(command, runner, log, lock)
            server.wait_until_ready(place / "pg")
        except BaseException:
            release_folder(lock)
            raise
        return cls(folder, place, programs, socket, lock, server)

    def build_url(self, database: str = DATABASE, role: str = SUPERUSER) -> str:
        """The URL of ``database`` for SQLAlchemy's ``create_async_engine``, to log in as ``role``."""
        return build_url(self.socket, database, role)

    @property
    def has_ended(self) -> bool:
        """Whether PostgreSQL ended by itself, such as when the system was short of memory."""
        return self._server.has_ended

    def create_database(self, name: str, template: str | None = None, *, exist_ok: bool = False) -> None:
        """Create a database, empty or as a copy of ``template`` (about 20 ms).

        Nothing may be connected to ``template``. Raises :class:`EmbeddedServerError`, also for a name in use
        unless ``exist_ok``.
        """
        accept = DATABASE_IN_USE if exist_ok else None
        create = f"CREATE DATABASE {_quote_identifier(name)}"
        if template is None:
            return self._run_statements(create, accept=accept)
        create += f" TEMPLATE {_quote_identifier(template)} STRATEGY file_copy"
        try:
            return self._run_statements("SET file_copy_method = clone", create, accept=accept)
        except EmbeddedServerError as error:
            if not any(word in str(error) for word in ("could not clone", "file_copy_method")):
                raise
        return self._run_statements(create, accept=accept)

    def create_login(self, name: str, member_of: str) -> None:
        """Create a role, unless it is there, that can log in and may do nothing but become another role."""
        login = (
            f"CREATE ROLE {_quote_identifier(name)} LOGIN NOINHERIT IN ROLE {_quote_identifier(member_of)}"
        )
        self._run_statements(login, accept=ROLE_IN_USE)

    def drop_database(self, name: str) -> None:
        """Drop a database and end its connections; raises :class:`EmbeddedServerError` if it is missing."""
        self._run_statements(f"DROP DATABASE {_quote_identifier(name)} WITH (FORCE)")

    def stop(self, *, discard: bool = False) -> None:
        """End every connection, write all data and stop; ``discard`` also deletes the data.

        A second call does nothing. A call in a forked process does nothing either.
        """
        if self._stopped or os.getpid() != self._process:
            return
        self._stopped = True
        atexit.unregister(self.stop)
        try:
            # An orderly stop of PostgreSQL 18 never ends while it recovers from a crash.
            self._server.stop(orderly=self._is_answering())
            self._remove_files(discard)
        finally:
            release_folder(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _is_answering(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-q", "-h", str(self.socket), "-p", str(PORT)]
        return subprocess.run(command, check=False, env=build_environment()).returncode == 0  # noqa: S603 - our program

    def _run_statements(self, *statements: str, accept: str | None = None) -> None:
        """Run the statements one by one; an error with the SQLSTATE ``accept`` is ignored."""
        command = [str(self.programs / "psql"), "-XqwU", SUPERUSER, "-d", "postgres"]
        command += ["-h", str(self.socket), "-p", str(PORT)]
        command += ["-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose"]
        command += [word for statement in statements for word in ("-c", statement)]
        finished = subprocess.run(  # noqa: S603 - our program, quoted names
            command, check=False, env=build_environment(), stdin=subprocess.DEVNULL, capture_output=True
        )
        errors = finished.stderr.decode(errors="replace")
        if finished.returncode and not (accept and f"ERROR:  {accept}:" in errors):
            reason = " ".join(line for line in errors.splitlines() if not line.startswith("LOCATION"))
            raise EmbeddedServerError(f"PostgreSQL refused “{statements[-1]}”: {reason}")

    def _remove_files(self, discard: bool) -> None:
        if self.socket != self.place / "socket":
            shutil.rmtree(self.socket, ignore_errors=True)
            (self.place / "socket").unlink()
        if discard and self.place != self.folder:
            shutil.rmtree(self.place)
            (self.folder / "elsewhere").unlink()
        elif discard:
            for name in ("pg", "socket"):
                shutil.rmtree(self.place / name, ignore_errors=True)
            for name in ("log", "log.old", *RULE_FILES):
                (self.place / name).unlink(missing_ok=True)


def _build_command(place: Path, programs: Path, socket: Path, options: Sequence[str]) -> list[object]:
    options = (*SERVER_OPTIONS, *options)
    command: list[object] = [programs / "postgres", "-D", place / "pg", "-k", socket, "-p", PORT]
    return command + [word for option in options for word in ("-c", option)]


def _quote_identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
