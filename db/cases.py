"""Cases: a conference with the plan version that it, or a row of its, follows; read in one statement."""

from enum import Enum, auto
from typing import Any, Protocol, TypeVar
from uuid import UUID

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
Query = TypeVar("Query", bound=Any)


class RowLock(Enum):
    """How a row is locked until the transaction ends."""

    NONE = auto()
    SHARE = auto()
    """Its state does not change; others may hold it in the same way."""
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
        .where(where)
    )
    found = (await session.exec(_lock_conference(query, lock))).first()
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
    found = (await session.exec(_lock_conference(query, lock))).first()
    return None if found is None else (found[0], found[1], found[2])


def _lock_conference(query: Query, lock: RowLock) -> Query:
    if lock is RowLock.NONE:
        return query
    locked: Query = query.with_for_update(read=lock is RowLock.SHARE, of=Conference)
    fresh: Query = locked.execution_options(populate_existing=True)
    return fresh
