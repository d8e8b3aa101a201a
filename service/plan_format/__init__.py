"""The published format of plans: reading, checking, and turning into what the rules know.

Three steps, each of which raises :class:`domain.findings.Invalid` with pointers: :func:`read_document` reads
bytes into plain data, :func:`read_body` reads data into the format, and :func:`read_plan` also checks that
the plan can be carried out. The format is described in ``docs/plan-format.md``.
"""

from typing import Any

from pydantic import ValidationError

from domain.findings import Finding, Invalid
from domain.plans import Plan, check_plan
from service.formats.json_reader import check_plain_data
from service.plan_format.body import PlanBody
from service.plan_format.faults import MAX_FINDINGS, build_findings, drop_unknown_fields
from service.plan_format.reader import PLAN_LIMITS, read_document

__all__ = ["PlanBody", "canonicalize_body", "read_body", "read_document", "read_plan"]


def read_body(body: Any) -> PlanBody:
    """Plain data as the format has it; raises :class:`Invalid` for wrong, missing or unknown fields."""
    part, found = _validate_body(body)
    if part is None or found:
        raise Invalid("plan_invalid", errors=found[:MAX_FINDINGS])
    return part


def read_plan(body: Any) -> Plan:
    """The plan that ``body`` holds; raises :class:`Invalid` with every error when it cannot stand.

    Fields that the format does not know hide nothing: the rest is judged without them.
    """
    part, found = _validate_body(body)
    plan: Plan | None = part.to_domain() if part else None
    found += check_plan(plan) if plan else ()
    if plan is None or found:
        raise Invalid("plan_invalid", errors=found[:MAX_FINDINGS])
    return plan


def _validate_body(body: Any) -> tuple[PlanBody | None, tuple[Finding, ...]]:
    """The format's parts of a body, if its known fields make some, and the faults of its form."""
    found = tuple(check_plain_data(body, PLAN_LIMITS))
    if found:
        return None, found
    try:
        return PlanBody.model_validate(body), ()
    except ValidationError as error:
        rest, unknown = drop_unknown_fields(body, error)
        if not unknown:
            return None, build_findings(body, error)
    try:
        return PlanBody.model_validate(rest), unknown
    except ValidationError as error:
        return None, (*unknown, *build_findings(rest, error))


def canonicalize_body(body: Any) -> dict[str, Any]:
    """The same body as it is stored and digested: every default written out, nothing that is null.

    :func:`read_plan` accepts it again, and it is its own canonical body.
    """
    return read_body(body).model_dump(mode="json", exclude_none=True)
