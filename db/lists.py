"""Who is on the list of a conference: those with a seat, with its decision, and the alternates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from db.allocations import Decision
from db.nominations import Nomination, is_visible_nomination
from db.selections import Delegate, Selection, SelectionPlace
from db.session import AsyncSession
from domain.access import Actor
from domain.decisions import SelectionState
from domain.nominations import SENT_STATES, NominationState
from domain.selection.summaries import PlaceOutcome


@dataclass(frozen=True, slots=True)
class ListedNomination:
    """A nomination on a list, the number of the decision that adopted the list, if any did, and that of an
    alternate among those of its unit and group."""

    nomination: Nomination
    decision: str | None
    alternate_no: int | None = None


async def list_seated_nominations(
    session: AsyncSession, actor: Actor, conference: UUID
) -> Sequence[ListedNomination]:
    """The accepted nominations to a conference that the actor sees: each is a seat."""
    query = (
        select(Nomination, Decision)
        .outerjoin(
            Delegate,
            and_(col(Delegate.nomination) == col(Nomination.id), col(Delegate.ended_at).is_(None)),
        )
        .outerjoin(Selection, col(Selection.id) == col(Delegate.selection))
        .outerjoin(Decision, col(Decision.id) == col(Selection.decision))
        .where(
            col(Nomination.conference) == conference,
            col(Nomination.state) == NominationState.ACCEPTED,
            is_visible_nomination(actor),
        )
        .order_by(col(Nomination.id))
    )
    return [_build(row) for row in await session.exec(query)]


async def list_alternates(
    session: AsyncSession, actor: Actor, conference: UUID
) -> Sequence[ListedNomination]:
    """The alternates of the adopted list of a conference that the actor sees, by their number in their unit
    and group, without those who have withdrawn since or were returned."""
    query = (
        select(Nomination, Decision, SelectionPlace.alternate_no)
        .join(SelectionPlace, col(SelectionPlace.nomination) == col(Nomination.id))
        .join(Selection, col(Selection.id) == col(SelectionPlace.selection))
        .outerjoin(Decision, col(Decision.id) == col(Selection.decision))
        .where(
            col(Selection.conference) == conference,
            col(Selection.state) == SelectionState.ADOPTED,
            col(SelectionPlace.outcome) == PlaceOutcome.ALTERNATE,
            col(Nomination.state).in_(SENT_STATES),
            is_visible_nomination(actor),
        )
        .order_by(col(SelectionPlace.unit), col(SelectionPlace.group), col(SelectionPlace.alternate_no))
    )
    return [_build(row) for row in await session.exec(query)]


def _build(row: Any) -> ListedNomination:
    nomination, decision, *rest = row
    number = None if decision is None else f"{decision.number}/{decision.series}"
    return ListedNomination(nomination, number, *rest)
