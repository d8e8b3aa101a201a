"""Plans: drafted, published (and from then on immutable), amended by a new version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from db import plans
from db.columns import now
from db.plans import PlanRow, PlanVersion, VersionSummary
from db.session import AsyncSession
from domain.access import Access
from domain.acts import Act
from domain.composition.plan_targets import check_stated_ranges
from domain.findings import Conflict, Finding, Forbidden, Invalid, NotFound
from domain.plans import (
    Plan,
    PlanDifference,
    PlanState,
    check_congress_names,
    check_contradictions,
    diff_plans,
)
from domain.plans.life import derive_next_state, expect_no_draft
from domain.snapshots import compute_digest
from service.audit import record_event, store_row
from service.formats.plans import canonicalize_body, read_plan
from service.names import name_plan_parts, name_units_in
from service.work import Work


@dataclass(frozen=True, slots=True)
class PlanDescription:
    """A version of a plan, its rules, and the findings about them."""

    version: PlanVersion
    rules: Plan
    findings: Sequence[Finding]


async def draft_plan(work: Work, body: Any) -> PlanDescription:
    """A new plan, as the first draft of its text.

    Raises ``Invalid`` with a pointer to each error in ``body``, and ``Conflict`` where a plan of the same id
    exists.
    """
    plan, body = read_plan(body), canonicalize_body(body)
    await _expect_council(work, plan.authority.unit)
    row = PlanRow(
        code=plan.id,
        title=plan.title,
        authority=plan.authority.name,
        council=plan.authority.unit,
        number=plan.number,
    )
    await _expect_free_id(work, row, plan)
    work.session.add(row)
    await work.session.flush()
    version = PlanVersion(plan=row.id, n=1, state=PlanState.DRAFT, body=body, digest=compute_digest(body))
    work.session.add(version)
    await _store_congresses(work.session, row, plan, naming=True)
    await record_event(work, Act.PLAN_DRAFTED, "plan", row.id, _plain_version(version), plan=row.id)
    return await _describe_version(work, version)


async def revise_draft(work: Work, version: PlanVersion, body: Any) -> PlanDescription:
    """Another text for a draft; a published version is amended instead."""
    version.state = derive_next_state("revise", version.state, version.n)
    plan, body = read_plan(body), canonicalize_body(body)
    row, first = await _get_plan_row(work, version.plan), version.n == 1
    _expect_same_council(row, plan)
    if first:
        await _expect_free_id(work, row, plan)
        _update_plan_row(row, plan)
    else:
        _expect_same_id(row, plan)
    version.body, version.digest = body, compute_digest(body)
    work.session.add(row)
    await store_row(work, version)
    await _store_congresses(work.session, row, plan, naming=first)
    await record_event(work, Act.PLAN_REVISED, "plan", row.id, _plain_version(version), plan=row.id)
    return await _describe_version(work, version)


async def publish_version(work: Work, version: PlanVersion) -> PlanDescription:
    """Put a draft in force, in place of the version before it; it can never be changed again."""
    state = derive_next_state("publish", version.state, version.n)
    plan = read_version(version)
    if plan.has_expired(work.today):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    before = await plans.find_published_version(work.session, version.plan)
    if before is not None:
        before.state = derive_next_state("supersede", before.state, before.n)
        await store_row(work, before)
    row = await _get_plan_row(work, version.plan)
    _update_plan_row(row, plan)
    version.state, version.published_at = state, now()
    work.session.add(row)
    await store_row(work, version)
    await _store_congresses(work.session, row, plan, naming=True)
    await record_event(work, Act.PLAN_PUBLISHED, "plan", row.id, _plain_version(version), plan=row.id)
    return await _describe_version(work, version)


async def amend_plan(work: Work, plan_id: UUID, body: Any, reason: str) -> PlanDescription:
    """A new draft version of a published plan, with the reason for it."""
    row = await _get_plan_row(work, plan_id, lock=True)
    n, state = await plans.get_newest_version(work.session, plan_id)
    expect_no_draft(state, n)
    plan, body = read_plan(body), canonicalize_body(body)
    _expect_same_id(row, plan)
    _expect_same_council(row, plan)
    version = PlanVersion(
        plan=plan_id, n=n + 1, state=PlanState.DRAFT, body=body, digest=compute_digest(body), reason=reason
    )
    work.session.add(version)
    await _store_congresses(work.session, row, plan, naming=False)
    changes = {**_plain_version(version), "reason": reason}
    await record_event(work, Act.PLAN_AMENDED, "plan", plan_id, changes, plan=plan_id)
    return await _describe_version(work, version)


async def get_plan(work: Work, plan_id: UUID, n: int | None = None) -> PlanDescription:
    """A version of a plan: the ``n``-th, or the one in force, or the only draft."""
    version = await (get_current_version(work, plan_id) if n is None else get_version(work, plan_id, n))
    return await _describe_version(work, version)


async def get_version(work: Work, plan_id: UUID, n: int) -> PlanVersion:
    """The ``n``-th version of a plan."""
    await _get_plan_row(work, plan_id)
    return await _get_version(work, plan_id, n)


async def page_versions(work: Work, plan_id: UUID, *, after: int, limit: int) -> Sequence[PlanVersion]:
    """The versions after the ``after``-th, the oldest first, without their bodies."""
    await _get_plan_row(work, plan_id)
    return await plans.page_versions(work.session, work.actor, plan_id, after=after, limit=limit)


async def compare_versions(work: Work, plan_id: UUID, n: int, against: int) -> Sequence[PlanDifference]:
    """The changes from version ``against`` to version ``n``, place by place."""
    new = await get_version(work, plan_id, n)
    old = await _get_version(work, plan_id, against)
    return diff_plans(old.body, new.body)


async def page_plans(
    work: Work, *, after: UUID | None, limit: int
) -> Sequence[tuple[PlanRow, VersionSummary]]:
    """Plans by age, each with the version in force (or the only draft)."""
    rows = await plans.page_plans(work.session, work.actor, after=after, limit=limit)
    versions = await plans.map_versions_by_plan(work.session, work.actor, [row.id for row in rows])
    return [(row, versions[row.id]) for row in rows]


async def lock_version(work: Work, plan_id: UUID, n: int) -> PlanVersion:
    """A version to be changed, locked with its plan."""
    await _get_plan_row(work, plan_id, lock=True)
    return await _get_version(work, plan_id, n, lock=True)


async def get_current_version(work: Work, plan_id: UUID) -> PlanVersion:
    """The version of a plan that is in force, or its only draft."""
    await _get_plan_row(work, plan_id)
    return await plans.get_current_version(work.session, work.actor, plan_id)


def read_version(version: PlanVersion) -> Plan:
    """The rules of a stored version."""
    return _read_text(_PlanText(version.digest, version.body))


@dataclass(frozen=True, slots=True)
class _PlanText:
    """A stored text, compared with others only by its digest."""

    digest: str
    body: Any = field(compare=False, repr=False)


@lru_cache(maxsize=64)
def _read_text(text: _PlanText) -> Plan:
    return read_plan(text.body)


async def _get_plan_row(work: Work, plan_id: UUID, *, lock: bool = False) -> PlanRow:
    row = await plans.find_plan(work.session, work.actor, plan_id)
    if row is None:
        raise NotFound("plan_not_found")
    if work.actor.access in (Access.PLANS_WRITE, Access.PLANS_PUBLISH):
        await _expect_council(work, row.council)
    if lock:
        await plans.find_plan(work.session, work.actor, plan_id, lock=True)
    return row


async def _expect_council(work: Work, council: str) -> None:
    """Raise ``Forbidden`` unless the actor is of the council that issues a plan, or of one above it."""
    if not await plans.has_council_in_reach(work.session, work.actor, council):
        raise Forbidden("plan_of_another_council")


def _expect_same_council(row: PlanRow, plan: Plan) -> None:
    """Refuse a text that another council issues."""
    if plan.authority.unit != row.council:
        errors = [Finding("plan_of_another_council", {}, "/authority/unit")]
        raise Invalid("plan_of_another_council", errors=errors)


async def _get_version(work: Work, plan_id: UUID, n: int, *, lock: bool = False) -> PlanVersion:
    version = await plans.find_version(work.session, work.actor, plan_id, n, lock=lock)
    if version is None:
        raise NotFound("plan_version_not_found")
    return version


async def _expect_free_id(work: Work, row: PlanRow, plan: Plan) -> None:
    """Refuse the id of another plan, and name that plan; the database refuses the id of one out of reach."""
    other = await plans.find_plan_by_code(work.session, work.actor, plan.id)
    if other not in {None, row.id}:
        params = {"plan": str(other)}
        raise Conflict("plan_id_taken", params, errors=[Finding("plan_id_taken", params, "/id")])


def _expect_same_id(row: PlanRow, plan: Plan) -> None:
    """Refuse an amendment with the id of another plan."""
    if plan.id != row.code:
        raise Invalid(
            "plan_id_differs", {"id": row.code}, errors=[Finding("plan_id_differs", {"id": row.code}, "/id")]
        )


def _update_plan_row(row: PlanRow, plan: Plan) -> None:
    row.code, row.title, row.authority, row.number = plan.id, plan.title, plan.authority.name, plan.number


async def _store_congresses(session: AsyncSession, row: PlanRow, plan: Plan, *, naming: bool) -> None:
    """Store the pending rows of the session, and the congresses that the plan prepares now."""
    await session.flush()
    named = {congress.id: congress.name for congress in plan.congresses}
    await plans.store_congresses(session, row.id, named, naming=naming)


async def _describe_version(work: Work, version: PlanVersion) -> PlanDescription:
    plan = read_version(version)
    name_plan_parts(work, plan)
    names = await plans.map_names_by_congress(work.session, [congress.id for congress in plan.congresses])
    ranges = [
        finding for n, tier in enumerate(plan.tiers) for finding in check_stated_ranges(tier, f"/tiers/{n}")
    ]
    findings = (*check_contradictions(plan), *check_congress_names(plan, names), *ranges)
    await name_units_in(work, findings, work.today)
    return PlanDescription(version, plan, findings)


def _plain_version(version: PlanVersion) -> dict[str, str | int]:
    return {"n": version.n, "state": version.state, "digest": version.digest}
