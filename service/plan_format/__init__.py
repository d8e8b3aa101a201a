"""The published format of plans: reading, checking, and turning into what the rules know.

Three steps, each refusing with pointers (:class:`domain.findings.Invalid`): :func:`read` bytes into plain
data, :func:`parse` data into the format, :func:`check` that the plan can be carried out. The format is
described in ``docs/plan-format.md``.
"""

from typing import Any

from pydantic import ValidationError

from domain.findings import Invalid
from domain.plans import Plan, errors
from service.plan_format.body import PlanBody
from service.plan_format.faults import MOST, findings
from service.plan_format.reading import Media, read, surprises

__all__ = ["Media", "PlanBody", "canonical", "check", "parse", "read"]


def parse(body: Any) -> PlanBody:
    """Plain data as the format has it; raises :class:`Invalid` for wrong, missing or unknown fields."""
    found = tuple(surprises(body))[:MOST]
    if found:
        raise Invalid("plan_invalid", errors=found)
    try:
        return PlanBody.model_validate(body)
    except ValidationError as error:
        raise Invalid("plan_invalid", errors=findings(error)) from None


def check(body: Any) -> Plan:
    """The plan that ``body`` holds; raises :class:`Invalid` with every error when it cannot stand."""
    plan: Plan = parse(body).plain()
    found = errors(plan)[:MOST]
    if found:
        raise Invalid("plan_invalid", errors=found)
    return plan


def canonical(body: Any) -> dict[str, Any]:
    """The same body as it is stored and digested: every default written out, nothing that is null.

    :func:`check` takes it again, and it is its own canonical body.
    """
    return parse(body).model_dump(mode="json", exclude_none=True)
