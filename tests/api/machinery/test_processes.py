"""Work in processes of their own: its result, its refusals, and its end."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.app import ROUTER_MODULES
from api.http.bodies import choose_executor
from api.http.problems import Problem, run_in_pool
from api.http.processes import PoolFull, ProcessPool, WorkStopped, preload_modules
from domain.findings import Finding, Invalid
from tests.house.tree import ROOT
from tests.local_service import eventually, is_gone

preload_modules((*ROUTER_MODULES, __name__))


@asynccontextmanager
async def opened(running: int = 1, waiting: int = 1, seconds: float = 60.0) -> AsyncIterator[ProcessPool]:
    pool = ProcessPool(running, waiting, seconds)
    yield pool
    pool.close()


def add(first: int, second: int) -> int:
    return first + second


def refuse(code: str) -> None:
    raise Invalid(code, {"limit": 3}, errors=[Finding("too_small", {"minimum": 3}, "/a")])


def answer_problem() -> None:
    raise Problem(418, "odd", {"a": 1}, more_errors=True, headers={"Retry-After": "1"})


def fail() -> None:
    raise ValueError("a name that nobody may read")


def take_memory() -> int:
    return len(bytearray(8 * 2**30))


def stay(place: Path) -> None:
    """Work for longer than anybody waits, after having said in which process."""
    place.write_text(str(os.getpid()))
    while True:
        time.sleep(0.01)


def wait_for_process(place: Path) -> int:
    assert eventually(lambda: place.exists() and place.read_text() != "")
    return int(place.read_text())


_STARTED = """
import asyncio, sys, time
from multiprocessing import forkserver
from api.app import create_app
from db.session import Database
from service.settings import Settings
from service.vaults import Vault

async def start():
    database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    app = create_app(Settings(), database, Vault(bytes(32)), lambda _: None)
    async with app.router.lifespan_context(app):
        for _ in range(100):
            if forkserver._forkserver._forkserver_pid is not None:
                return
            await asyncio.sleep(0.05)
        sys.exit("nothing was prepared")

asyncio.run(start())
"""


async def test_processes_are_prepared_when_the_service_starts() -> None:
    """Or the first caller with a large body would wait until the modules are loaded."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _STARTED, cwd=ROOT)
    assert await process.wait() == 0


async def test_a_result_and_a_refusal_come_back_whole() -> None:
    async with opened() as pool:
        assert await pool.run(add, 1, 2) == 3
        with pytest.raises(Invalid) as refused:
            await pool.run(refuse, "odd")
        assert (refused.value.code, refused.value.params) == ("odd", {"limit": 3})
        assert refused.value.errors == (Finding("too_small", {"minimum": 3}, "/a"),)
        with pytest.raises(Problem) as answered:
            await pool.run(answer_problem)
        assert (answered.value.status_code, answered.value.params) == (418, {"a": 1})
        assert (answered.value.more_errors, answered.value.headers) == (True, {"Retry-After": "1"})


async def test_a_failure_is_named_without_its_message() -> None:
    async with opened() as pool:
        with pytest.raises(RuntimeError, match=r"^the work failed with ValueError$"):
            await pool.run(fail)


async def test_work_without_end_is_stopped(tmp_path: Path) -> None:
    async with opened(seconds=4) as pool:  # without the preloaded modules the process loads them first
        with pytest.raises(WorkStopped):
            await pool.run(stay, tmp_path / "id")
        assert is_gone(wait_for_process(tmp_path / "id"))
        assert await pool.run(add, 1, 2) == 3


async def test_work_that_takes_too_much_memory_is_stopped() -> None:
    async with opened() as pool:
        with pytest.raises(WorkStopped):
            await pool.run(take_memory)


async def test_work_that_nobody_waits_for_is_stopped(tmp_path: Path) -> None:
    async with opened() as pool:
        working = asyncio.create_task(pool.run(stay, tmp_path / "id"))
        process = await asyncio.to_thread(wait_for_process, tmp_path / "id")
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert await asyncio.to_thread(eventually, lambda: is_gone(process))
        assert await pool.run(add, 1, 2) == 3


async def test_closing_stops_all_work(tmp_path: Path) -> None:
    async with opened() as pool:
        working = asyncio.create_task(pool.run(stay, tmp_path / "id"))
        process = await asyncio.to_thread(wait_for_process, tmp_path / "id")
    with pytest.raises(WorkStopped):
        await working
    assert is_gone(process)


async def test_more_than_may_wait_is_refused(tmp_path: Path) -> None:
    async with opened(running=1, waiting=1) as pool:
        working = [asyncio.create_task(pool.run(stay, tmp_path / str(n))) for n in range(2)]
        await asyncio.to_thread(wait_for_process, tmp_path / "0")
        with pytest.raises(PoolFull):
            await pool.run(add, 1, 2)
        with pytest.raises(Problem) as refused:
            await run_in_pool(pool, add, 1, 2)
        assert (refused.value.status_code, refused.value.code) == (503, "too_busy")
        assert refused.value.headers == {"Retry-After": "5"}
        assert not (tmp_path / "1").exists()
        for each in working:
            each.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        assert await pool.run(add, 1, 2) == 3


async def test_stopped_work_is_told_as_a_problem(tmp_path: Path) -> None:
    async with opened(seconds=0.5) as pool:
        with pytest.raises(Problem) as refused:
            await run_in_pool(pool, stay, tmp_path / "id")
    assert (refused.value.status_code, refused.value.code) == (503, "check_stopped")
    assert refused.value.params == {"seconds": 1}


async def test_little_is_computed_in_a_thread_and_much_in_a_process() -> None:
    async with opened() as pool:
        assert await choose_executor(pool, 100, 100)(os.getpid) == os.getpid()
        assert await choose_executor(pool, 101, 100)(os.getpid) != os.getpid()
