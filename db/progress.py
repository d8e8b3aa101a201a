"""The board of a plan: its conferences and their steps, counted in the database."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select

from db.columns import is_among
from db.conference_steps import ConferenceStep
from db.conferences import Conference, is_visible_conference
from db.difficulties import Difficulty, is_visible_difficulty
from db.plans import PlanVersion
from db.reach import Condition, UnitAbove, is_visible_unit
from db.session import AsyncSession, allow_counting, fetch_rows
from db.units import LOCAL_SCHEME, Unit, UnitCode, build_day_range
from domain.access import Actor
from domain.conferences.steps import StepKind, StepStatus
from domain.plans.seats import Bloc
from domain.plans.tiers import Tier


@dataclass(frozen=True, slots=True)
class ProgressFilter:
    """Which conferences a board is about: of a plan on a day, and of these a tier, a kind of units, a bloc,
    or the unit with those below it. ``blocs`` are those of the plan, in the order in which they count."""

    plan: UUID
    on: date
    tier: str | None = None
    kind: str | None = None
    unit: UUID | None = None
    bloc: str | None = None
    blocs: tuple[Bloc, ...] = ()


@dataclass(frozen=True, slots=True)
class ConferenceCount:
    """How many conferences there are of a tier, a kind of units and a bloc."""

    tier: str
    kind: str
    bloc: str | None
    conferences: int


@dataclass(frozen=True, slots=True)
class DifficultyCount:
    """How many difficulties of the conferences of a tier, a kind of units and a bloc are in which state."""

    tier: str
    kind: str
    bloc: str | None
    open: int = 0
    answered: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many conferences of a tier, a kind of units and a bloc have come how far in a step."""

    tier: str
    kind: str
    bloc: str | None
    step: str
    step_kind: StepKind
    done: int
    done_late: int
    due: int
    late: int
    undated: int


def _name_bloc(wanted: ProgressFilter, is_named: Callable[[Collection[str]], Condition]) -> Any:
    """The bloc that names a unit, NULL where none does."""
    named = [(is_named(each.units), literal(each.id, Text())) for each in wanted.blocs if each.units]
    return case(*named) if named else literal(None, Text())


def _choose_bloc(wanted: ProgressFilter, named: Any, kind: Any) -> Any:
    """The bloc of a unit: one that names it, or else one that has its kind. None has every unit that is left,
    so that each is counted once."""
    of_kind = [(kind.in_(each.kinds), literal(each.id, Text())) for each in wanted.blocs if each.kinds]
    return func.coalesce(named, case(*of_kind)) if of_kind else named


def _get_fact(name: str) -> Any:
    """A fact about the unit of a conference, as text."""
    return type_coerce(Conference.facts, JSONB)[name].astext


def _name_conference_bloc(wanted: ProgressFilter) -> Any:
    """The bloc that names the unit of a conference."""
    return _name_bloc(wanted, _get_fact("code").in_)


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
    """The conferences of a board: those that were not cancelled by then and that the actor sees."""
    query = query.join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version)).where(
        col(PlanVersion.plan) == wanted.plan,
        or_(col(Conference.cancelled_on).is_(None), col(Conference.cancelled_on) > wanted.on),
        is_visible_conference(actor),
    )
    if wanted.tier is not None:
        query = query.where(col(Conference.tier) == wanted.tier)
    if wanted.kind is not None:
        query = query.where(_get_fact("kind") == wanted.kind)
    if wanted.unit is not None:
        query = query.where(_is_at_or_below(wanted.unit, wanted.on, col(Conference.unit)))
    if wanted.bloc is not None:
        bloc = _choose_bloc(wanted, _name_conference_bloc(wanted), _get_fact("kind"))
        query = query.where(bloc == wanted.bloc)
    return query


def _is_at_or_below(above: UUID, on: date, unit: Any) -> Condition:
    path = exists().where(
        col(UnitAbove.unit) == unit, col(UnitAbove.above) == above, col(UnitAbove.during).op("@>")(on)
    )
    return or_(unit == above, path)


async def list_progress_counts(
    session: AsyncSession, actor: Actor, wanted: ProgressFilter
) -> tuple[Sequence[ConferenceCount], Sequence[StepCount]]:
    """The conferences of a board by tier, kind of units and bloc, and how far their steps are.

    One statement, which looks at each conference once: whether the actor sees it costs more than to count it.
    Blocs that have whole kinds are found for the counts of a kind, and not for each conference.
    """
    found = columns(
        col(Conference.id),
        col(Conference.tier),
        _get_fact("kind").label("kind"),
        _name_conference_bloc(wanted).label("named"),
    )
    counted = _count_seen(_select_conferences(found, actor, wanted).cte("seen"), wanted.on).subquery()
    keys = counted.c.step, counted.c.step_kind
    bloc = _choose_bloc(wanted, counted.c.named, counted.c.kind).label("bloc")
    sums = [cast(func.sum(each), BigInteger) for each in counted.c if each.name.startswith("n_")]
    query = columns(counted.c.tier, counted.c.kind, bloc, *keys, *sums)
    query = query.group_by(counted.c.tier, counted.c.kind, literal_column("bloc"), *keys)
    async with allow_counting(session):
        rows = await fetch_rows(session, query)
    return (
        [ConferenceCount(row[0], row[1], row[2], row[5]) for row in rows if row[3] is None],
        [_read_step_count(*row) for row in rows if row[3] is not None],
    )


def _read_step_count(
    tier: str, kind: str, bloc: str | None, step: str, step_kind: str, *counts: int
) -> StepCount:
    return StepCount(tier, kind, bloc, step, StepKind(step_kind), *counts)


