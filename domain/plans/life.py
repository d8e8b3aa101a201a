"""The life of a version of a plan: drafted, published, and superseded by a later version."""

from collections.abc import Mapping
from typing import Literal

from domain.findings import Conflict
from domain.plans.plan import PlanState

PlanAct = Literal["revise", "publish", "supersede"]

PLAN_TRANSITIONS: Mapping[PlanAct, Mapping[PlanState, PlanState]] = {
    "revise": {PlanState.DRAFT: PlanState.DRAFT},
    "publish": {PlanState.DRAFT: PlanState.PUBLISHED},
    "supersede": {PlanState.PUBLISHED: PlanState.SUPERSEDED},
}
"""Act → state before → state after. The text of a published version never changes."""


def derive_next_state(act: PlanAct, state: PlanState, n: int) -> PlanState:
    """The state of version ``n`` after an act; raises ``Conflict`` if its state does not allow it."""
    if state not in PLAN_TRANSITIONS[act]:
        code = "plan_already_published" if act == "publish" else "published_plan_is_immutable"
        raise Conflict(code, {"n": n})
    return PLAN_TRANSITIONS[act][state]


def expect_no_draft(newest: PlanState, n: int) -> None:
    """Raise ``Conflict`` while the newest version of a plan, ``n``, is a draft: there is one at a time."""
    if newest is PlanState.DRAFT:
        raise Conflict("one_draft_per_plan", {"n": n})
