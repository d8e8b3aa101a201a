"""The deadlines of a plan for one unit's conference."""

import datetime as dt
from dataclasses import dataclass

from domain.plans.plan import Deadline, Plan
from domain.plans.tiers import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTerms:
    """A deadline for one unit. ``last_day`` is a working day by the plan's rule, None while it is open."""

    id: str
    name: str
    what: str
    documents: tuple[str, ...]
    recipient: str
    via: str | None
    last_day: dt.date | None
    clause: str | None


def list_deadlines(plan: Plan, tier: Tier, *, pilot: bool) -> tuple[Deadline, ...]:
    """The deadlines that apply to a unit of a tier."""
    return tuple(
        each
        for each in plan.deadlines
        if (not each.tiers or tier.id in each.tiers) and (pilot or not each.pilots_only)
    )


def derive_due_terms(plan: Plan, deadline: Deadline, met_on: dt.date | None) -> DueTerms:
    """A deadline as it applies to a unit whose conference met on that day, ``None`` while it has not."""
    last = deadline.due.compute_last_day(met_on)
    return DueTerms(
        id=deadline.id,
        name=deadline.name,
        what=deadline.what,
        documents=deadline.documents,
        recipient=deadline.recipient,
        via=deadline.via,
        last_day=None if last is None else plan.working_days.roll_day(last),
        clause=deadline.clause,
    )