def _count_seen(seen: Any, on: date) -> Any:
    """The conferences that are seen, by tier, kind and the bloc that names the unit; and in the same columns,
    with a step, how many are how far."""
    places = seen.c.tier, seen.c.kind, seen.c.named
    no_step = literal(None, Text()).label("step"), literal(None, Text()).label("step_kind")
    counts = [func.count(), *(literal(0) for _ in range(len(StepStatus) - 1))]
    conferences = columns(*places, *no_step, *(each.label(f"n_{n}") for n, each in enumerate(counts)))
    steps = col(ConferenceStep.step), col(ConferenceStep.kind)
    statuses = [func.count().filter(condition) for condition in derive_status(on).values()]
    of_steps = (
        columns(*places, *steps, *statuses)
        .join_from(seen, ConferenceStep, col(ConferenceStep.conference) == seen.c.id)
        .where(col(ConferenceStep.during).op("@>")(on))
        .group_by(*places, *steps)
    )
    return union_all(conferences.group_by(*places), of_steps)


async def count_difficulties(
    session: AsyncSession, actor: Actor, wanted: ProgressFilter
) -> Sequence[DifficultyCount]:
    """The difficulties that the actor sees of the conferences of a board, by tier, kind of units and bloc, in
    their state at the end of the day."""
    was_closed = func.coalesce(col(Difficulty.closed_on) <= wanted.on, false())
    was_answered = func.coalesce(col(Difficulty.answered_on) <= wanted.on, false())
    states = (and_(~was_closed, ~was_answered), and_(~was_closed, was_answered), was_closed)
    kind = _get_fact("kind")
    bloc = _choose_bloc(wanted, _name_conference_bloc(wanted), kind)
    places = col(Conference.tier), kind.label("kind"), bloc.label("bloc")
    query = (
        columns(*places, *(func.count().filter(state) for state in states))
        .select_from(Conference)
        .join(Difficulty, col(Difficulty.conference) == col(Conference.id))
        .where(col(Difficulty.raised_on) <= wanted.on, is_visible_difficulty(actor))
    )
    query = _select_conferences(query, actor, wanted).group_by(
        col(Conference.tier), literal_column("kind"), literal_column("bloc")
    )
    return [DifficultyCount(*row) for row in await fetch_rows(session, query)]


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
    tiers: Sequence[Tier],
) -> Mapping[str, Mapping[tuple[str, str | None], int]]:
    """Tier → kind and bloc → how many units there are on the day: by kind or code, at or below the council.

    Where the council has no unit here, those of the whole chain are counted.
    """
    of_tiers = [
        is_unit_of_tier(
            wanted.on, council=council, congresses=tier.congresses, kinds=tier.kinds, codes=tier.units
        )
        for tier in tiers
    ]
    bloc = _choose_bloc(wanted, _name_bloc(wanted, partial(_is_named, wanted.on)), col(Unit.kind))
    flags = [each.label(f"tier_{n}") for n, each in enumerate(of_tiers)]
    names: list[Any] = [literal_column(each.name) for each in flags]
    query = (
        columns(col(Unit.kind), bloc.label("bloc"), func.count(), *flags)
        .where(col(Unit.during).op("@>")(wanted.on), or_(*of_tiers), is_visible_unit(actor, col(Unit.id)))
        .group_by(col(Unit.kind), literal_column("bloc"), *names)
    )
    if wanted.bloc is not None:
        query = query.where(bloc == wanted.bloc)
    if wanted.kind is not None:
        query = query.where(col(Unit.kind) == wanted.kind)
    if wanted.unit is not None:
        query = query.where(_is_at_or_below(wanted.unit, wanted.on, col(Unit.id)))
    counts: dict[str, dict[tuple[str, str | None], int]] = {tier.id: {} for tier in tiers}
    for kind, of_bloc, number, *belongs in await fetch_rows(session, query):
        for tier in (each for each, belonging in zip(tiers, belongs, strict=True) if belonging):
            place = kind, of_bloc
            counts[tier.id][place] = counts[tier.id].get(place, 0) + number
    return counts


def is_unit_of_tier(
    on: date,
    *,
    council: UUID | None,
    congresses: Collection[str],
    kinds: Collection[str],
    codes: Collection[str],
) -> Condition:
    """The unit is one of a tier on a day: by kind or code, at or below the council, in the tier's chains."""
    named = _is_named(on, codes) if codes else false()
    return and_(or_(is_among(Unit.kind, kinds), named), _is_in_chain(council, congresses, on))


def _is_named(on: date, codes: Collection[str]) -> Condition:
    """The unit has one of these codes on a day."""
    return exists().where(
        col(UnitCode.unit) == col(Unit.id),
        col(UnitCode.scheme) == LOCAL_SCHEME,
        is_among(UnitCode.code, codes),
        col(UnitCode.during).op("&&")(build_day_range(on)),
    )


def _is_in_chain(council: UUID | None, congresses: Collection[str], on: date) -> Condition:
    """The unit is the council or below it in one of these chains, or in one of them at all."""
    path = is_among(UnitAbove.congress, congresses), col(UnitAbove.during).op("@>")(on)
    below = columns(col(UnitAbove.unit)).where(*path)
    if council is not None:
        return or_(col(Unit.id) == council, col(Unit.id).in_(below.where(col(UnitAbove.above) == council)))
    return or_(col(Unit.id).in_(below), col(Unit.id).in_(columns(col(UnitAbove.above)).where(*path)))
