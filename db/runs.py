"""Runs: long computations as rows. A worker leases a run; only the current lease may store a result."""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import Index, Text, cast, extract, func, or_, union_all
from sqlalchemy import select as columns
from sqlalchemy import text as sql
from sqlalchemy.orm import defer
from sqlmodel import Field, SQLModel, col, delete, select, update

from db.allocations import Allocation, is_visible_allocation
from db.columns import (
    check_words,
    id_column,
    new_id,
    nullable_text_column,
    nullable_time_column,
    record_column,
    text_column,
    text_reference_column,
    time_column,
    word_column,
)
from db.conferences import Conference
from db.notices import is_number_connected
from db.selections import Selection, is_own_selection
from db.session import AsyncSession, fetch_rows
from domain.access import COUNCIL_ROLES, Actor
from domain.apportionment.summaries import ApportionmentSummary
from domain.runs import (
    NEW_OF_UNIT,
    UNFINISHED_RUNS,
    RunName,
    RunProblem,
    RunProgress,
    RunState,
    UnitRuns,
    derive_next_state,
)

LEASE_DURATION = timedelta(seconds=3)
"""How long a worker that is no longer connected may give no sign before another worker takes over its run."""

STALL_DURATION = timedelta(seconds=30)
"""The same for a worker that is still connected: it may only be slow."""

MAX_ATTEMPTS = 3
"""After this many leases without a result a run fails and is not tried again."""


class Run(SQLModel, table=True):
    """One long computation from one snapshot."""

    __table_args__ = (
        check_words("run_state_known", "state", RunState),
        Index("run_waiting_idx", "created_at", postgresql_where=sql("state IN ('queued', 'running')")),
    )

    id: UUID = id_column()
    kind: str = text_column()
    state: RunState = word_column(RunState)
    subject: UUID = Field(index=True)
    snapshot: str = text_reference_column("snapshot.digest")
    engine: str = text_column()
    actor: str = text_column()
    attempts: int = 0
    owner_token: UUID | None = None
    worker: int | None = None
    """The number under which the worker with the lease is connected (:mod:`db.notices`)."""
    lease_until: datetime | None = nullable_time_column()
    progress: RunProgress | None = record_column(RunProgress, nullable=True)
    answer: ApportionmentSummary | None = record_column(ApportionmentSummary, nullable=True)
    """The result, if no other table stores it."""
    problem: RunProblem | None = record_column(RunProblem, nullable=True)
    request_id: str | None = nullable_text_column()
    created_at: datetime = time_column()
    finished_at: datetime | None = nullable_time_column()


async def find_run(session: AsyncSession, actor: Actor, id: UUID) -> Run | None:  # noqa: A002
    """One run: started by the actor, or for an allocation or selection whose results the actor may read."""
    subjects = (
        select(Allocation.id).where(is_visible_allocation(actor)),
        select(Selection.id).where(
            col(Selection.run) == id, is_own_selection(actor.personal_reader.narrow_to_roles(COUNCIL_ROLES))
        ),
    )
    query = select(Run).where(col(Run.id) == id).options(_WITHOUT_ANSWER)
    if not actor.is_service_wide:
        query = query.where(
            or_(col(Run.actor) == actor.id, *(col(Run.subject).in_(each) for each in subjects))
        )
    return (await session.exec(query)).first()


_WITHOUT_ANSWER = defer(Run.answer, raiseload=True)  # type: ignore[arg-type]  # a column, by its class
"""The answer of a large calculation has some 30 MB: it is read as text, by :func:`read_answer_text`."""


async def read_answer_text(session: AsyncSession, run: UUID) -> str | None:
    """The stored answer of a run, as JSON that is still to be read; ``None`` where no other table has it."""
    query = columns(cast(col(Run.answer), Text)).where(col(Run.id) == run)
    found: str | None = (await fetch_rows(session, query))[0][0]
    return found


async def get_run(session: AsyncSession, run: UUID) -> Run:
    """A run that is known to exist, whoever asks."""
    return await session.get_one(Run, run)


async def find_earlier_run(session: AsyncSession, actor: Actor, kind: str, snapshot: str) -> Run | None:
    """A run of this kind that the actor started over the same inputs, and that has or may get an answer."""
    query = (
        select(Run)
        .where(
            col(Run.kind) == kind,
            col(Run.snapshot) == snapshot,
            col(Run.actor) == actor.id,
            col(Run.state).in_((*UNFINISHED_RUNS, RunState.DONE)),
        )
        .options(_WITHOUT_ANSWER)
    )
    return (await session.exec(query)).first()


