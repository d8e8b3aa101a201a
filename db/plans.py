"""Plans, their versions, and the congresses they prepare."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import UniqueConstraint, func, literal_column, or_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import JSONB, distinct_on, insert
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import SQLModel, col, delete, exists, select, update

from db.columns import (
    check_words,
    id_column,
    json_column,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
    unique_index,
    word_column,
)
from db.reach import Condition, evaluate_condition, is_in_subtree_anywhere
from db.session import AsyncSession, fetch_rows
from db.units import LOCAL_SCHEME, UnitCode
from domain.access import Actor
from domain.plans import PlanState


class Congress(SQLModel, table=True):
    """A congress chain; ``id`` is that of the plans, ``name`` that of the first plan that prepares it."""

    id: str = text_column(primary_key=True)
    name: str = text_column()


class PlanRow(SQLModel, table=True):
    """A plan, which has versions. ``code`` is the id in the plan's own text; ``title``, ``authority`` and
    ``number`` are those of the version in force, or of the only draft."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("code", name="plan_id_taken"),)

    id: UUID = id_column()
    code: str = text_column()
    title: str = text_column()
    authority: str = text_column()
    council: str = text_column()
    """The code of the unit whose council issues the plan."""
    number: str | None = nullable_text_column()
    created_at: datetime = time_column()


class PlanCongress(SQLModel, table=True):
    """A congress that a plan prepares in any of its versions."""

    __tablename__ = "plan_congress"

    plan: UUID = reference_column("plan.id", primary_key=True)
    congress: str = text_reference_column("congress.id", primary_key=True)


class PlanVersion(SQLModel, table=True):
    """One text of a plan: a draft may change, a published version never does (a trigger refuses it)."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan", "n"),
        check_words("plan_version_state_known", "state", PlanState),
        unique_index("one_published_version_per_plan", "plan", where="state = 'published'"),
        unique_index("one_draft_per_plan", "plan", where="state = 'draft'"),
    )

    id: UUID = id_column()
    plan: UUID = reference_column("plan.id")
    n: int
    state: PlanState = word_column(PlanState)
    body: dict[str, Any] = json_column()
    digest: str = text_column()
    reason: str | None = nullable_text_column()
    created_at: datetime = time_column()
    published_at: datetime | None = nullable_time_column()
    version: int = 1


_BODY = cast(QueryableAttribute[Any], PlanVersion.body)
_CONGRESSES = func.jsonb_path_query_array(_BODY, literal_column("'$.congresses[*].id'"), type_=JSONB)


def is_council_in_reach(actor: Actor, council: Any) -> Condition:
    """The unit with that code, whose council issues a plan, is within the actor's reach."""
    if actor.is_service_wide:
        return is_in_subtree_anywhere(actor, None)
    code = select(UnitCode.id).where(
        col(UnitCode.scheme) == LOCAL_SCHEME,
        col(UnitCode.code) == council,
        is_in_subtree_anywhere(actor, col(UnitCode.unit)),
    )
    return code.correlate_except(UnitCode).exists()


def is_visible_version(actor: Actor) -> Condition:
    """Published versions are visible to everyone, a draft only to those who run the plan."""
    if actor.is_service_wide:
        return is_in_subtree_anywhere(actor, None)
    run = select(PlanRow.id).where(is_council_in_reach(actor, col(PlanRow.council)))
    return or_(col(PlanVersion.state) != PlanState.DRAFT, col(PlanVersion.plan).in_(run))


def is_visible_plan(actor: Actor) -> Condition:
    """Plans with a version that is visible to the actor."""
    return col(PlanRow.id).in_(select(PlanVersion.plan).where(is_visible_version(actor)))


async def find_plan(session: AsyncSession, actor: Actor, plan: UUID, *, lock: bool = False) -> PlanRow | None:
    """One plan visible to the actor; with ``lock`` one transaction at a time changes its versions."""
    query = select(PlanRow).where(col(PlanRow.id) == plan, is_visible_plan(actor))
    return (await session.exec(query.with_for_update(key_share=True) if lock else query)).first()


async def has_council_in_reach(session: AsyncSession, actor: Actor, council: str) -> bool:
    """Whether the council whose unit has that code is within the actor's reach."""
    return await evaluate_condition(session, is_council_in_reach(actor, council))


async def is_plan_of_own_council(session: AsyncSession, actor: Actor, plan: UUID) -> bool:
    """Whether the council that issues a plan is within the actor's reach."""
    query = select(PlanRow.id).where(
        col(PlanRow.id) == plan, is_council_in_reach(actor, col(PlanRow.council))
    )
    return (await session.exec(query)).first() is not None


async def find_plan_by_code(session: AsyncSession, actor: Actor, code: str) -> UUID | None:
    """The id of the plan with that ``code``, if it is visible to the actor."""
    query = select(PlanRow.id).where(col(PlanRow.code) == code, is_visible_plan(actor))
    return (await session.exec(query)).first()


async def page_plans(
    session: AsyncSession, actor: Actor, *, after: UUID | None, limit: int
) -> Sequence[PlanRow]:
    """Plans visible to the actor, the oldest first."""
    query = select(PlanRow).where(is_visible_plan(actor)).order_by(col(PlanRow.id)).limit(limit)
    if after is not None:
        query = query.where(col(PlanRow.id) > after)
    return (await session.exec(query)).all()


