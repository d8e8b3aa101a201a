"""Selections: each is a version of the list of one conference, from computed to adopted; and delegates."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, and_, delete, insert, or_
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    is_among,
    json_column,
    nullable_json_column,
    nullable_text_column,
    nullable_time_column,
    record_column,
    records_column,
    reference_column,
    text_column,
    text_reference_column,
    time_column,
    unique_index,
    word_column,
)
from db.conferences import Conference, is_visible_conference
from db.nominations import Nomination, is_visible_nomination
from db.people import Person
from db.reach import Condition, has_role_at, is_own_unit
from db.session import AsyncSession, fetch_rows
from domain import decisions
from domain.access import Actor
from domain.decisions import ListOrigin, SelectionState
from domain.findings import Finding
from domain.lots import DrawnLot
from domain.nominations import NominationState
from domain.people import compute_same_time_days
from domain.selection import NomineeStatus
from domain.selection.explanation import LeftOutReason
from domain.selection.stored_edits import StoredEdit, StoredLeave
from domain.selection.summaries import PlaceOutcome, SelectionSummary

STATES = tuple(SelectionState)
PROPOSED_STATES, RELEASED_STATES = decisions.PROPOSED_STATES, decisions.RELEASED_STATES


class Selection(SQLModel, table=True):
    """The ``n``-th version of a conference's list, chosen under one frozen version of the plan.

    From the state ``proposed`` on it is frozen.

    ``how`` is the origin: computed from frozen nominations, edited by the council, or mended after a delegate
    could not come; ``amends`` is then the version before. ``edits`` are the nominees that the council pinned
    or dropped, ``leaving`` the delegates who cannot come, ``lots`` the ids drawn by lot, in their order.
    """

    __table_args__ = (
        check_words("selection_state_known", "state", SelectionState),
        check_words("selection_how_known", "how", ListOrigin),
        UniqueConstraint("conference", "n"),
        unique_index("one_adopted_selection_per_conference", "conference", where="state = 'adopted'"),
        unique_index("first_proposal_once", "conference", where="first_verdicts IS NOT NULL"),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    plan_version: UUID = reference_column("plan_version.id")
    n: int
    state: SelectionState = word_column(SelectionState)
    how: ListOrigin = word_column(ListOrigin)
    run: UUID = reference_column("run.id")
    snapshot: str = text_reference_column("snapshot.digest", index=True)
    amends: UUID | None = reference_column("selection.id", nullable=True)
    edits: tuple[StoredEdit, ...] = records_column(StoredEdit)
    leaving: tuple[StoredLeave, ...] = records_column(StoredLeave)
    lots: list[str] = json_column()
    lot: DrawnLot | None = record_column(DrawnLot, nullable=True)
    """How the lot was drawn: the person who drew it, the time, and the minutes or the seed."""
    nodes: int
    """The most nodes that the search may visit."""
    result: SelectionSummary | None = record_column(SelectionSummary, nullable=True)
    findings: tuple[Finding, ...] = records_column(Finding)
    reason: str | None = nullable_text_column()
    proposed_by: str | None = nullable_text_column()
    approved_by: str | None = nullable_text_column()
    first_verdicts: dict[str, bool] | None = nullable_json_column()
    """Of the version that was proposed first: sealed target → whether it was met. It is never renewed."""
    decision: UUID | None = reference_column("decision.id", nullable=True)
    reasons_released_at: datetime | None = nullable_time_column()
    created_at: datetime = time_column()
    version: int = 1


class SelectionPlace(SQLModel, table=True):
    """The outcome for one nomination, with the reason."""

    __tablename__ = "selection_place"
    __table_args__ = (
        check_words("selection_outcome_known", "outcome", PlaceOutcome),
        check_words("selection_hold_known", "hold", NomineeStatus),
        check_words("selection_reason_known", "reason", LeftOutReason),
        CheckConstraint("(outcome = 'alternate') = (alternate_no IS NOT NULL)", "alternate_has_number"),
    )

    selection: UUID = reference_column("selection.id", primary_key=True)
    nomination: UUID = reference_column("nomination.id", primary_key=True, index=True)
    unit: UUID = reference_column("unit.id")
    group: str = text_column()
    outcome: PlaceOutcome = word_column(PlaceOutcome)
    alternate_no: int | None = None
    hold: NomineeStatus = word_column(NomineeStatus)
    reason: LeftOutReason | None = word_column(LeftOutReason, nullable=True)
    points: int | None = None


class Delegate(SQLModel, table=True):
    """A delegate: with the quota and the nomination, and the delegate whom this one replaces."""

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", "ended_delegate_has_reason"),
        unique_index("person_delegate_once", "conference", "person", where="ended_at IS NULL"),
        unique_index("nomination_delegate_once", "nomination", where="ended_at IS NULL"),
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
    """Selections for a conference of the actor's own unit."""
    return _is_own_conference(actor, col(Selection.conference))