async def count_calculations(session: AsyncSession, actor: Actor) -> tuple[int, int]:
    """(unfinished, all) stored calculations of an actor; others of the actor wait for this transaction."""
    await fetch_rows(session, _LOCK_CALCULATIONS, {"actor": actor.id})
    query = select(func.count().filter(col(Run.state).in_(UNFINISHED_RUNS)), func.count()).where(
        col(Run.kind) == RunName.APPORTIONMENT, col(Run.actor) == actor.id
    )
    unfinished, kept = (await session.exec(query)).one()
    return unfinished, kept


async def count_unit_runs(session: AsyncSession, congress: str, unit: UUID) -> UnitRuns:
    """The runs about the conferences of a unit, as far as the actor sees them."""
    conferences = select(Conference.id).where(
        col(Conference.congress) == congress, col(Conference.unit) == unit
    )
    subjects = union_all(
        *(select(each.id).where(col(each.conference).in_(conferences)) for each in (Allocation, Selection))
    )
    new = col(Run.created_at) > func.now() - NEW_OF_UNIT
    left = extract("epoch", func.min(col(Run.created_at)).filter(new) + NEW_OF_UNIT - func.now())
    query = select(
        func.count().filter(col(Run.state).in_(UNFINISHED_RUNS)), func.count().filter(new), left
    ).where(col(Run.subject).in_(subjects))
    unfinished, count, rest = (await session.exec(query)).one()
    return UnitRuns(unfinished, count, ceil(rest or 0))


async def delete_ended_calculations(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete calculations that ended before then, at most so many, with inputs that no other run has."""
    ended = (
        select(Run.id)
        .where(col(Run.kind) == RunName.APPORTIONMENT, col(Run.finished_at) < before)
        .order_by(col(Run.finished_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    removed = await session.exec(delete(Run).where(col(Run.id).in_(ended)))
    if removed.rowcount:
        await fetch_rows(session, _FORGET_INPUTS)
    return removed.rowcount


_LOCK_CALCULATIONS = sql("SELECT pg_advisory_xact_lock(hashtextextended('calculations ' || :actor, 0))")
_FORGET_INPUTS = sql("SELECT forget_calculation_inputs()")


async def lease_run(
    session: AsyncSession,
    kinds: Collection[str],
    run: UUID | None = None,
    *,
    worker: int | None = None,
    takes_over: bool = True,
) -> Run | None:
    """Lease a run of these kinds that is queued, or lost: ``run``, or the oldest one.

    Lost is a run whose worker has ended, or has given no sign for long; ``takes_over=False`` leaves it. The
    lease has a new ``owner_token``; only the worker with the current token may store a result.
    """
    is_free = col(Run.state) == RunState.QUEUED
    query = (
        select(Run)
        .where(col(Run.kind).in_(kinds), or_(is_free, _IS_LOST) if takes_over else is_free)
        .order_by(col(Run.created_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if run is not None:
        query = query.where(col(Run.id) == run)
    found = (await session.exec(query)).first()
    if found is not None:
        found.state, found.attempts = derive_next_state("lease", found.state), found.attempts + 1
        found.owner_token, found.worker, found.progress = new_id(), worker, None
        found.lease_until = (await session.exec(select(func.now()))).one() + LEASE_DURATION
        session.add(found)
        await session.flush()
    return found


_IS_LOST = (
    (col(Run.state) == RunState.RUNNING)
    & (col(Run.lease_until) < func.now())
    & or_(
        col(Run.lease_until) < func.now() - (STALL_DURATION - LEASE_DURATION),
        ~is_number_connected(col(Run.worker)),
    )
)
"""A lease has run out, and its worker is not connected, or has been silent for long all the same."""


async def renew_lease(
    session: AsyncSession, run: UUID, token: UUID | None, progress: RunProgress | None
) -> bool:
    """Lengthen a lease, and store how far its run has come; ``False`` if it is no lease any more."""
    query = (
        update(Run)
        .where(col(Run.id) == run, col(Run.state) == RunState.RUNNING, col(Run.owner_token) == token)
        .values(lease_until=func.now() + LEASE_DURATION, progress=progress)
    )
    return (await session.exec(query)).rowcount == 1


async def lock_run(session: AsyncSession, run: UUID) -> Run | None:
    """A run as it is now, locked; ``None`` for an actor who may not change it."""
    query = select(Run).where(col(Run.id) == run).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).first()


async def count_waiting_runs(session: AsyncSession) -> int:
    """How many runs no worker has taken, as far as the actor sees runs."""
    return (await session.exec(select(func.count()).where(col(Run.state) == RunState.QUEUED))).one()


async def lock_leased_run(session: AsyncSession, run: UUID, token: UUID | None) -> Run | None:
    """The run, locked, if ``token`` is its current lease; ``None`` when another worker took it over."""
    query = (
        select(Run)
        .where(col(Run.id) == run, col(Run.state) == RunState.RUNNING, col(Run.owner_token) == token)
        .with_for_update()
    )
    return (await session.exec(query)).first()
