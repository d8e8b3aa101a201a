"""The deadlines of a plan for one unit's conference."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from domain.calendar import Due, DueDays
from domain.plans.plan import Deadline, Plan
from domain.plans.tiers import Tier

CountsFrom = Literal["date", "meeting", "own_plan"]
"""From what the last day follows: a date in the plan, the unit's meeting, or the unit's own plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTerms:
    """A deadline for one unit.

    ``days`` are those on which the documents are in time, by each reading of the plan that is left open;
    their last days are moved to working days by the plan's rule. ``last_day`` is the one last day, ``None``
    while there is none or it depends on the reading.
    """

    id: str
    name: str
    what: str
    documents: tuple[str, ...]
    recipient: str
    via: str | None
    days: tuple[DueDays, ...]
    last_day: dt.date | None
    clause: str | None
    counts_from: CountsFrom = "date"
    lists_achievements: bool = False


def list_deadlines(plan: Plan, tier: Tier, *, pilot: bool) -> tuple[Deadline, ...]:
    """The deadlines that apply to a unit of a tier."""
    return tuple(
        each
        for each in plan.deadlines
        if (not each.tiers or tier.id in each.tiers) and (pilot or not each.pilots_only)
    )


def derive_due_terms(
    plan: Plan, deadline: Deadline, met_on: dt.date | None, promised: dt.date | None = None
) -> DueTerms:
    """A deadline as it applies to a unit whose conference met on that day, ``None`` while it has not.

    ``promised`` is the day for which the unit's own plan promises its report, where the plan leaves it to it.
    """
    days = tuple(_roll_last_day(plan, each, met_on) for each in deadline.due.list_days(met_on, promised))
    return DueTerms(
        id=deadline.id,
        name=deadline.name,
        what=deadline.what,
        documents=deadline.documents,
        recipient=deadline.recipient,
        via=deadline.via,
        days=days,
        last_day=days[0].last if len(days) == 1 else None,
        clause=deadline.clause,
        counts_from=_derive_counts_from(deadline.due),
        lists_achievements=deadline.lists_achievements,
    )


def _derive_counts_from(due: Due) -> CountsFrom:
    if due.date is not None:
        return "date"
    return "own_plan" if due.as_planned else "meeting"


def _roll_last_day(plan: Plan, days: DueDays, met_on: dt.date | None) -> DueDays:
    """The last day moved to a working day; a day that is on or after the meeting is not moved before it."""
    if days.last is None:
        return days
    rolled = plan.working_days.roll_day(days.last)
    if met_on is not None and rolled < met_on <= days.last:
        rolled = met_on
    return replace(days, last=rolled)
