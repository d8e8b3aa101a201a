"""Plans: the published rules of an Emulation Council as data, and the checks of a plan by itself."""

from domain.plans.amendments import PlanDifference, diff_plans
from domain.plans.checks import check_plan
from domain.plans.contradictions import check_congress_names, check_contradictions
from domain.plans.plan import Plan, PlanState
from domain.plans.seats import (
    BaseRule,
    Bloc,
    Eligibility,
    FixedRule,
    SeatComponent,
    SeatGroup,
    SelectionRule,
    SharingRule,
    Target,
)
from domain.plans.tiers import Tier

__all__ = [
    "BaseRule",
    "Bloc",
    "Eligibility",
    "FixedRule",
    "Plan",
    "PlanDifference",
    "PlanState",
    "SeatComponent",
    "SeatGroup",
    "SelectionRule",
    "SharingRule",
    "Target",
    "Tier",
    "check_congress_names",
    "check_contradictions",
    "check_plan",
    "diff_plans",
]
