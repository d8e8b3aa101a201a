"""The board of a plan: its conferences and their steps, counted in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, true, tuple_
from sqlalchemy import select as columns
from sqlmodel import col, select

from db.columns import is_among
from db.conference_steps import ConferenceStep
from db.conferences import Conference, is_visible_conference
from db.plans import PlanVersion
from db.reach import Condition, UnitAbove, is_visible_unit
from db.session import AsyncSession, fetch_rows
from db.units import LOCAL_SCHEME, Unit, UnitCode, build_day_range
from domain.access import Actor
from domain.conferences.life import ConferenceState
from domain.conferences.steps import StepKind, StepStatus


@dataclass(frozen=True, slots=True)
class ProgressFilter:
    """Which conferences a board is about: of a plan on a day, and of these a tier, a kind of units, or the
    unit with those below it."""

    plan: UUID
    on: date
    tier: str | None = None
    kind: str | None = None
    unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class ConferenceCount:
    """How many conferences there are of a tier and a kind of units, and how many of them have met."""

    tier: str
    kind: str
    conferences: int
    met: int


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many conferences of a tier and a kind of units have come how far in a step."""

    tier: str
    kind: str
    step: str
    step_kind: StepKind
    done: int
    done_late: int
    due: int
    late: int
    undated: int


def derive_status(on: date) -> dict[StepStatus, Condition]:
    """How far a step is at the end of a day, as conditions of which exactly one is true."""
    done = and_(col(ConferenceStep.done_on).is_not(None), col(ConferenceStep.done_on) <= on)
    has_day = col(ConferenceStep.due).is_not(None)
    in_time = or_(~has_day, col(ConferenceStep.done_on) <= col(ConferenceStep.due))
    return {
        StepStatus.DONE: and_(done, in_time),
        StepStatus.DONE_LATE: and_(done, ~in_time),
        StepStatus.DUE: and_(~done, has_day, col(ConferenceStep.due) >= on),
        StepStatus.LATE: and_(~done, has_day, col(ConferenceStep.due) < on),
        StepStatus.UNDATED: and_(~done, ~has_day),
    }


def _select_conferences(query: Any, actor: Actor, wanted: ProgressFilter) -> Any:
    """The conferences of a board: those that are not cancelled and that the actor sees."""
    query = (
        query.join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version))
        .join(Unit, col(Unit.id) == col(Conference.unit))
        .where(
            col(PlanVersion.plan) == wanted.plan,
            col(Conference.state) != ConferenceState.CANCELLED,
            is_visible_conference(actor),
        )
    )
    if wanted.tier is not None:
        query = query.where(col(Conference.tier) == wanted.tier)
    if wanted.kind is not None:
        query = query.where(col(Unit.kind) == wanted.kind)
    if wanted.unit is not None:
        query = query.where(_is_at_or_below(wanted.unit, wanted.on, col(Conference.unit)))
    return query


def _is_at_or_below(above: UUID, on: date, unit: Any) -> Condition:
    path = exists().where(
        col(UnitAbove.unit) == unit, col(UnitAbove.above) == above, col(UnitAbove.during).op("@>")(on)
    )
    return or_(unit == above, path)


async def count_conferences(
    session: AsyncSession, actor: Actor, wanted: ProgressFilter
) -> Sequence[ConferenceCount]:
    """The conferences of a board by tier and kind of units."""
    met = func.count().filter(col(Conference.held_on) <= wanted.on)
    query = columns(col(Conference.tier), col(Unit.kind), func.count(), met).select_from(Conference)
    query = _select_conferences(query, actor, wanted).group_by(col(Conference.tier), col(Unit.kind))
    return [ConferenceCount(*row) for row in await fetch_rows(session, query)]


