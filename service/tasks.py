"""Tasks of an actor: what has to be done next, each in a sentence with the names in it."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from db import people, tasks
from db.task_readers import TaskFilter
from db.tasks import TaskRow
from domain.conferences.filings import count_days_late
from domain.findings import Plain
from domain.tasks import TASK_RULES, TaskKind, TaskSubject
from service.names import load_unit_names
from service.texts import Translator
from service.work import Work


async def page_tasks(
    work: Work, wanted: TaskFilter, *, after: tuple[date, str, UUID, str] | None, limit: int
) -> Sequence[TaskRow]:
    """What the actor has to do, by due day; sentences then name the units and people in it."""
    rows = await tasks.page_tasks(work.session, work.actor, wanted, after=after, limit=limit)
    await _load_names(work, rows, work.today)
    for day in sorted({row.due for row in rows if row.due is not None and _list_unnamed(work, row)}):
        await _load_names(work, rows, day)  # a unit that has ended by today
    persons = {row.person for row in rows if row.person is not None}
    if persons:
        found = await people.map_persons_by_id(work.session, persons)
        work.names.update({("person", str(each)): found[each].name for each in persons & found.keys()})
    return rows


async def _load_names(work: Work, rows: Sequence[TaskRow], day: date) -> None:
    """Name the units that have no name yet as they are called on a day."""
    units = {unit for row in rows for unit in _list_unnamed(work, row)}
    if units:
        await load_unit_names(work, units, day)


def _list_unnamed(work: Work, row: TaskRow) -> list[UUID]:
    return [
        unit for unit in (row.unit, row.host) if unit is not None and ("unit", str(unit)) not in work.names
    ]


def write_sentence(row: TaskRow, today: date, translator: Translator) -> str:
    """What has to be done, and by when."""
    params: dict[str, Plain] = {
        "unit": _name(translator, "unit", row.unit),
        "host": _name(translator, "unit", row.host),
        "person": _name(translator, "person", row.person),
        "text": row.text or "",
        "n": row.n or 0,
    }
    return compose_sentence(row.kind, params, row.due, today, translator)


def compose_sentence(
    kind: TaskKind, params: Mapping[str, Plain], due: date | None, today: date, translator: Translator
) -> str:
    """The sentence of a kind of task, with its last day."""
    sentence = translator.translate(f"task_{kind}", params)
    if due is None:
        return sentence
    late = count_days_late(due, today)
    by: dict[str, Plain] = {"day": due.isoformat(), "days": late}
    return f"{sentence} {translator.translate('task_late' if late else 'task_due', by)}"


def _name(translator: Translator, noun: str, id: UUID | None) -> str:  # noqa: A002
    """The name of a unit or a person, empty where it is not known."""
    return translator.names.get((noun, str(id)), "")


def find_subject_path(row: TaskRow) -> str:
    """Where the subject of a task is read."""
    subject = TASK_RULES[row.kind].subject
    if subject is TaskSubject.PLAN_VERSION:
        return f"/v1/plans/{row.plan}/versions/{row.n}"
    return f"/v1/{subject}s/{row.subject}"


def find_act_path(row: TaskRow) -> str:
    """Where the task is done: people are nominated to the conference, any other act is below its subject."""
    rule = TASK_RULES[row.kind]
    above = f"/v1/conferences/{row.conference}" if rule.operation == "nominate" else find_subject_path(row)
    return f"{above}/{rule.act_path}"
