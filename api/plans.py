"""Plans over HTTP: draft them as JSON or YAML, publish, amend and compare them."""

from asyncio import to_thread
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import Field, JsonValue

from api.findings import FindingAnswer, translate_findings
from api.http.calls import Call, CurrentCall, CurrentChange
from api.http.cursors import Page, Paging
from api.http.etags import TaggedAnswer, compute_row_etag
from api.http.limits import JSON
from api.http.problems import run_in_pool
from api.http.routes import Router
from api.http.samples import SAMPLE_AMENDMENT, SAMPLE_AMENDMENT_YAML, SAMPLE_PLAN, SAMPLE_PLAN_YAML
from api.http.types import Answer, QueryCount, Uuid
from api.http.uploads import CurrentUpload, Upload
from db.plans import PlanRow, VersionSummary
from domain.access import Access
from domain.plans import PlanState
from domain.plans.amendments import DifferenceKind
from service import plans
from service.formats.plans import (
    PlanAmendmentBody,
    PlanBody,
    PlanMedia,
    check_amendment,
    check_document,
)
from service.plans import PlanDescription

router = Router(prefix="/plans", tags=["plans"])

T = TypeVar("T")

YAML = "application/yaml"
MAX_BODY_BYTES = 2 * 1024 * 1024
THREAD_BYTES = 64 * 1024
"""A longer text is checked in a process; real plans are shorter."""


def _build_body_terms(kind: type[PlanBody], sample: JsonValue, sample_yaml: str) -> dict[str, Any]:
    """How an operation takes a plan, with samples."""
    content = {
        JSON: {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}, "example": sample},
        YAML: {"schema": {"type": "string"}, "example": sample_yaml},
    }
    description = "A plan in the published format (docs/plan-format.md)."
    body = {"required": True, "description": description, "content": content}
    return {
        "accepts": (JSON, YAML),
        "body_limit": MAX_BODY_BYTES,
        "tagged": True,
        "openapi_extra": {"requestBody": body},
    }


_BODY_TERMS = _build_body_terms(PlanBody, SAMPLE_PLAN, SAMPLE_PLAN_YAML)
_AMENDMENT_TERMS = _build_body_terms(PlanAmendmentBody, SAMPLE_AMENDMENT, SAMPLE_AMENDMENT_YAML)


class PlanItem(TaggedAnswer):
    """A plan in a list, with its version in force, or its draft if none is in force."""

    id: UUID
    title: str
    authority: str
    number: str | None
    congresses: list[str]
    n: int = Field(description="The number of the version described here.")
    state: PlanState


class PlanAnswer(PlanItem):
    """A version of a plan with its text and the findings about it."""

    digest: str = Field(description="SHA-256 of the body. A published body never changes.")
    reason: str | None = Field(description="Why this version amends the one before.")
    created_at: datetime
    published_at: datetime | None
    findings: list[FindingAnswer] = Field(description="Faults and gaps of the plan, each with its clause.")
    body: dict[str, Any] = Field(description="The plan in the published format.")


class PlanVersionItem(TaggedAnswer):
    """A version in the history of a plan."""

    n: int
    state: PlanState
    digest: str
    reason: str | None
    created_at: datetime
    published_at: datetime | None


class PlanChange(Answer):
    """One difference between two versions."""

    kind: DifferenceKind
    pointer: str
    before: Any
    after: Any
    clause: str | None


@router.post("", access=Access.PLANS_WRITE, status_code=201, **_BODY_TERMS)
async def draft_plan(call: CurrentCall, upload: CurrentUpload) -> PlanAnswer:
    """Draft a new plan. The whole text is checked. A faulty one is refused (422) with a JSON pointer to every
    fault."""
    drafted = await plans.draft_plan(call.work, await _read_plan_body(call, upload))
    call.set_location(f"/v1/plans/{drafted.version.plan}")
    return _build_tagged_plan(call, drafted)


@router.get("", access=Access.PLANS_READ)
async def list_plans(call: CurrentCall, paging: Paging) -> Page[PlanItem]:
    """List plans, oldest first."""
    rows = await plans.page_plans(call.work, after=paging.after_id, limit=paging.row_limit)
    return paging.build_page(rows, lambda each: [str(each[0].id)], lambda each: _build_plan_item(*each))


@router.get("/{plan_id}", access=Access.PLANS_READ, tagged=True)
async def read_plan(plan_id: Uuid, call: CurrentCall) -> PlanAnswer:
    """Read the version of a plan that is in force, or its draft if none is in force."""
    return _build_tagged_plan(call, await plans.get_plan(call.work, plan_id))


