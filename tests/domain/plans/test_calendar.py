"""Days and due dates: DOMAIN's edge cases 7 and 8."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from domain.calendar import (
    Due,
    Window,
    WorkingDays,
    compute_month_bounds,
    compute_quarter_bounds,
    day_in_vietnam,
)

SATURDAY = date(2019, 11, 30)


@pytest.mark.parametrize(
    ("year", "number", "first", "last"),
    [
        (2020, 1, date(2020, 1, 1), date(2020, 3, 31)),
        (2025, 2, date(2025, 4, 1), date(2025, 6, 30)),
        (2020, 3, date(2020, 7, 1), date(2020, 9, 30)),
        (2020, 4, date(2020, 10, 1), date(2020, 12, 31)),
    ],
)
def test_a_quarter_has_three_whole_months(year: int, number: int, first: date, last: date) -> None:
    assert compute_quarter_bounds(year, number) == (first, last)


def test_a_month_ends_on_its_last_day_also_in_leap_years() -> None:
    assert compute_month_bounds(2020, 2) == (date(2020, 2, 1), date(2020, 2, 29))
    assert compute_month_bounds(2020, 5)[1] == date(2020, 5, 31)


def test_a_day_is_a_vietnamese_day() -> None:
    assert day_in_vietnam(datetime(2020, 2, 28, 16, 59, 59, tzinfo=UTC)) == date(2020, 2, 28)
    assert day_in_vietnam(datetime(2020, 2, 28, 17, 0, tzinfo=UTC)) == date(2020, 2, 29)
    assert day_in_vietnam(datetime(2020, 2, 29, 1, tzinfo=timezone(timedelta(hours=9)))) == date(2020, 2, 28)
    with pytest.raises(ValueError, match="time zone"):
        day_in_vietnam(datetime(2020, 2, 28))  # noqa: DTZ001 - the very thing refused


def test_a_window_includes_its_first_and_last_day() -> None:
    window = Window(start=date(2020, 1, 1), end=date(2020, 3, 31))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 3, 31), date(2020, 4, 1)]
    assert [window.contains(day) for day in days] == [False, True, True, False]


def test_at_the_latest_includes_the_day_and_before_does_not() -> None:
    assert Due(date=date(2020, 2, 28)).compute_last_day() == date(2020, 2, 28)
    assert Due(date=date(2024, 12, 16), inclusive=False).compute_last_day() == date(2024, 12, 15)


@pytest.mark.parametrize(
    ("roll", "day"),
    [("keep", SATURDAY), ("next", date(2019, 12, 2)), ("previous", date(2019, 11, 29))],
)
def test_a_due_saturday_stands_or_rolls_as_the_plan_says(roll: str, day: date) -> None:
    assert WorkingDays(roll=roll).roll_day(SATURDAY) == day  # type: ignore[arg-type]  # from the table


def test_holidays_rest_and_worked_weekends_do_not() -> None:
    policy = WorkingDays(
        roll="next", holidays=(date(2020, 4, 30), date(2020, 5, 1)), worked=(date(2020, 5, 2),)
    )
    assert not policy.is_working_day(date(2020, 4, 30))
    assert policy.roll_day(date(2020, 4, 30)) == date(2020, 5, 2)


def test_after_two_weeks_is_settled_by_its_reading() -> None:
    held = date(2020, 5, 15)
    assert Due(days_after=14).compute_last_day(held) == date(2020, 5, 29)
    assert Due(days_after=14).compute_last_day() is None
    assert Due(days_after=14, reading="open").compute_last_day(held) is None
    assert Due(days_after=14, reading="not_before").compute_last_day(held) is None


def test_an_open_reading_shows_the_days_by_both() -> None:
    """Khánh Hòa: "sau 02 tuần" after 20/02/2020 is by 05/03/2020, or from 06/03/2020 without a last day."""
    due = Due(days_after=14, reading="open")
    assert due.list_days() == ()
    assert [(each.reading, each.first, each.last) for each in due.list_days(date(2020, 2, 20))] == [
        ("within", None, date(2020, 3, 5)),
        ("not_before", date(2020, 3, 6), None),
    ]


def test_at_once_is_the_day_of_the_conference() -> None:
    assert Due(days_after=0).compute_last_day(date(2020, 3, 6)) == date(2020, 3, 6)
