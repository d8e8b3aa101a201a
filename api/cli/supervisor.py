"""The local service as three processes: this one has the data folder and PostgreSQL, its two children work.

One child serves the API, the other processes runs. A child that ends unexpectedly is started again. Nothing
outlives this process: the kernel ends PostgreSQL and the children with it (``db.embedded.guard``, on Linux).
"""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import typer

from api.cli.commands import explain_old_data
from api.cli.first_words import announce_start
from db.embedded import EmbeddedServer, build_guarded_command
from service.settings import Settings

PAUSES = (0.2, 1.0, 3.0, 10.0, 30.0)
"""Seconds before a child is started again, the first to the last time; after that the service gives up."""

STEADY_SECONDS = 60.0
"""A child that has run so long counts as well again."""

END_SECONDS = 15.0
"""Seconds that a child has for its end, after those for its last answers (``Settings.stop_seconds``)."""

SERVICE_LOGIN = "daibieu_service"
"""The role as which the children log in: no statement of theirs can become the superuser's (``SET ROLE``)."""

WRONG_SETTING = 2
"""The exit status of a command that has said which setting is wrong; to start it again would not help."""


class ServiceFailed(RuntimeError):  # noqa: N818 - the name says what happened
    """The service cannot go on; the message says why."""


class ChildName(StrEnum):
    """The children by the names that ``child`` takes."""

    API = "api"
    WORKER = "worker"


@dataclass(slots=True)
class Child:
    """A child: its name in commands, its title in messages, and its present process."""

    name: ChildName
    title: str
    process: Process | None = None

    async def start(self) -> Process:
        """Start the process. It may prepare itself, but waits for the database to work."""
        command: Sequence[object] = (sys.executable, "-m", "api.cli", "child", self.name)
        # A session of its own: Ctrl-C in the terminal reaches only this process, which then stops the child.
        self.process = await asyncio.create_subprocess_exec(
            *build_guarded_command(command, signal=signal.SIGKILL), stdin=PIPE, start_new_session=True
        )
        return self.process

    async def stop(self, process: Process, seconds: float) -> None:
        """Ask the process to end after its last answer; end it by force when it does not in time."""
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            _print_warning(f"{self.title} did not end in {seconds:.0f} s and is ended by force")
            process.kill()
            await process.wait()


def supervise_service(settings: Settings) -> None:
    """Run the service until a signal. Raises :class:`ServiceFailed` when it cannot go on."""
    announce_start(settings)

    async def run() -> None:
        await Supervisor(settings).run()

    with explain_old_data(settings):
        asyncio.run(run())


class Supervisor:
    """Runs the service over an embedded database until it is told to stop, or cannot go on."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.children = (Child(ChildName.API, "the API"), Child(ChildName.WORKER, "the worker"))
        self.stop = asyncio.Event()
        self.url: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Run until a signal; then the children end, PostgreSQL, and last the hold on the folder.

        Raises :class:`ServiceFailed` when a child keeps ending, or PostgreSQL ends by itself.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._handle_signal)
        # The children load their code while PostgreSQL starts.
        keepers = [asyncio.create_task(self._keep_running(child)) for child in self.children]
        try:
            server = await asyncio.to_thread(self._start_database)
            try:
                self.url.set_result(server.build_url(role=SERVICE_LOGIN))
                watch = asyncio.create_task(self._watch_database(server))
                await asyncio.wait([*keepers, watch], return_when=asyncio.FIRST_COMPLETED)
                await self._end_tasks([*keepers, watch])
            finally:
                await asyncio.to_thread(server.stop)
        finally:
            await self._end_tasks(keepers)

    def _start_database(self) -> EmbeddedServer:
        from db import migration
        from db.session import APPLICATION_ROLE

        self.settings.make_data_folder()
        user = self.settings.postgres_user
        server = EmbeddedServer.start(self.settings.embedded_folder, shared=True, user=user)
        try:
            migration.upgrade_database(server.build_url())
            server.create_login(SERVICE_LOGIN, APPLICATION_ROLE)
        except BaseException:
            server.stop()
            raise
        return server

    def _handle_signal(self) -> None:
        """Stop; when told so again, do not wait for the children."""
        if self.stop.is_set():
            for child in self.children:
                if child.process is not None and child.process.returncode is None:
                    child.process.kill()
        self.stop.set()

    async def _end_tasks(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """End all tasks, and raise what the first failed one raised."""
        self.stop.set()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended

    async def _watch_database(self, server: EmbeddedServer) -> None:
        while not await self._is_stopped_within(1.0):
            if server.has_ended:
                raise ServiceFailed(f"PostgreSQL ended by itself; its log is {server.place / 'log'}")

    async def _keep_running(self, child: Child) -> None:
        """Start a child whenever it has ended, until the service stops."""
        failures = 0
        while not self.stop.is_set():
            process, started = await child.start(), time.monotonic()
            if await self._is_stopped_before_end(process):
                await child.stop(process, self.settings.stop_seconds + END_SECONDS)
                return
            failures = 1 if time.monotonic() - started > STEADY_SECONDS else failures + 1
            how = _describe_end(process.returncode or 0)
            if process.returncode == WRONG_SETTING:
                raise ServiceFailed(f"{child.title} cannot start; the reason is above")
            if failures > len(PAUSES):
                raise ServiceFailed(f"{child.title} ended {failures} times in a row, the last time {how}")
            pause = PAUSES[failures - 1]
            _print_warning(f"{child.title} ended unexpectedly, {how}; it starts again in {pause:g} s")
            await self._is_stopped_within(pause)

    async def _is_stopped_before_end(self, process: Process) -> bool:
        """Hand the database over to a child and wait until it ends (``False``) or the service stops."""
        ended = asyncio.create_task(process.wait())
        stopped = asyncio.create_task(self.stop.wait())
        handing = asyncio.create_task(self._hand_over(process))
        await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in (ended, stopped, handing):
            task.cancel()
        return self.stop.is_set()

    async def _hand_over(self, process: Process) -> None:
        """Tell a child the URL of the database, which is ready then."""
        url = await asyncio.shield(self.url)
        if process.stdin is not None:
            process.stdin.write(f"{url}\n".encode())

    async def _is_stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)
        return self.stop.is_set()


def _describe_end(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with exit status {status}"


def _print_warning(text: str) -> None:
    typer.echo(f"daibieu: {text}", err=True)
