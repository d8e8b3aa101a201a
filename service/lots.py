"""What every lot needs from the database: the announcement of its seed, the ballots, and the terms."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from db import lots
from db.columns import now
from domain.calendar import day_in_vietnam
from domain.lots import (
    Ballot,
    SeedAnnouncement,
    SettlementMethod,
    SettlementTerms,
    TieKey,
    build_ballots,
    expect_day_ahead,
    expect_first_announcement,
    expect_free_day,
    expect_same_announcement,
)
from service.work import Case, Work


async def load_settlement_terms(
    work: Work, case: Case, tie: TieKey, planned: Sequence[SettlementMethod], frozen_at: datetime
) -> SettlementTerms:
    """The terms for settling a tie of inputs frozen at that instant, under the ``planned`` methods."""
    announced = None
    if SettlementMethod.PUBLISHED_SEED in planned:
        row = await lots.find_announcement(work.session, case.conference, tie)
        announced = None if row is None else row.seed
    return SettlementTerms(planned, day_in_vietnam(frozen_at), announced)


async def announce_tie_seed(
    work: Work, case: Case, tie: TieKey, announced: SeedAnnouncement, allocation: UUID
) -> None:
    """Store the source of the seed for a tie of an allocation: once for a tie, and once for a stage and day.

    Raises ``Invalid`` for a day that is not in the future, ``Conflict`` where one was announced before.
    """
    expect_day_ahead(announced.drawn_on, work.today)
    earlier = await lots.find_announcement(work.session, case.conference, tie)
    expect_first_announcement(None if earlier is None else earlier.seed)
    same_day = await lots.find_announcement_of_day(
        work.session, case.conference, tie.stage, announced.drawn_on
    )
    expect_free_day(None if same_day is None else same_day.seed)
    work.session.add(_build_announcement(work, case, tie, announced, allocation=allocation))


async def announce_list_seed(
    work: Work, case: Case, tie: TieKey, announced: SeedAnnouncement, selection: UUID, tied: Collection[UUID]
) -> Sequence[Ballot]:
    """Number the pool, and store the source of the seed for the lot of a list; returns the ballots.

    ``tied`` are the nominations that wait, which are numbered also where they were withdrawn since. A
    conference that is opened anew keeps to what was announced before it. Raises as :func:`announce_tie_seed`.
    """
    expect_day_ahead(announced.drawn_on, work.today)
    earlier = await lots.find_announcement(work.session, case.conference, tie)
    if earlier is not None and earlier.conference == case.conference.id:
        expect_first_announcement(earlier.seed)
    expect_same_announcement(None if earlier is None else earlier.seed, announced)
    ballots = await number_pool(work, case, tied)
    row = _build_announcement(work, case, tie, announced, selection=selection)
    row.ballots = len(ballots)
    work.session.add(row)
    return ballots


async def number_pool(work: Work, case: Case, also: Collection[UUID]) -> Sequence[Ballot]:
    """Give a ballot to every nomination that has none for what was sent; returns all of the conference.

    The caller has locked the conference, so nobody is sent at the same time. Those in ``also`` are numbered
    whatever became of them.
    """
    return await _number_more(work, case, also, begin=True)


async def number_newcomers(work: Work, case: Case, also: Collection[UUID]) -> Sequence[Ballot]:
    """As :func:`number_pool`, where the pool was numbered before for a lot; else nobody is."""
    return await _number_more(work, case, also, begin=False)


async def _number_more(work: Work, case: Case, also: Collection[UUID], *, begin: bool) -> Sequence[Ballot]:
    known, standing = await lots.list_ballots(work.session, case.conference.id, frozenset(also))
    if not known and not begin:
        return []
    more = build_ballots(known, standing, now())
    await lots.insert_ballots(work.session, case.conference.id, more)
    return [*known, *more]


def _build_announcement(
    work: Work,
    case: Case,
    tie: TieKey,
    announced: SeedAnnouncement,
    *,
    allocation: UUID | None = None,
    selection: UUID | None = None,
) -> lots.LotAnnouncement:
    return lots.LotAnnouncement(
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
