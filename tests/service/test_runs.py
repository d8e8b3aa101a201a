"""Runs: leased to one worker at a time, fenced when they come back, taken over, and given up in the end."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.worker import Worker
from db.allocations import Allocation
from db.columns import new_id
from db.embedded import EmbeddedServer
from db.embedded.folders import PORT
from db.notices import is_worker_connected
from db.runs import LEASE_DURATION, MAX_ATTEMPTS, STALL_DURATION, Run
from db.session import Database
from domain.access import Actor
from domain.findings import Conflict
from domain.runs import RunProgress, RunStep
from service import runs
from service.run_kinds import RUN_KINDS
from service.runs import Lease, RunKind
from service.texts import load_catalogue
from service.vaults import Vault
from tests.client import Client
from tests.conftest import connect_client
from tests.journeys.steps import open_conference
from tests.local_service import eventually, is_gone
from tests.service.trial_runs import (
    CANCELLED,
    GIVEN_UP,
    Breaking,
    Doubling,
    Erased,
    Greedy,
    HalfStored,
    Refusing,
    Unreadable,
    Waiting,
)
from tests.works import make_work

VAULT = Vault(bytes(32))
ACTOR = Actor.for_command_line()
ROOT = Path(__file__).parents[2]


KINDS: dict[str, RunKind] = {
    **RUN_KINDS,
    "double": Doubling(),
    "unreadable": Unreadable(),
    "breaking": Breaking(),
    "refusing": Refusing(),
    "half": HalfStored(),
    "erased": Erased(),
    "greedy": Greedy(),
}


async def queued(database: Database, kind: str = "double", number: int = 21) -> UUID:
    async with database.transaction(ACTOR) as session:
        snapshot = await runs.freeze_inputs(session, "test/1", {"number": number})
        run = await runs.queue_run(make_work(session, ACTOR), kind=kind, subject=new_id(), snapshot=snapshot)
        return run.id


async def take(database: Database, run: UUID | None = None, *, worker: int | None = None) -> Lease | None:
    async with database.transaction(ACTOR) as session:
        return await runs.lease_run(make_work(session), KINDS, run, worker=worker)


async def give(database: Database, job: Lease, answer: Any) -> bool:
    async with database.transaction(ACTOR) as session:
        return await runs.store_answer(make_work(session), KINDS, job, answer)


async def now(database: Database, run: UUID) -> Run:
    async with database.transaction(ACTOR, read_only=True) as session:
        return await runs.get_run(make_work(session, ACTOR), run)


async def expire(database: Database, seconds: float = 1) -> None:
    """Let the time of every lease pass, so long ago."""
    async with database.transaction(ACTOR) as session:
        await (await session.connection()).execute(
            text(
                "UPDATE run SET lease_until = now() - make_interval(secs => :ago)"
                " WHERE lease_until IS NOT NULL"
            ),
            {"ago": seconds},
        )


async def taken(database: Database, run: UUID | None = None) -> Lease:
    job = await take(database, run)
    assert job is not None
    return job


async def test_a_run_goes_to_one_worker_with_a_lease(database: Database) -> None:
    run = await queued(database)
    job = await taken(database)
    assert job.run == run
    assert await take(database) is None
    assert await take(database, run) is None
    row = await now(database, run)
    assert (row.state, row.attempts, row.owner_token) == ("running", 1, job.token)
    assert row.lease_until is not None
    assert LEASE_DURATION * 0.9 < row.lease_until - row.created_at < LEASE_DURATION * 1.1


async def test_the_answer_ends_the_run(database: Database) -> None:
    run = await queued(database)
    job = await taken(database)
    assert await give(database, job, 42)
    row = await now(database, run)
    assert (row.state, row.request_id, row.lease_until, row.problem) == ("done", "42", None, None)
    assert row.finished_at is not None
    assert await take(database) is None
    assert not await give(database, job, 43), "an answer is given once"
    assert (await now(database, run)).request_id == "42"


async def test_many_workers_take_every_run_once_and_the_oldest_first(database: Database) -> None:
    waiting = [await queued(database, number=n) for n in range(10)]
    assert (await taken(database)).run == waiting[0]
    jobs = await asyncio.gather(*(take(database) for _ in range(30)))
    # Who looks while all others are locked goes away empty-handed, so one more look may be needed.
    while (late := await take(database)) is not None:
        jobs.append(late)
    assert sorted(str(job.run) for job in jobs if job) == sorted(map(str, waiting[1:]))
    assert [(await now(database, run)).attempts for run in waiting] == [1] * 10


@pytest.mark.parametrize("first_to_answer", ["the stalled", "the new"])
async def test_the_answer_of_a_worker_that_stalled_is_dropped(
    database: Database, first_to_answer: str
) -> None:
    run = await queued(database)
    stalled = await taken(database)
    await expire(database)
    successor = await taken(database)
    assert (successor.run, successor.token != stalled.token) == (run, True)
    if first_to_answer == "the stalled":
        assert not await give(database, stalled, -1)
        assert (await now(database, run)).state == "running"
        assert await give(database, successor, 42)
    else:
        assert await give(database, successor, 42)
        assert not await give(database, stalled, -1)
    row = await now(database, run)
    assert (row.state, row.request_id, row.attempts) == ("done", "42", 2)


async def test_a_refusal_by_a_worker_that_stalled_is_dropped_too(database: Database) -> None:
    run = await queued(database)
    stalled = await taken(database)
    await expire(database)
    await taken(database)
    assert not await give(database, stalled, Conflict("no_group_filled_by_units"))
    assert (await now(database, run)).state == "running"


async def test_of_many_answers_under_one_lease_one_is_stored(database: Database) -> None:
    run = await queued(database)
    job = await taken(database)
    stored = await asyncio.gather(*(give(database, job, n) for n in range(8)))
    assert sorted(stored) == [False] * 7 + [True]
    assert (await now(database, run)).request_id == str(stored.index(True))


async def test_a_late_answer_counts_while_nobody_has_taken_over(database: Database) -> None:
    run = await queued(database)
    job = await taken(database)
    await expire(database)
    assert await give(database, job, 42)
    assert (await now(database, run)).state == "done"


async def test_a_run_that_has_ended_its_workers_three_times_is_given_up(database: Database) -> None:
    run = await queued(database)
    for _ in range(MAX_ATTEMPTS):
        last = await taken(database)
        await expire(database)
    assert await take(database) is None
    row = await now(database, run)
    assert (row.state, row.request_id) == ("failed", GIVEN_UP)
    assert row.problem is not None
    assert row.problem.code == "run_attempts_exhausted"
    assert row.problem.code in load_catalogue()
    assert not await give(database, last, 42)
    assert await take(database) is None


async def test_a_worker_that_is_connected_keeps_its_run_though_its_lease_ran_out(database: Database) -> None:
    """It may only be slow; after half a minute without a sign it is taken for stalled."""
    run = await queued(database)
    notices = database.listen(worker=7)
    await notices.connect()
    job = await take(database, worker=7)
    await expire(database)
    assert await take(database) is None
    await expire(database, (STALL_DURATION - LEASE_DURATION).total_seconds() + 1)
    assert (await taken(database)).run == run
    await notices.close()
    assert job is not None
    assert not await give(database, job, 42), "the stalled worker wakes, and changes nothing"


async def test_the_run_of_a_worker_whose_connection_ended_is_free_when_its_lease_runs_out(
    database: Database,
) -> None:
    run = await queued(database)
    notices = database.listen(worker=7)
    await notices.connect()
    await take(database, worker=7)
    await notices.close()
    assert await take(database) is None, "its lease has not run out"
    await expire(database)
    async with database.transaction(ACTOR) as session:
        assert await runs.lease_run(make_work(session), KINDS, takes_over=False) is None
    assert (await taken(database)).run == run


async def test_a_worker_that_has_just_connected_takes_over_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other worker may have been cut off by the same trouble, and shows in a moment that it lives."""
    monkeypatch.setattr("api.worker.GRACE_SECONDS", 1000.0)
    lost = await queued(database)
    await taken(database)
    await expire(database)
    async with working(database, poll=0.05):
        waiting = await ended(database, await queued(database))
        assert (waiting.state, (await now(database, lost)).attempts) == ("done", 1)
    monkeypatch.setattr("api.worker.GRACE_SECONDS", 0.0)
    async with working(database, poll=0.05):
        assert (await ended(database, lost)).attempts == 2


