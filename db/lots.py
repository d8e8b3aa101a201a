"""Lots: announcements made before the seed could be known, ballots, and lots drawn before for a tie."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, insert
from sqlmodel import Field, SQLModel, col, select

from db.allocations import Allocation, Settlement
from db.columns import id_column, reference_column, text_column, time_column
from db.conferences import Conference
from db.nominations import Nomination
from db.session import AsyncSession
from domain.calendar import day_in_vietnam
from domain.lots import (
    Ballot,
    SeedAnnouncement,
    SentNomination,
    SettlementMethod,
    TieKey,
    TieSettlement,
)
from domain.nominations import NominationState


class LotAnnouncement(SQLModel, table=True):
    """The source and the day of the seed for a tie's lot; one announcement for each tie, and never changed.

    The tie belongs to an allocation or to a selection. ``stage`` and ``tied_digest`` are its ``TieKey``; for
    a selection ``ballots`` is how many nominations had a number then.
    """

    __tablename__ = "lot_announcement"
    __table_args__ = (
        UniqueConstraint("conference", "stage", "tied_digest", name="lot_announced_already"),
        UniqueConstraint("conference", "stage", "drawn_on", name="lot_day_taken"),
        CheckConstraint("(selection IS NULL) = (ballots IS NULL) AND ballots >= 1", "lot_over_ballots"),
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
    ballots: int | None = None
    announced_by: str = text_column()
    announced_at: datetime = time_column()

    @property
    def seed(self) -> SeedAnnouncement:
        """What was announced, in the type that the rules in ``domain`` take."""
        return SeedAnnouncement(self.source, self.digits, self.drawn_on)


class BallotRow(SQLModel, table=True):
    """The number under which a nomination of a conference is drawn; never changed, also by an erasure."""

    __tablename__ = "ballot"

    conference: UUID = reference_column("conference.id", primary_key=True)
    draw_no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    nomination: UUID = reference_column("nomination.id", index=True)
    frozen_at: datetime = time_column()


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
    """The announcement for a tie at the conference, or else at a cancelled one that it replaced."""
    return await _find_first_announcement(session, conference, tie.stage, tied_digest=tie.digest)


async def find_announcement_of_day(
    session: AsyncSession, conference: Conference, stage: str, day: date
) -> LotAnnouncement | None:
    """The announcement for any tie of a stage whose seed is of that day, cancelled conferences too."""
    return await _find_first_announcement(session, conference, stage, drawn_on=day)


async def _find_first_announcement(
    session: AsyncSession, conference: Conference, stage: str, **like: object
) -> LotAnnouncement | None:
    """The conference's own announcement comes first, then the earliest."""
    query = (
        select(LotAnnouncement)
        .join(Conference, col(Conference.id) == col(LotAnnouncement.conference))
        .where(
            col(Conference.congress) == conference.congress,
            col(Conference.unit) == conference.unit,
            col(LotAnnouncement.stage) == stage,
        )
        .filter_by(**like)
        .order_by(col(LotAnnouncement.conference) != conference.id, col(LotAnnouncement.announced_at))
    )
    return (await session.exec(query)).first()


async def list_ballots(
    session: AsyncSession, conference: UUID, also: Collection[UUID]
) -> tuple[list[Ballot], list[SentNomination]]:
    """The ballots of a conference, by number; and its submitted and accepted nominations, and those in
    ``also``, with when each was sent."""
    query = (
        select(Nomination.id, Nomination.submitted_at, Nomination.state, BallotRow)
        .outerjoin(BallotRow, col(BallotRow.nomination) == col(Nomination.id))
        .where(col(Nomination.conference) == conference)
    )
    rows = (await session.exec(query)).all()
    ballots = [Ballot(row.draw_no, str(one), row.frozen_at) for one, _, _, row in rows if row is not None]
    sent = {
        one: SentNomination(str(one), at)
        for one, at, state, _ in rows
        if state in (NominationState.SUBMITTED, NominationState.ACCEPTED) or one in also
    }
    return sorted(ballots, key=lambda each: each.draw_no), list(sent.values())


async def insert_ballots(session: AsyncSession, conference: UUID, ballots: Sequence[Ballot]) -> None:
    """Add ballots, which follow those that there are."""
    if ballots:
        rows = [
            {
                "conference": conference,
                "draw_no": each.draw_no,
                "nomination": UUID(each.nomination),
                "frozen_at": each.frozen_at,
            }
            for each in ballots
        ]
        await session.exec(insert(BallotRow), params=rows)


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
