"""Lots: what was announced before a seed could be known, and what was drawn before over the same tie."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select

from db.allocations import Allocation, Settlement
from db.columns import id_column, reference_column, text_column, time_column
from db.conferences import Conference
from db.session import AsyncSession

SELECTION_STAGE = "selection"
"""The stage of every tie of a selection."""

LOT_METHODS = ("lot_by_hand", "published_seed")
"""How a tie is settled by chance, once."""


class LotAnnouncement(SQLModel, table=True):
    """From where and when the seed of a tie's lot will come; never changed, and told once for each tie.

    A tie is one of an allocation, or of a selection: there ``stage`` is ``SELECTION`` and ``tied_digest`` the
    number of lots drawn before it at the conference, so that no list can be started for another seed.
    """

    __tablename__ = "lot_announcement"
    __table_args__ = (
        UniqueConstraint("conference", "stage", "tied_digest", name="lot_announced_already"),
        CheckConstraint("(allocation IS NULL) <> (selection IS NULL)", "lot_announced_for_one"),
        CheckConstraint("digits BETWEEN 3 AND 40", "lot_digits_in_bounds"),
        CheckConstraint(
            "drawn_on > (announced_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date", "lot_announced_beforehand"
        ),
    )

    id: UUID = id_column()
    conference: UUID = reference_column("conference.id")
    allocation: UUID | None = reference_column("allocation.id", nullable=True, index=True)
    selection: UUID | None = reference_column("selection.id", nullable=True)
    stage: str = text_column()
    tied_digest: str = text_column()
    source: str = text_column()
    digits: int = Field()
    drawn_on: date
    announced_by: str = text_column()
    announced_at: datetime = time_column()


async def list_announcements(session: AsyncSession, allocation: UUID) -> Sequence[LotAnnouncement]:
    """What was announced for the ties of an allocation, the first first."""
    query = (
        select(LotAnnouncement)
        .where(col(LotAnnouncement.allocation) == allocation)
        .order_by(col(LotAnnouncement.announced_at))
    )
    return (await session.exec(query)).all()


async def find_announcement(
    session: AsyncSession, conference: Conference, stage: str, tied_digest: str
) -> LotAnnouncement | None:
    """What was announced for a tie, at this conference or at one given up for it; the first counts."""
    query = (
        select(LotAnnouncement)
        .join(Conference, col(Conference.id) == col(LotAnnouncement.conference))
        .where(
            col(Conference.congress) == conference.congress,
            col(Conference.unit) == conference.unit,
            col(LotAnnouncement.stage) == stage,
            col(LotAnnouncement.tied_digest) == tied_digest,
        )
        .order_by(col(LotAnnouncement.announced_at))
    )
    return (await session.exec(query)).first()


async def find_drawn_lot(
    session: AsyncSession, conference: Conference, stage: str, tied_digest: str
) -> Settlement | None:
    """The lot that was drawn for a tie in any version of the seats of this conference, or of one given up."""
    query = (
        select(Settlement)
        .join(Allocation, col(Allocation.id) == col(Settlement.allocation))
        .join(Conference, col(Conference.id) == col(Allocation.conference))
        .where(
            col(Conference.congress) == conference.congress,
            col(Conference.unit) == conference.unit,
            col(Settlement.stage) == stage,
            col(Settlement.tied_digest) == tied_digest,
            col(Settlement.how).in_(LOT_METHODS),
        )
        .order_by(col(Settlement.recorded_at))
    )
    return (await session.exec(query)).first()
