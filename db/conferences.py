"""Conferences and their seat groups."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, exists, or_
from sqlalchemy import select as columns
from sqlmodel import SQLModel, col, select

from db.columns import (
    check_words,
    id_column,
    nullable_json_column,
    nullable_text_column,
    record_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
    unique_index,
    word_column,
)
from db.plans import PlanVersion
from db.reach import Condition, has_role_at, is_above_actor, is_in_subtree
from db.session import AsyncSession
from domain.access import Actor
from domain.conferences.filed_facts import FiledFacts
from domain.conferences.life import ConferenceState
from domain.conferences.meetings import Meeting
from domain.conferences.preparation import Schedule, Vetting
from domain.conferences.terms import UnitFacts
from domain.plans.seats import CountsAs, FilledBy, SeatGroup
from domain.plans.tiers import Form


class Conference(SQLModel, table=True):
    """One unit's conference in one congress chain.

    ``facts`` are those about the unit on the day ``as_of``. What the plan says about such a unit is derived
    on request. ``size`` is the decided number of delegates, ``maximum`` the cap of the plan for this form.
    Triggers count the seats ``given`` to units and the people ``listed`` by the organiser, over all groups;
    ``excess`` is by how many places they exceed a number that was lowered later, and only decreases.
    """

    __table_args__ = (
        check_words("conference_state_known", "state", ConferenceState),
        check_words("conference_form_known", "form", Form),
        check_words("conference_chosen_form_known", "chosen_form", Form),
        CheckConstraint(
            "size >= 0 AND maximum >= 0 AND given >= 0 AND listed >= 0 AND excess >= 0",
            "conference_not_negative",
        ),
        CheckConstraint(
            "given + listed <= coalesce(size, maximum, given + listed) + excess", "conference_full"
        ),
        CheckConstraint("(state = 'cancelled') = (cancelled_on IS NOT NULL)", "cancelled_conference_has_day"),
        unique_index(
            "one_conference_per_unit_and_congress", "congress", "unit", where="state <> 'cancelled'"
        ),
    )

    id: UUID = id_column()
    congress: str = text_reference_column("congress.id", index=True)
    plan_version: UUID = reference_column("plan_version.id", index=True)
    unit: UUID = reference_column("unit.id", index=True)
    tier: str = text_column()
    state: ConferenceState = word_column(ConferenceState)
    as_of: date
    """The day for which units and figures are taken."""
    name: str | None = nullable_text_column()
    chosen: str | None = nullable_text_column()
    """The id of the name that the unit chose among those the plan offers."""
    form: Form = word_column(Form)
    chosen_form: Form | None = word_column(Form, nullable=True)
    """The form that was chosen where the plan leaves it open."""
    facts: UnitFacts = record_column(UnitFacts)
    numbers: dict[str, Any] | None = nullable_json_column()
    """The adopted decision on its numbers, in the format of plans; ``size`` is taken from it."""
    size: int | None = None
    maximum: int | None = None
    given: int = 0
    listed: int = 0
    excess: int = 0
    held_on: date | None = None
    """The first day of its meeting."""
    meeting: Meeting | None = record_column(Meeting, nullable=True)
    planned: FiledFacts | None = record_column(FiledFacts, nullable=True)
    """What the unit's own plan says, as it was last filed."""
    vetting: Vetting | None = record_column(Vetting, nullable=True)
    schedule: Schedule | None = record_column(Schedule, nullable=True)
    postponed_reason: str | None = nullable_text_column()
    cancelled_on: date | None = None
    created_at: datetime = time_column()
    version: int = 1


