"""Reminding of last days: reminders are made once, and sent until one try succeeds."""

from dataclasses import dataclass
from uuid import UUID

from db import reminders
from db.columns import now
from db.conference_steps import ConferenceStep
from db.reminders import Reminder
from domain.conferences.steps import Step
from domain.reminders import ReminderDays, compute_pause
from domain.tasks import STEP_TASKS
from service.names import load_unit_names
from service.notifiers import Notice
from service.tasks import compose_sentence
from service.texts import Translator
from service.work import Work


@dataclass(frozen=True, slots=True)
class LeasedReminder:
    """A reminder that this sender tries now."""

    id: UUID
    attempts: int
    notice: Notice


async def make_reminders(work: Work, days: ReminderDays, recipient: str) -> int:
    """Make the reminders that are to be there today and are not; how many."""
    spans = days.list_spans(work.today)
    return await reminders.make_reminders(work.session, work.today, spans, recipient=recipient, at=now())


async def lease_reminder(work: Work, days: ReminderDays, recipient: str) -> LeasedReminder | None:
    """Take a reminder that is to be sent now. It is tried again later unless it is recorded as sent.

    It goes to ``recipient``, whom reminders go to now: the one that was stored when it was made may have been
    wrong. One at a time: a slow mail server must not use up the time of those that wait behind it.
    """
    at = now()
    found = await reminders.lock_due_reminder(work.session, work.today, days.list_spans(work.today), at)
    if found is None:
        return None
    reminder, step, unit = found
    reminder.attempts += 1
    reminder.next_try_at = at + compute_pause(reminder.attempts)
    await work.session.flush()
    await load_unit_names(work, [unit], work.today)
    return _build_lease(work, reminder, recipient, step, unit)


def _build_lease(
    work: Work, reminder: Reminder, recipient: str, row: ConferenceStep, unit: UUID
) -> LeasedReminder:
    step = row.read_step()
    vietnamese = _write_text(work, step, unit, Translator("vi", work.names))
    english = _write_text(work, step, unit, Translator("en", work.names))
    notice = Notice(str(reminder.id), recipient, vietnamese, f"{vietnamese}\n\n{english}\n")
    return LeasedReminder(reminder.id, reminder.attempts, notice)


def _write_text(work: Work, step: Step, unit: UUID, translator: Translator) -> str:
    name = work.names.get(("unit", str(unit)), "")
    told = {"unit": name, "text": step.name or ""}
    return compose_sentence(STEP_TASKS[step.kind], told, step.due, work.today, translator)


async def record_sent(work: Work, reminder: UUID) -> None:
    """Record that a reminder was sent: it never is again."""
    await reminders.record_sent(work.session, reminder, now())


async def count_failing(work: Work, days: ReminderDays) -> int:
    """How many reminders were tried, could not be sent yet, and are still to be sent."""
    return await reminders.count_failing(work.session, work.today, days.list_spans(work.today))
