"""Thousands of writers after few seats: never one too many, never one too few, whatever the order."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from random import Random
from uuid import UUID

import asyncpg
import pytest

from db import quotas
from db.embedded import EmbeddedServer
from db.embedded.folders import PORT
from db.session import APPLICATION_ROLE, Database
from domain.access import Actor
from service.quotas import resize_quotas
from tests.db import ground
from tests.db.ground import IDS, replace_names
from tests.works import make_work

UNITS, EACH, SEATS, LIMIT = 40, 100, 7, 10
MANY = """
UPDATE seat_group SET seats = 400 WHERE "group" = 'exemplars';
INSERT INTO unit (id) SELECT md5('unit' || n)::uuid FROM generate_series(1, 40) AS n;
INSERT INTO quota (id, conference, unit, "group", source, allocation, seats, nominee_limit)
    SELECT md5('quota' || n)::uuid, {fair}, md5('unit' || n)::uuid, 'exemplars', 'allocation', {first}, 7, 10
    FROM generate_series(1, 40) AS n;
INSERT INTO person (id) SELECT md5('person' || n)::uuid FROM generate_series(1, 4000) AS n;
"""
DRAFTS = """
INSERT INTO nomination (id, conference, unit, "group", person, state)
    SELECT md5('nomination' || n)::uuid, {fair}, md5('unit' || n % 40 + 1)::uuid, 'exemplars',
        md5('person' || n)::uuid, 'draft'
    FROM generate_series(1, 4000) AS n
"""
MISCOUNTED = """
    SELECT conference FROM seat_group WHERE "group" = 'exemplars' AND given <> (
        SELECT sum(seats) FROM quota WHERE quota.conference = seat_group.conference
    )
    UNION ALL SELECT quota.id FROM quota LEFT JOIN nomination ON nomination.quota = quota.id GROUP BY quota.id
    HAVING nominated <> count(*) FILTER (WHERE state IN ('submitted', 'accepted'))
        OR taken <> count(*) FILTER (WHERE state = 'accepted')
        OR taken > seats + excess_taken OR nominated > nominee_limit + excess_nominated
