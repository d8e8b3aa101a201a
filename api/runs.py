"""Runs: long work as it stands, and waiting for it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import Header, Request, Response
from pydantic import Field

from api.routes import CurrentActor, Router, Session
from api.types import Answer, Uuid
from api.worker import process_run
from db.runs import Run
from db.session import AsyncSession, Database
from domain.access import Access, Actor
from service import runs

router = Router(prefix="/runs", tags=["runs"])

DEFAULT_WAIT_SECONDS = 20
"""Seconds for which an answer is waited when the caller does not say."""

MAX_WAIT_SECONDS = 60

POLL_SECONDS = 0.1
"""Seconds between two looks at a run that another worker has."""

SubjectResponder = Callable[[Request, AsyncSession, Run], Awaitable[Response]]
"""Shows what a run is about, or the run while it is computed."""

_log = structlog.get_logger("daibieu.runs")

_working_tasks: set[asyncio.Task[bool]] = set()


class RunAnswer(Answer):
    """A run: which engine computes what over which frozen inputs, and how far it is."""

    id: UUID
    kind: str
    state: str = Field(description="`queued`, `running`, `done` or `failed`.")
    subject: UUID = Field(description="What it computes: the id of an allocation or a selection.")
    snapshot: str = Field(description="SHA-256 of the frozen inputs.")
    engine: str
    attempts: int
    problem: dict[str, Any] | None
    answer: dict[str, Any] | None = Field(
        description="What came of it, where nothing else keeps that: a large calculation."
    )
    created_at: datetime
    finished_at: datetime | None


Prefer = Annotated[
    str | None,
    Header(
        max_length=200,
        description="`wait=N`: seconds to wait for the result (RFC 7240); after that 202 and a `Location`.",
        examples=["wait=10"],
    ),
]


@router.get("/{run_id}", access=Access.ALLOCATIONS_READ)
async def read_run(run_id: Uuid, session: Session, actor: CurrentActor) -> RunAnswer:
    """A run as it is now."""
    return RunAnswer.model_validate(await runs.get_run(session, actor, run_id))


def read_wait_seconds(prefer: str | None) -> int:
    """The seconds that a ``Prefer`` header asks to wait."""
    for part in (prefer or "").replace(";", ",").split(","):
        name, _, seconds = part.strip().partition("=")
        if name.lower() == "wait" and seconds.isdecimal() and len(seconds) < 6:
            return min(int(seconds), MAX_WAIT_SECONDS)
    return DEFAULT_WAIT_SECONDS


async def await_run(request: Request, run: UUID, seconds: int) -> None:
    """Wait until a run has ended, so long and no longer: worked off here, or by whoever has it already.

    It goes on when the wait is over.
    """
    database: Database = request.app.state.database
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            task = asyncio.create_task(process_run(database, request.app.state.works, run))
            _working_tasks.add(task)
            task.add_done_callback(_discard_task)
            if not await asyncio.shield(task):
                while await _is_run_unfinished(database, run):  # noqa: ASYNC110 - another process ends it
                    await asyncio.sleep(POLL_SECONDS)


def _discard_task(task: asyncio.Task[bool]) -> None:
    _working_tasks.discard(task)
    if not task.cancelled() and task.exception() is not None:
        _log.error("run_broke", exc_info=task.exception())


async def _is_run_unfinished(database: Database, run: UUID) -> bool:
    """Whether somebody still works on it."""
    async with database.transaction(Actor.for_service(), read_only=True) as session:
        row = await session.get_one(Run, run)
        return row.state in ("queued", "running")


async def respond_with_result(
    request: Request,
    actor: Actor,
    database: Database,
    run_id: UUID,
    prefer: str | None,
    show: SubjectResponder,
) -> Response:
    """What a run came to, shown by ``show``, when it has ended or the caller's patience has."""
    await await_run(request, run_id, read_wait_seconds(prefer))
    async with database.transaction(actor, read_only=True) as session:
        return await show(request, session, await runs.get_run(session, actor, run_id))


def respond_with_run(request: Request, run: Run) -> Response:
    """202: the run as it is now, and where to look."""
    content = RunAnswer.model_validate(run).model_dump_json()
    return Response(content, 202, {"Location": f"/v1/runs/{run.id}"}, "application/json")