def is_visible_selection(actor: Actor) -> Condition:
    """All selections for a conference of the actor's own unit; of other visible conferences, adopted ones."""
    conference = col(Selection.conference)
    visible = select(Conference.id).where(is_visible_conference(actor))
    return or_(
        is_own_selection(actor), and_(col(Selection.state).in_(RELEASED_STATES), conference.in_(visible))
    )


def is_visible_delegate(actor: Actor) -> Condition:
    """All delegates at a conference of the actor's own unit, and the delegates from the actor's own unit."""
    own = select(Conference.id).where(
        col(Conference.id) == col(Delegate.conference),
        is_own_unit(actor, col(Conference.congress), col(Delegate.unit)),
    )
    return or_(_is_own_conference(actor, col(Delegate.conference)), own.correlate(Delegate).exists())


def _is_own_conference(actor: Actor, conference: Any) -> Condition:
    """The conference is one of the actor's own unit."""
    organised = select(Conference.id).where(
        has_role_at(actor, col(Conference.congress), col(Conference.unit))
    )
    return conference.in_(organised)  # type: ignore[no-any-return]


async def find_selection_case(
    session: AsyncSession, actor: Actor, selection: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Selection, CaseRow] | None:
    """One selection that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Selection.id) == selection, is_visible_selection(actor))
    return await find_row_case(session, actor, Selection, where, lock=lock)


async def get_selection(session: AsyncSession, selection: UUID) -> Selection:
    """A selection that is known to exist, whoever asks."""
    return await session.get_one(Selection, selection)


async def lock_selection(session: AsyncSession, selection: UUID) -> Selection:
    """One selection, as it is now, whose state does not change until the transaction ends."""
    return await session.get_one(Selection, selection, with_for_update=True, populate_existing=True)


async def list_selections(session: AsyncSession, conference: UUID) -> Sequence[Selection]:
    """Every version of a conference's selection, the oldest first."""
    query = select(Selection).where(col(Selection.conference) == conference).order_by(col(Selection.n))
    return (await session.exec(query)).all()


async def find_first_verdicts(session: AsyncSession, conference: UUID) -> Mapping[str, bool] | None:
    """What was frozen at the conference's first proposal; ``None`` before it."""
    query = select(Selection.first_verdicts).where(
        col(Selection.conference) == conference, col(Selection.first_verdicts).is_not(None)
    )
    return (await session.exec(query)).first()