"""


@pytest.fixture
async def crowd(
    postgres: EmbeddedServer, clone: Callable[[], str]
) -> AsyncIterator[tuple[str, asyncpg.Pool]]:
    """A database with 40 quotas of 7 seats and 4,000 people, and 24 connections of the application role."""
    name = clone()
    await ground.lay_ground(postgres, name)
    pool = await asyncpg.create_pool(
        host=str(postgres.socket),
        port=PORT,
        user="postgres",
        database=name,
        min_size=24,
        max_size=24,
        server_settings={"role": APPLICATION_ROLE, **ground.EVERYWHERE},
    )
    await pool.execute(replace_names(MANY))
    yield name, pool
    await pool.close()
    postgres.drop_database(name)


async def rush(pool: asyncpg.Pool, statements: Iterable[str]) -> Counter[str]:
    """Everything at once; how many were done, and how many refused by which constraint."""

    async def one(statement: str) -> str:
        try:
            await pool.execute(statement)
        except asyncpg.PostgresError as refused:
            return getattr(refused, "constraint_name", None) or type(refused).__name__
        return "done"

    return Counter(await asyncio.gather(*map(one, statements)))


async def waiting(superuser: asyncpg.Connection, count: int) -> None:
    """Until so many wait for a lock."""
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(500):
        if await superuser.fetchval(query) >= count:
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


@pytest.mark.slow
async def test_4000_submissions_fill_every_nominee_limit_and_400_acceptances_every_seat(
    crowd: tuple[str, asyncpg.Pool],
) -> None:
    _, pool = crowd
    await pool.execute(replace_names(DRAFTS))
    submit = (
        "UPDATE nomination SET state = 'submitted', quota = quota.id FROM quota"
        " WHERE quota.unit = nomination.unit AND nomination.id = md5('nomination{}')::uuid"
    )
    found = await rush(pool, (submit.format(n) for n in range(1, UNITS * EACH + 1)))
    assert found == {"done": UNITS * LIMIT, "quota_nominee_limit_exceeded": UNITS * (EACH - LIMIT)}

    submitted = await pool.fetch("SELECT id FROM nomination WHERE state = 'submitted'")
    accept = "UPDATE nomination SET state = 'accepted' WHERE id = '{}'"
    found = await rush(pool, (accept.format(row["id"]) for row in submitted))
    assert found == {"done": UNITS * SEATS, "quota_seats_exceeded": UNITS * (LIMIT - SEATS)}
    assert await pool.fetch(MISCOUNTED) == []
    full = await pool.fetchval("SELECT count(*) FROM quota WHERE (taken, nominated) = (seats, nominee_limit)")
    assert full == UNITS


@pytest.mark.slow
async def test_4000_careless_inserts_take_280_seats(crowd: tuple[str, asyncpg.Pool]) -> None:
    _, pool = crowd
    insert = (
        "SELECT nominate(md5('unit{unit}')::uuid, md5('quota{unit}')::uuid,"
        " md5('person{n}')::uuid, 'accepted')"
    )
    statements = (insert.format(unit=n % UNITS + 1, n=n) for n in range(1, UNITS * EACH + 1))
    found = await rush(pool, statements)
    assert found["done"] == UNITS * SEATS
    assert set(found) == {"done", "quota_seats_exceeded"}
    assert await pool.fetch(MISCOUNTED) == []
    assert await pool.fetchval("SELECT count(*) FROM quota WHERE taken = seats AND seats = 7") == UNITS


@pytest.mark.slow
async def test_no_look_at_any_moment_finds_a_quota_that_does_not_add_up(
    postgres: EmbeddedServer, crowd: tuple[str, asyncpg.Pool]
) -> None:
    """Names come and go while the quotas themselves grow and shrink."""
    name, pool = crowd
    await pool.execute(replace_names(DRAFTS))
    random = Random(2025)
    database = Database(postgres.build_url(name))
    states = ("submitted", "accepted", "returned", "withdrawn", "accepted")
    move = (
        "UPDATE nomination SET state = '{}', quota = quota.id FROM quota"
        " WHERE quota.unit = nomination.unit AND nomination.id = md5('nomination{}')::uuid"
    )
    moves = [move.format(random.choice(states), random.randint(0, 19) * UNITS + n % 3) for n in range(1500)]

    async def resize() -> None:
        for _ in range(15):
            async with database.transaction(Actor.for_command_line()) as session:
                rows = await quotas.list_quotas(session, UUID(IDS["fair"]), lock=True)
                sizes = [(row, random.randint(0, 9), random.randint(9, 12)) for row in rows]
                await resize_quotas(make_work(session), sizes)

    working = asyncio.gather(rush(pool, moves), resize())
    looks = 0
    async with ground.open_connection(postgres, name) as looking:
        while not working.done():
            assert await looking.fetch(MISCOUNTED) == []
            looks += 1
    found, _ = await working
    await database.close()
    assert looks > 20
    assert min(found["done"], found["quota_seats_exceeded"], found["quota_nominee_limit_exceeded"]) > 20
    assert set(found) == {"done", "quota_seats_exceeded", "quota_nominee_limit_exceeded"}
    assert await pool.fetch(MISCOUNTED) == []


async def test_whoever_sizes_quotas_and_whoever_submits_do_not_wait_for_each_other_in_a_circle(
    postgres: EmbeddedServer, crowd: tuple[str, asyncpg.Pool]
) -> None:
    """A submission touches the quota twice, by its foreign key and by the counter; others come in between."""
    name, pool = crowd
    database = Database(postgres.build_url(name))

    async def size() -> None:
        async with database.transaction(Actor.for_command_line()) as session:
            await quotas.list_quotas(session, UUID(IDS["fair"]), lock=True)

    async with (
        ground.open_connection(postgres, name, None) as watching,
        ground.open_connection(postgres, name) as first,
        ground.open_connection(postgres, name) as second,
    ):
        await first.execute("BEGIN;" + replace_names("SELECT nominate({north}, {quota}, {an}, 'draft')"))
        await second.execute(
            "BEGIN;" + replace_names("SELECT nominate({north}, {quota}, {binh}, 'submitted')")
        )
        sizing = asyncio.create_task(size())
        await waiting(watching, 1)
        submitting = asyncio.create_task(first.execute("UPDATE nomination SET state = 'submitted'; COMMIT"))
        await waiting(watching, 2)
        await second.execute("COMMIT")
        await asyncio.gather(sizing, submitting)
    await database.close()
    assert await pool.fetch(MISCOUNTED) == []


async def test_a_person_whom_40_units_accept_at_once_goes_for_one(crowd: tuple[str, asyncpg.Pool]) -> None:
    _, pool = crowd
    insert = "SELECT nominate(md5('unit{0}')::uuid, md5('quota{0}')::uuid, md5('person1')::uuid, 'accepted')"
    found = await rush(pool, (insert.format(n) for n in range(1, UNITS + 1)))
    assert found == {"done": 1, "person_accepted_once": UNITS - 1}
    assert await pool.fetch(MISCOUNTED) == []


async def test_a_list_of_two_takes_two_of_400(crowd: tuple[str, asyncpg.Pool]) -> None:
    _, pool = crowd
    insert = "SELECT invite('guests', 'listed', md5('person{}')::uuid)"
    found = await rush(pool, (insert.format(n) for n in range(1, 401)))
    assert found == {"done": 2, "seat_group_full": 398}


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("SELECT call_unit({south}, '[2020-01-01,)')", "unit_name_overlap"),
        ("SELECT number_unit(md5('unit{n}')::uuid, 'local', 'nam', '[2020-01-01,)')", "unit_code_overlap"),
        ("SELECT number_unit({south}, 'local', 'nam-{n}', '[2020-01-01,)')", "unit_has_two_codes"),
        ("SELECT link({south}, md5('unit{n}')::uuid, '[2020-01-01,)')", "unit_has_two_parents"),
        ("SELECT open_conference({south}, 'planned')", "one_conference_per_unit_and_congress"),
        ("SELECT adopt({n} % 2 + 1)", "one_adopted_allocation_per_conference"),
        ("SELECT decide(2025, '123')", "decision_number_taken"),
    ],
)
async def test_of_30_at_once_one_is_first(
    crowd: tuple[str, asyncpg.Pool], statement: str, constraint: str
) -> None:
    _, pool = crowd
    found = await rush(pool, (replace_names(statement.replace("{n}", str(n))) for n in range(1, 31)))
    assert found["done"] == (15 if "allocation" in constraint else 1)
    # Who waits for one who waits for him is told so, and would be refused the next time.
    assert found["done"] + found[constraint] + found["DeadlockDetectedError"] == 30
