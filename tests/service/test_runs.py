"""Runs: leased to one worker at a time, fenced when they come back, taken over, and given up in the end."""

import asyncio
import signal
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.run_kinds import COMPUTATIONS
from api.worker import Worker
from db.allocations import Allocation
from db.columns import new_id
from db.runs import LEASE_DURATION, MAX_ATTEMPTS, Run
from db.session import Database
from domain.access import Actor
from domain.findings import Conflict, Finding
from service import runs
from service.runs import Lease, RunKind
from service.texts import load_catalogue
from service.vaults import Vault
from service.work import Work
from tests.client import Client
from tests.journeys.steps import open_conference
from tests.works import make_work

VAULT = Vault(bytes(32))
ACTOR = Actor.for_command_line()
ROOT = Path(__file__).parents[2]


class Doubling:
    """The least work there is: twice the number in the snapshot, kept with the run itself."""

    async def load(self, work: Work, run: Run) -> int:
        return int((await runs.get_snapshot(work.session, run.snapshot))["number"])

    def compute(self, loaded: int) -> Any:
        return loaded * 2

    async def store(self, work: Work, run: Run, answer: int) -> None:
        run.progress = {"answer": answer}

    async def fail(self, work: Work, run: Run) -> None:
        run.progress = {"given up": True}


class Unreadable(Doubling):
    """Its inputs cannot be loaded, as after a change of their format."""

    async def load(self, work: Work, run: Run) -> int:
        raise KeyError("number")


class Breaking(Doubling):
    """Its computation breaks."""

    def compute(self, loaded: int) -> int:
        raise ZeroDivisionError


class Refusing(Doubling):
    """The rules refuse what it is asked."""

    def compute(self, loaded: int) -> Any:
        raise Conflict("no_group_filled_by_units", {"tier": "t"}, errors=[Finding("tier_unknown")])


class Erased(Doubling):
    """Its inputs are gone for good."""

    async def load(self, work: Work, run: Run) -> int:
        raise Conflict("snapshot_erased")


class HalfStored(Doubling):
    """It breaks after half of its answer was written."""

    async def store(self, work: Work, run: Run, answer: int) -> None:
        run.progress = {"answer": "half"}
        work.session.add(run)
        await work.session.flush()
        raise ZeroDivisionError


@dataclass
class Waiting(Doubling):
    """It computes until it is told to go on."""

    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def compute(self, loaded: int) -> int:
        self.begun.set()
        assert self.go_on.wait(10)
        return loaded * 2


KINDS: dict[str, RunKind] = {
    **COMPUTATIONS,
    "double": Doubling(),
    "unreadable": Unreadable(),
    "breaking": Breaking(),
    "refusing": Refusing(),
    "half": HalfStored(),
    "erased": Erased(),
}


async def queued(database: Database, kind: str = "double", number: int = 21) -> UUID:
    async with database.transaction(ACTOR) as session:
        snapshot = await runs.freeze_inputs(session, "test/1", {"number": number})
        run = await runs.queue_run(make_work(session, ACTOR), kind=kind, subject=new_id(), snapshot=snapshot)
        return run.id


async def take(database: Database, run: UUID | None = None) -> Lease | None:
    async with database.transaction(ACTOR) as session:
        return await runs.lease_run(make_work(session), KINDS, run)


async def give(database: Database, job: Lease, answer: Any) -> bool:
    async with database.transaction(ACTOR) as session:
        return await runs.store_answer(make_work(session), KINDS, job, answer)


async def now(database: Database, run: UUID) -> Run:
    async with database.transaction(ACTOR, read_only=True) as session:
        return await runs.get_run(make_work(session, ACTOR), run)


async def expire(database: Database) -> None:
    """Let the time of every lease pass."""
    async with database.transaction(ACTOR) as session:
        await (await session.connection()).execute(
            text("UPDATE run SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")
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
    assert (row.state, row.progress, row.lease_until, row.problem) == ("done", {"answer": 42}, None, None)
    assert row.finished_at is not None
    assert await take(database) is None
    assert not await give(database, job, 43), "an answer is given once"
    assert (await now(database, run)).progress == {"answer": 42}


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
    assert (row.state, row.progress, row.attempts) == ("done", {"answer": 42}, 2)


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
    assert (await now(database, run)).progress == {"answer": stored.index(True)}


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
    assert (row.state, row.progress) == ("failed", {"given up": True})
    assert row.problem is not None
    assert row.problem.code == "run_attempts_exhausted"
    assert row.problem.code in load_catalogue()
    assert not await give(database, last, 42)
    assert await take(database) is None


async def test_what_the_rules_refuse_fails_at_once(database: Database) -> None:
    run = await queued(database, "refusing")
    assert await Worker(database, VAULT, KINDS).process_run(run)
    row = await now(database, run)
    assert (row.state, row.attempts, row.progress) == ("failed", 1, {"given up": True})
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
        with pytest.raises((ZeroDivisionError, KeyError)):
            await Worker(database, VAULT, KINDS).process_run(run)
        row = await now(database, run)
        assert (row.attempts, row.progress) == (attempt, None)
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


async def test_a_run_computes_beside_the_loop_and_outside_any_transaction(database: Database) -> None:
    waiting = Waiting()
    run = await queued(database)
    working = asyncio.create_task(Worker(database, VAULT, {"double": waiting}).process_run(run))
    await asyncio.to_thread(waiting.begun.wait, 10)
    async with database.transaction(ACTOR, read_only=True) as session:
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        assert await (await session.connection()).scalar(query) == 0
    waiting.go_on.set()
    assert await working
    assert (await now(database, run)).progress == {"answer": 42}


async def test_one_snapshot_serves_every_run_over_the_same_inputs(database: Database) -> None:
    ids = await asyncio.gather(*(queued(database) for _ in range(5)))
    rows = [await now(database, run) for run in ids]
    assert len({row.snapshot for row in rows}) == 1
    assert len({row.id for row in rows}) == 5


DYING = """
import asyncio, os, signal, sys
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


class Dying(allocations.AllocationRunKind):
    def compute(self, loaded):
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url, conference):
    database, actor, vault = Database(url), Actor.for_command_line(), Vault(bytes(32))
    async with database.transaction(actor) as session:
        work = Work(session, actor, vault, today())
        case = await load_case(work, UUID(conference), lock=RowLock.CHANGE)
        allocation = await allocations.prepare_allocation(work, case)
    await Worker(database, vault, {"allocation": Dying()}).process_run(allocation.run)


asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.faults
async def test_the_run_of_a_process_that_was_killed_is_taken_over(database: Database, client: Client) -> None:
    plan = await client.plan("kim_bang_2025")
    units = await client.units("kim_bang")
    district = await open_conference(client, plan, "ha-nam-xii", units["huyen-kim-bang"], "district")
    command = [sys.executable, "-c", DYING, database.url, district["id"]]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await process.wait() == -signal.SIGKILL

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