@asynccontextmanager
async def away(database: Database, postgres: EmbeddedServer) -> AsyncIterator[None]:
    """A database to which every connection is cut, and nobody can make one."""
    outside = await asyncpg.connect(
        host=str(postgres.socket), port=PORT, user="postgres", database="postgres"
    )
    socket = postgres.socket / f".s.PGSQL.{PORT}"
    hidden = socket.rename(socket.with_suffix(".hidden"))
    name = database.engine.url.database
    await outside.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    yield
    hidden.rename(socket)
    await outside.close()


async def test_an_answer_waits_for_a_database_that_is_away(
    database: Database, postgres: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is computed twice, and no attempt counts."""
    monkeypatch.setattr("api.worker.RENEW_SECONDS", 0.2)
    run = await queued(database)
    async with working(database, {"double": Waiting(tmp_path)}, poll=0.2):
        process = await begun(tmp_path)
        async with away(database, postgres):
            (tmp_path / "go_on").touch()
            assert await asyncio.to_thread(eventually, lambda: is_gone(process))
            await asyncio.sleep(0.5)
        row = await ended(database, run)
    assert (row.state, row.request_id, row.attempts) == ("done", "42", 1)


async def test_what_the_rules_refuse_fails_at_once(database: Database) -> None:
    run = await queued(database, "refusing")
    assert await Worker(database, VAULT, KINDS).process_run(run)
    row = await now(database, run)
    assert (row.state, row.attempts, row.request_id) == ("failed", 1, GIVEN_UP)
    assert row.problem is not None
    assert (row.problem.code, row.problem.params) == ("no_group_filled_by_units", {"tier": "t"})
    assert [error.code for error in row.problem.errors] == ["tier_unknown"]


async def test_inputs_that_are_gone_for_good_fail_a_run_at_once(database: Database) -> None:
    run = await queued(database, "erased")
    assert await Worker(database, VAULT, KINDS).process_run(run)
    row = await now(database, run)
    assert (row.state, row.attempts, row.problem and row.problem.code) == ("failed", 1, "snapshot_erased")


@pytest.mark.parametrize("kind", ["breaking", "half", "unreadable"])
async def test_a_run_that_always_breaks_is_given_up_and_leaves_nothing_half_done(
    database: Database, kind: str
) -> None:
    run = await queued(database, kind)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with pytest.raises((RuntimeError, ZeroDivisionError, KeyError)):
            await Worker(database, VAULT, KINDS).process_run(run)
        row = await now(database, run)
        assert (row.attempts, row.request_id) == (attempt, None)
        await expire(database)
    await Worker(database, VAULT, KINDS).process_run(run)
    assert (await now(database, run)).state == "failed"


@pytest.mark.parametrize("kind", ["breaking", "half", "unreadable", "of a later version"])
async def test_a_run_that_breaks_keeps_no_other_waiting(database: Database, kind: str) -> None:
    await queued(database, kind)
    behind = [await queued(database, number=n) for n in (1, 2)]
    stop = asyncio.Event()
    working = asyncio.create_task(Worker(database, VAULT, KINDS).process_queue(stop, poll=0.02))
    async with asyncio.timeout(20):
        while [(await now(database, run)).state for run in behind] != ["done", "done"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    stop.set()
    await working


async def test_what_takes_too_much_fails_at_once_and_leaves_the_worker_as_it_is(database: Database) -> None:
    run, after = await queued(database, "greedy"), await queued(database)
    async with working(database):
        await ended(database, after)
        row = await ended(database, run)
    assert (row.state, row.attempts, row.problem and row.problem.code) == ("failed", 1, "run_too_large")
    assert "run_too_large" in load_catalogue()


@asynccontextmanager
async def working(
    database: Database, kinds: dict[str, RunKind] | None = None, poll: float = 60.0
) -> AsyncIterator[Worker]:
    """A worker that looks for runs once a minute, unless it is told of one."""
    worker, stop = Worker(database, VAULT, kinds or KINDS), asyncio.Event()
    task = asyncio.create_task(worker.process_queue(stop, poll=poll))
    yield worker
    stop.set()
    await task
    worker.close()


async def until(happens: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not await happens():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def ended(database: Database, run: UUID) -> Run:
    async def has_ended() -> bool:
        return (await now(database, run)).state not in ("queued", "running")

    await until(has_ended)
    return await now(database, run)


async def begun(place: Path) -> int:
    """The process in which a waiting run computes."""
    file = place / "process"
    assert await asyncio.to_thread(eventually, lambda: file.exists() and file.read_text() != "")
    return int(file.read_text())


async def test_a_run_computes_beside_the_loop_and_outside_any_transaction(
    database: Database, tmp_path: Path
) -> None:
    run = await queued(database)
    working = asyncio.create_task(Worker(database, VAULT, {"double": Waiting(tmp_path)}).process_run(run))
    await begun(tmp_path)
    async with database.transaction(ACTOR, read_only=True) as session:
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        assert await (await session.connection()).scalar(query) == 0
    (tmp_path / "go_on").touch()
    assert await working
    assert (await now(database, run)).request_id == "42"


async def test_a_worker_is_woken_by_a_run_that_waits(database: Database) -> None:
    """Without looking again: it would look in a minute."""
    async with working(database):
        await until(lambda: has_worker(database))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        assert (await ended(database, await queued(database))).request_id == "42"
        assert time.monotonic() - began < 25


async def test_a_worker_that_missed_the_notice_finds_the_run_by_looking(database: Database) -> None:
    """As after a broken connection: every listening connection is ended."""
    async with working(database, poll=0.1):
        await until(lambda: has_worker(database))
        async with database.transaction(ACTOR) as session:
            await (await session.connection()).execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            )
        assert (await ended(database, await queued(database))).request_id == "42"
        await until(lambda: has_worker(database))


async def has_worker(database: Database) -> bool:
    async with database.transaction(ACTOR, read_only=True) as session:
        return await is_worker_connected(session)


async def test_whether_a_worker_is_connected_is_known_from_its_connection(database: Database) -> None:
    assert not await has_worker(database)
    async with working(database):
        await until(lambda: has_worker(database))
    assert not await has_worker(database)


async def test_a_run_keeps_its_lease_and_says_how_far_it_has_come(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reports a hundred times a second, and writes with the renewals of its lease alone."""
    monkeypatch.setattr("api.worker.RENEW_SECONDS", 0.3)
    run = await queued(database)
    async with working(database, {"double": Waiting(tmp_path)}):
        await begun(tmp_path)
        first = await now(database, run)
        assert await progress_of(database, run) in (RunProgress(RunStep.COMPUTING), first.progress)

        async def has_come_further() -> bool:
            progress = (await now(database, run)).progress
            return progress is not None and (progress.done or 0) > 0

        await until(has_come_further)
        row = await now(database, run)
        assert row.lease_until is not None
        assert first.lease_until is not None
        assert row.lease_until > first.lease_until
        assert (row.progress and row.progress.step, row.progress and row.progress.limit) == (
            "searching_list",
            100_000,
        )
        (tmp_path / "go_on").touch()
        row = await ended(database, run)
    assert (row.state, row.progress, row.attempts) == ("done", None, 1)


async def progress_of(database: Database, run: UUID) -> RunProgress | None:
    async with database.transaction(ACTOR, read_only=True) as session:
        work = make_work(session, ACTOR)
        return await runs.describe_progress(work, await runs.get_run(work, run))


async def test_a_waiting_run_says_whether_any_worker_is_there(database: Database, tmp_path: Path) -> None:
    run = await queued(database, "of a later version")
    assert await progress_of(database, run) == RunProgress(RunStep.WAITING_WITHOUT_WORKER)
    async with working(database):
        await until(lambda: has_worker(database))
        assert await progress_of(database, run) == RunProgress(RunStep.WAITING)


async def cancel(database: Database, kinds: dict[str, RunKind], run: UUID) -> None:
    async with database.transaction(ACTOR) as session:
        await runs.cancel_run(make_work(session, ACTOR), kinds, run)


async def test_the_process_of_a_cancelled_run_is_ended(database: Database, tmp_path: Path) -> None:
    run = await queued(database)
    kinds: dict[str, RunKind] = {"double": Waiting(tmp_path)}
    async with working(database, kinds):
        process = await begun(tmp_path)
        await cancel(database, kinds, run)
        assert await asyncio.to_thread(eventually, lambda: is_gone(process))
    row = await now(database, run)
    assert (row.state, row.request_id, row.problem, row.lease_until) == ("cancelled", CANCELLED, None, None)
    assert row.finished_at is not None
    with pytest.raises(Conflict, match="run_ended"):
        await cancel(database, kinds, run)


async def test_a_cancelled_run_is_taken_by_nobody(database: Database) -> None:
    run = await queued(database)
    await cancel(database, KINDS, run)
    assert await take(database) is None
    job = await taken(database, await queued(database))
    await cancel(database, KINDS, job.run)
    assert not await give(database, job, 42), "what was computed meanwhile is dropped"


async def test_a_worker_that_stops_gives_its_run_back(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.worker.STOP_SECONDS", 0.1)
    run = await queued(database)
    async with working(database, {"double": Waiting(tmp_path)}):
        process = await begun(tmp_path)
    assert await asyncio.to_thread(eventually, lambda: is_gone(process))
    row = await now(database, run)
    assert (row.state, row.attempts, row.owner_token, row.progress) == ("queued", 0, None, None)
    async with working(database):
        assert (await ended(database, run)).request_id == "42"


async def test_a_large_run_does_not_keep_a_small_one_waiting(database: Database, tmp_path: Path) -> None:
    kinds: dict[str, RunKind] = {"long": Waiting(tmp_path), "double": Doubling()}
    large = await queued(database, "long")
    async with working(database, kinds):
        await begun(tmp_path)
        assert (await ended(database, await queued(database))).request_id == "42"
        assert (await now(database, large)).state == "running"
        (tmp_path / "go_on").touch()
        await ended(database, large)


async def test_one_snapshot_serves_every_run_over_the_same_inputs(database: Database) -> None:
    ids = await asyncio.gather(*(queued(database) for _ in range(5)))
    rows = [await now(database, run) for run in ids]
    assert len({row.snapshot for row in rows}) == 1
    assert len({row.id for row in rows}) == 5


KILLING = """
import asyncio, os, sys
from pathlib import Path
from uuid import UUID

from api.worker import Worker
from db.cases import RowLock
from db.session import Database
from domain.access import Actor
from service import allocations
from service.conferences.case import load_case
from service.clock import today
from service.vaults import Vault
from service.work import Work
from tests.service.trial_runs import Killing


async def main(url, conference, place):
    database, actor, vault = Database(url), Actor.for_command_line(), Vault(bytes(32))
    async with database.transaction(actor) as session:
        work = Work(session, actor, vault, today())
        case = await load_case(work, UUID(conference), lock=RowLock.CHANGE)
        allocation = await allocations.prepare_allocation(work, case)
    kinds = {"allocation": Killing(os.getpid(), Path(place))}
    await Worker(database, vault, kinds).process_run(allocation.run)


asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.faults
async def test_the_run_of_a_worker_that_was_killed_is_taken_over(
    database: Database, app: FastAPI, tmp_path: Path
) -> None:
    async with connect_client(app, with_worker=False) as client:
        await take_over_killed_run(database, client, tmp_path / "process")


async def take_over_killed_run(database: Database, client: Client, place: Path) -> None:
    plan = await client.plan("kim_bang_2025")
    units = await client.units("kim_bang")
    district = await open_conference(client, plan, "ha-nam-xii", units["huyen-kim-bang"], "district")
    command = [sys.executable, "-c", KILLING, database.url, district["id"], str(place)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await process.wait() == -signal.SIGKILL
    computing = int(await asyncio.to_thread(place.read_text))
    assert await asyncio.to_thread(eventually, lambda: is_gone(computing)), "nobody waits for its result"

    path = f"/v1/conferences/{district['id']}/allocations"
    (left,) = (await client.get(path)).json()["items"]
    assert left["state"] == "computing"
    assert not await Worker(database, VAULT, KINDS).process_run(), "the lease has not run out"
    await expire(database)
    assert await Worker(database, VAULT, KINDS).process_run()
    async with database.transaction(ACTOR, read_only=True) as session:
        allocation = await session.get_one(Allocation, UUID(left["id"]))
    run = (await client.get(f"/v1/runs/{allocation.run}")).json()
    assert (allocation.state, run["state"], run["attempts"]) == ("decided", "done", 2)
    seats = (await client.get(f"/v1/allocations/{left['id']}/seats")).json()
    assert sum(row["seats"] for row in seats) == 150
