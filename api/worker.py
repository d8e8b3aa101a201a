"""Working off runs: leased in one transaction, computed in a thread outside any, stored in another."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog

from db import idempotency
from db.session import Database
from domain.access import Actor
from domain.findings import Refused
from service import calculations, runs, selections
from service.allocations import Computing
from service.runs import Work
from service.sealing import Vault

POLL = 5.0
"""Seconds between two looks for runs that nobody works on: those of a process that died."""

WORKER = Actor.service()

_log = structlog.get_logger("daibieu.worker")


def works(vault: Vault) -> Mapping[str, Work]:
    """What each kind of run does; ``vault`` opens inputs that are sealed."""
    return {
        "allocation": Computing(),
        calculations.KIND: calculations.Apportioning(),
        selections.KIND: selections.Selecting(vault),
    }


async def work(database: Database, works: Mapping[str, Work], run: UUID | None = None) -> bool:
    """Work off one run, this one or the oldest that waits; ``False`` when there is none."""
    async with database.transaction(WORKER) as session:
        job = await runs.take(session, works, run)
    if job is None:
        return False
    try:
        async with database.transaction(WORKER, read_only=True) as session:
            loaded = await runs.load(session, works, job)
    except Refused as refused:  # what was frozen is erased: trying again would not bring it back
        answer: Any = refused
    else:
        answer = await asyncio.to_thread(works[job.kind].compute, loaded)
    async with database.transaction(WORKER) as session:
        stored = await runs.give(session, works, job, answer)
    _log.info("run_finished" if stored else "run_taken_over", run=str(job.run), kind=job.kind)
    return True


async def work_on(
    database: Database, works: Mapping[str, Work], stop: asyncio.Event, *, poll: float = POLL
) -> None:
    """Work off whatever waits, and forget expired keys, until told to stop.

    A run that breaks is logged and tried again later.
    """
    while not stop.is_set():
        try:
            while await work(database, works):
                pass
            async with database.transaction(WORKER) as session:
                await idempotency.forget(session)
        except Exception:  # noqa: BLE001 - one broken run must not end the worker; attempts are counted
            _log.exception("run_broke")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), poll)
