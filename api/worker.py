"""Processing runs: leased in one transaction, computed in a process outside any, stored in another."""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from structlog.contextvars import bound_contextvars

from api.http.metrics import WorkerMetrics
from api.http.processes import ProcessPool, WorkTooLarge
from api.patience import is_database_away, write_patiently
from api.reminder_sender import ReminderSender, Reminding
from db.notices import RunNotices
from db.session import Database
from domain.access import Actor
from domain.findings import Conflict, Refused
from domain.runs import RunProgress, RunState
from service import runs
from service.clock import today
from service.periodic_tasks import PERIODIC_TASKS
from service.run_kinds import RUN_KINDS
from service.runs import Lease, RunKind
from service.vaults import Vault
from service.work import Work

COMPUTING_MODULES = (
    "service.run_kinds",
    "domain.selection.search.computation",
    "highspy",
)
"""What the processes of computations need, loaded once."""

RUNS_AT_ONCE = max(2, os.cpu_count() or 1)
"""How many runs a worker computes at a time, so that a small one does not wait for a large one."""

RUN_SECONDS = 600.0
"""How long a run may take; a list takes about half a minute at most, as its work is counted."""
RUN_MEMORY = 4 * 2**30
"""The memory that a run may take."""

POLL_SECONDS = 1.0
"""Seconds between two searches for waiting runs, such as those of a dead worker, of which nobody tells."""

TASK_SECONDS = 5.0
"""Seconds between two rounds of the periodic tasks."""

RENEW_SECONDS = 1.0
"""Seconds between two renewals of a lease, each of which stores the progress too."""

GRACE_SECONDS = 3.0
"""Seconds after connecting in which no run of another worker is taken over: when the database was away, all
workers were, and each of them shows again that it lives."""

STOP_SECONDS = 10.0
"""Seconds that a run has for its end when its worker is stopped; then another worker computes it anew."""

WORKER_ACTOR = Actor.for_service()

_log = structlog.get_logger("daibieu.worker")


