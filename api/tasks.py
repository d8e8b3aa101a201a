"""Tasks over HTTP: what the caller has to do next."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field

from api.http.calls import Call, CurrentCall
from api.http.cursors import Page, PageRequest, Paging
from api.http.etags import compute_row_etag
from api.http.routes import Router
from api.http.types import Answer, Date, QueryFlag
from db.task_readers import TaskFilter
from db.tasks import NO_DUE, TaskRow
from domain.access import Access
from domain.conferences.filings import count_days_late
from domain.tasks import TASK_RULES, TaskKind, TaskSubject
from service import tasks

router = Router(prefix="/me/tasks", tags=["access"])


class TaskAnswer(Answer):
    """Something that the caller has to do."""

    kind: TaskKind
    detail: str = Field(description="What has to be done, and by when.")
    due: date | None = Field(description="The last day: of the step, or when the conference meets.")
    days_late: int
    plan: UUID | None
    clause: str | None = Field(description="The clause of the plan that names the day.")
    subject_kind: TaskSubject
    subject: UUID
    path: str = Field(description="Where the subject is read.")
    act_path: str = Field(description="Where the task is done, with `POST`.")
    etag: str = Field(description="Of the subject; for `If-Match`.")
    conference: UUID | None
    unit: UUID | None = Field(description="The unit whose task it is, or of which it is.")
    unit_name: str | None
    step: str | None = Field(description="The deadline, for what is filed.")


def read_filter(
    call: CurrentCall,
    kind: Annotated[list[TaskKind] | None, Query(max_length=50)] = None,
    due_before: Annotated[Date | None, Query()] = None,
    overdue: Annotated[QueryFlag, Query(description="Only what is late.")] = False,
    below: Annotated[
        QueryFlag, Query(description="Also what units below have to do, for which you may act.")
    ] = False,
) -> TaskFilter:
    """Which tasks are asked for."""
    kinds = frozenset(kind or TaskKind)
    return TaskFilter(call.work.today, kinds, due_before, overdue=overdue, below=below)


@router.get("", access=Access.SELF)
async def list_tasks(
    call: CurrentCall, wanted: Annotated[TaskFilter, Depends(read_filter)], paging: Paging
) -> Page[TaskAnswer]:
    """List what the caller has to do next, by due day; what has no last day comes last."""
    found = await tasks.page_tasks(call.work, wanted, after=_read_place(paging), limit=paging.row_limit)
    return paging.build_page(found, _get_place, lambda row: _build_task(call, row))


def _read_place(paging: PageRequest) -> tuple[date, str, UUID, str] | None:
    if paging.after is None:
        return None
    due, kind, subject, step = map(str, paging.after)
    return date.fromisoformat(due), kind, UUID(subject), step


def _get_place(row: TaskRow) -> list[str]:
    return [(row.due or NO_DUE).isoformat(), row.kind, str(row.subject), row.step]


def _build_task(call: Call, row: TaskRow) -> TaskAnswer:
    today, names = call.work.today, call.work.names
    return TaskAnswer(
        kind=row.kind,
        detail=tasks.write_sentence(row, today, call.translator),
        due=row.due,
        days_late=0 if row.due is None else count_days_late(row.due, today),
        plan=row.plan,
        clause=row.clause,
        subject_kind=TASK_RULES[row.kind].subject,
        subject=row.subject,
        path=tasks.find_subject_path(row),
        act_path=tasks.find_act_path(row),
        etag=compute_row_etag(row.subject, row.version),
        conference=row.conference,
        unit=row.unit,
        unit_name=names.get(("unit", str(row.unit))),
        step=row.step or None,
    )
