"""Runs: stored with frozen inputs, computed outside any transaction; only the current lease may store."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol, Self
from uuid import UUID

from db import runs, snapshots
from db.columns import now
from db.notices import is_worker_connected
from db.runs import MAX_ATTEMPTS, Run
from db.session import AsyncSession
from db.snapshots import Snapshot, SnapshotKey
from domain.access import Access, build_forbidden
from domain.findings import Conflict, Finding, NotFound, Plain, Refused
from domain.runs import (
    UNFINISHED_RUNS,
    Report,
    RunName,
    RunProblem,
    RunProgress,
    RunState,
    RunStep,
    derive_next_state,
)
from domain.snapshots import encode_canonical
from service.audit import find_request_id
from service.names import name_refusal
from service.vaults import Box
from service.work import Case, Work

ENGINE = "daibieu/0.1.0"
"""The program that computes a run, for a later replay."""


class RunKind(Protocol):
    """What a kind of run does: load in one transaction, compute in none, store in another."""

    access: Access
    """The scope of whoever starts such a run, or cancels it."""

    async def load(self, work: Work, run: Run) -> Any:
        """Everything the computation needs, as plain data; a ``Refused`` fails the run at once."""

    def compute(self, loaded: Any, report: Report) -> Any:
        """The answer; no input or output, runs in a process of its own. A ``Refused`` fails the run at once.

        ``report`` may be called at any time.
        """

    async def store(self, work: Work, run: Run, answer: Any) -> None:
        """Store the answer."""

    async def fail(self, work: Work, run: Run) -> None:
        """Set the subject to a state from which work can continue."""

    async def cancel(self, work: Work, run: Run) -> None:
        """The same, in the name of the actor who cancels the run; raises for one who may not, then for a run
        that has ended."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A run that this process has taken: what to compute, and under which lease."""

    run: UUID
    token: UUID | None
    kind: str
    request_id: str | None = None
    """The id of the request that started it."""


@dataclass(frozen=True, slots=True)
class FrozenInputs:
    """Inputs as they are stored unsealed: their schema, their canonical text, and its digest, their name."""

    schema: str
    text: str
    name: str

    @classmethod
    def freeze(cls, schema: str, content: Mapping[str, Plain]) -> Self:
        """Freeze plain data."""
        encoded = encode_canonical(content)
        return cls(schema, encoded.decode(), sha256(encoded).hexdigest())


async def freeze_inputs(session: AsyncSession, schema: str, content: Mapping[str, Plain]) -> str:
    """Store inputs as they are now, unsealed; returns the digest that names them."""
    return await store_inputs(session, FrozenInputs.freeze(schema, content))


async def store_inputs(session: AsyncSession, frozen: FrozenInputs) -> str:
    """Store frozen inputs; returns the digest that names them."""
    await snapshots.insert_snapshot(session, frozen.name, frozen.schema, frozen.text)
    return frozen.name


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


async def queue_unit_run(work: Work, case: Case, *, kind: str, subject: UUID, snapshot: str) -> Run:
    """Queue a run about a conference, which the caller has locked, so that no other one is counted meanwhile.

    Raises ``TooMany`` where the unit has too many.
    """
    conference = case.conference
    (await runs.count_unit_runs(work.session, conference.congress, conference.unit)).expect_room()
    return await queue_run(work, kind=kind, subject=subject, snapshot=snapshot)


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


async def read_answer_text(work: Work, run: Run) -> str | None:
    """The answer of a calculation that is done, as JSON: some 30 MB, which is long work to read."""
    if run.kind != RunName.APPORTIONMENT or run.state is not RunState.DONE:
        return None
    return await runs.read_answer_text(work.session, run.id)


async def describe_progress(work: Work, run: Run) -> RunProgress | None:
    """How far a run has come; ``None`` for one that has ended."""
    if run.state is RunState.RUNNING:
        return run.progress or RunProgress(RunStep.COMPUTING)
    if run.state is RunState.QUEUED:
        is_connected = await is_worker_connected(work.session)
        return RunProgress(RunStep.WAITING if is_connected else RunStep.WAITING_WITHOUT_WORKER)
    return None


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


