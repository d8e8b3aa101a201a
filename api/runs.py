"""Runs: the state of long computations, and waiting for them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Header, Request, Response
from pydantic import Field

from api.apportionment_answers import ApportionmentAnswer, build_apportionment_answer
from api.findings import FindingAnswer, translate_findings
from api.http.calls import CurrentCall
from api.http.languages import build_translator
from api.http.request_work import RequestTransactions, Transactions
from api.http.retries import KeyedRequest, RunResponder
from api.http.routes import Retry, Router
from api.http.types import Answer, Params, Uuid
from db.runs import Run
from domain.access import Access
from domain.runs import RunName, RunProblem, RunState
from service import runs
from service.texts import Translator
from service.work import Work

router = Router(prefix="/runs", tags=["runs"])

DEFAULT_WAIT_SECONDS = 20
"""Seconds that a request waits for a run unless the caller asks for another time."""

MAX_WAIT_SECONDS = 60

POLL_SECONDS = 0.1
"""Seconds between two checks of a run that another worker computes."""

SubjectResponder = Callable[[Request, Work, Run], Awaitable[Response]]
"""Answers with the subject of a run, or with the run while it computes."""

_log = structlog.get_logger("daibieu.runs")

_working_tasks: set[asyncio.Task[bool]] = set()


class RunProblemAnswer(Answer):
    """Why a run failed: the refusal with its sentence, and the errors one by one."""

    code: str
    detail: str
    params: Params
    errors: list[FindingAnswer]


class RunAnswer(Answer):
    """A run: its engine, subject, stored inputs and state."""

    id: UUID
    kind: RunName
    state: RunState
    subject: UUID = Field(description="The id of the allocation or selection that it computes.")
    snapshot: str = Field(description="SHA-256 of the stored inputs.")
    engine: str
    attempts: int
    problem: RunProblemAnswer | None = Field(description="Null unless it failed.")
    answer: ApportionmentAnswer | None = Field(
        description="The result of a large calculation; null for other runs."
    )
    created_at: datetime
    finished_at: datetime | None


Prefer = Annotated[
    str | None,
    Header(
        max_length=200,
        description="`wait=N`: seconds to wait for the result (RFC 7240); then 202 with a `Location`.",
        examples=["wait=10"],
    ),
]


@router.get("/{run_id}", access=Access.CALCULATE)
async def read_run(run_id: Uuid, call: CurrentCall) -> RunAnswer:
    """Read the state of a run. If it failed, `problem` says why, in the reader's language."""
    run = await runs.get_run(call.work, run_id)
    return await asyncio.to_thread(build_run_answer, run, call.translator)


def read_wait_seconds(prefer: str | None) -> int:
    """Read the seconds to wait from a ``Prefer`` header."""
    for part in (prefer or "").replace(";", ",").split(","):
        name, _, seconds = part.strip().partition("=")
        if name.lower() == "wait" and seconds.isdecimal() and len(seconds) < 6:
            return min(int(seconds), MAX_WAIT_SECONDS)
    return DEFAULT_WAIT_SECONDS


async def await_run(request: Request, run: UUID, seconds: int) -> None:
    """Wait at most ``seconds`` for a run to end, computing it here unless another worker does.

    The run goes on when the waiting ends.
    """
    worker = request.app.state.worker
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            task = asyncio.create_task(worker.process_run(run))
            _working_tasks.add(task)
            task.add_done_callback(_discard_task)
            if not await asyncio.shield(task):
                while not await worker.has_finished(run):  # noqa: ASYNC110 - another process ends it
                    await asyncio.sleep(POLL_SECONDS)


def _discard_task(task: asyncio.Task[bool]) -> None:
    _working_tasks.discard(task)
    if not task.cancelled() and task.exception() is not None:
        _log.error("run_broke", exc_info=task.exception())


@dataclass(frozen=True, slots=True)
class RunStarter:
    """A request that starts a run under its key and waits ``seconds`` for the result."""

    request: Request
    transactions: RequestTransactions
    retry: KeyedRequest
    seconds: int

    async def respond(self, start: Callable[[Work], Awaitable[UUID]]) -> Response:
        """Call ``start``, which creates a run, in a transaction; then answer with its result or the run.

        The run is committed with the key, so that a retry gets the same run.
        """
        async with self.transactions.begin_work() as work:
            if known := await self.retry.begin(work):
                return known
            run = await start(work)
            await self.retry.store(work.session, run=run)
        await await_run(self.request, run, self.seconds)
        show: RunResponder = self.request.app.state.show_run
        async with self.transactions.begin_work(read_only=True) as work:
            return await show(self.request, work, run)


async def _provide_starter(
    request: Request, transactions: Transactions, retry: Retry, prefer: Prefer = None
) -> RunStarter:
    return RunStarter(request, transactions, retry, read_wait_seconds(prefer))


Starter = Annotated[RunStarter, Depends(_provide_starter)]
"""A handler's parameter, where the request starts a run."""


def build_run_answer(run: Run, translator: Translator) -> RunAnswer:
    """Build the answer for a run."""
    return RunAnswer.model_validate(
        {
            **run.model_dump(exclude={"answer", "problem"}),
            "problem": None if run.problem is None else _build_problem_answer(run.problem, translator),
            "answer": None if run.answer is None else build_apportionment_answer(run.answer, translator),
        }
    )


def _build_problem_answer(problem: RunProblem, translator: Translator) -> RunProblemAnswer:
    return RunProblemAnswer(
        code=problem.code,
        detail=translator.translate(problem.code, problem.params),
        params=dict(problem.params),
        errors=translate_findings(problem.errors, translator),
    )


def respond_with_run(request: Request, run: Run) -> Response:
    """Answer 202 with the present state of the run and its ``Location``."""
    content = build_run_answer(run, build_translator(request)).model_dump_json()
    return Response(content, 202, {"Location": f"/v1/runs/{run.id}"}, "application/json")
