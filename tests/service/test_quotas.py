"""Quotas that are distributed, and distributed again: all together never hold more than the first of them."""

from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from uuid import UUID

import pytest

from db import quotas
from db.embedded import EmbeddedServer
from db.quotas import Quota
from db.session import AsyncSession, Database
from domain.access import Actor
from domain.findings import Conflict
from domain.plans import SeatGroup
from domain.plans.seats import NomineeLimit
from service.quotas import (
    MOST_NOMINEES,
    compute_nominee_limit,
    count_committed_seats,
    expect_no_other_source,
    resize_quota,
    set_quota_size,
)
from tests.db import ground
from tests.db.ground import IDS, replace_names

CHAIN = """
UPDATE quota SET seats = 9, nominee_limit = 9, distributed = 8 WHERE id = {quota};
UPDATE quota SET source = 'distributed', parent = {quota}, document = NULL,
    seats = 8, nominee_limit = 8, distributed = 6 WHERE id = {spare};
INSERT INTO quota (id, conference, unit, "group", source, parent, seats, nominee_limit)
    VALUES ({other}, {fair}, {province}, 'exemplars', 'distributed', {spare}, 6, 6);
SELECT nominate({north}, {quota}, {an}, 'accepted'), nominate({south}, {spare}, {binh}, 'accepted');
SELECT nominate({province}, {other}, {chi}, 'accepted');
SELECT nominate({province}, {other}, {dung}, 'submitted');
"""
"""9 seats, of which 8 went on to a unit below, and 6 of those further down; on each floor one is accepted."""


@pytest.fixture
async def session(postgres: EmbeddedServer, clone: Callable[[], str]) -> AsyncIterator[AsyncSession]:
    """A transaction over three quotas, one below the other."""
    name = clone()
    await ground.lay_ground(postgres, name)
    async with ground.open_connection(postgres, name) as connection:
        await connection.execute(replace_names(CHAIN))
    database = Database(postgres.build_url(name))
    async with database.transaction(Actor.for_command_line()) as session:
        yield session
    await database.close()
    postgres.drop_database(name)


async def found(session: AsyncSession, name: str) -> Quota:
    quota = await quotas.find_quota(session, Actor.for_command_line(), UUID(IDS[name]), lock=True)
    assert quota
    return quota


async def sizes(session: AsyncSession) -> list[tuple[int, int, int, int]]:
    """(seats, distributed, excess taken, excess nominated) from the first quota down."""
    await session.flush()
    rows = [await found(session, name) for name in ("quota", "spare", "other")]
    return [(row.seats, row.distributed, row.excess_taken, row.excess_nominated) for row in rows]


async def test_a_cut_reaches_whoever_stands_at_the_end(session: AsyncSession) -> None:
    await resize_quota(session, await found(session, "quota"), 5, 5)
    assert await sizes(session) == [(5, 2, 0, 0), (2, 1, 0, 0), (1, 0, 0, 1)]


async def test_a_cut_below_what_is_taken_leaves_the_excess_with_the_first(session: AsyncSession) -> None:
    await resize_quota(session, await found(session, "quota"), 1, 1)
    assert await sizes(session) == [(1, 2, 2, 2), (2, 1, 0, 0), (1, 0, 0, 1)]


async def test_a_change_that_still_fits_touches_nobody_below(session: AsyncSession) -> None:
    await resize_quota(session, await found(session, "quota"), 10, 10)
    assert await sizes(session) == [(10, 8, 0, 0), (8, 6, 0, 0), (6, 0, 0, 0)]


async def test_everybody_accepted_below_counts_as_committed(session: AsyncSession) -> None:
    assert await count_committed_seats(session, await found(session, "quota")) == 3
    assert await count_committed_seats(session, await found(session, "other")) == 1


async def test_nobody_is_given_seats_who_has_them_from_somewhere_else(session: AsyncSession) -> None:
    """A received quota of nothing is free; one shared by the unit over it is not."""
    held = await quotas.list_quotas(session, UUID(IDS["fair"]))
    north, south = (UUID(IDS[name]) for name in ("north", "south"))
    with pytest.raises(Conflict) as refused:
        expect_no_other_source(held, {(north, "exemplars"): "bac", (south, "exemplars"): "nam"})
    assert (refused.value.code, refused.value.params) == ("quota_received_already", {"units": ["bac"]})
    with pytest.raises(Conflict) as refused:
        expect_no_other_source(held, {(south, "exemplars"): "nam", (south, "guests"): "nam"})
    assert (refused.value.code, refused.value.params) == ("quota_distributed_already", {"units": ["nam"]})
    free = Quota(
        conference=held[0].conference, unit=north, group="guests", source="received", seats=0, nominee_limit=0
    )
    expect_no_other_source([free], {(north, "guests"): "bac"})


async def test_however_a_plan_multiplies_the_database_can_count_it(session: AsyncSession) -> None:
    limit = NomineeLimit(times=Fraction(3), plus=5)
    group = SeatGroup(id="exemplars", name="Điển hình", filled_by="units", nominee_limit=limit)
    assert compute_nominee_limit(group, 7) == 26
    quota = await found(session, "quota")
    set_quota_size(quota, 10**9, compute_nominee_limit(group, 10**9))
    await session.flush()
    assert quota.nominee_limit == MOST_NOMINEES
