"""What the trial of a plan's version is computed from: units of its tiers, and conferences that there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from db.columns import is_among
from db.conferences import Conference, is_visible_conference
from db.plans import PlanVersion
from db.progress import is_unit_of_tier
from db.reach import is_in_subtree, is_in_subtree_anywhere
from db.session import AsyncSession, fetch_rows
from db.units import Unit, UnitLink, UnitName, build_day_range
from domain.access import Actor
from domain.conferences.life import ConferenceState
from domain.plans import Tier


async def list_tier_units(
    session: AsyncSession,
    actor: Actor,
    tier: Tier,
    day: date,
    *,
    council: UUID | None,
    among: Collection[UUID] | None,
    limit: int,
) -> Sequence[tuple[UUID, str]]:
    """(unit, congress) of the units of a tier on a day that are the actor's or below, in the chains of the
    tier. ``among``: only of these units."""
    query = (
        columns(col(Unit.id), col(UnitLink.congress))
        .join(UnitLink, or_(col(UnitLink.child) == col(Unit.id), col(UnitLink.parent) == col(Unit.id)))
        .where(
            col(UnitLink.during).op("&&")(build_day_range(day)),
            is_among(UnitLink.congress, tier.congresses),
            col(Unit.during).op("@>")(day),
            is_unit_of_tier(
                day, council=council, congresses=tier.congresses, kinds=tier.kinds, codes=tier.units
            ),
            is_in_subtree(actor, col(UnitLink.congress), col(Unit.id)),
        )
        .distinct()
        .order_by(col(Unit.id), col(UnitLink.congress))
        .limit(limit)
    )
    if among is not None:
        query = query.where(is_among(Unit.id, among))
    return [(unit, congress) for unit, congress in await fetch_rows(session, query)]


async def list_units_in_reach(session: AsyncSession, actor: Actor, units: Collection[UUID]) -> set[UUID]:
    """Those of these units that are the actor's or below, in any chain."""
    query = select(Unit.id).where(is_among(Unit.id, units), is_in_subtree_anywhere(actor, col(Unit.id)))
    return {*await session.exec(query)}


async def map_superiors(
    session: AsyncSession, units: Collection[UUID], day: date
) -> Mapping[tuple[UUID, str], str]:
    """(unit, congress) → the name of the unit above it on a day."""
    query = (
        columns(col(UnitLink.child), col(UnitLink.congress), col(UnitName.name))
        .join(UnitName, col(UnitName.unit) == col(UnitLink.parent))
        .where(
            is_among(UnitLink.child, units),
            col(UnitLink.during).op("&&")(build_day_range(day)),
            col(UnitName.during).op("&&")(build_day_range(day)),
        )
    )
    return {(unit, congress): name for unit, congress, name in await fetch_rows(session, query)}


async def list_live_conferences(
    session: AsyncSession, actor: Actor, plan: UUID, units: Collection[UUID], *, only: bool, limit: int
) -> Sequence[Conference]:
    """Conferences of these units that are not cancelled, and unless ``only`` these are wanted, all others of
    the plan that are planned; as far as they are visible to the actor, the oldest first."""
    query = (
        select(Conference)
        .where(col(Conference.state) != ConferenceState.CANCELLED, is_visible_conference(actor))
        .order_by(col(Conference.id))
        .limit(limit)
    )
    wanted = is_among(Conference.unit, units)
    if not only:
        versions = select(PlanVersion.id).where(col(PlanVersion.plan) == plan)
        planned = col(Conference.state) == ConferenceState.PLANNED
        wanted = or_(wanted, planned & col(Conference.plan_version).in_(versions))
    return (await session.exec(query.where(wanted))).all()


async def list_versions(
    session: AsyncSession, plan: UUID, versions: Collection[UUID]
) -> Sequence[PlanVersion]:
    """Those of these versions that are of the plan."""
    query = select(PlanVersion).where(col(PlanVersion.plan) == plan, is_among(PlanVersion.id, versions))
    return (await session.exec(query)).all()
