"""Days, windows and due dates in plans.

A plan's date is a day in Vietnam, never an instant: "chậm nhất là ngày 28/02/2020" ends when that day ends
in Asia/Ho_Chi_Minh, which has had UTC+7 without summer time since 1975.
"""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal

VIETNAM = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")

WindowPart = Literal["early", "middle", "late"]
RollRule = Literal["keep", "next", "previous"]

WEEKEND = (6, 7)
"""Saturday and Sunday, as ISO weekdays."""


def day_in_vietnam(instant: dt.datetime) -> dt.date:
    """The Vietnamese day of an instant, which must know its time zone (``ValueError`` otherwise)."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone has no day")
    return instant.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days within which a conference meets, first and last included.

    ``part`` records words that name no day ("cuối Quý I"): ``start`` and ``end`` are then those of the whole
    period.
    """

    start: dt.date
    end: dt.date
    part: WindowPart | None = None
    clause: str | None = None
    decision: str | None = None

    def contains(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def is_before(self, other: "Window") -> bool:
        """Whether this window ends before the other starts."""
        return self.end < other.start


def compute_month_bounds(year: int, number: int) -> tuple[dt.date, dt.date]:
    """First and last day of a month."""
    return dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])


def compute_quarter_bounds(year: int, number: int) -> tuple[dt.date, dt.date]:
    """First and last day of a quarter, 1 to 4."""
    return compute_month_bounds(year, 3 * number - 2)[0], compute_month_bounds(year, 3 * number)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """The days on which offices work, and the rule for a due date on another day.

    ``roll`` is ``keep`` (the date is not moved), ``next`` or ``previous`` working day. ``rest`` are ISO
    weekdays, ``holidays`` single days off, ``worked`` rest days on which offices work. Where a plan lists
    neither, both are ``None`` until the country's are filled in.
    """

    roll: RollRule = "keep"
    rest: tuple[int, ...] = WEEKEND
    holidays: tuple[dt.date, ...] | None = None
    worked: tuple[dt.date, ...] | None = None
    clause: str | None = None
    decision: str | None = None

    def is_working_day(self, day: dt.date) -> bool:
        if day in (self.worked or ()):
            return True
        return day.isoweekday() not in self.rest and day not in (self.holidays or ())

    def roll_day(self, day: dt.date) -> dt.date:
        """A due date after moving it by the rule ``roll``."""
        if self.roll == "keep":
            return day
        step = dt.timedelta(days=1 if self.roll == "next" else -1)
        while not self.is_working_day(day):
            day += step
        return day


DueReading = Literal["within", "not_before"]
"""How "sau 02 tuần" can be read: in that time, or when it has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDays:
    """The days on which something can be done in time, by one reading of the plan.

    ``first`` is ``None`` where it can be done from the beginning, ``last`` where there is no last day.
    """

    reading: DueReading
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When something is due: one of a date, a time after the conference, or ``as_planned``.

    * ``date`` with ``inclusive``: "chậm nhất ngày" includes the day, "trước ngày" does not.
    * ``days_after`` the conference with ``reading``: ``within`` that time, or ``not_before`` it has passed.
      For plans with only "sau 02 tuần" it is ``open``.
    * ``as_planned``: "theo đúng kế hoạch", the unit's own plan has the date.
    """

    date: dt.date | None = None
    inclusive: bool = True
    days_after: int | None = None
    reading: Literal["within", "not_before", "open"] = "within"
    as_planned: bool = False

    def compute_last_day(self, met_on: dt.date | None = None) -> dt.date | None:
        """The last day in time, before it is moved to a working day; the conference ended on ``met_on``.

        None when the conference has not met yet, or when ``reading`` or ``as_planned`` gives no last day.
        """
        days = self.list_days(met_on)
        return days[0].last if len(days) == 1 else None

    def list_days(self, met_on: dt.date | None = None) -> tuple[DueDays, ...]:
        """The days by each reading that is left open, before they are moved to working days.

        There is none while the conference has not met, or when the unit's own plan has the date.
        """
        if self.date is not None:
            last = self.date if self.inclusive else self.date - dt.timedelta(days=1)
            return (DueDays(reading="within", first=None, last=last),)
        if self.days_after is None or met_on is None:
            return ()
        end = met_on + dt.timedelta(days=self.days_after)
        within = DueDays(reading="within", first=None, last=end)
        later = DueDays(reading="not_before", first=end + dt.timedelta(days=1), last=None)
        return (within, later) if self.reading == "open" else (within if self.reading == "within" else later,)
