"""Reminders of steps that are due: one for each deadline and stage, and when a failed one is sent again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LATE_DAYS = 30
"""For so many days after a last day somebody is reminded that it has passed; then the board says so."""

FIRST_PAUSE = dt.timedelta(minutes=5)
"""After a try that failed, or whose sender died. The pause doubles each time."""
LONGEST_PAUSE = dt.timedelta(hours=6)


class ReminderStage(StrEnum):
    """When somebody is reminded of a last day."""

    BEFORE = "before"
    ON_DAY = "on_day"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ReminderDays:
    """How many days before a last day somebody is reminded, and how many days after it; 0: not at all."""

    before: int = 7
    late: int = 1

    def list_spans(self, today: dt.date) -> Mapping[ReminderStage, tuple[dt.date, dt.date]]:
        """Stage → the first and the last of the last days of which somebody is reminded today.

        A reminder that was missed on its day is made as long as its stage lasts, and not in a later one.
        """
        day = dt.timedelta(days=1)
        spans = {
            ReminderStage.BEFORE: (today + day, today + self.before * day),
            ReminderStage.ON_DAY: (today, today),
        }
        if self.late:
            spans[ReminderStage.LATE] = (today - LATE_DAYS * day, today - self.late * day)
        return {stage: span for stage, span in spans.items() if span[0] <= span[1]}


def compute_pause(attempts: int) -> dt.timedelta:
    """How long a reminder waits after its ``attempts``-th try."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
