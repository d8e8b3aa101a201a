"""Runs: stored with frozen inputs, computed outside any transaction; only the current lease may store."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from db import runs, snapshots
from db.columns import now
from db.runs import MAX_ATTEMPTS, Run
from db.session import AsyncSession
from db.snapshots import Snapshot, SnapshotKey
from domain.access import Access
from domain.findings import Conflict, Finding, NotFound, Plain, Refused
from domain.runs import UNFINISHED_RUNS, RunProblem, RunState
from domain.snapshots import compute_digest, encode_canonical
from service.audit import find_request_id
from service.names import name_refusal
from service.vaults import Box
from service.work import Work

ENGINE = "daibieu/0.1.0"
"""The program that computes a run, for a later replay."""


class RunKind(Protocol):
    """What a kind of run does: load in one transaction, compute in none, store in another."""

    async def load(self, work: Work, run: Run) -> Any:
        """Everything the computation needs, as plain data; a ``Refused`` fails the run at once."""

    def compute(self, loaded: Any) -> Any:
        """The answer; no input or output, runs in a thread. A ``Refused`` fails the run at once."""

    async def store(self, work: Work, run: Run, answer: Any) -> None:
        """Store the answer."""

    async def fail(self, work: Work, run: Run) -> None:
        """Set the subject to a state from which work can continue."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A run that this process has taken: what to compute, and under which lease."""

    run: UUID
    token: UUID | None
    kind: str


async def freeze_inputs(session: AsyncSession, schema: str, content: Mapping[str, Plain]) -> str:
    """Store inputs as they are now, unsealed; returns the digest that names them."""
    name = compute_digest(content)
    await snapshots.insert_snapshot(session, name, schema, content)
    return name


async def freeze_sealed_inputs(work: Work, schema: str, content: Mapping[str, Plain]) -> str:
    """Store inputs with attributes of people, sealed by a key of their own.

    Their name is a digest under that key: after its destruction nobody can test guesses against the name.
    """
    box = await asyncio.to_thread(lambda: work.vault.seal_content(encode_canonical(content)))
    work.session.add(Snapshot(digest=box.name, schema_=schema, sealed=box.sealed))
    await work.session.flush()
    work.session.add(SnapshotKey(snapshot=box.name, wrapped=box.wrapped, master=box.master))
    await work.session.flush()
    return box.name


async def queue_run(work: Work, *, kind: str, subject: UUID, snapshot: str) -> Run:
    """Queue a run over frozen inputs. The row of its ``subject`` is stored after it and refers to it."""
    run = Run(
        kind=kind,
        state=RunState.QUEUED,
        subject=subject,
        snapshot=snapshot,
        engine=ENGINE,
        actor=work.actor.id,
        request_id=find_request_id(),
    )
    work.session.add(run)
    await work.session.flush()
    return run


async def get_run(work: Work, run_id: UUID) -> Run:
    """A run as it is now: one that the actor started, or whose results the actor may read.

    Sentences about why it failed name the units in it.
    """
    run = await runs.find_run(work.session, work.actor.narrow_to_access(Access.ALLOCATIONS_READ), run_id)
    if run is None:
        raise NotFound("run_not_found")
    if run.problem is not None:
        problem = run.problem
        await name_refusal(work, Refused(problem.code, problem.params, errors=problem.errors))
    return run


async def has_finished(work: Work, run_id: UUID) -> bool:
    """Whether a run neither waits nor is being computed."""
    run = await runs.get_run(work.session, run_id)
    return run.state not in UNFINISHED_RUNS


async def get_snapshot(session: AsyncSession, name: str) -> Mapping[str, Any]:
    """The frozen inputs of that digest."""
    snapshot = await snapshots.find_snapshot(session, name)
    if snapshot is None or snapshot.content is None:
        raise NotFound("snapshot_not_found")
    return snapshot.content


async def get_freezing_time(session: AsyncSession, name: str) -> datetime:
    """When inputs were frozen first; the same inputs frozen again are the same snapshot."""
    snapshot = await snapshots.find_snapshot(session, name)
    if snapshot is None:
        raise NotFound("snapshot_not_found")
    return snapshot.created_at


async def unseal_snapshot(work: Work, name: str) -> Mapping[str, Any]:
    """Frozen inputs that are sealed. Raises ``Conflict`` when their key is gone, or they do not open."""
    snapshot, key = (
        await snapshots.find_snapshot(work.session, name),
        await snapshots.find_snapshot_key(work.session, name),
    )
    if snapshot is None or snapshot.sealed is None:
        raise NotFound("snapshot_not_found")
    if key is None:
        raise Conflict("snapshot_erased")
    box = Box(name, key.wrapped, key.master, snapshot.sealed)
    try:
        found: Mapping[str, Any] = json.loads(await asyncio.to_thread(work.vault.open_content, box))
    except ValueError:
        work.vault.report_unreadable("snapshots", [key.master])
        raise Conflict("snapshot_unreadable") from None
    return found


async def lease_run(work: Work, kinds: Mapping[str, RunKind], run_id: UUID | None = None) -> Lease | None:
    """Lease a run; ``None`` when there is nothing to do.

    The lease must be committed before the run is computed, so that every attempt counts.
    """
    run = await runs.lease_run(work.session, kinds, run_id)
    if run is None:
        return None
    if run.attempts > MAX_ATTEMPTS:
        await _fail_run(work, kinds[run.kind], run, Finding("run_attempts_exhausted"))
        return None
    return Lease(run.id, run.owner_token, run.kind)


async def load_inputs(work: Work, kinds: Mapping[str, RunKind], lease: Lease) -> Any:
    """The inputs of a leased run."""
    return await kinds[lease.kind].load(work, await runs.get_run(work.session, lease.run))


async def store_answer(work: Work, kinds: Mapping[str, RunKind], lease: Lease, answer: Any) -> bool:
    """Store an answer, unless another process has the lease by now; then drop it (``False``)."""
    run = await runs.lock_leased_run(work.session, lease.run, lease.token)
    if run is None:
        return False
    if isinstance(answer, Refused):
        await _fail_run(work, kinds[run.kind], run, Finding(answer.code, answer.params), answer.errors)
        return True
    await kinds[run.kind].store(work, run, answer)
    await _finish_run(work, run, RunState.DONE)
    return True


async def _fail_run(
    work: Work, kind: RunKind, run: Run, why: Finding, errors: tuple[Finding, ...] = ()
) -> None:
    run.problem = RunProblem(why.code, why.params, errors)
    await _finish_run(work, run, RunState.FAILED)
    await kind.fail(work, run)


async def _finish_run(work: Work, run: Run, state: RunState) -> None:
    run.state, run.finished_at, run.lease_until = state, now(), None
    work.session.add(run)
    await work.session.flush()