async def page_versions(
    session: AsyncSession, actor: Actor, plan: UUID, *, after: int = 0, limit: int | None = None
) -> Sequence[PlanVersion]:
    """The versions of a plan that are visible to the actor, without bodies, the oldest first."""
    query = (
        select(PlanVersion)
        .where(col(PlanVersion.plan) == plan, col(PlanVersion.n) > after, is_visible_version(actor))
        .options(defer(_BODY, raiseload=True))
        .order_by(col(PlanVersion.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def get_newest_version(session: AsyncSession, plan: UUID) -> tuple[int, PlanState]:
    """(number, state) of a plan's newest version."""
    query = (
        select(PlanVersion.n, PlanVersion.state)
        .where(col(PlanVersion.plan) == plan)
        .order_by(col(PlanVersion.n).desc())
        .limit(1)
    )
    n, state = (await session.exec(query)).one()
    return n, PlanState(state)


async def find_version(
    session: AsyncSession, actor: Actor, plan: UUID, n: int, *, lock: bool = False
) -> PlanVersion | None:
    """One version of a plan; ``lock`` keeps others from changing it until the transaction ends."""
    query = select(PlanVersion).where(
        col(PlanVersion.plan) == plan, col(PlanVersion.n) == n, is_visible_version(actor)
    )
    if lock:
        query = query.with_for_update()
    return (await session.exec(query)).first()


async def find_published_version(session: AsyncSession, plan: UUID) -> PlanVersion | None:
    """The version in force."""
    query = select(PlanVersion).where(
        col(PlanVersion.plan) == plan, col(PlanVersion.state) == PlanState.PUBLISHED
    )
    return (await session.exec(query)).first()


async def get_current_version(session: AsyncSession, actor: Actor, plan: UUID) -> PlanVersion:
    """The version in force, or the newest draft if none is in force."""
    query = (
        select(PlanVersion)
        .where(col(PlanVersion.plan) == plan, is_visible_version(actor))
        .order_by((col(PlanVersion.state) == PlanState.PUBLISHED).desc(), col(PlanVersion.n).desc())
        .limit(1)
    )
    return (await session.exec(query)).one()


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version without its body."""

    id: UUID
    version: int
    n: int
    state: PlanState
    congresses: Sequence[str]


async def map_versions_by_plan(
    session: AsyncSession, actor: Actor, plans: Collection[UUID]
) -> Mapping[UUID, VersionSummary]:
    """plan → its :func:`get_current_version`, without reading bodies."""
    chosen = (
        select(PlanVersion.id)
        .where(col(PlanVersion.plan).in_(plans), is_visible_version(actor))
        .order_by(
            col(PlanVersion.plan),
            (col(PlanVersion.state) == PlanState.PUBLISHED).desc(),
            col(PlanVersion.n).desc(),
        )
        .ext(distinct_on(col(PlanVersion.plan)))
    )
    query = columns(
        *map(col, (PlanVersion.plan, PlanVersion.id, PlanVersion.version, PlanVersion.n, PlanVersion.state)),
        _CONGRESSES,
    ).where(col(PlanVersion.id).in_(chosen))
    return {
        plan: VersionSummary(row, version, n, PlanState(state), sorted(congresses))
        for plan, row, version, n, state, congresses in await fetch_rows(session, query)
    }


async def store_congresses(
    session: AsyncSession, plan: UUID, named: Mapping[str, str], *, naming: bool
) -> None:
    """Store the congresses of a plan's text, ``named`` (id → name), and delete links that no version has.

    A congress has the name from the first plan that prepares it. With ``naming``, this plan may change the
    name if it is that plan.
    """
    rows = [{"id": congress, "name": name} for congress, name in sorted(named.items())]
    await session.exec(insert(Congress).values(rows).on_conflict_do_nothing())
    links = [{"plan": plan, "congress": row["id"]} for row in rows]
    await session.exec(insert(PlanCongress).values(links).on_conflict_do_nothing())
    in_version = exists().where(col(PlanVersion.plan) == plan, _has_congress(col(PlanCongress.congress)))
    await session.exec(delete(PlanCongress).where(col(PlanCongress.plan) == plan, ~in_version))
    stored = await map_names_by_congress(session, named) if naming else named
    for congress in sorted(each for each in named if named[each] != stored[each]):
        earlier_plan = exists().where(col(PlanCongress.congress) == congress, col(PlanCongress.plan) < plan)
        await session.exec(
            update(Congress).where(col(Congress.id) == congress, ~earlier_plan).values(name=named[congress])
        )


async def list_congress_ids(session: AsyncSession) -> Sequence[str]:
    """The congresses that plans have named, in order."""
    return (await session.exec(select(Congress.id).order_by(Congress.id))).all()


async def map_names_by_congress(session: AsyncSession, congresses: Collection[str]) -> Mapping[str, str]:
    """The names of congresses, by id."""
    query = select(Congress.id, Congress.name).where(col(Congress.id).in_(congresses))
    return dict((await session.exec(query)).all())


async def list_defined_words(session: AsyncSession, name: str) -> Mapping[str, str]:
    """id → name of the ``kinds`` of units, or of the ``measures``, that any version of a plan defines.

    The last version that defines a word gives its name.
    """
    query = (
        select(_BODY[name])
        .where(func.jsonb_array_length(func.coalesce(_BODY[name], literal_column("'[]'::jsonb"))) > 0)
        .order_by(col(PlanVersion.created_at), col(PlanVersion.id))
    )
    return {word["id"]: word["name"] for words in await session.exec(query) for word in words}


def _has_congress(congress: Any) -> Any:
    """The condition that a version's text names a congress."""
    return _BODY.op("@>")(
        func.jsonb_build_object("congresses", func.jsonb_build_array(func.jsonb_build_object("id", congress)))
    )
