"""Tasks: read in one statement from the rows that are in a state in which something has to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    func,
    literal,
    tuple_,
    union_all,
)
from sqlalchemy import select as columns

from db.session import AsyncSession, fetch_rows
from db.task_parts import list_parts
from db.task_readers import TaskFilter, TaskReader
from domain.access import Actor
from domain.tasks import TaskKind

NO_DUE = date.max
"""What has no last day comes after all that has one."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task: its subject at a version, whose it is, and by when the ``clause`` wants it.

    ``version`` numbers the state of the subject, for its ETag. ``n`` is the number of the version of a plan,
    or how many more people a unit may name. ``text`` is the name of the step, or of the plan. ``person`` is
    the nominee or the guest.
    """

    due: date | None
    kind: TaskKind
    subject: UUID
    step: str
    version: int
    plan: UUID | None
    n: int | None
    conference: UUID | None
    host: UUID | None
    unit: UUID | None
    person: UUID | None
    text: str | None
    clause: str | None


async def page_tasks(
    session: AsyncSession,
    actor: Actor,
    wanted: TaskFilter,
    *,
    after: tuple[date, str, UUID, str] | None,
    limit: int,
) -> Sequence[TaskRow]:
    """The tasks of an actor by due day, after the place ``after``; those without a day come last."""
    parts = [*list_parts(TaskReader(actor, wanted))]
    if not parts:
        return []
    found: Any = union_all(*parts).subquery()
    due: Any = func.coalesce(found.c.due, literal(NO_DUE, Date()))
    place: list[Any] = [due, found.c.kind, found.c.subject, found.c.step]
    query: Any = columns(found).order_by(*place).limit(limit)
    if wanted.due_before is not None:
        query = query.where(found.c.due < wanted.due_before)
    if wanted.overdue:
        query = query.where(found.c.due < wanted.today)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    rows = await fetch_rows(session, query)
    return [TaskRow(day, TaskKind(kind), *rest) for day, kind, *rest in rows]
