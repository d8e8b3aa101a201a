"""Who may be a child, by the day or the year of birth; and which congresses are of the same time."""

from datetime import date

import pytest

from domain.people import compute_same_time_days, may_be_child


@pytest.mark.parametrize(
    ("born", "on", "child"),
    [
        (date(2010, 3, 2), date(2026, 3, 1), True),
        (date(2010, 3, 2), date(2026, 3, 2), False),
        (date(2010, 2, 28), date(2026, 3, 1), False),
        (2010, date(2026, 12, 30), True),
        (2010, date(2026, 12, 31), False),
        (2009, date(2026, 1, 1), False),
        (2011, date(2026, 12, 31), True),
        (None, date(2026, 1, 1), False),
    ],
)
def test_a_child_is_under_sixteen(born: date | int | None, on: date, child: bool) -> None:
    """Of whom only the year is known, the youngest they may be counts."""
    assert may_be_child(born, on) is child


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2030, 6, 15), date(2027, 12, 15), date(2032, 12, 15)),
        (date(2030, 8, 31), date(2028, 2, 29), date(2033, 2, 28)),
        (date(2030, 12, 31), date(2028, 6, 30), date(2033, 6, 30)),
        (date(1, 1, 1), date(1, 1, 1), date(3, 7, 1)),
        (date(9999, 1, 1), date(9996, 7, 1), date(9999, 12, 31)),
    ],
)
def test_congresses_of_the_same_time_are_at_most_thirty_months_apart(
    day: date, first: date, last: date
) -> None:
    """A month without such a day ends on its last one."""
    assert compute_same_time_days(day) == (first, last)
