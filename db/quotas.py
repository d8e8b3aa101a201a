"""Quotas: the seats of one unit in one seat group of one conference.

Concurrent transactions compete for this row. Triggers on ``nomination`` keep ``nominated`` and ``taken``; the
row lock puts transactions in order, and the CHECK constraints refuse one nomination too many.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, and_, or_
from sqlmodel import SQLModel, col, select

from db.cases import CaseRow, RowLock, find_row_case
from db.columns import (
    check_words,
    id_column,
    nullable_time_column,
    record_column,
    reference_column,
    text_column,
    time_column,
    word_column,
)
from db.conferences import Conference
from db.reach import Condition, is_in_subtree
from db.session import AsyncSession
from domain.access import Actor
from domain.allocations import QuotaDistribution
from domain.quotas import QuotaDocument, QuotaEntry, QuotaSource


class Quota(SQLModel, table=True):
    """``taken`` counts accepted nominations, ``nominated`` the submitted and the accepted.

    A unit may distribute its seats over the units below. Their quotas have this one as ``parent``;
    ``distributed`` is the sum of their seats, which the unit can no longer fill itself; ``distribution``
    describes how they were distributed.

    Seats of a received quota that one person entered wait in ``entered`` until another one confirms them;
    ``document`` is that of the seats in force, so a quota without it has none.

    An amendment may leave a unit fewer seats than it has accepted nominees. No nominee loses a seat: the
    number above the limit is recorded in ``excess_taken`` and ``excess_nominated``, which can only decrease.
    """

    __table_args__ = (
        UniqueConstraint("conference", "unit", "group"),
        UniqueConstraint("id", "conference", "unit", "group", name="quota_whole_key"),
        CheckConstraint("seats >= 0 AND nominee_limit >= 0", "quota_not_negative"),
        CheckConstraint(
            "taken >= 0 AND distributed >= 0 AND taken + distributed <= seats + excess_taken",
            "quota_seats_exceeded",
        ),
        CheckConstraint(
            "nominated >= 0 AND nominated + distributed <= nominee_limit + excess_nominated",
            "quota_nominee_limit_exceeded",
        ),
        CheckConstraint("excess_taken >= 0 AND excess_nominated >= 0", "quota_excess_not_negative"),
        check_words("quota_source_known", "source", QuotaSource),
        CheckConstraint("(source = 'distributed') = (parent IS NOT NULL)", "distributed_quota_has_parent"),
        CheckConstraint(
            "CASE WHEN source = 'received' THEN document IS NOT NULL OR (seats = 0 AND nominee_limit = 0)"
            " ELSE num_nonnulls(document, entered) = 0 END",
            "received_quota_has_document",
        ),
        CheckConstraint(
            "(source = 'allocation') = (allocation IS NOT NULL)", "computed_quota_has_allocation"
        ),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id", index=True)
    unit: UUID = reference_column("unit.id", index=True)
    group: str = text_column()
    source: QuotaSource = word_column(QuotaSource)
    allocation: UUID | None = reference_column("allocation.id", nullable=True)
    document: QuotaDocument | None = record_column(QuotaDocument, nullable=True)
    entered: QuotaEntry | None = record_column(QuotaEntry, nullable=True)
    seats: int
    nominee_limit: int
    taken: int = 0
    nominated: int = 0
    excess_taken: int = 0
    excess_nominated: int = 0
    parent: UUID | None = reference_column("quota.id", nullable=True, index=True)
    distributed: int = 0
    distribution: QuotaDistribution | None = record_column(QuotaDistribution, nullable=True)
    created_at: datetime = time_column()
    confirmed_at: datetime | None = nullable_time_column()
    """When seats from above were confirmed for the first time: the quota has had seats since then."""
    version: int = 1


def number_state(version: Any, nominated: Any, taken: Any) -> Any:
    """A number of its own for each state of a quota: counters change without its version. Of a row, or of the
    columns, of which the first must be a ``bigint``."""
    return version * 10**12 + nominated * 10**6 + taken


def is_visible_quota(actor: Actor) -> Condition:
    """Quotas of units at or below the actor's units, and all quotas for the conferences of these units."""
    congress = col(Conference.congress)
    query = select(Conference.id).where(
        col(Conference.id) == col(Quota.conference),
        or_(
            is_in_subtree(actor, congress, col(Quota.unit)),
            is_in_subtree(actor, congress, col(Conference.unit)),
        ),
    )
    return query.correlate(Quota).exists()


async def list_quotas(
    session: AsyncSession,
    conference: UUID,
    unit: UUID | None = None,
    *,
    lock: bool = False,
    actor: Actor | None = None,
) -> Sequence[Quota]:
    """The quotas of a conference: all, those of one ``unit``, or those visible to an ``actor``.

    They are ordered by id, as quotas must be locked.
    """
    query = select(Quota).where(col(Quota.conference) == conference).order_by(col(Quota.id))
    if actor is not None:
        query = query.where(is_visible_quota(actor))
    if unit is not None:
        query = query.where(col(Quota.unit) == unit)
    if lock:
        query = query.with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def find_quota_case(
    session: AsyncSession, actor: Actor, quota: UUID, *, lock: RowLock = RowLock.NONE
) -> tuple[Quota, CaseRow] | None:
    """One quota that the actor sees, with its case; ``lock`` is that of its conference."""
    where = and_(col(Quota.id) == quota, is_visible_quota(actor))
    return await find_row_case(session, actor, Quota, where, lock=lock)


async def lock_quota(session: AsyncSession, quota: UUID) -> Quota:
    """One quota, as it is now, whose seats and counters do not change until the transaction ends."""
    return await session.get_one(Quota, quota, with_for_update=True, populate_existing=True)


async def lock_child_quotas(session: AsyncSession, *parents: UUID) -> Sequence[Quota]:
    """The quotas into which ``parents`` were distributed, locked in the order of their ids."""
    query = select(Quota).where(col(Quota.parent).in_(parents)).order_by(col(Quota.id)).with_for_update()
    return (await session.exec(query.execution_options(populate_existing=True))).all()


async def lock_quotas_below(session: AsyncSession, quotas: Collection[UUID]) -> Sequence[Quota]:
    """Every quota that came out of these, in whatever number of steps, locked one step after the other.

    Only what is locked cannot be distributed further meanwhile, so each step is read after the one before.
    """
    found: dict[UUID, Quota] = {}
    parents = quotas
    while parents:
        rows = [row for row in await lock_child_quotas(session, *parents) if row.id not in found]
        found |= {row.id: row for row in rows}
        parents = [row.id for row in rows if row.distributed]
    return [*found.values()]


async def find_unit_quota(session: AsyncSession, conference: UUID, unit: UUID, group: str) -> Quota | None:
    """The quota of a unit in a seat group of a conference, if there is one."""
    query = select(Quota).where(
        col(Quota.conference) == conference, col(Quota.unit) == unit, col(Quota.group) == group
    )
    return (await session.exec(query.execution_options(populate_existing=True))).first()