class Worker:
    """Processes runs: with the database, the vault that decrypts sealed inputs, and the kinds of run.

    ``number`` is that under which others see whether it is connected. ``beat`` is when it last looked after
    its work, by the clock that never goes back.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        kinds: Mapping[str, RunKind] = RUN_KINDS,
        reminding: Reminding | None = None,
    ):
        self.database = database
        self.vault = vault
        self.kinds = kinds
        self.number = secrets.randbelow(2**31)
        self.metrics = WorkerMetrics(vault.unreadable)
        self.beat = time.monotonic()
        self._reminders = ReminderSender(reminding or Reminding(), self.begin_work, self.metrics)
        self._pool = ProcessPool(RUNS_AT_ONCE, RUNS_AT_ONCE, RUN_SECONDS, memory=RUN_MEMORY)
        self._computing: dict[UUID, asyncio.Task[Any]] = {}
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def begin_work(self, *, read_only: bool = False) -> AsyncIterator[Work]:
        """Begin a transaction in the name of the service itself."""
        async with self.database.transaction(WORKER_ACTOR, read_only=read_only) as session:
            yield Work(session, WORKER_ACTOR, self.vault, today())

    async def process_run(self, run: UUID | None = None) -> bool:
        """Process this run or the oldest waiting one; ``False`` if there is none."""
        lease = await self._lease_run(run)
        if lease is None:
            return False
        await self._process_lease(lease)
        return True

    async def process_queue(self, stop: asyncio.Event, *, poll: float = POLL_SECONDS) -> None:
        """Process waiting runs, and do the periodic tasks, until ``stop`` is set.

        A run that fails unexpectedly is logged and tried again later. What computes at the end has some
        seconds to finish; then it is given back.
        """
        notices = self.database.listen(worker=self.number)
        processing: set[asyncio.Task[None]] = set()
        watching = asyncio.create_task(self._wake_at(stop))
        tending = asyncio.create_task(self._do_periodic_tasks())
        reminding = asyncio.create_task(self._remind_regularly())
        with notices.hearing(self._hear_run):
            while not stop.is_set():
                self._wake.clear()
                try:
                    await notices.connect()
                    await self._begin_runs(processing, takes_over=has_been_connected(notices))
                except Exception:  # noqa: BLE001 - the database may be away for a while
                    _log.exception("queue_unreachable")
                self.beat = time.monotonic()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), poll)
            await self._finish_runs(processing)
        for task in (watching, tending, reminding):
            task.cancel()
        await asyncio.gather(watching, tending, reminding, return_exceptions=True)
        await notices.close()

    def close(self) -> None:
        """End all computations."""
        self._pool.close()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    def _hear_run(self, state: str, run: UUID) -> None:
        """Look for runs when one waits; end the computation of one that was cancelled."""
        if state == RunState.QUEUED:
            self._wake.set()
        elif state == RunState.CANCELLED and run in self._computing:
            self._computing[run].cancel()

    async def _begin_runs(self, processing: set[asyncio.Task[None]], *, takes_over: bool) -> None:
        """Lease as many runs as may be computed at a time, and begin with each."""
        while len(processing) < RUNS_AT_ONCE:
            lease = await self._lease_run(takes_over=takes_over)
            if lease is None:
                return
            task = asyncio.create_task(self._process_safely(lease))
            processing.add(task)
            task.add_done_callback(processing.discard)
            task.add_done_callback(lambda _: self._wake.set())

    async def _finish_runs(self, processing: set[asyncio.Task[None]]) -> None:
        if processing:
            await asyncio.wait(processing, timeout=STOP_SECONDS)
        for task in [*processing]:
            task.cancel()
        await asyncio.gather(*processing, return_exceptions=True)

    async def _do_periodic_tasks(self) -> None:
        while True:
            await asyncio.sleep(TASK_SECONDS)
            try:
                for act in PERIODIC_TASKS.values():
                    async with self.begin_work() as work:
                        await act(work)
                async with self.begin_work(read_only=True) as work:
                    self.metrics.record_waiting(await runs.count_waiting_runs(work))
            except Exception:  # noqa: BLE001 - the database may be away for a while
                _log.exception("task_broke")

    async def _remind_regularly(self) -> None:
        """Apart from the periodic tasks, which do not wait for a slow mail server."""
        while True:
            await asyncio.sleep(TASK_SECONDS)
            try:
                await self._reminders.remind()
            except Exception:  # noqa: BLE001 - the database may be away for a while
                _log.exception("reminding_broke")

    async def _lease_run(self, run: UUID | None = None, *, takes_over: bool = True) -> Lease | None:
        async with self.begin_work() as work:
            return await runs.lease_run(work, self.kinds, run, worker=self.number, takes_over=takes_over)

    async def _process_safely(self, lease: Lease) -> None:
        event = {"run": str(lease.run), "kind": lease.kind}
        try:
            await self._process_lease(lease)
        except asyncio.CancelledError:
            async with self.begin_work() as work:
                await runs.give_back_run(work, lease)
            _log.info("run_given_back", **event)
        except Exception as error:  # noqa: BLE001 - one failed run must not end the worker; attempts are counted
            self.metrics.record_end(lease.kind, "broken", 0.0)
            _log.exception("run_broke", **event)
            await self._return_run(lease, gives_back=is_database_away(error))

    async def _return_run(self, lease: Lease, *, gives_back: bool) -> None:
        """Let any worker compute a run that broke; the attempt counts unless ``gives_back``."""
        act = runs.give_back_run if gives_back else runs.abandon_run
        try:
            await write_patiently(self.begin_work, partial(act, lease=lease))
        except Exception:  # noqa: BLE001 - others find out that its lease is not renewed
            _log.exception("run_not_returned", run=str(lease.run), kind=lease.kind)

    async def _process_lease(self, lease: Lease) -> None:
        """Compute a leased run and store the answer, unless it was cancelled or taken over meanwhile."""
        began = time.monotonic()
        with bound_contextvars(**({"request_id": lease.request_id} if lease.request_id else {})):
            self.metrics.record_begin()
            try:
                outcome = await self._compute_and_store(lease)
            finally:
                self.metrics.record_stop()
            seconds = time.monotonic() - began
            self.metrics.record_end(lease.kind, outcome, seconds)
            event = {"run": str(lease.run), "kind": lease.kind, "seconds": round(seconds, 2)}
            _log.info(f"run_{outcome}", **event)

    async def _compute_and_store(self, lease: Lease) -> str:
        """What became of the run: ``finished``, ``cancelled`` or ``taken_over``."""
        newest: list[RunProgress] = []
        computing = asyncio.create_task(self._compute_answer(lease, newest))
        keeping = asyncio.create_task(self._keep_lease(lease, newest, computing))
        self._computing[lease.run] = computing
        try:
            await asyncio.wait([computing])
        finally:  # also where this worker is stopped
            computing.cancel()
            keeping.cancel()
            self._computing.pop(lease.run, None)
        if computing.cancelled():
            return "cancelled"
        answer = computing.result()
        store = partial(runs.store_answer, kinds=self.kinds, lease=lease, answer=answer)
        stored = await write_patiently(self.begin_work, store)
        return "finished" if stored else "taken_over"

    async def _compute_answer(self, lease: Lease, newest: list[RunProgress]) -> Any:
        def keep_newest(progress: RunProgress) -> None:
            newest[:] = [progress]

        try:
            async with self.begin_work(read_only=True) as work:
                loaded = await runs.load_inputs(work, self.kinds, lease)
            return await self._pool.run(self.kinds[lease.kind].compute, loaded, listen=keep_newest)
        except Refused as refused:
            return refused
        except WorkTooLarge:
            return Conflict("run_too_large", {"minutes": int(RUN_SECONDS // 60)})

    async def _keep_lease(
        self, lease: Lease, newest: list[RunProgress], computing: asyncio.Task[Any]
    ) -> None:
        """Renew a lease until its run has ended; end the computation when the lease is lost."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            self.beat = time.monotonic()
            try:
                async with self.begin_work() as work:
                    is_ours = await runs.renew_lease(work, lease, newest[-1] if newest else None)
            except Exception:  # noqa: BLE001 - the lease is long enough to miss a few renewals
                _log.exception("lease_not_renewed")
                continue
            if not is_ours:
                computing.cancel()
                return


def has_been_connected(notices: RunNotices) -> bool:
    """Whether a worker has been connected for long enough to take over runs of others."""
    return time.monotonic() - notices.connected_at > GRACE_SECONDS
