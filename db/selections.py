"""Selections: a version of the list of one conference, from computed to adopted; and its delegates."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, and_, or_
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    id_column,
    json_column,
    nullable_json_column,
    nullable_text_column,
    nullable_time_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
)
from db.conferences import Conference
from db.conferences import is_visible_conference as conference_seen
from db.reach import Condition, has_role_at, is_own_unit
from db.session import AsyncSession, fetch_rows
from domain.access import Actor

STATES = (
    "computing",
    "lots_required",
    "infeasible",
    "unproven",
    "decided",
    "proposed",
    "approved",
    "adopted",
    "superseded",
    "failed",
)
PROPOSED_STATES = ("proposed", "approved", "adopted", "superseded")
"""States in which a list has been put before the authority, and is frozen."""

RELEASED_STATES = ("adopted", "superseded")
"""States in which a unit reads what became of its own nominees."""


class Selection(SQLModel, table=True):
    """The ``n``-th version of a conference's list, chosen under one frozen version of the plan.

    From ``proposed`` on it is frozen.

    ``how`` it came about: computed from frozen nominations, edited by the council, or mended after somebody
    could not come; ``amends`` is then the version before. ``edits`` are the council's pins and drops,
    ``leaving`` who cannot come, ``lots`` the ids of those who were drawn, in their order.
    """

    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", "selection_state_known"),
        CheckConstraint("how IN ('computed', 'edited', 'mended')", "selection_how_known"),
        UniqueConstraint("conference", "n"),
        Index(
            "one_adopted_selection_per_conference",
            "conference",
            unique=True,
            postgresql_where=sql("state = 'adopted'"),
        ),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    plan_version: UUID = reference_column("plan_version.id")
    n: int
    state: str = text_column()
    how: str = text_column()
    run: UUID = reference_column("run.id")
    snapshot: str = text_reference_column("snapshot.digest", index=True)
    amends: UUID | None = reference_column("selection.id", nullable=True)
    edits: list[dict[str, Any]] = json_column()
    leaving: list[dict[str, Any]] = json_column()
    lots: list[str] = json_column()
    lot: dict[str, Any] | None = nullable_json_column()
    """How the lot was drawn: by whom, when, with which minutes or seed."""
    nodes: int
    """The budget of the search, in nodes."""
    result: dict[str, Any] | None = nullable_json_column()
    findings: list[dict[str, Any]] = json_column()
    reason: str | None = nullable_text_column()
    proposed_by: str | None = nullable_text_column()
    approved_by: str | None = nullable_text_column()
    decision: UUID | None = reference_column("decision.id", nullable=True)
    reasons_released_at: datetime | None = nullable_time_column()
    created_at: datetime = time_column()
    version: int = 1


class SelectionPlace(SQLModel, table=True):
    """What became of one nomination, and why."""

    __tablename__ = "selection_place"
    __table_args__ = (
        CheckConstraint("outcome IN ('chosen', 'alternate', 'off')", "selection_outcome_known"),
        CheckConstraint("(outcome = 'alternate') = (alternate_no IS NOT NULL)", "alternate_has_number"),
    )

    selection: UUID = reference_column("selection.id", primary_key=True)
    nomination: UUID = reference_column("nomination.id", primary_key=True, index=True)
    unit: UUID = reference_column("unit.id")
    group: str = text_column()
    outcome: str = text_column()
    alternate_no: int | None = None
    hold: str = text_column()
    reason: str | None = nullable_text_column()
    points: int | None = None


class Delegate(SQLModel, table=True):
    """Somebody who goes: by which quota, on which nomination, and in whose stead."""

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", "ended_delegate_has_reason"),
        Index(
            "person_delegate_once",
            "conference",
            "person",
            unique=True,
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index(
            "nomination_delegate_once",
            "nomination",
            unique=True,
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    unit: UUID = reference_column("unit.id", index=True)
    group: str = text_column()
    quota: UUID = reference_column("quota.id")
    person: UUID = reference_column("person.id", index=True)
    nomination: UUID = reference_column("nomination.id")
    selection: UUID = reference_column("selection.id", index=True)
    replaces: UUID | None = reference_column("delegate.id", nullable=True)
    ended_at: datetime | None = nullable_time_column()
    ended_reason: str | None = nullable_text_column()
    created_at: datetime = time_column()


def is_own_selection(actor: Actor) -> Condition:
    """Selections of a conference whose own council the actor is."""
    return _is_own_conference(actor, col(Selection.conference))


def is_visible_selection(actor: Actor) -> Condition:
    """What the conference's own council works on; and, once adopted, that there is a list."""
    conference = col(Selection.conference)
    shown = select(Conference.id).where(conference_seen(actor))
    return or_(
        is_own_selection(actor), and_(col(Selection.state).in_(RELEASED_STATES), conference.in_(shown))
    )


