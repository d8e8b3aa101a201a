"""Plans: drafted, published (and from then on immutable), amended by a new version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from db import plans, reach
from db.columns import now
from db.plans import PlanRow, PlanVersion
from db.session import AsyncSession
from domain.access import Access, Actor
from domain.findings import Conflict, Finding, Forbidden, Invalid, NotFound
from domain.plans import Change, Plan, contradictions, diff, named_otherwise
from domain.snapshots import digest
from service import plan_format
from service.audit import record
from service.clock import today


@dataclass(frozen=True, slots=True)
class Versioned:
    """A version of a plan, the rules in it, and what there is to say of them."""

    version: PlanVersion
    rules: Plan
    findings: Sequence[Finding]


async def draft(session: AsyncSession, actor: Actor, body: Any) -> Versioned:
    """A new plan, as the first draft of its text.

    Raises ``Invalid`` with a pointer for each thing that cannot be right in ``body``, and ``Conflict`` where
    a plan of the same id is there already.
    """
    plan, body = plan_format.check(body), plan_format.canonical(body)
    await _expect_council(session, actor, plan.authority.unit)
    row = PlanRow(
        code=plan.id,
        title=plan.title,
        authority=plan.authority.name,
        council=plan.authority.unit,
        number=plan.number,
    )
    await _free(session, actor, row, plan)
    session.add(row)
    await session.flush()
    version = PlanVersion(plan=row.id, n=1, state="draft", body=body, digest=digest(body))
    session.add(version)
    await _kept(session, row, plan, naming=True)
    await record(session, actor, "plan_drafted", "plan", row.id, _told(version), plan=row.id)
    return await _versioned(session, version)


async def revise(session: AsyncSession, actor: Actor, version: PlanVersion, body: Any) -> Versioned:
    """Another text for a draft; a published version is amended instead."""
    if version.state != "draft":
        raise Conflict("published_plan_is_immutable", {"n": version.n})
    plan, body = plan_format.check(body), plan_format.canonical(body)
    row, first = await _row(session, actor, version.plan), version.n == 1
    _same_council(row, plan)
    if first:
        await _free(session, actor, row, plan)
        _head(row, plan)
    else:
        _same(row, plan)
    version.body, version.digest, version.version = body, digest(body), version.version + 1
    session.add_all([version, row])
    await _kept(session, row, plan, naming=first)
    await record(session, actor, "plan_revised", "plan", row.id, _told(version), plan=row.id)
    return await _versioned(session, version)


async def publish(session: AsyncSession, actor: Actor, version: PlanVersion) -> Versioned:
    """Put a draft in force, in place of the version before it. From now on nobody can change it."""
    if version.state != "draft":
        raise Conflict("plan_already_published", {"n": version.n})
    plan = load(version)
    if plan.expired(today()):
        raise Conflict("plan_expired", {"expires": str(plan.expires)})
    before = await plans.published(session, version.plan)
    if before is not None:
        before.state, before.version = "superseded", before.version + 1
        session.add(before)
        await session.flush()
    version.state, version.published_at, version.version = "published", now(), version.version + 1
    row = await _row(session, actor, version.plan)
    _head(row, plan)
    session.add_all([version, row])
    await _kept(session, row, plan, naming=True)
    await record(session, actor, "plan_published", "plan", row.id, _told(version), plan=row.id)
    return await _versioned(session, version)


async def amend(session: AsyncSession, actor: Actor, plan_id: UUID, body: Any, reason: str) -> Versioned:
    """A new draft version of a published plan, with the reason for it."""
    row = await _row(session, actor, plan_id, lock=True)
    n, state = await plans.latest(session, plan_id)
    if state == "draft":
        raise Conflict("one_draft_per_plan", {"n": n})
    plan, body = plan_format.check(body), plan_format.canonical(body)
    _same(row, plan)
    _same_council(row, plan)
    version = PlanVersion(plan=plan_id, n=n + 1, state="draft", body=body, digest=digest(body), reason=reason)
    session.add(version)
    await _kept(session, row, plan, naming=False)
    await record(
        session, actor, "plan_amended", "plan", plan_id, {**_told(version), "reason": reason}, plan=plan_id
    )
    return await _versioned(session, version)


async def get(session: AsyncSession, actor: Actor, plan_id: UUID, n: int | None = None) -> Versioned:
    """A version of a plan: the ``n``-th, or the one in force, or the only draft."""
    await _row(session, actor, plan_id)
    if n is None:
        version = await plans.current(session, actor, plan_id)
    else:
        version = await _numbered(session, actor, plan_id, n)
    return await _versioned(session, version)


async def versions(
    session: AsyncSession, actor: Actor, plan_id: UUID, *, after: int, limit: int
) -> Sequence[PlanVersion]:
    """The versions after the ``after``-th, the oldest first, without their bodies."""
    await _row(session, actor, plan_id)
    return await plans.versions(session, actor, plan_id, after=after, limit=limit)


async def difference(
    session: AsyncSession, actor: Actor, plan_id: UUID, n: int, against: int
) -> Sequence[Change]:
    """What changed from version ``against`` to version ``n``, place by place."""
    await _row(session, actor, plan_id)
    new = await _numbered(session, actor, plan_id, n)
    old = await _numbered(session, actor, plan_id, against)
    return diff(old.body, new.body)


async def page(
    session: AsyncSession, actor: Actor, *, after: UUID | None, limit: int
) -> Sequence[tuple[PlanRow, int, str, Sequence[str]]]:
    """Plans by age, each with number, state and congresses of the version in force (or the only draft)."""
    rows = await plans.page(session, actor, after=after, limit=limit)
    shown = await plans.shown(session, actor, [row.id for row in rows])
    return [(row, *shown[row.id]) for row in rows]


async def expect(session: AsyncSession, actor: Actor, plan_id: UUID, n: int) -> PlanVersion:
    """A version that somebody is about to change, locked with its plan."""
    await _row(session, actor, plan_id, lock=True)
    return await _numbered(session, actor, plan_id, n, lock=True)


async def in_force(session: AsyncSession, actor: Actor, plan_id: UUID) -> PlanVersion:
    """The version of a plan that is in force, or its only draft."""
    await _row(session, actor, plan_id)
    return await plans.current(session, actor, plan_id)


def load(version: PlanVersion) -> Plan:
    """The rules of a stored version."""
    return _loaded(_Text(version.digest, version.body))


@dataclass(frozen=True, slots=True)
class _Text:
    """A stored text, told from others by its digest alone."""

    digest: str
    body: Any = field(compare=False, repr=False)


@lru_cache(maxsize=64)
def _loaded(text: _Text) -> Plan:
    return plan_format.check(text.body)


async def _row(session: AsyncSession, actor: Actor, plan_id: UUID, *, lock: bool = False) -> PlanRow:
    row = await plans.get(session, actor, plan_id)
    if row is None:
        raise NotFound("plan_not_found")
    if actor.access in (Access.PLANS_WRITE, Access.PLANS_PUBLISH):
        await _expect_council(session, actor, row.council)
    if lock:
        await plans.get(session, actor, plan_id, lock=True)
    return row


async def _expect_council(session: AsyncSession, actor: Actor, council: str) -> None:
    """Plans are run by the council of the unit that issues them, and by those above it."""
    if not await reach.holds(session, plans.run_by(actor, council)):
        raise Forbidden("plan_of_another_council")


def _same_council(row: PlanRow, plan: Plan) -> None:
    """Refuse a text that another council issues."""
    if plan.authority.unit != row.council:
        errors = [Finding("plan_of_another_council", {}, "/authority/unit")]
        raise Invalid("plan_of_another_council", errors=errors)


async def _numbered(
    session: AsyncSession, actor: Actor, plan_id: UUID, n: int, *, lock: bool = False
) -> PlanVersion:
    version = await plans.version(session, actor, plan_id, n, lock=lock)
    if version is None:
        raise NotFound("plan_version_not_found")
    return version


async def _free(session: AsyncSession, actor: Actor, row: PlanRow, plan: Plan) -> None:
    """Refuse an id that another plan bears, and name it; one out of reach the database refuses."""
    other = await plans.named(session, actor, plan.id)
    if other not in {None, row.id}:
        params = {"plan": str(other)}
        raise Conflict("plan_id_taken", params, errors=[Finding("plan_id_taken", params, "/id")])


def _same(row: PlanRow, plan: Plan) -> None:
    """Refuse an amendment that calls itself another plan."""
    if plan.id != row.code:
        raise Invalid(
            "plan_id_differs", {"id": row.code}, errors=[Finding("plan_id_differs", {"id": row.code}, "/id")]
        )


def _head(row: PlanRow, plan: Plan) -> None:
    row.code, row.title, row.authority, row.number = plan.id, plan.title, plan.authority.name, plan.number


async def _kept(session: AsyncSession, row: PlanRow, plan: Plan, *, naming: bool) -> None:
    """Write what stands in the session, and which congresses the plan prepares now."""
    await session.flush()
    named = {congress.id: congress.name for congress in plan.congresses}
    await plans.prepare(session, row.id, named, naming=naming)


async def _versioned(session: AsyncSession, version: PlanVersion) -> Versioned:
    plan = load(version)
    names = await plans.names(session, [congress.id for congress in plan.congresses])
    return Versioned(version, plan, (*contradictions(plan), *named_otherwise(plan, names)))


def _told(version: PlanVersion) -> dict[str, str | int]:
    return {"n": version.n, "state": version.state, "digest": version.digest}
