"""Working off runs: leased in one transaction, computed in a thread outside any, stored in another."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import structlog

from db import idempotency
from db.session import Database
from domain.access import Actor
from domain.findings import Refused
from service import calculations, runs, selections
from service.allocations import AllocationRunKind
from service.runs import RunKind
from service.vaults import Vault

POLL_SECONDS = 5.0
"""Seconds between two looks for runs that nobody works on: those of a process that died."""

WORKER_ACTOR = Actor.for_service()

_log = structlog.get_logger("daibieu.worker")


def map_works_by_kind(vault: Vault) -> Mapping[str, RunKind]:
    """What each kind of run does; ``vault`` opens inputs that are sealed."""
    return {
        "allocation": AllocationRunKind(),
        calculations.KIND: calculations.ApportionmentRunKind(),
        selections.KIND: selections.SelectionRunKind(vault),
    }


async def process_run(database: Database, works: Mapping[str, RunKind], run: UUID | None = None) -> bool:
    """Work off one run, this one or the oldest that waits; ``False`` when there is none."""
    async with database.transaction(WORKER_ACTOR) as session:
        job = await runs.lease_run(session, works, run)
    if job is None:
        return False
    try:
        async with database.transaction(WORKER_ACTOR, read_only=True) as session:
            loaded = await runs.load_inputs(session, works, job)
        answer = await asyncio.to_thread(works[job.kind].compute, loaded)
    except Refused as refused:
        answer = refused
    async with database.transaction(WORKER_ACTOR) as session:
        stored = await runs.store_answer(session, works, job, answer)
    _log.info("run_finished" if stored else "run_taken_over", run=str(job.run), kind=job.kind)
    return True


async def process_queue(
    database: Database, works: Mapping[str, RunKind], stop: asyncio.Event, *, poll: float = POLL_SECONDS
) -> None:
    """Work off whatever waits, and forget expired keys, until told to stop.

    A run that breaks is logged and tried again later.
    """
    while not stop.is_set():
        try:
            while await process_run(database, works):
                pass
            async with database.transaction(WORKER_ACTOR) as session:
                await idempotency.delete_expired_keys(session)
        except Exception:  # noqa: BLE001 - one broken run must not end the worker; attempts are counted
            _log.exception("run_broke")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), poll)
