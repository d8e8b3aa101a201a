"""What every lot needs from the database: the announcement of its seed, and the terms of a settlement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from db import lots
from domain.calendar import day_in_vietnam
from domain.lots import (
    SeedAnnouncement,
    SettlementMethod,
    SettlementTerms,
    TieKey,
    expect_day_ahead,
    expect_first_announcement,
)
from service.work import Case, Work


async def load_announced_seed(work: Work, case: Case, tie: TieKey) -> SeedAnnouncement | None:
    """What was announced for a tie, at this conference or at a cancelled one that it replaced."""
    row = await lots.find_announcement(work.session, case.conference, tie)
    return None if row is None else row.seed


async def load_settlement_terms(
    work: Work, case: Case, tie: TieKey, planned: Sequence[SettlementMethod], frozen_at: datetime
) -> SettlementTerms:
    """The terms for settling a tie of inputs frozen at that instant, under the ``planned`` methods."""
    by_seed = SettlementMethod.PUBLISHED_SEED in planned
    announced = await load_announced_seed(work, case, tie) if by_seed else None
    return SettlementTerms(planned, day_in_vietnam(frozen_at), announced)


async def store_announcement(
    work: Work,
    case: Case,
    tie: TieKey,
    announced: SeedAnnouncement,
    *,
    allocation: UUID | None = None,
    selection: UUID | None = None,
) -> None:
    """Store the source of the seed for a tie of an allocation or of a list; one announcement for each tie.

    Raises ``Invalid`` for a day that is not in the future, ``Conflict`` where a seed was announced before.
    """
    expect_day_ahead(announced.drawn_on, work.today)
    expect_first_announcement(await load_announced_seed(work, case, tie))
    row = lots.LotAnnouncement(
        conference=case.conference.id,
        allocation=allocation,
        selection=selection,
        stage=tie.stage,
        tied_digest=tie.digest,
        source=announced.source,
        digits=announced.digits,
        drawn_on=announced.drawn_on,
        announced_by=work.actor.id,
    )
    work.session.add(row)