async def lease_run(
    work: Work,
    kinds: Mapping[str, RunKind],
    run_id: UUID | None = None,
    *,
    worker: int | None = None,
    takes_over: bool = True,
) -> Lease | None:
    """Lease a run for the worker of that number; ``None`` when there is nothing to do.

    The lease must be committed before the run is computed, so that every attempt counts. With
    ``takes_over=False`` the runs of other workers are left to them, also where those seem to have ended.
    """
    run = await runs.lease_run(work.session, kinds, run_id, worker=worker, takes_over=takes_over)
    if run is None:
        return None
    if run.attempts > MAX_ATTEMPTS:
        await _fail_run(work, kinds[run.kind], run, Finding("run_attempts_exhausted"))
        return None
    return Lease(run.id, run.owner_token, run.kind, run.request_id)


async def load_inputs(work: Work, kinds: Mapping[str, RunKind], lease: Lease) -> Any:
    """The inputs of a leased run."""
    return await kinds[lease.kind].load(work, await runs.get_run(work.session, lease.run))


async def renew_lease(work: Work, lease: Lease, progress: RunProgress | None) -> bool:
    """Keep a lease, and store how far its run has come; ``False`` if the run is another's or cancelled."""
    return await runs.renew_lease(work.session, lease.run, lease.token, progress)


async def abandon_run(work: Work, lease: Lease) -> None:
    """Let any worker take over a leased run that broke, when its lease runs out. The attempt counts."""
    run = await runs.lock_leased_run(work.session, lease.run, lease.token)
    if run is not None:
        run.worker = None
        work.session.add(run)
        await work.session.flush()


async def give_back_run(work: Work, lease: Lease) -> None:
    """Let another worker take a leased run at once, as if this one had never tried."""
    run = await runs.lock_leased_run(work.session, lease.run, lease.token)
    if run is not None:
        run.state, run.attempts = derive_next_state("give_back", run.state), run.attempts - 1
        run.owner_token = run.worker = run.lease_until = run.progress = None
        work.session.add(run)
        await work.session.flush()


async def cancel_run(work: Work, kinds: Mapping[str, RunKind], run_id: UUID) -> Run:
    """Cancel a run that has not ended; its subject says so, and another can be started.

    Its worker is told when the transaction ends. Raises ``Forbidden`` for an actor who may read the run but
    not start one like it, ``Conflict`` for a run that has ended. Locks the run before its subject.
    """
    found = await get_run(work, run_id)
    kind = kinds[found.kind]
    owner = work.acting_as(work.actor.narrow_to_access(kind.access))
    run = await runs.lock_run(work.session, run_id) if owner.actor.has_scope(kind.access) else None
    if run is None:
        raise build_forbidden(kind.access)
    await kind.cancel(owner, run)
    await _finish_run(work, run, derive_next_state("cancel", run.state))
    return run


async def count_waiting_runs(work: Work) -> int:
    """How many runs no worker has taken."""
    return await runs.count_waiting_runs(work.session)


async def store_answer(work: Work, kinds: Mapping[str, RunKind], lease: Lease, answer: Any) -> bool:
    """Store an answer, unless another process has the lease by now; then drop it (``False``)."""
    run = await runs.lock_leased_run(work.session, lease.run, lease.token)
    if run is None:
        return False
    if isinstance(answer, Refused):
        await _fail_run(work, kinds[run.kind], run, Finding(answer.code, answer.params), answer.errors)
        return True
    await kinds[run.kind].store(work, run, answer)
    await _finish_run(work, run, derive_next_state("finish", run.state))
    return True


async def _fail_run(
    work: Work, kind: RunKind, run: Run, why: Finding, errors: tuple[Finding, ...] = ()
) -> None:
    run.problem = RunProblem(why.code, why.params, errors)
    await _finish_run(work, run, derive_next_state("fail", run.state))
    await kind.fail(work, run)


async def _finish_run(work: Work, run: Run, state: RunState) -> None:
    run.state, run.finished_at = state, now()
    run.worker = run.lease_until = run.progress = None
    work.session.add(run)
    await work.session.flush()