class SeatGroupRow(SQLModel, table=True):
    """One seat group of a conference, with its number of seats or its maximum.

    Without either it has no limit of its own.
    """

    __tablename__ = "seat_group"
    __table_args__ = (
        CheckConstraint(
            "seats >= 0 AND maximum >= 0 AND given >= 0 AND listed >= 0 AND excess >= 0",
            "seat_group_not_negative",
        ),
        CheckConstraint(
            "given + listed <= coalesce(seats, maximum, given + listed) + excess", "seat_group_full"
        ),
        CheckConstraint(
            "filled_by IN ('units', 'roll', 'invitation', 'ex_officio')", "seat_group_filled_by_known"
        ),
    )

    conference: UUID = reference_column("conference.id", primary_key=True)
    group: str = text_column(primary_key=True)
    position: int
    name: str = text_column()
    seats: int | None = None
    maximum: int | None = None
    given: int = 0
    """The seats of all quotas that did not come out of another quota; a trigger on ``quota`` counts them."""
    listed: int = 0
    """How many people are on the organiser's list; a trigger on ``invitation`` counts them."""
    excess: int = 0
    """By how many places both exceed a number that was lowered later; it only decreases."""
    filled_by: FilledBy = text_column()
    counts_as: CountsAs = text_column()


def is_visible_conference(actor: Actor) -> Condition:
    """Conferences of units at, below or above the actor's, and those at which the actor's has a quota."""
    place = col(Conference.congress), col(Conference.unit)
    if actor.is_service_wide:
        return is_in_subtree(actor, *place)
    quota = SQLModel.metadata.tables["quota"].c
    with_quota = columns(quota.conference).where(has_role_at(actor, place[0], quota.unit))
    with_quota = with_quota.where(quota.conference == col(Conference.id)).correlate(Conference)
    return or_(is_in_subtree(actor, *place), is_above_actor(actor, *place), with_quota.exists())


async def page_conferences(
    session: AsyncSession,
    actor: Actor,
    *,
    congress: str | None = None,
    unit: UUID | None = None,
    state: ConferenceState | None = None,
    after: UUID | None = None,
    limit: int,
) -> Sequence[Conference]:
    """Conferences visible to the actor, the oldest first, filtered."""
    query = select(Conference).where(is_visible_conference(actor)).order_by(col(Conference.id)).limit(limit)
    if congress is not None:
        query = query.where(col(Conference.congress) == congress)
    if unit is not None:
        query = query.where(col(Conference.unit) == unit)
    if state is not None:
        query = query.where(col(Conference.state) == state)
    if after is not None:
        query = query.where(col(Conference.id) > after)
    return (await session.exec(query)).all()


def build_seat_group(conference: UUID, position: int, group: SeatGroup) -> SeatGroupRow:
    """The row of a group that nobody has a place in yet."""
    return SeatGroupRow(
        conference=conference,
        group=group.id,
        position=position,
        name=group.name,
        seats=group.seats,
        maximum=group.maximum,
        filled_by=group.filled_by,
        counts_as=group.counts_as,
    )


async def lock_following_conferences(
    session: AsyncSession, units: Collection[UUID]
) -> Sequence[tuple[Conference, PlanVersion]]:
    """Planned conferences of units for which neither numbers were decided nor quotas given, locked by id.

    A quota that waits for its confirmation gives no seats yet.
    """
    quota = SQLModel.metadata.tables["quota"].c
    query = (
        select(Conference, PlanVersion)
        .join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version))
        .where(
            col(Conference.unit).in_(units),
            col(Conference.state) == ConferenceState.PLANNED,
            col(Conference.numbers).is_(None),
            ~exists().where(
                quota.conference == col(Conference.id),
                or_(quota.source != "received", quota.document.is_not(None)),
            ),
        )
        .order_by(col(Conference.id))
        .with_for_update(of=Conference)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query)).all()


async def list_seat_groups(
    session: AsyncSession, conference: UUID, *, lock: bool = False
) -> Sequence[SeatGroupRow]:
    """The seat groups of a conference, in the plan's order; locked, as they are now, if asked."""
    query = (
        select(SeatGroupRow)
        .where(col(SeatGroupRow.conference) == conference)
        .order_by(col(SeatGroupRow.position))
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(query)).all()
