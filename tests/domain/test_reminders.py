"""Reminders: at which last days somebody is reminded of which stage, and when a failed one is tried again."""

import datetime as dt

import pytest

from domain.reminders import FIRST_PAUSE, LONGEST_PAUSE, ReminderDays, ReminderStage, compute_pause

DUE = dt.date(2020, 2, 28)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2020-02-20", None),
        ("2020-02-21", ReminderStage.BEFORE),
        ("2020-02-27", ReminderStage.BEFORE),
        ("2020-02-28", ReminderStage.ON_DAY),
        ("2020-02-29", ReminderStage.LATE),
        ("2020-03-29", ReminderStage.LATE),
        ("2020-03-30", None),
    ],
)
def test_a_last_day_has_one_stage_on_each_day(today: str, stage: ReminderStage | None) -> None:
    spans = ReminderDays().list_spans(dt.date.fromisoformat(today))
    assert [each for each, (first, last) in spans.items() if first <= DUE <= last] == [stage] * bool(stage)


def test_a_stage_can_be_left_out() -> None:
    assert set(ReminderDays(before=0, late=0).list_spans(DUE)) == {ReminderStage.ON_DAY}


def test_a_failed_reminder_waits_longer_each_time() -> None:
    pauses = [compute_pause(attempts) for attempts in range(1, 40)]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
