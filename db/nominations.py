"""Nominations by units."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, and_, func, or_
from sqlalchemy import select as columns
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    is_among,
    nullable_text_column,
    nullable_time_column,
    records_column,
    reference_column,
    text_column,
    time_column,
    unique_index,
    word_column,
)
from db.conferences import Conference
from db.plans import PlanVersion
from db.reach import Condition, has_role_at, is_in_subtree, is_own_unit
from db.session import AsyncSession, fetch_rows
from domain.access import COUNCIL_ROLES, Actor
from domain.nominations import (
    LIVE_STATES,
    SENT_STATES,
    Honour,
    NominationState,
    UnitDrafts,
)
from domain.people import compute_same_time_days


class Nomination(SQLModel, table=True):
    """A unit nominates a person, or a person for a collective, for a conference and a seat group."""

    __table_args__ = (
        check_words("nomination_state_known", "state", NominationState),
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR quota IS NOT NULL", "nomination_needs_quota"
        ),
        CheckConstraint("rank IS NULL OR rank >= 1", "nomination_rank_positive"),
        ForeignKeyConstraint(
            ["quota", "conference", "unit", "group"],
            ["quota.id", "quota.conference", "quota.unit", "quota.group"],
            name="nomination_quota_fits",
        ),
        unique_index(
            "person_nominated_once_by_unit", "conference", "unit", "person", where="state <> 'withdrawn'"
        ),
        unique_index("person_accepted_once", "conference", "person", where="state = 'accepted'"),
        Index("nomination_list_idx", "conference", "unit", "group"),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id")
    unit: UUID = reference_column("unit.id", index=True)
    named_by_unit: UUID | None = reference_column("unit.id", nullable=True, index=True)
    """The unit below whose proposal it was, before it rose to ``unit``."""
    group: str = text_column()
    quota: UUID | None = Field(default=None, index=True)
    person: UUID = reference_column("person.id", index=True)
    entered: bool
    """Whether the person was entered with it, and not known in the service before."""
    collective: UUID | None = reference_column("collective.id", nullable=True)
    state: NominationState = word_column(NominationState)
    rank: int | None = None
    merit: str | None = nullable_text_column()
    achievements: str | None = nullable_text_column()
    honours: tuple[Honour, ...] = records_column(Honour)
    notice: str = text_column()
    purpose: str = text_column()
    source_document: str | None = nullable_text_column()
    named_by_document: str | None = nullable_text_column()
    """The document of the unit below that proposed it, where others entered it before it rose."""
    returned_reason: str | None = nullable_text_column()
    submitted_at: datetime | None = nullable_time_column()
    created_at: datetime = time_column()
    version: int = 1


def is_visible_nomination(actor: Actor) -> Condition:
    """Nominations by the actor's own units and those that rose from them, those submitted to a conference of
    these units, and those entered from a paper of a unit below. Nobody else sees a unit's draft."""
    named_below = is_own_unit(actor, col(Conference.congress), col(Nomination.named_by_unit))
    return _has_matching_conference(is_own_unit(actor, *_PLACE), named_below, _is_submitted_to_actor(actor))


def may_read_sealed_nominee(actor: Actor) -> Condition:
    """Nominations for which the actor may read the nominee's sealed data.

    An officer may for the nominations of the own unit. A council also may for those submitted to its own
    conference, and for those entered from a paper document of a unit below. Withdrawn nominations are left
    out: the data serve no purpose any more.
    """
    reader = actor.personal_reader
    is_readable = _has_matching_conference(
        is_own_unit(reader, *_PLACE), _is_submitted_to_actor(reader.narrow_to_roles(COUNCIL_ROLES))
    )
    return and_(col(Nomination.state) != "withdrawn", is_readable)


_PLACE = col(Conference.congress), col(Nomination.unit)


def _is_submitted_to_actor(actor: Actor) -> Condition:
    submitted = and_(col(Nomination.submitted_at).is_not(None), col(Nomination.state) != "draft")
    return or_(
        and_(submitted, has_role_at(actor, col(Conference.congress), col(Conference.unit))),
        and_(_came_on_paper(), is_in_subtree(actor, *_PLACE)),
    )


def _came_on_paper() -> Condition:
    """Entered by others from a document of the unit, or of the unit below from which it rose."""
    return or_(col(Nomination.source_document).is_not(None), col(Nomination.named_by_document).is_not(None))


def _has_matching_conference(*conditions: Condition) -> Condition:
    query = select(Conference.id).where(col(Conference.id) == col(Nomination.conference), or_(*conditions))
    return query.correlate(Nomination).exists()


