"""Runs: the state of long computations, and waiting for them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from asyncpg import InterfaceError, PostgresError
from fastapi import Depends, Header, Request, Response
from pydantic import Field

from api.apportionment_answers import ApportionmentAnswer, build_apportionment_answer
from api.findings import FindingAnswer, translate_findings
from api.http.bodies import THREAD_BYTES
from api.http.calls import CurrentCall
from api.http.languages import build_translator
from api.http.problems import run_in_pool
from api.http.request_work import RequestTransactions, Transactions
from api.http.retries import KeyedRequest, RunResponder
from api.http.routes import Retry, Router
from api.http.types import Answer, Params, Uuid
from db.runs import Run
from db.session import Database
from domain.access import Access
from domain.apportionment.summaries import ApportionmentSummary
from domain.runs import RunName, RunProblem, RunProgress, RunState, RunStep
from service import runs
from service.run_kinds import RUN_KINDS
from service.texts import Translator
from service.work import Work

router = Router(prefix="/runs", tags=["runs"])

DEFAULT_WAIT_SECONDS = 20
"""Seconds that a request waits for a run unless the caller asks for another time."""

MAX_WAIT_SECONDS = 60

POLL_SECONDS = 5.0
"""Seconds between two looks at a run by a request that waits for it, should the notice of its end be lost."""

SubjectResponder = Callable[[Request, Work, Run], Awaitable[Response]]
"""Answers with the subject of a run, or with the run while it computes."""

_log = structlog.get_logger("daibieu.runs")


class RunProblemAnswer(Answer):
    """Why a run failed: the refusal with its sentence, and the errors one by one."""

    code: str
    detail: str
    params: Params
    errors: list[FindingAnswer]


class RunProgressAnswer(Answer):
    """How far a run has come: what it does, and how much of it is done where that is counted."""

    step: RunStep
    done: int | None
    limit: int | None = Field(description="The most that there may be to do; often much less is needed.")
    detail: str


class RunAnswer(Answer):
    """A run: its engine, subject, stored inputs and state."""

    id: UUID
    kind: RunName
    state: RunState
    subject: UUID = Field(description="The id of the allocation or selection that it computes.")
    snapshot: str = Field(description="SHA-256 of the stored inputs.")
    engine: str
    attempts: int
    progress: RunProgressAnswer | None = Field(description="Null after its end.")
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


@router.get("/{run_id}", access=Access.CALCULATE, response_model=RunAnswer)
async def read_run(run_id: Uuid, call: CurrentCall) -> Response:
    """Read the state of a run. If it failed, `problem` says why, in the reader's language."""
    run = await runs.get_run(call.work, run_id)
    content = await _build_run_content(call.request, call.work, run, call.translator)
    return Response(content, media_type="application/json")


@router.post("/{run_id}/cancellation", access=Access.CALCULATE, status_code=201)
async def cancel_run(run_id: Uuid, call: CurrentCall) -> RunAnswer:
    """Cancel a run, which ends its computation. Its allocation or selection is then `cancelled`, and another
    may be started. For whoever may start such a run; one that has ended is refused (409)."""
    run = await runs.cancel_run(call.work, RUN_KINDS, run_id)
    return build_run_answer(run, None, call.translator)


def read_wait_seconds(prefer: str | None) -> int:
    """Read the seconds to wait from a ``Prefer`` header."""
    for part in (prefer or "").replace(";", ",").split(","):
        name, _, seconds = part.strip().partition("=")
        if name.lower() == "wait" and seconds.isdecimal() and len(seconds) < 6:
            return min(int(seconds), MAX_WAIT_SECONDS)
    return DEFAULT_WAIT_SECONDS


async def await_run(request: Request, run: UUID, seconds: int) -> None:
    """Wait at most ``seconds`` for the notice of a run's end, which a worker computes.

    The run goes on when the waiting ends, also because the service stops.
    """
    if not seconds:
        return
    stopping: asyncio.Event = request.app.state.stopping
    database: Database = request.app.state.database
    ended = asyncio.Event()

    def hear(_state: str, other: UUID) -> None:
        if other == run:
            ended.set()

    with suppress(TimeoutError), database.notices.hearing(hear):
        async with asyncio.timeout(seconds):
            while not stopping.is_set() and not await _has_finished(request, run):
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), POLL_SECONDS)


async def _has_finished(request: Request, run: UUID) -> bool:
    """Whether a run has ended by now. The notices are heard from before this look on."""
    try:
        await request.app.state.database.notices.connect()
    except (OSError, PostgresError, InterfaceError):
        _log.warning("notices_unreachable")  # then every look counts alone
    async with RequestTransactions(request).begin_work(read_only=True) as work:
        return await runs.has_finished(work, run)


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


def build_run_answer(run: Run, progress: RunProgress | None, translator: Translator) -> RunAnswer:
    """Build the answer for a run, without the result of a calculation."""
    return RunAnswer.model_validate(
        {
            **run.model_dump(exclude={"answer", "problem", "progress"}),
            "progress": None if progress is None else _build_progress_answer(progress, translator),
            "problem": None if run.problem is None else _build_problem_answer(run.problem, translator),
            "answer": None,
        }
    )


def _build_progress_answer(progress: RunProgress, translator: Translator) -> RunProgressAnswer:
    params = {"done": progress.done, "limit": progress.limit}
    detail = translator.translate(f"run_step_{progress.step}", params)
    return RunProgressAnswer(step=progress.step, done=progress.done, limit=progress.limit, detail=detail)


def _build_problem_answer(problem: RunProblem, translator: Translator) -> RunProblemAnswer:
    return RunProblemAnswer(
        code=problem.code,
        detail=translator.translate(problem.code, problem.params),
        params=dict(problem.params),
        errors=translate_findings(problem.errors, translator),
    )


async def respond_with_run(request: Request, work: Work, run: Run) -> Response:
    """Answer 202 with the present state of the run and its ``Location``."""
    content = await _build_run_content(request, work, run, build_translator(request))
    headers = {"Location": f"/v1/runs/{run.id}"}
    return Response(content, 202, headers, "application/json")


async def _build_run_content(request: Request, work: Work, run: Run, translator: Translator) -> bytes:
    """The answer for a run as JSON; with a large result it is made in a process of its own."""
    answer = build_run_answer(run, await runs.describe_progress(work, run), translator)
    text = await runs.read_answer_text(work, run)
    if text is None:
        return answer.model_dump_json().encode()
    if len(text) <= THREAD_BYTES:
        return await asyncio.to_thread(_add_result, answer, text, translator)
    return await run_in_pool(request.app.state.calculations, _add_result, answer, text, translator)


def _add_result(answer: RunAnswer, text: str, translator: Translator) -> bytes:
    result = build_apportionment_answer(ApportionmentSummary.read(json.loads(text)), translator)
    return answer.model_copy(update={"answer": result}).model_dump_json().encode()
