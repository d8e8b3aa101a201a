"""The country's public holidays, for plans that list no days off of their own.

They come from the library ``holidays`` (Bộ luật Lao động 2019, điều 112, with the working days that are
swapped each year). It knows swapped days only of years for which they have been announced, so a plan that
must not depend on them lists its days off itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from holidays import country_holidays

from domain.plans import Plan

COUNTRY = "VN"


def fill_public_holidays(plan: Plan) -> Plan:
    """The plan with the public holidays of its years, unless it lists days off itself."""
    years = sorted({day.year for day in _list_days(plan)})
    if plan.working_days.holidays is not None or not years:
        return plan
    holidays, worked = _list_public_holidays(years[0] - 1, years[-1] + 1)
    rule = plan.working_days
    days = replace(rule, holidays=holidays, worked=worked if rule.worked is None else rule.worked)
    return replace(plan, working_days=days)


def _list_days(plan: Plan) -> Iterator[date]:
    """The days that the plan names for conferences and papers."""
    yield from (each.due.date for each in plan.deadlines if each.due.date is not None)
    windows = [each.window for each in plan.tiers] + [plan.pilots.window if plan.pilots else None]
    for window in windows:
        if window is not None:
            yield from (window.start, window.end)


@lru_cache(maxsize=64)
def _list_public_holidays(first: int, last: int) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days off from one year to another, and the days of weekends that are worked instead of some."""
    found = country_holidays(COUNTRY, years=range(first, last + 1))
    return tuple(sorted(found)), tuple(sorted(found.weekend_workdays))
