"""Work beside the event loop, each piece in a process of its own: it holds nothing up, and can be stopped.

A thread is not enough for large inputs: the parser and the validation library are C and Rust, and while they
go through a million values no other thread of the same process runs.
"""

import asyncio
import os
import resource
import signal
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import ceil
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

from starlette.exceptions import HTTPException

from domain.findings import Refused

T = TypeVar("T")

MOST_BYTES = 2**30
"""The memory that a piece of work may take beyond that of its program, unless its pool allows more."""

LOWER_PRIORITY = 5
"""How much lower the priority of the work is than that of the loop which answers requests."""

_context = get_context("forkserver")
_preloaded: set[str] = set()


class PoolFull(Exception):  # noqa: N818 - the name says what happened
    """So much work waits already that more is refused."""


class WorkStopped(Exception):  # noqa: N818 - the name says what happened
    """A piece of work took too long or too much memory and was stopped, or its process was ended."""


class WorkTooLarge(WorkStopped):
    """It took too long or too much memory: it would again."""


def preload_modules(names: Collection[str]) -> None:
    """Name more modules with functions and types of the work, so that a process starts in milliseconds."""
    _preloaded.update(names)
    _context.set_forkserver_preload(sorted(_preloaded))


def start_forkserver() -> None:
    """Start the process from which those of the work are forked, which then loads the named modules.

    That takes seconds: unless it is done before, the first piece of work waits for it.
    """
    forkserver.ensure_running()


class ProcessPool:
    """At most ``running`` processes at a time, each for at most ``seconds``; ``waiting`` pieces may wait.

    A process may take ``memory`` bytes beyond those of its program.
    """

    def __init__(self, running: int, waiting: int, seconds: float, *, memory: int = MOST_BYTES):
        self.seconds = seconds
        self.memory = memory
        self._most = running + waiting
        self._slots = asyncio.Semaphore(running)
        self._threads = ThreadPoolExecutor(running + 1, "processes")
        self._inside = 0
        self._pieces: set[_Piece] = set()

    @property
    def busy(self) -> int:
        """How many pieces of work wait or are done."""
        return self._inside

    async def run(
        self, work: Callable[..., T], *given: object, listen: Callable[[Any], None] | None = None
    ) -> T:
        """What ``work``, a function of a module, returns for values that can be pickled.

        If the caller is cancelled, the process is stopped. Raises the refusals of the work, :class:`PoolFull`
        and :class:`WorkStopped`. With ``listen`` the work gets one more value: a function whose argument is
        passed to ``listen``, in a thread.
        """
        if self._inside >= self._most:
            raise PoolFull
        self._inside += 1
        try:
            async with self._slots:
                result: T = await self._run_piece(_Piece(self, work, given, listen))
                return result
        finally:
            self._inside -= 1

    async def _run_piece(self, piece: "_Piece") -> Any:
        self._pieces.add(piece)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, piece.run)
        finally:
            piece.stop()
            self._pieces.discard(piece)

    def close(self) -> None:
        """Stop all work."""
        for piece in self._pieces:
            piece.stop()
        self._threads.shutdown(wait=False)


class _Piece:
    """One piece of work and its process."""

    def __init__(
        self,
        pool: ProcessPool,
        work: Callable[..., Any],
        given: Sequence[object],
        listen: Callable[[Any], None] | None,
    ):
        self._receiver, sender = _context.Pipe()
        self._sender = sender
        self._seconds = pool.seconds
        self._listen = listen
        arguments = sender, pool.seconds, pool.memory, work, given, listen is not None
        self._process = _context.Process(target=_do_work, args=arguments, daemon=True)
        self._stopped = False

    def run(self) -> Any:
        """Start the process and wait for its result, in a thread."""
        try:
            self._process.start()
            self._sender.close()
            refusal, result = self._receive_result()
        except (EOFError, ConnectionResetError):
            self._process.join()
            raise WorkTooLarge if self._process.exitcode in _EXCEEDING else WorkStopped from None
        finally:
            self._end()
        if refusal is not None:
            raise refusal
        return result

    def _receive_result(self) -> tuple[Exception | None, Any]:
        until = monotonic() + self._seconds
        while not self._stopped:
            if not self._receiver.poll(max(0.0, until - monotonic())):
                raise WorkTooLarge
            has_ended, content = self._receiver.recv()
            if has_ended:
                result: tuple[Exception | None, Any] = content
                return result
            if self._listen is not None:
                self._listen(content)
        raise WorkStopped

    def stop(self) -> None:
        """Stop the process if it runs or would run yet."""
        self._stopped = True
        with suppress(ValueError, AttributeError, AssertionError):  # it has ended, or has not begun
            self._process.kill()

    def _end(self) -> None:
        self._stopped = True
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()
        self._process.close()
        self._receiver.close()


_NO_MEMORY = 3
_EXCEEDING = (_NO_MEMORY, -signal.SIGXCPU)
"""How a process ends that has taken too much."""


def _do_work(
    connection: Connection,
    seconds: float,
    memory: int,
    work: Callable[..., Any],
    given: Sequence[object],
    reports: bool,
) -> None:
    """Work within limits that also hold if nobody waits for the result any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: whoever started this decides
    os.nice(LOWER_PRIORITY)
    _limit_resources(seconds, memory)
    Thread(target=_end_with_starter, args=(connection,), daemon=True).start()
    more = (lambda report: connection.send((False, report)),) if reports else ()
    try:
        connection.send((True, (None, work(*given, *more))))
    except MemoryError:
        os._exit(_NO_MEMORY)
    except (HTTPException, Refused) as refusal:
        connection.send((True, (refusal, None)))
    except Exception as error:  # noqa: BLE001 - its message may contain data, and would be printed
        failure = RuntimeError(f"the work failed with {type(error).__qualname__}")
        connection.send((True, (failure, None)))


def _end_with_starter(connection: Connection) -> None:
    """End this process when the one that started it has ended: nobody waits for the result then."""
    with suppress(EOFError, OSError):
        connection.recv()
    os._exit(1)


def _limit_resources(seconds: float, memory: int) -> None:
    limit = ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        most = int(sizes.read_text().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
