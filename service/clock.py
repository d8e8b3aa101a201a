"""The time, for the use cases; they pass it to the rules."""

from datetime import date

from db.columns import now
from domain.calendar import day_in_vietnam


def today() -> date:
    """The day in Vietnam (Asia/Ho_Chi_Minh)."""
    return day_in_vietnam(now())
