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
from domain.plans import SeatGroup
from domain.plans.seats import NomineeLimit
from domain.quotas import MOST_NOMINEES, compute_nominee_limit
from service.quotas import map_committed_seats, resize_quotas
from tests.db import ground
from tests.db.ground import IDS, replace_names
from tests.works import make_work

CHAIN = """
UPDATE seat_group SET seats = NULL;
UPDATE quota SET seats = 9, nominee_limit = 9, distributed = 8 WHERE id = {quota};
UPDATE quota SET source = 'distributed', parent = {quota}, allocation = NULL,
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
    return await quotas.lock_quota(session, UUID(IDS[name]))


async def resize(session: AsyncSession, seats: int) -> None:
    """Give the first of them that many seats."""
    await resize_quotas(make_work(session), [(await found(session, "quota"), seats, seats)])


async def sizes(session: AsyncSession) -> list[tuple[int, int, int, int]]:
    """(seats, distributed, excess taken, excess nominated) from the first quota down."""
    await session.flush()
    rows = [await found(session, name) for name in ("quota", "spare", "other")]
    return [(row.seats, row.distributed, row.excess_taken, row.excess_nominated) for row in rows]


async def test_a_cut_reaches_whoever_stands_at_the_end(session: AsyncSession) -> None:
    await resize(session, 5)
    assert await sizes(session) == [(5, 2, 0, 0), (2, 1, 0, 0), (1, 0, 0, 1)]


async def test_a_cut_below_what_is_taken_leaves_the_excess_with_the_first(session: AsyncSession) -> None:
    await resize(session, 1)
    assert await sizes(session) == [(1, 2, 2, 2), (2, 1, 0, 0), (1, 0, 0, 1)]


async def test_a_change_that_still_fits_touches_nobody_below(session: AsyncSession) -> None:
    await resize(session, 10)
    assert await sizes(session) == [(10, 8, 0, 0), (8, 6, 0, 0), (6, 0, 0, 0)]


async def test_whatever_changes_is_the_next_version_of_itself_and_nothing_else_is(
    session: AsyncSession,
) -> None:
    async def versions() -> list[int]:
        return [(await found(session, name)).version for name in ("quota", "spare", "other")]

    first, *below = await versions()
    await resize(session, 10)
    assert await versions() == [first + 1, *below]
    await resize(session, 5)
    assert await versions() == [first + 2, *(each + 1 for each in below)]


async def test_everybody_accepted_below_counts_as_committed(session: AsyncSession) -> None:
    rows = [await found(session, name) for name in ("quota", "spare", "other")]
    assert [(await map_committed_seats(session, [row]))[row.id] for row in rows] == [3, 2, 1]
    assert [*(await map_committed_seats(session, rows)).values()] == [3, 2, 1]


async def test_however_a_plan_multiplies_the_database_can_count_it(session: AsyncSession) -> None:
    limit = NomineeLimit(times=Fraction(3), plus=5)
    group = SeatGroup(id="exemplars", name="Điển hình", filled_by="units", nominee_limit=limit)
    quota = await found(session, "quota")
    await resize_quotas(make_work(session), [(quota, 10**9, compute_nominee_limit(group, 10**9))])
    assert (await found(session, "quota")).nominee_limit == MOST_NOMINEES
