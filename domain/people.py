"""Facts about people: who may be a child, and which congresses nobody attends both of."""

from calendar import monthrange
from datetime import date

CHILD_AGE_LIMIT = 16
"""Years: a child is a person under sixteen (Law on Children 102/2016/QH13, Article 1). For a child the legal
representative exercises the rights over personal data (Law 91/2025/QH15, Article 24)."""


def may_be_child(born: date | int | None, on: date) -> bool:
    """Whether a person born on a day, or in a year, may be a child on the day ``on``; False if unknown."""
    if born is None:
        return False
    youngest = born if isinstance(born, date) else date(born, 12, 31)
    age = on.year - youngest.year - ((on.month, on.day) < (youngest.month, youngest.day))
    return age < CHILD_AGE_LIMIT


SAME_TIME_MONTHS = 30
"""Congresses meet every five years: those of the same time are at most half as far from each other."""


def compute_same_time_days(day: date) -> tuple[date, date]:
    """The first and the last day of congresses of the same time as one on ``day``: both belong to it.

    A person goes to one of them, unless the plan allows both.
    """
    return _add_months(day, -SAME_TIME_MONTHS), _add_months(day, SAME_TIME_MONTHS)


def _add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
