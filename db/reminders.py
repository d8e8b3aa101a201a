"""Reminders: made once for each deadline and stage, and sent until one try succeeds."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Text,
    UniqueConstraint,
    and_,
    false,
    func,
    literal,
    or_,
    text,
    union_all,
    update,
)
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col, select

from db.columns import (
    check_words,
    id_column,
    nullable_time_column,
    reference_column,
    text_column,
    time_column,
    word_column,
)
from db.conference_steps import ConferenceStep
from db.conferences import Conference
from db.reach import Condition
from db.session import AsyncSession, fetch_rows
from domain.conferences.life import MET_STATES, ConferenceState
from domain.conferences.steps import StepKind
from domain.reminders import ReminderStage

MOST_MADE = 1000
"""How many reminders are made at a time; the next ones follow."""

Spans = Mapping[ReminderStage, tuple[date, date]]
"""Stage → the first and the last of the last days of which somebody is reminded today."""


class Reminder(SQLModel, table=True):
    """A reminder of the last day ``due`` of a step. ``recipient``: to whom it was to go when it was made.
    ``next_try_at``: when it may be tried again."""

    __table_args__ = (
        UniqueConstraint("conference", "step", "due", "stage"),
        check_words("reminder_stage_known", "stage", ReminderStage),
        CheckConstraint("attempts >= 0", "reminder_not_negative"),
        Index("reminder_waiting", "next_try_at", postgresql_where=text("sent_at IS NULL")),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id")
    step: str = text_column()
    due: date
    stage: ReminderStage = word_column(ReminderStage)
    recipient: str = text_column()
    made_at: datetime = time_column()
    attempts: int = 0
    next_try_at: datetime = time_column()
    sent_at: datetime | None = nullable_time_column()


def _is_not_done(today: date) -> tuple[Condition, ...]:
    """A step whose last day is known today, and that is not done. A cancelled conference has no steps."""
    step = ConferenceStep
    asked = or_(
        col(Conference.state) == ConferenceState.PLANNED,
        and_(col(Conference.state).in_(MET_STATES), col(step.kind) == StepKind.REPORT),
    )
    return (
        col(step.conference) == col(Conference.id),
        col(step.done_on).is_(None),
        col(step.during).op("@>")(today),
        asked,
    )


async def make_reminders(
    session: AsyncSession,
    today: date,
    spans: Spans,
    *,
    recipient: str,
    at: datetime,
) -> int:
    """Make the reminders of the last days in ``spans`` that are not made yet; how many.

    The same one made twice at a time is one: the key of the table decides.
    """
    parts = [
        columns(
            func.uuidv7(),
            col(ConferenceStep.conference),
            col(ConferenceStep.step),
            col(ConferenceStep.due),
            literal(stage.value, Text()),
        ).where(col(ConferenceStep.due).between(*span), *_is_not_done(today))
        for stage, span in spans.items()
    ]
    due = union_all(*parts).subquery()
    made = Reminder.__table__.c  # type: ignore[attr-defined]  # SQLModel's table
    missing = (
        columns(due, literal(recipient, Text()), literal(at), literal(0), literal(at))
        .outerjoin(
            Reminder,
            and_(
                made.conference == due.c.conference,
                made.step == due.c.step,
                made.due == due.c.due,
                made.stage == due.c[4],
            ),
        )
        .where(made.id.is_(None))
        .limit(MOST_MADE)
    )
    names = ("id", "conference", "step", "due", "stage", "recipient", "made_at", "attempts", "next_try_at")
    query = insert(Reminder).from_select(names, missing).on_conflict_do_nothing().returning(made.id)
    return len(await fetch_rows(session, query))


def _waits(today: date, spans: Spans) -> tuple[Condition, ...]:
    """A reminder that is not sent, whose stage holds today, of a step that is not done."""
    stages = [
        and_(col(Reminder.stage) == stage, col(Reminder.due).between(*span)) for stage, span in spans.items()
    ]
    return (
        col(Reminder.sent_at).is_(None),
        col(Reminder.conference) == col(Conference.id),
        col(Reminder.step) == col(ConferenceStep.step),
        col(Reminder.due) == col(ConferenceStep.due),
        or_(false(), *stages),
        *_is_not_done(today),
    )


async def lock_due_reminder(
    session: AsyncSession, today: date, spans: Spans, now: datetime
) -> tuple[Reminder, ConferenceStep, UUID] | None:
    """The reminder that has waited longest and may be tried now, locked, with its step and the unit.

    One that another sender has is passed over, and so is what has been done, or whose stage is over.
    """
    query = (
        select(Reminder, ConferenceStep, Conference.unit)
        .where(col(Reminder.next_try_at) <= now, *_waits(today, spans))
        .order_by(col(Reminder.next_try_at), col(Reminder.id))
        .limit(1)
        .with_for_update(of=Reminder, skip_locked=True)
    )
    return (await session.exec(query)).first()


async def record_sent(session: AsyncSession, reminder: UUID, at: datetime) -> None:
    """Record that a reminder was sent, whoever sent it: it is not sent again."""
    query = update(Reminder).where(col(Reminder.id) == reminder, col(Reminder.sent_at).is_(None))
    await session.exec(query.values(sent_at=at))


async def count_failing(session: AsyncSession, today: date, spans: Spans) -> int:
    """How many reminders were tried, could not be sent yet, and are still to be sent."""
    query = columns(func.count(col(Reminder.id))).where(col(Reminder.attempts) > 0, *_waits(today, spans))
    return int((await fetch_rows(session, query))[0][0])