async def find_nomination_case(
    session: AsyncSession, actor: Actor, nomination: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Nomination, CaseRow] | None:
    """One nomination that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Nomination.id) == nomination, is_visible_nomination(actor))
    return await find_row_case(session, actor, Nomination, where, lock=lock)


async def lock_nomination(session: AsyncSession, actor: Actor, nomination: UUID) -> Nomination | None:
    """One nomination that the actor sees, as it is now; its state does not change until the transaction
    ends."""
    query = select(Nomination).where(col(Nomination.id) == nomination, is_visible_nomination(actor))
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).first()


async def has_sealed_access(session: AsyncSession, actor: Actor, id: UUID) -> bool:  # noqa: A002
    """Whether the actor may read the sealed data of the nominee."""
    query = select(Nomination.id).where(col(Nomination.id) == id, may_read_sealed_nominee(actor))
    return bool(actor.personal_reader.grants) and (await session.exec(query)).first() is not None


async def list_live_nominations(
    session: AsyncSession,
    actor: Actor,
    conference: UUID,
    unit: UUID | None = None,
    *,
    states: Collection[NominationState] = LIVE_STATES,
) -> Sequence[Nomination]:
    """The nominations that still count (neither returned nor withdrawn) and are visible to the actor, by rank
    and then by age; ``states`` narrows them."""
    conditions = build_live_conditions(conference, unit, states)
    query = select(Nomination).where(*conditions, is_visible_nomination(actor))
    query = query.order_by(col(Nomination.rank).asc().nulls_last(), col(Nomination.id))
    return (await session.exec(query)).all()


async def page_nominations(
    session: AsyncSession,
    actor: Actor,
    conference: UUID,
    *,
    unit: UUID | None,
    group: str | None,
    state: NominationState | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Nomination]:
    """Nominations to a conference that are visible to the actor, the oldest first, filtered."""
    query = select(Nomination).where(col(Nomination.conference) == conference, is_visible_nomination(actor))
    for column, value in ((Nomination.unit, unit), (Nomination.group, group), (Nomination.state, state)):
        if value is not None:
            query = query.where(col(column) == value)
    if after is not None:
        query = query.where(col(Nomination.id) > after)
    return (await session.exec(query.order_by(col(Nomination.id)).limit(limit))).all()


async def map_places_by_nomination(
    session: AsyncSession, conference: UUID
) -> Mapping[UUID, tuple[UUID, str]]:
    """Nomination → (unit, group), for all nominations to a conference."""
    query = select(Nomination.id, Nomination.unit, Nomination.group).where(
        col(Nomination.conference) == conference
    )
    return {id_: (unit, group) for id_, unit, group in await session.exec(query)}


async def map_persons_by_nomination(session: AsyncSession, nominations: Collection[UUID]) -> dict[UUID, UUID]:
    """Nomination → person, for some nominations."""
    query = select(Nomination.id, Nomination.person).where(is_among(col(Nomination.id), nominations))
    return dict((await session.exec(query)).all())


async def list_readable_nominees(
    session: AsyncSession, actor: Actor, conference: UUID, unit: UUID | None = None
) -> frozenset[UUID]:
    """The nominees, of nominations that still count, whose sealed data the actor may read."""
    query = select(Nomination.person).where(
        *build_live_conditions(conference, unit), may_read_sealed_nominee(actor)
    )
    return frozenset((await session.exec(query)).all())


async def count_unit_drafts(session: AsyncSession, congress: str, unit: UUID) -> UnitDrafts:
    """The nominations that a unit has entered lately, whoever asks; others that are entered for it wait."""
    ((drafts, seconds),) = await fetch_rows(session, _COUNT_DRAFTS, {"congress": congress, "unit": unit})
    return UnitDrafts(drafts, seconds)


_COUNT_DRAFTS = sql("SELECT drafts, seconds FROM count_unit_drafts(:congress, :unit)")


async def list_without_achievements(
    session: AsyncSession, actor: Actor, congress: str, unit: UUID, tiers: Collection[str]
) -> Sequence[UUID]:
    """The nominations that a unit sent to conferences of these tiers in a chain and that state neither
    achievements nor honours, as far as the actor sees them; the oldest first."""
    query = (
        select(Nomination.id)
        .join(Conference, col(Conference.id) == col(Nomination.conference))
        .where(
            col(Nomination.unit) == unit,
            col(Nomination.state).in_(SENT_STATES),
            col(Conference.congress) == congress,
            col(Conference.tier).in_(tiers),
            func.coalesce(col(Nomination.achievements), "") == "",
            func.jsonb_array_length(col(Nomination.honours)) == 0,
            is_visible_nomination(actor),
        )
        .order_by(col(Nomination.id))
    )
    return (await session.exec(query)).all()


async def count_live_nominations(
    session: AsyncSession,
    conference: UUID,
    unit: UUID | None = None,
    *,
    states: Collection[NominationState] = LIVE_STATES,
) -> Counter[tuple[UUID, str]]:
    """How many nominations still count, by (unit, group); also those the actor may not see."""
    place = col(Nomination.unit), col(Nomination.group)
    conditions = build_live_conditions(conference, unit, states)
    query = columns(*place, func.count()).where(*conditions).group_by(*place)
    return Counter({(row[0], row[1]): row[2] for row in await fetch_rows(session, query)})


def build_live_conditions(
    conference: UUID, unit: UUID | None, states: Collection[NominationState] = LIVE_STATES
) -> list[Condition]:
    """The nominations to a conference, of one unit if it is given, that still count."""
    conditions = [col(Nomination.conference) == conference, col(Nomination.state).in_(states)]
    return conditions if unit is None else [*conditions, col(Nomination.unit) == unit]


async def list_other_congresses(
    session: AsyncSession, actor: Actor, conference: Conference, person: UUID
) -> Sequence[tuple[Conference, PlanVersion]]:
    """The conferences of other congresses of the same time to which the person was sent, each with its plan
    version, as far as the actor sees the nomination. Plans are read only where there are any."""
    query = (
        select(Conference)
        .join(Nomination, col(Nomination.conference) == col(Conference.id))
        .where(
            col(Nomination.person) == person,
            col(Nomination.state).in_(SENT_STATES),
            is_visible_nomination(actor),
            col(Conference.congress) != conference.congress,
            col(Conference.as_of).between(*compute_same_time_days(conference.as_of)),
            col(Conference.state) != "cancelled",
        )
        .order_by(col(Conference.id))
    )
    return [
        (each, await session.get_one(PlanVersion, each.plan_version))
        for each in (await session.exec(query)).all()
    ]
