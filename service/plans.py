"""Plans: drafted, published (and from then on immutable), amended by a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from db import plans, reach
from db.columns import now
from db.plans import Congress, PlanCongress, PlanRow, PlanVersion
from db.session import AsyncSession
from domain.access import Access, Actor
from domain.findings import Conflict, Finding, Forbidden, Invalid, NotFound
from domain.plans import Change, Plan, contradictions, diff
from domain.snapshots import canonical, digest
from service import plan_format
from service.audit import record
from service.clock import today


@dataclass(frozen=True, slots=True)
class Versioned:
    """A version of a plan with what the rules have to say of it."""

    plan: PlanRow
    version: PlanVersion
    congresses: Sequence[str]
    findings: Sequence[Finding]


async def draft(session: AsyncSession, actor: Actor, body: Any) -> Versioned:
    """A new plan, as the first draft of its text.

    Raises ``Invalid`` with a pointer for each thing that cannot be right in ``body``.
    """
    plan, body = plan_format.check(body), plan_format.canonical(body)
    await _expect_council(session, actor, plan.authority.unit)
    row = PlanRow(
        title=plan.title, authority=plan.authority.name, council=plan.authority.unit, number=plan.number
    )
    session.add(row)
    await session.flush()
    await _congresses(session, row.id, plan)
    version = PlanVersion(plan=row.id, n=1, state="draft", body=body, digest=digest(body))
    session.add(version)
    await session.flush()
    await record(session, actor, "plan_drafted", "plan", row.id, _told(version), plan=row.id)
    return await _versioned(session, row, version)


async def revise(session: AsyncSession, actor: Actor, version: PlanVersion, body: Any) -> Versioned:
    """Another text for a draft; a published version is amended instead."""
    if version.state != "draft":
        raise Conflict("published_plan_is_immutable", {"n": version.n})
    plan, body = plan_format.check(body), plan_format.canonical(body)
    _expect_same(await _row(session, actor, version.plan), plan)
    version.body, version.digest, version.version = body, digest(body), version.version + 1
    session.add(version)
    await _congresses(session, version.plan, plan)
    await session.flush()
    await record(session, actor, "plan_revised", "plan", version.plan, _told(version), plan=version.plan)
    return await _versioned(session, await _row(session, actor, version.plan), version)


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
    row.title, row.authority, row.number = plan.title, plan.authority.name, plan.number
    session.add_all([version, row])
    await session.flush()
    await record(session, actor, "plan_published", "plan", row.id, _told(version), plan=row.id)
    return await _versioned(session, row, version)


async def amend(session: AsyncSession, actor: Actor, plan_id: UUID, body: Any, reason: str) -> Versioned:
    """A new draft version of a published plan, with the reason for it."""
    row = await _row(session, actor, plan_id)
    versions = await plans.versions(session, actor, plan_id)
    if versions[-1].state == "draft":
        raise Conflict("one_draft_per_plan", {"n": versions[-1].n})
    plan, body = plan_format.check(body), plan_format.canonical(body)
    _expect_same(row, plan)
    version = PlanVersion(
        plan=plan_id, n=versions[-1].n + 1, state="draft", body=body, digest=digest(body), reason=reason
    )
    session.add(version)
    await _congresses(session, plan_id, plan)
    await session.flush()
    await record(
        session, actor, "plan_amended", "plan", plan_id, {**_told(version), "reason": reason}, plan=plan_id
    )
    return await _versioned(session, row, version)


async def get(
    session: AsyncSession, actor: Actor, plan_id: UUID, n: int | None = None, *, lock: bool = False
) -> Versioned:
    """A version of a plan: the ``n``-th, or the one in force, or the only draft."""
    row = await _row(session, actor, plan_id)
    if n is None:
        found = await plans.published(session, plan_id)
        versions = await plans.versions(session, actor, plan_id)
        version = found or versions[-1]
    else:
        numbered = await plans.version(session, actor, plan_id, n, lock=lock)
        if numbered is None:
            raise NotFound("plan_version_not_found")
        version = numbered
    return await _versioned(session, row, version)


async def versions(session: AsyncSession, actor: Actor, plan_id: UUID) -> Sequence[PlanVersion]:
    """Every version that the actor sees, the oldest first."""
    await _row(session, actor, plan_id)
    return await plans.versions(session, actor, plan_id)


async def difference(
    session: AsyncSession, actor: Actor, plan_id: UUID, n: int, against: int
) -> Sequence[Change]:
    """What changed from version ``against`` to version ``n``, place by place."""
    new = (await get(session, actor, plan_id, n)).version
    old = (await get(session, actor, plan_id, against)).version
    return diff(old.body, new.body)


async def page(
    session: AsyncSession, actor: Actor, *, after: UUID | None, limit: int
) -> Sequence[tuple[PlanRow, Sequence[str], PlanVersion]]:
    """Plans by age, each with its congresses and the version in force (or the only draft)."""
    query = select(PlanRow).where(plans.seen(actor)).order_by(col(PlanRow.id)).limit(limit)
    if after is not None:
        query = query.where(col(PlanRow.id) > after)
    rows = (await session.exec(query)).all()
    found = []
    for row in rows:
        version = await plans.published(session, row.id) or (await plans.versions(session, actor, row.id))[-1]
        found.append((row, await plans.congresses(session, row.id), version))
    return found


async def expect(session: AsyncSession, actor: Actor, plan_id: UUID, n: int) -> PlanVersion:
    """A version that somebody is about to change, locked."""
    return (await get(session, actor, plan_id, n, lock=True)).version


def load(version: PlanVersion) -> Plan:
    """The rules of a stored version."""
    return _loaded(canonical(version.body))


@lru_cache(maxsize=64)
def _loaded(body: bytes) -> Plan:
    return plan_format.check(plan_format.read(body, "json"))


async def _row(session: AsyncSession, actor: Actor, plan_id: UUID) -> PlanRow:
    row = await plans.get(session, actor, plan_id)
    if row is None:
        raise NotFound("plan_not_found")
    if actor.access in (Access.PLANS_WRITE, Access.PLANS_PUBLISH):
        await _expect_council(session, actor, row.council)
    return row


async def _expect_council(session: AsyncSession, actor: Actor, council: str) -> None:
    """Plans are run by the council of the unit that issues them, and by those above it."""
    if not await reach.holds(session, plans.run_by(actor, council)):
        raise Forbidden("plan_of_another_council")


def _expect_same(row: PlanRow, plan: Plan) -> None:
    if plan.authority.unit != row.council:
        errors = [Finding("plan_of_another_council", {}, "/authority/unit")]
        raise Invalid("plan_of_another_council", errors=errors)


async def _congresses(session: AsyncSession, plan_id: UUID, plan: Plan) -> None:
    for congress in plan.congresses:
        await session.exec(
            insert(Congress).values(id=congress.id, name=congress.name).on_conflict_do_nothing()
        )
        await session.exec(
            insert(PlanCongress).values(plan=plan_id, congress=congress.id).on_conflict_do_nothing()
        )


async def _versioned(session: AsyncSession, row: PlanRow, version: PlanVersion) -> Versioned:
    return Versioned(row, version, await plans.congresses(session, row.id), contradictions(load(version)))


def _told(version: PlanVersion) -> dict[str, str | int]:
    return {"n": version.n, "state": version.state, "digest": version.digest}
