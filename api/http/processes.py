"""Work beside the event loop, each piece in a process of its own: it holds nothing up, and can be stopped.

A thread is not enough for large inputs: the parser and the validation library are C and Rust, and while they
go through a million values no other thread of the same process runs.
"""

import asyncio
import os
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import ceil
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from starlette.exceptions import HTTPException

from domain.findings import Refused

T = TypeVar("T")

MOST_BYTES = 2**30
"""The memory that a piece of work may take beyond that of its program."""

_context = get_context("forkserver")


class PoolFull(Exception):  # noqa: N818 - the name says what happened
    """So much work waits already that more is refused."""


class WorkStopped(Exception):  # noqa: N818 - the name says what happened
    """A piece of work took too long or too much memory and was stopped."""


def preload_modules(names: Sequence[str]) -> None:
    """Name the modules with the functions and types of the work, so that a process starts in milliseconds."""
    _context.set_forkserver_preload([*names])


def start_forkserver() -> None:
    """Start the process from which those of the work are forked, which then loads the named modules.

    That takes seconds: unless it is done before, the first piece of work waits for it.
    """
    forkserver.ensure_running()


class ProcessPool:
    """At most ``running`` processes at a time, each for at most ``seconds``; ``waiting`` pieces may wait."""

    def __init__(self, running: int, waiting: int, seconds: float):
        self.seconds = seconds
        self._most = running + waiting
        self._slots = asyncio.Semaphore(running)
        self._threads = ThreadPoolExecutor(running + 1, "processes")
        self._inside = 0
        self._pieces: set[_Piece] = set()

    @property
    def busy(self) -> int:
        """How many pieces of work wait or are done."""
        return self._inside

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """What ``work``, a function of a module, returns for values that can be pickled.

        If the caller is cancelled, the process is stopped. Raises the refusals of the work, :class:`PoolFull`
        and :class:`WorkStopped`.
        """
        if self._inside >= self._most:
            raise PoolFull
        self._inside += 1
        try:
            async with self._slots:
                result: T = await self._run_piece(_Piece(work, given, self.seconds))
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

    def __init__(self, work: Callable[..., Any], given: Sequence[object], seconds: float):
        self._receiver, sender = _context.Pipe(duplex=False)
        self._sender = sender
        self._seconds = seconds
        self._process = _context.Process(target=_do_work, args=(sender, seconds, work, given), daemon=True)
        self._stopped = False

    def run(self) -> Any:
        """Start the process and wait for its result, in a thread."""
        try:
            self._process.start()
            self._sender.close()
            if self._stopped or not self._receiver.poll(self._seconds):
                raise WorkStopped
            refusal, result = self._receiver.recv()
        except EOFError:
            raise WorkStopped from None
        finally:
            self._end()
        if refusal is not None:
            raise refusal
        return result

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


def _do_work(sender: Connection, seconds: float, work: Callable[..., Any], given: Sequence[object]) -> None:
    """Work within limits that also hold if nobody waits for the result any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: whoever started this decides
    _limit_resources(seconds)
    try:
        sender.send((None, work(*given)))
    except MemoryError:
        os._exit(1)
    except (HTTPException, Refused) as refusal:
        sender.send((refusal, None))
    except Exception as error:  # noqa: BLE001 - its message may contain data, and would be printed
        sender.send((RuntimeError(f"the work failed with {type(error).__qualname__}"), None))


def _limit_resources(seconds: float) -> None:
    limit = ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        most = int(sizes.read_text().split()[0]) * resource.getpagesize() + MOST_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
