"""Lots: announcements made before the seed could be known, and lots drawn before for the same tie."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel, col, select

from db.allocations import Allocation, Settlement
from db.columns import id_column, reference_column, text_column, time_column
from db.conferences import Conference
from db.session import AsyncSession
from domain.calendar import day_in_vietnam
from domain.lots import SeedAnnouncement, SettlementMethod, TieKey, TieSettlement


class LotAnnouncement(SQLModel, table=True):
    """The source and the day of the seed for a tie's lot; one announcement for each tie, and never changed.

    The tie belongs to an allocation or to a selection. ``stage`` and ``tied_digest`` are its ``TieKey``.
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

    @property
    def seed(self) -> SeedAnnouncement:
        """What was announced, in the type that the rules in ``domain`` take."""
        return SeedAnnouncement(self.source, self.digits, self.drawn_on)


async def list_announcements(session: AsyncSession, allocation: UUID) -> Sequence[LotAnnouncement]:
    """The announcements for the ties of an allocation, the earliest first."""
    query = (
        select(LotAnnouncement)
        .where(col(LotAnnouncement.allocation) == allocation)
        .order_by(col(LotAnnouncement.announced_at))
    )
    return (await session.exec(query)).all()


async def find_announcement(
    session: AsyncSession, conference: Conference, tie: TieKey
) -> LotAnnouncement | None:
    """The first announcement for a tie at the unit's conferences in this congress, cancelled ones too."""
    query = (
        select(LotAnnouncement)
        .join(Conference, col(Conference.id) == col(LotAnnouncement.conference))
        .where(
            col(Conference.congress) == conference.congress,
            col(Conference.unit) == conference.unit,
            col(LotAnnouncement.stage) == tie.stage,
            col(LotAnnouncement.tied_digest) == tie.digest,
        )
        .order_by(col(LotAnnouncement.announced_at))
    )
    return (await session.exec(query)).first()


async def find_drawn_lot(session: AsyncSession, conference: Conference, tie: TieKey) -> TieSettlement | None:
    """The lot drawn for a tie in any allocation for the unit in this congress, cancelled conferences too."""
    query = (
        select(Settlement)
        .join(Allocation, col(Allocation.id) == col(Settlement.allocation))
        .join(Conference, col(Conference.id) == col(Allocation.conference))
        .where(
            col(Conference.congress) == conference.congress,
            col(Conference.unit) == conference.unit,
            col(Settlement.stage) == tie.stage,
            col(Settlement.tied_digest) == tie.digest,
            col(Settlement.how).in_([each for each in SettlementMethod if each.is_lot]),
        )
        .order_by(col(Settlement.recorded_at))
    )
    row = (await session.exec(query)).first()
    if row is None:
        return None
    day = day_in_vietnam(row.drawn_at)
    return TieSettlement(row.how, tuple(row.order), row.minutes, row.drawn_by, day, row.seed)
