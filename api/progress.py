"""The board of a plan over HTTP: how far its conferences are, on any day."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import Field

from api.http.calls import CurrentCall
from api.http.cursors import Page, PageRequest, Paging
from api.http.routes import Router
from api.http.tables import FILE_CONTENT, JSON, TABLE_OFFERS, choose_table_media, respond_with_table
from api.http.types import Answer, Code, Date, Uuid
from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.progress import ProgressFilter, StepCount
from domain.access import Access
from domain.conferences.steps import StepKind, StepStatus
from service import progress
from service.progress import Board, ProgressRow

router = Router(prefix="/plans/{plan_id}/progress", tags=["conferences"])


class StepCountAnswer(Answer):
    """How many conferences have come how far in a step."""

    step: str
    kind: StepKind
    name: str | None
    done: int
    done_late: int
    due: int
    late: int
    undated: int


class DifficultyCountAnswer(Answer):
    """How many difficulties are in which state."""

    open: int
    answered: int
    closed: int


class ProgressAnswer(Answer):
    """The units of a tier, a kind and a bloc, their conferences, and how far these are."""

    tier: str
    tier_name: str
    kind: str
    bloc: str | None = Field(description="Null: units that compete in no bloc of the plan.")
    bloc_name: str | None
    units: int = Field(description="The units that there are on the day.")
    conferences: int = Field(description="Those that were opened and not cancelled.")
    met: int
    difficulties: DifficultyCountAnswer
    steps: list[StepCountAnswer]


class PlanProgressAnswer(Answer):
    """The board of a plan on a day."""

    on: date
    rows: list[ProgressAnswer]


class StepConferenceAnswer(Answer):
    """A conference with one of its steps."""

    conference: UUID
    unit: UUID
    tier: str
    name: str | None
    step: str
    status: StepStatus
    due: date | None
    done_on: date | None
    days_late: int


def read_filter(
    plan_id: Uuid,
    call: CurrentCall,
    on: Annotated[Date | None, Query(description="The day; default: today.")] = None,
    tier: Annotated[Code | None, Query()] = None,
    kind: Annotated[Code | None, Query(description="A kind of units.")] = None,
    unit: Annotated[Uuid | None, Query(description="A unit with those below it.")] = None,
    bloc: Annotated[Code | None, Query()] = None,
) -> ProgressFilter:
    """Which conferences are asked for."""
    return ProgressFilter(plan_id, on or call.work.today, tier, kind, unit, bloc)


CurrentFilter = Annotated[ProgressFilter, Depends(read_filter)]


@router.get(
    "",
    access=Access.CONFERENCES_READ,
    response_model=PlanProgressAnswer,
    offers=TABLE_OFFERS,
    responses={200: {"content": FILE_CONTENT}},
    problems=(422,),
)
async def read_progress(call: CurrentCall, wanted: CurrentFilter) -> Response | PlanProgressAnswer:
    """Count the conferences of a plan that the caller sees by tier, kind of units, bloc and step, at the end
    of a day. `Accept` chooses JSON, CSV or XLSX."""
    board = await progress.read_progress(call.work, wanted)
    if choose_table_media(call.request) != JSON:
        return await respond_with_table(
            call, "progress", progress.build_progress_table(board, call.translator)
        )
    return _build_answer(wanted.on, board)


@router.get("/conferences", access=Access.CONFERENCES_READ)
async def list_step_conferences(
    call: CurrentCall,
    wanted: CurrentFilter,
    paging: Paging,
    step: Annotated[
        Code | None, Query(description="The id of a deadline, `vetting` or `meeting`; default: all.")
    ] = None,
    status: Annotated[StepStatus | None, Query()] = None,
) -> Page[StepConferenceAnswer]:
    """List the conferences behind a number of the board, oldest first."""
    found = await progress.page_conferences(
        call.work, wanted, step=step, status=status, after=_read_place(paging), limit=paging.row_limit
    )
    return paging.build_page(found, _get_place, lambda row: _build_step(*row, wanted.on))


def _read_place(paging: PageRequest) -> tuple[UUID, str] | None:
    if paging.after is None:
        return None
    conference, step = map(str, paging.after)
    return UUID(conference), step


def _get_place(row: tuple[Conference, ConferenceStep]) -> list[str]:
    return [str(row[0].id), row[1].step]


def _build_answer(on: date, board: Board) -> PlanProgressAnswer:
    return PlanProgressAnswer(on=on, rows=[_build_row(row, board) for row in board.rows])


def _build_row(row: ProgressRow, board: Board) -> ProgressAnswer:
    steps = [_build_count(step, board.step_names.get(step.step)) for step in row.steps]
    counts = {name: getattr(row, name) for name in _SAME_IN_ROWS}
    raised = DifficultyCountAnswer.model_validate(row.difficulties)
    return ProgressAnswer(**counts, difficulties=raised, steps=steps)


_SAME_IN_ROWS = ("tier", "tier_name", "kind", "bloc", "bloc_name", "units", "conferences", "met")


def _build_count(step: StepCount, name: str | None) -> StepCountAnswer:
    counts = {status: getattr(step, status) for status in StepStatus}
    return StepCountAnswer(step=step.step, kind=step.step_kind, name=name, **counts)


def _build_step(conference: Conference, row: ConferenceStep, on: date) -> StepConferenceAnswer:
    step = row.read_step()
    return StepConferenceAnswer(
        conference=conference.id,
        unit=conference.unit,
        tier=conference.tier,
        name=conference.name,
        step=step.id,
        status=step.derive_status(on),
        due=step.due,
        done_on=step.done_on,
        days_late=step.count_days_late(on),
    )
