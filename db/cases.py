"""Cases: a conference with the plan version that it, or a row of its, follows; read in one statement."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import not_
from sqlmodel import col, select

from db.conferences import Conference, is_visible_conference
from db.plans import PlanVersion
from db.reach import Condition, may_act_for
from db.session import AsyncSession
from domain.access import Actor

CaseRow = tuple[Conference, PlanVersion, bool]
"""A conference, the version, and whether the actor may act for the conference's unit."""


class ConferenceRow(Protocol):
    """A row that belongs to a conference."""

    conference: Any


Row = TypeVar("Row", bound=ConferenceRow)


class RowLock(Enum):
    """How a row is locked until the transaction ends."""

    NONE = auto()
    SHARE = auto()
    """Its state does not change; others hold it in the same way, and triggers count in it meanwhile."""
    CHANGE = auto()
    """Nobody else changes it, nor what belongs to it: whoever does takes this lock first."""


async def find_row_case(
    session: AsyncSession, actor: Actor, row: type[Row], where: Condition, *, lock: RowLock = RowLock.NONE
) -> tuple[Row, CaseRow] | None:
    """A row that belongs to a conference, with its case, in one statement; the conference is locked as asked.

    ``where`` selects the row and says whether the actor sees it. An allocation or a list has the case of the
    plan version that it names itself, any other row that of its conference. The row itself is not locked:
    an act that changes it locks it next, in the order of row locks.
    """
    own = getattr(row, "plan_version", Conference.plan_version)
    may_act = may_act_for(actor, col(Conference.congress), col(Conference.unit))
    query = (
        select(row, Conference, PlanVersion, may_act.label("may_act"))
        .join(Conference, col(Conference.id) == col(row.conference))
        .join(PlanVersion, col(PlanVersion.id) == col(own))
        .where(where, is_visible_conference(actor))
    )
    found = await _fetch_locked(session, query, may_act, lock)
    return None if found is None else (found[0], (found[1], found[2], found[3]))


async def find_case(
    session: AsyncSession, actor: Actor, conference: UUID, *, lock: RowLock = RowLock.NONE
) -> CaseRow | None:
    """A conference that the actor sees, with the plan version it was opened under."""
    may_act = may_act_for(actor, col(Conference.congress), col(Conference.unit))
    query = (
        select(Conference, PlanVersion, may_act.label("may_act"))
        .join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version))
        .where(col(Conference.id) == conference, is_visible_conference(actor))
    )
    found = await _fetch_locked(session, query, may_act, lock)
    return None if found is None else (found[0], found[1], found[2])


async def list_cases(
    session: AsyncSession, actor: Actor, *, plan: UUID | None, unit: UUID | None, limit: int
) -> Sequence[CaseRow]:
    """Conferences that the actor sees with their plan versions, the oldest first, of one plan or unit."""
    may_act = may_act_for(actor, col(Conference.congress), col(Conference.unit))
    query = (
        select(Conference, PlanVersion, may_act.label("may_act"))
        .join(PlanVersion, col(PlanVersion.id) == col(Conference.plan_version))
        .where(is_visible_conference(actor))
        .order_by(col(Conference.id))
        .limit(limit)
    )
    if plan is not None:
        query = query.where(col(PlanVersion.plan) == plan)
    if unit is not None:
        query = query.where(col(Conference.unit) == unit)
    return [(conference, version, acts) for conference, version, acts in await session.exec(query)]


async def _fetch_locked(session: AsyncSession, query: Any, may_act: Condition, lock: RowLock) -> Any:
    """The row of a query, its conference locked as asked.

    An actor who may not act for the conference's unit never waits for the lock to change it, and keeps nobody
    waiting: the row is then read without a lock, so that the caller can refuse.
    """
    if lock is RowLock.NONE:
        return (await session.exec(query)).first()
    share = lock is RowLock.SHARE
    locked = query.with_for_update(read=share, key_share=share, of=Conference)
    locked = locked.execution_options(populate_existing=True)
    if lock is RowLock.SHARE:
        return (await session.exec(locked)).first()
    found = (await session.exec(locked.where(may_act))).first()
    return found or (await session.exec(query.where(not_(may_act)))).first()