@router.get("/{plan_id}/versions", access=Access.PLANS_READ)
async def list_plan_versions(plan_id: Uuid, call: CurrentCall, paging: Paging) -> Page[PlanVersionItem]:
    """List all versions of a plan, in order of their numbers."""
    rows = await plans.page_versions(
        call.work, plan_id, after=paging.after_number or 0, limit=paging.row_limit
    )
    return paging.build_page(rows, lambda row: [row.n], PlanVersionItem.model_validate)


@router.post("/{plan_id}/versions", access=Access.PLANS_WRITE, status_code=201, **_AMENDMENT_TERMS)
async def amend_plan(
    plan_id: Uuid,
    call: CurrentCall,
    upload: CurrentUpload,
) -> PlanAnswer:
    """Draft a new version of a published plan, with its `reason` beside the fields of the plan. Refused while
    the plan has another draft (409). The version in force stays in force until the draft is published."""
    body, reason = await _check_upload(call, upload, check_amendment)
    amended = await plans.amend_plan(call.work, plan_id, body, reason)
    call.set_location(f"/v1/plans/{plan_id}/versions/{amended.version.n}")
    return _build_tagged_plan(call, amended)


@router.get("/{plan_id}/versions/{n}", access=Access.PLANS_READ, tagged=True)
async def read_plan_version(plan_id: Uuid, n: QueryCount, call: CurrentCall) -> PlanAnswer:
    """Read one version of a plan."""
    return _build_tagged_plan(call, await plans.get_plan(call.work, plan_id, n))


@router.put("/{plan_id}/versions/{n}", access=Access.PLANS_WRITE, **_BODY_TERMS)
async def revise_plan(plan_id: Uuid, n: QueryCount, call: CurrentChange, upload: CurrentUpload) -> PlanAnswer:
    """Replace the text of a draft. A published version is refused (409): draft a new version instead."""
    version = await plans.lock_version(call.work, plan_id, n)
    call.expect_row(version)
    body = await _read_plan_body(call, upload)
    return _build_tagged_plan(call, await plans.revise_draft(call.work, version, body))


@router.post("/{plan_id}/versions/{n}/publication", access=Access.PLANS_PUBLISH, status_code=201, tagged=True)
async def publish_plan(plan_id: Uuid, n: QueryCount, call: CurrentChange) -> PlanAnswer:
    """Publish a draft of a plan.

    The draft comes into force in place of the earlier version, and its text can never be changed again.
    Refused if it is published already or the plan has expired (409).
    """
    version = await plans.lock_version(call.work, plan_id, n)
    call.expect_row(version)
    return _build_tagged_plan(call, await plans.publish_version(call.work, version))


@router.get("/{plan_id}/versions/{n}/diff", access=Access.PLANS_READ)
async def compare_plan_versions(
    plan_id: Uuid,
    n: QueryCount,
    against: Annotated[QueryCount, Query(description="The version to compare with.")],
    call: CurrentCall,
) -> list[PlanChange]:
    """Compare a version of a plan with another version. Every difference has its clause, if any."""
    changes = await plans.compare_versions(call.work, plan_id, n, against)
    return [PlanChange.model_validate(change) for change in changes]


async def _read_plan_body(call: Call, upload: Upload) -> Any:
    """The text of a plan as plain data."""
    return await _check_upload(call, upload, check_document)


async def _check_upload(call: Call, upload: Upload, check: Callable[[bytes, PlanMedia], T]) -> T:
    """What was sent, checked beside the event loop, a long text in a process."""
    media: PlanMedia = "yaml" if upload.media == YAML else "json"
    if len(upload.content) <= THREAD_BYTES:
        return await to_thread(check, upload.content, media)
    return await run_in_pool(call.request.app.state.body_checks, check, upload.content, media)


def _build_plan_item(row: PlanRow, version: VersionSummary) -> PlanItem:
    return PlanItem(
        id=row.id,
        title=row.title,
        authority=row.authority,
        number=row.number,
        congresses=list(version.congresses),
        n=version.n,
        state=version.state,
        etag=compute_row_etag(version.id, version.version),
    )


def _build_tagged_plan(call: Call, described: PlanDescription) -> PlanAnswer:
    version, plan = described.version, described.rules
    call.set_row_etag(version)
    return PlanAnswer(
        id=version.plan,
        etag=compute_row_etag(version.id, version.version),
        title=plan.title,
        authority=plan.authority.name,
        number=plan.number,
        congresses=sorted(congress.id for congress in plan.congresses),
        n=version.n,
        state=version.state,
        digest=version.digest,
        reason=version.reason,
        created_at=version.created_at,
        published_at=version.published_at,
        findings=translate_findings(described.findings, call.translator),
        body=version.body,
    )
