"""What every lot needs from the database: the announcement of its seed, and what a settlement keeps to."""

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
    """What was announced for a tie, at this conference or one that was given up for it."""
    row = await lots.find_announcement(work.session, case.conference, tie)
    return None if row is None else row.seed


async def load_settlement_terms(
    work: Work, case: Case, tie: TieKey, planned: Sequence[SettlementMethod], frozen_at: datetime
) -> SettlementTerms:
    """What the settlement of a tie, frozen at that instant, has to keep to under the ``planned`` methods."""
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
    """Write down from where the seed for a tie of an allocation or of a list will come; for each tie once.

    Raises ``Invalid`` for a day that is not to come, ``Conflict`` where a seed was announced before.
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
