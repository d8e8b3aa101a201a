"""The published format of plans, described in ``docs/plan-format.md``.

Three steps, each of which raises :class:`domain.findings.Invalid` with pointers: :func:`read_document` from
bytes to plain data, :func:`read_body` from data to the format, :func:`read_plan` to a plan that is usable.
"""

from typing import Any

from pydantic import ValidationError

from domain.findings import Finding, Invalid
from domain.plans import Plan, check_plan
from service.formats.json_reader import check_plain_data
from service.formats.plans.body import PlanAmendmentBody, PlanBody, PlanReason
from service.formats.plans.faults import MAX_FINDINGS, build_findings, drop_unknown_fields
from service.formats.plans.labels import name_near_words, read_labels
from service.formats.plans.public_holidays import fill_public_holidays
from service.formats.plans.reader import PLAN_LIMITS, PlanMedia, read_document

__all__ = [
    "PlanAmendmentBody",
    "PlanBody",
    "PlanMedia",
    "canonicalize_body",
    "check_amendment",
    "check_document",
    "read_body",
    "read_document",
    "read_plan",
]


def read_body(body: Any) -> PlanBody:
    """Plain data as the format has it; raises :class:`Invalid` for wrong, missing or unknown fields."""
    part, found = _validate_body(body)
    if part is None or found:
        raise Invalid("plan_invalid", errors=found[:MAX_FINDINGS])
    return part


def read_plan(body: Any) -> Plan:
    """The plan in ``body``; raises :class:`Invalid` with every error.

    Unknown fields do not hide other errors: the rest is checked without them.
    """
    part, found = _validate_body(body)
    plan: Plan | None = fill_public_holidays(part.to_domain()) if part else None
    found += name_near_words(body, check_plan(plan)) if plan else ()
    if plan is None or found:
        raise Invalid("plan_invalid", errors=found[:MAX_FINDINGS])
    return plan


def check_document(data: bytes, media: PlanMedia) -> dict[str, Any]:
    """The plain data of a usable plan; raises :class:`Invalid` as the first and the last step do."""
    body = read_document(data, media)
    read_plan(body)
    return body


def check_amendment(data: bytes, media: PlanMedia) -> tuple[dict[str, Any], str]:
    """The plain data of a usable plan, and the reason for amending it, which stands beside its fields.

    Raises :class:`Invalid` as :func:`check_document` does, with the faults of both.
    """
    document = read_document(data, media)
    reason, found = _read_reason(document)
    body = {name: value for name, value in document.items() if name != "reason"}
    try:
        read_plan(body)
    except Invalid as refused:
        found += refused.errors
    if found:
        raise Invalid("plan_invalid", errors=found[:MAX_FINDINGS])
    return body, reason


def _read_reason(document: dict[str, Any]) -> tuple[str, tuple[Finding, ...]]:
    given = {name: document[name] for name in ("reason",) if name in document}
    try:
        return PlanReason.model_validate(given).reason, ()
    except ValidationError as error:
        return "", build_findings(given, error, PlanReason)


def _validate_body(body: Any) -> tuple[PlanBody | None, tuple[Finding, ...]]:
    """The body in the format, if its known fields are valid, and the findings about its form."""
    found = tuple(check_plain_data(body, PLAN_LIMITS))
    if found:
        return None, found
    body = read_labels(body)
    try:
        return PlanBody.model_validate(body), ()
    except ValidationError as error:
        rest, unknown = drop_unknown_fields(body, error, PlanBody)
        if not unknown:
            return None, build_findings(body, error, PlanBody)
    try:
        return PlanBody.model_validate(rest), unknown
    except ValidationError as error:
        return None, (*unknown, *build_findings(rest, error, PlanBody))


def canonicalize_body(body: Any) -> dict[str, Any]:
    """The body as it is stored and digested: with every default, and without null values.

    :func:`read_plan` accepts it, and it is its own canonical body.
    """
    return read_body(body).model_dump(mode="json", exclude_none=True)
