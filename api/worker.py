"""Processing runs: leased in one transaction, computed in a thread outside any, stored in another."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from api.run_kinds import COMPUTATIONS
from db.session import Database
from domain.access import Actor
from domain.findings import Refused
from service import runs
from service.clock import today
from service.periodic_tasks import PERIODIC_TASKS
from service.runs import RunKind
from service.vaults import Vault
from service.work import Work

POLL_SECONDS = 5.0
"""Seconds between two searches for waiting runs, such as those of a process that stopped."""

WORKER_ACTOR = Actor.for_service()

_log = structlog.get_logger("daibieu.worker")


@dataclass(frozen=True, slots=True)
class Worker:
    """Processes runs: with the database, the vault that decrypts sealed inputs, and the kinds of run."""

    database: Database
    vault: Vault
    kinds: Mapping[str, RunKind] = field(default_factory=lambda: COMPUTATIONS)

    @asynccontextmanager
    async def begin_work(self, *, read_only: bool = False) -> AsyncIterator[Work]:
        """Begin a transaction in the name of the service itself."""
        async with self.database.transaction(WORKER_ACTOR, read_only=read_only) as session:
            yield Work(session, WORKER_ACTOR, self.vault, today())

    async def process_run(self, run: UUID | None = None) -> bool:
        """Process this run or the oldest waiting one; ``False`` if there is none."""
        async with self.begin_work() as work:
            lease = await runs.lease_run(work, self.kinds, run)
        if lease is None:
            return False
        try:
            async with self.begin_work(read_only=True) as work:
                loaded = await runs.load_inputs(work, self.kinds, lease)
            answer = await asyncio.to_thread(self.kinds[lease.kind].compute, loaded)
        except Refused as refused:
            answer = refused
        async with self.begin_work() as work:
            stored = await runs.store_answer(work, self.kinds, lease, answer)
        _log.info("run_finished" if stored else "run_taken_over", run=str(lease.run), kind=lease.kind)
        return True

    async def has_finished(self, run: UUID) -> bool:
        """Whether a run neither waits nor is being computed."""
        async with self.begin_work(read_only=True) as work:
            return await runs.has_finished(work, run)

    async def process_queue(self, stop: asyncio.Event, *, poll: float = POLL_SECONDS) -> None:
        """Process waiting runs, and do the periodic tasks, until ``stop`` is set.

        A run that fails unexpectedly is logged and tried again later.
        """
        while not stop.is_set():
            try:
                while await self.process_run():
                    pass
                for act in PERIODIC_TASKS.values():
                    async with self.begin_work() as work:
                        await act(work)
            except Exception:  # noqa: BLE001 - one failed run must not end the worker; attempts are counted
                _log.exception("run_broke")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), poll)
