"""Who may be a child, by the day or the year of birth."""

from datetime import date

import pytest

from domain.people import may_be_child


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