def is_visible_delegate(actor: Actor) -> Condition:
    """The delegates of a conference whose own council the actor is, and those of the actor's own unit."""
    own = select(Conference.id).where(
        col(Conference.id) == col(Delegate.conference),
        is_own_unit(actor, col(Conference.congress), col(Delegate.unit)),
    )
    return or_(_is_own_conference(actor, col(Delegate.conference)), own.correlate(Delegate).exists())


def _is_own_conference(actor: Actor, conference: Any) -> Condition:
    """The conference is one of the actor's own unit."""
    held = select(Conference.id).where(has_role_at(actor, col(Conference.congress), col(Conference.unit)))
    return conference.in_(held)  # type: ignore[no-any-return]


async def find_selection(
    session: AsyncSession,
    actor: Actor,
    id: UUID,  # noqa: A002
    *,
    lock: bool = False,
) -> Selection | None:
    """One selection that the actor sees; ``lock`` keeps its state until the transaction ends."""
    query = select(Selection).where(col(Selection.id) == id, is_visible_selection(actor))
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def find_selection_case(
    session: AsyncSession, actor: Actor, selection: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Selection, CaseRow] | None:
    """One selection that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Selection.id) == selection, is_visible_selection(actor))
    return await find_row_case(session, actor, Selection, where, lock=lock)


async def lock_selection(session: AsyncSession, selection: UUID) -> Selection:
    """One selection, as it is now, whose state does not change until the transaction ends."""
    return await session.get_one(Selection, selection, with_for_update=True, populate_existing=True)


async def list_selections(session: AsyncSession, conference: UUID) -> Sequence[Selection]:
    """Every version, the oldest first."""
    query = select(Selection).where(col(Selection.conference) == conference).order_by(col(Selection.n))
    return (await session.exec(query)).all()


async def list_selection_places(
    session: AsyncSession, selection: UUID, units: Collection[UUID] | None = None
) -> Sequence[SelectionPlace]:
    """What became of each nomination, or of those by some units, place by place, the chosen first."""
    query = select(SelectionPlace).where(col(SelectionPlace.selection) == selection)
    if units is not None:
        query = query.where(col(SelectionPlace.unit).in_(units))
    order = (
        col(SelectionPlace.unit),
        col(SelectionPlace.group),
        col(SelectionPlace.outcome) != "chosen",
        col(SelectionPlace.alternate_no).asc().nulls_last(),
        col(SelectionPlace.nomination),
    )
    return (await session.exec(query.order_by(*order))).all()


async def list_delegates(
    session: AsyncSession, conference: UUID, *, lock: bool = False, actor: Actor | None = None
) -> Sequence[Delegate]:
    """Who goes to a conference, or those of them that an actor sees, in the order of their ids."""
    query = select(Delegate).where(col(Delegate.conference) == conference, col(Delegate.ended_at).is_(None))
    if actor is not None:
        query = query.where(is_visible_delegate(actor))
    query = query.order_by(col(Delegate.id))
    return (await session.exec(query.with_for_update() if lock else query)).all()


async def has_delegate(session: AsyncSession, nomination: UUID) -> bool:
    """Whether somebody goes on this nomination."""
    query = select(Delegate.id).where(
        col(Delegate.nomination) == nomination, col(Delegate.ended_at).is_(None)
    )
    return (await session.exec(query)).first() is not None


ADOPTION_LOCK = 0x64656C65
"""The advisory lock that whoever adopts the list of a congress holds."""


async def lock_congresses(session: AsyncSession) -> None:
    """Order those who adopt lists of congresses: only so can no two of them send the same person."""
    await fetch_rows(session, sql(f"SELECT pg_advisory_xact_lock({ADOPTION_LOCK})"))


_SEATED_ELSEWHERE = sql(
    "SELECT DISTINCT person FROM person_seated"
    " WHERE congress <> :congress AND tier_congress AND person = ANY (:people)"
    " AND as_of BETWEEN CAST(:day AS date) - interval '30 months'"
    " AND CAST(:day AS date) + interval '30 months'"
)
"""Congresses come every five years: those of one time lie less than half of that apart."""


async def list_people_seated_elsewhere(
    session: AsyncSession, conference: Conference, people: Collection[UUID]
) -> frozenset[UUID]:
    """Those of ``people`` who go to another congress of the same time already.

    Asked of a view, since its list may be out of the actor's reach; more than this is not told of it.
    """
    asked = {"congress": conference.congress, "day": conference.as_of, "people": list(people)}
    return frozenset(row[0] for row in await fetch_rows(session, _SEATED_ELSEWHERE, asked))