async def count_steps(session: AsyncSession, actor: Actor, wanted: ProgressFilter) -> Sequence[StepCount]:
    """How far the steps of a board are, by tier, kind of units and step."""
    keys = [col(each) for each in (Conference.tier, Unit.kind, ConferenceStep.step, ConferenceStep.kind)]
    counts = [func.count().filter(condition) for condition in derive_status(wanted.on).values()]
    query = (
        columns(*keys, *counts)
        .select_from(Conference)
        .join(ConferenceStep, col(ConferenceStep.conference) == col(Conference.id))
        .where(col(ConferenceStep.during).op("@>")(wanted.on))
    )
    query = _select_conferences(query, actor, wanted).group_by(*keys)
    return [StepCount(*row) for row in await fetch_rows(session, query)]


async def page_step_conferences(
    session: AsyncSession,
    actor: Actor,
    wanted: ProgressFilter,
    *,
    step: str | None,
    status: StepStatus | None,
    after: tuple[UUID, str] | None,
    limit: int,
) -> Sequence[tuple[Conference, ConferenceStep]]:
    """The conferences of a board with their steps, or one ``step``, the oldest first; ``after`` is the last
    conference and step of the page before. With a ``status`` only the steps that are so far."""
    query = (
        select(Conference, ConferenceStep)
        .join(ConferenceStep, col(ConferenceStep.conference) == col(Conference.id))
        .where(col(ConferenceStep.during).op("@>")(wanted.on))
        .order_by(col(Conference.id), col(ConferenceStep.step))
        .limit(limit)
    )
    if step is not None:
        query = query.where(col(ConferenceStep.step) == step)
    if status is not None:
        query = query.where(derive_status(wanted.on)[status])
    if after is not None:
        query = query.where(tuple_(col(Conference.id), col(ConferenceStep.step)) > tuple_(*after))
    found = await session.exec(_select_conferences(query, actor, wanted))
    return [(conference, row) for conference, row in found]


async def count_units(
    session: AsyncSession,
    actor: Actor,
    wanted: ProgressFilter,
    *,
    council: UUID | None,
    congresses: Collection[str],
    kinds: Collection[str],
    codes: Collection[str],
) -> Sequence[tuple[str, int]]:
    """Kind → how many units of a tier there are on the day: by kind or code, at or below the council.

    Where the council has no unit here, those of the whole chain are counted.
    """
    query = (
        columns(col(Unit.kind), func.count())
        .where(
            is_unit_of_tier(wanted.on, council=council, congresses=congresses, kinds=kinds, codes=codes),
            is_visible_unit(actor, col(Unit.id)),
        )
        .group_by(col(Unit.kind))
    )
    if wanted.kind is not None:
        query = query.where(col(Unit.kind) == wanted.kind)
    if wanted.unit is not None:
        query = query.where(_is_at_or_below(wanted.unit, wanted.on, col(Unit.id)))
    return [(kind, number) for kind, number in await fetch_rows(session, query)]


def is_unit_of_tier(
    on: date,
    *,
    council: UUID | None,
    congresses: Collection[str],
    kinds: Collection[str],
    codes: Collection[str],
) -> Condition:
    """The unit is one of a tier on a day: by kind or code, at or below the council, in the tier's chains."""
    in_chain = exists().where(
        or_(
            and_(
                col(UnitAbove.unit) == col(Unit.id),
                true() if council is None else col(UnitAbove.above) == council,
            ),
            and_(
                col(UnitAbove.above) == col(Unit.id), true() if council is None else col(Unit.id) == council
            ),
        ),
        is_among(UnitAbove.congress, congresses),
        col(UnitAbove.during).op("@>")(on),
    )
    named = exists().where(
        col(UnitCode.unit) == col(Unit.id),
        col(UnitCode.scheme) == LOCAL_SCHEME,
        is_among(UnitCode.code, codes),
        col(UnitCode.during).op("&&")(build_day_range(on)),
    )
    return and_(col(Unit.during).op("@>")(on), or_(is_among(Unit.kind, kinds), named), in_chain)
