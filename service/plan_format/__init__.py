"""The published format of plans: reading, checking, and turning into what the rules know.

Three steps, each refusing with pointers (:class:`domain.findings.Invalid`): :func:`read` bytes into plain
data, :func:`parse` data into the format, :func:`check` that the plan can be carried out. The format is
described in ``docs/plan-format.md``.
"""

from typing import Any

from pydantic import ValidationError

from domain.findings import Finding, Invalid
from domain.plans import Plan, errors
from service.plan_format.body import PlanBody
from service.plan_format.faults import MOST, findings, known
from service.plan_format.reading import Media, read, surprises

__all__ = ["Media", "PlanBody", "canonical", "check", "parse", "read"]


def parse(body: Any) -> PlanBody:
    """Plain data as the format has it; raises :class:`Invalid` for wrong, missing or unknown fields."""
    part, found = _formed(body)
    if part is None or found:
        raise Invalid("plan_invalid", errors=found[:MOST])
    return part


def check(body: Any) -> Plan:
    """The plan that ``body`` holds; raises :class:`Invalid` with every error when it cannot stand.

    Fields that the format does not know hide nothing: the rest is judged without them.
    """
    part, found = _formed(body)
    plan: Plan | None = part.plain() if part else None
    found += errors(plan) if plan else ()
    if plan is None or found:
        raise Invalid("plan_invalid", errors=found[:MOST])
    return plan


def _formed(body: Any) -> tuple[PlanBody | None, tuple[Finding, ...]]:
    """The format's parts of a body, if its known fields make some, and the faults of its form."""
    found = tuple(surprises(body))
    if found:
        return None, found
    try:
        return PlanBody.model_validate(body), ()
    except ValidationError as error:
        rest, unknown = known(body, error)
        if not unknown:
            return None, findings(body, error)
    try:
        return PlanBody.model_validate(rest), unknown
    except ValidationError as error:
        return None, (*unknown, *findings(rest, error))


def canonical(body: Any) -> dict[str, Any]:
    """The same body as it is stored and digested: every default written out, nothing that is null.

    :func:`check` takes it again, and it is its own canonical body.
    """
    return parse(body).model_dump(mode="json", exclude_none=True)
