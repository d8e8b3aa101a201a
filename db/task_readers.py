"""Whose tasks are read, and what the parts of their statement have in common (``db.task_parts``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    type_coerce,
)
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.plans import PlanVersion
from db.reach import Condition, has_role_at, may_act_for
from domain.access import Actor
from domain.conferences.life import ConferenceState
from domain.conferences.steps import StepKind
from domain.decisions import narrow_to_signer
from domain.tasks import TASK_RULES, TaskKind, TaskSubject, list_kinds


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks are asked for, as they are ``today``: of these kinds, due before a day, or overdue.

    ``below``: also what units below have to do themselves, where the actor may act for them.
    """

    today: date
    kinds: frozenset[TaskKind] = frozenset(TaskKind)
    due_before: date | None = None
    overdue: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class TaskReader:
    """Whose tasks are read, and which of them."""

    actor: Actor
    wanted: TaskFilter

    def with_scope(self, kind: TaskKind) -> Actor:
        """The reader with only those grants by which the act can be done."""
        return self.actor.narrow_to_access(TASK_RULES[kind].access)

    def choose_kinds(self, subject: TaskSubject) -> list[TaskKind]:
        """The tasks about such a subject that are asked for, and that the reader may have at all."""
        kinds = (kind for kind in list_kinds(subject) if kind in self.wanted.kinds)
        return [kind for kind in kinds if self.with_scope(kind).grants]

    def is_theirs(self, kind: TaskKind, congress: Any, unit: Any) -> Condition:
        """It is for the reader to do this for that unit."""
        actor = self.with_scope(kind)
        if self.wanted.below or TASK_RULES[kind].for_every_council:
            return may_act_for(actor, congress, unit)
        return has_role_at(actor, congress, unit)


def get_text(column: Any, name: str) -> Any:
    """A part of a record that is stored as JSON, as text."""
    return type_coerce(column, JSONB)[name].astext


PLACE = col(Conference.congress), col(Conference.unit)
MEETING = aliased(ConferenceStep)
MEETS = func.coalesce(cast(get_text(Conference.schedule, "first"), Date), col(MEETING.due))
"""By when something has to be done that ends with the meeting: its day, or else the last of the window."""

_NOTHING: Mapping[str, Any] = {
    "due": literal(None, Date()),
    "step": literal("", Text()),
    "plan": literal(None, Uuid()),
    "n": literal(None, Integer()),
    "conference": literal(None, Uuid()),
    "host": literal(None, Uuid()),
    "unit": literal(None, Uuid()),
    "person": literal(None, Uuid()),
    "text": literal(None, Text()),
    "clause": literal(None, Text()),
}


def build_part(row: Any, conditions: Mapping[TaskKind, Condition], **told: Any) -> Any:
    """The rows of a table for which one of the conditions holds, each as the task of the first that does."""
    kind = case(*((condition, literal(name, Text())) for name, condition in conditions.items()))
    named = {**_NOTHING, "version": col(row.version), **told, "kind": kind, "subject": col(row.id)}
    order = ("due", "kind", "subject", "step", "version", "plan", "n", "conference", "host", "unit", "person")
    selected = [named[name].label(name) for name in (*order, "text", "clause")]
    return columns(*selected).where(or_(false(), *conditions.values()))


def build_conference_part(row: Any, conditions: Mapping[TaskKind, Condition], **told: Any) -> Any:
    """The same for rows that belong to a conference, of which it is told too."""
    told = {
        "due": MEETS,
        "clause": col(MEETING.clause),
        "unit": col(Conference.unit),
        **told,
        "conference": col(Conference.id),
        "host": col(Conference.unit),
        "plan": col(PlanVersion.plan),
    }
    met = and_(col(MEETING.conference) == col(Conference.id), col(MEETING.kind) == StepKind.MEETING)
    query = build_part(row, conditions, **told)
    query = (
        query.select_from(row)
        if row is Conference
        else query.select_from(row).join(Conference, col(Conference.id) == col(row.conference))
    )
    query = query.join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version))
    return query.outerjoin(MEETING, met)


IS_PLANNED = col(Conference.state) == ConferenceState.PLANNED


def is_in_state(kind: TaskKind, state: Any) -> Condition:
    return or_(false(), *(state == each for each in sorted(TASK_RULES[kind].states)))


def _list_versions(*conditions: Condition) -> Any:
    return columns(col(PlanVersion.id)).where(*conditions)


def is_current(version: Any, today: date) -> Condition:
    """The plan has not expired; plans have their days as text, in which an earlier day is less."""
    expired: Condition = version.in_(
        _list_versions(get_text(PlanVersion.body, "expires") < today.isoformat())
    )
    return ~expired


def may_sign(reader: TaskReader, kind: TaskKind, version: Any, proposer: Any, since: Any) -> Condition:
    """The reader may sign what the proposer put before the authority (``expect_second_person``)."""
    actor = reader.with_scope(kind)
    by_document = version.in_(_list_versions(get_text(PlanVersion.body, "four_eyes") == "document"))
    second = and_(may_act_for(narrow_to_signer(actor), *PLACE), ~func.is_actor(proposer, since))
    return and_(may_act_for(actor, *PLACE), or_(by_document, second))