async def page_selections(
    session: AsyncSession, actor: Actor, conference: UUID, *, after: int, limit: int
) -> Sequence[Selection]:
    """The versions of a conference's selection that the actor sees, from number ``after`` on."""
    query = (
        select(Selection)
        .where(col(Selection.conference) == conference, col(Selection.n) > after, is_visible_selection(actor))
        .order_by(col(Selection.n))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def store_selection_places(
    session: AsyncSession, selection: UUID, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Replace the outcomes of a selection."""
    await session.exec(delete(SelectionPlace).where(col(SelectionPlace.selection) == selection))
    if rows:
        await session.exec(insert(SelectionPlace), params=[{**row, "selection": selection} for row in rows])


async def list_selection_places(
    session: AsyncSession, selection: UUID, units: Collection[UUID] | None = None
) -> Sequence[SelectionPlace]:
    """The outcome for each nomination, or for those of some units; by unit and group, the chosen first."""
    query = select(SelectionPlace).where(col(SelectionPlace.selection) == selection)
    if units is not None:
        query = query.where(col(SelectionPlace.unit).in_(units))
    order = (
        col(SelectionPlace.unit),
        col(SelectionPlace.group),
        col(SelectionPlace.outcome) != PlaceOutcome.CHOSEN,
        col(SelectionPlace.alternate_no).asc().nulls_last(),
        col(SelectionPlace.nomination),
    )
    return (await session.exec(query.order_by(*order))).all()


async def list_delegates(
    session: AsyncSession, conference: UUID, *, lock: bool = False, actor: Actor | None = None
) -> Sequence[Delegate]:
    """The delegates at a conference, or those visible to an actor, in the order of their ids."""
    query = select(Delegate).where(col(Delegate.conference) == conference, col(Delegate.ended_at).is_(None))
    if actor is not None:
        query = query.where(is_visible_delegate(actor))
    query = query.order_by(col(Delegate.id))
    return (await session.exec(query.with_for_update() if lock else query)).all()


async def has_delegate(session: AsyncSession, nomination: UUID) -> bool:
    """Whether there is a delegate by this nomination."""
    query = select(Delegate.id).where(
        col(Delegate.nomination) == nomination, col(Delegate.ended_at).is_(None)
    )
    return (await session.exec(query)).first() is not None


ADOPTION_LOCK = 0x64656C65
"""The advisory lock for adopting the list of a congress."""


async def lock_congresses(session: AsyncSession) -> None:
    """Let one transaction at a time adopt the list of a congress: two must not get the same person."""
    await fetch_rows(session, sql(f"SELECT pg_advisory_xact_lock({ADOPTION_LOCK})"))


_SEATED_ELSEWHERE = sql(
    "SELECT DISTINCT person FROM person_seated"
    " WHERE congress <> :congress AND tier_congress AND person = ANY (:people)"
    " AND as_of BETWEEN :first AND :last"
)


async def list_people_seated_elsewhere(
    session: AsyncSession, conference: Conference, people: Collection[UUID]
) -> frozenset[UUID]:
    """Those of ``people`` who are already delegates at another congress of the same time.

    A view answers this, because the list may be out of the actor's reach; it reveals nothing else.
    """
    first, last = compute_same_time_days(conference.as_of)
    params = {"congress": conference.congress, "first": first, "last": last, "people": list(people)}
    return frozenset(row[0] for row in await fetch_rows(session, _SEATED_ELSEWHERE, params))


async def lock_listed_nominations(
    session: AsyncSession, actor: Actor, conference: UUID, listed: Collection[UUID]
) -> Sequence[tuple[Nomination, bool]]:
    """The ``listed`` nominations and all accepted ones of a conference that the actor sees, and whether the
    nominee was erased; locked in the order of their ids.

    Every act locks nominations before the quotas that count them.
    """
    query = (
        select(Nomination, col(Person.erased_at).is_not(None))
        .outerjoin(Person, col(Person.id) == col(Nomination.person))
        .where(
            col(Nomination.conference) == conference,
            or_(col(Nomination.state) == NominationState.ACCEPTED, is_among(col(Nomination.id), listed)),
            is_visible_nomination(actor),
        )
        .order_by(col(Nomination.id))
        .with_for_update(of=Nomination)
    )
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def has_adopted_list(session: AsyncSession, conference: UUID) -> bool:
    """Whether the list of a conference is adopted."""
    query = select(Selection.id).where(
        col(Selection.conference) == conference, col(Selection.state) == SelectionState.ADOPTED
    )
    return (await session.exec(query)).first() is not None
