"""The audit trail against whoever can write past its guards: what was changed, removed or moved is found."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db import audit as rows
from db import migration
from db.embedded import EmbeddedServer
from db.session import Database
from domain.access import Actor
from domain.findings import Plain
from service import audit
from service.audit import ChainVerification
from tests.db import ground
from tests.works import make_work

PLAN = UUID(int=1)
CHAIN = str(PLAN)
COUNT = 12
UNGUARDED = "ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_head DISABLE TRIGGER USER"
REHASHED = """
    UPDATE audit_event SET hash = encode(sha256(n::text::bytea), 'hex') WHERE n = 5;
    UPDATE audit_event SET prev = (SELECT hash FROM audit_event WHERE n = 5) WHERE n = 6
"""
SWAPPED = """
    UPDATE audit_event SET n = CASE n WHEN 5 THEN 60 ELSE 50 END WHERE n IN (5, 6);
    UPDATE audit_event SET n = n / 10 WHERE n >= 50
"""
REPEATED = """
    INSERT INTO audit_event SELECT chain, 13, gen_random_uuid(), at, actor, on_behalf_of, act, subject_kind,
        subject, request_id, changes, prev, hash FROM audit_event WHERE n = 12
"""


async def write(database: Database, count: int = 1, plan: UUID | None = PLAN) -> None:
    """So many acts, one a transaction, with all that a change may carry."""
    for n in range(count):
        async with database.transaction(Actor.for_command_line()) as session:
            changes: dict[str, Plain] = {
                "n": n,
                "seats": {"before": None, "after": 7},
                "reason": "Điều chỉnh “theo” ý kiến\n✓",
            }
            await audit.record_event(make_work(session), "act", "thing", f"subject {n}", changes, plan=plan)


async def verified(database: Database, chain: str = CHAIN) -> ChainVerification:
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        return await audit.verify_chain(session, chain)


@pytest.fixture
async def trail(database: Database) -> Database:
    """A database with a chain of twelve events, and three in the house's."""
    await write(database, COUNT)
    await write(database, 3, plan=None)
    return database


@pytest.fixture
async def forger(postgres: EmbeddedServer, trail: Database) -> AsyncIterator[asyncpg.Connection]:
    """The superuser, with the guards of the trail out of the way."""
    async with ground.open_connection(postgres, trail.engine.url.database or "", None) as connection:
        await connection.execute(UNGUARDED)
        yield connection


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everyone may pass through, as a service's data folder is; ``tmp_path`` is closed."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def test_an_untouched_chain_holds(trail: Database) -> None:
    found = await verified(trail)
    assert (found.events, found.broken_at) == (COUNT, None)
    async with trail.transaction(Actor.for_command_line(), read_only=True) as session:
        events = await rows.page_events(session, CHAIN)
    assert [event.n for event in events] == list(range(1, COUNT + 1))
    assert [event.prev for event in events] == [rows.GENESIS_HASH, *(event.hash for event in events[:-1])]
    assert found.head == events[-1].hash
    assert all(event.at.tzinfo == UTC for event in events)
    assert (await verified(trail, rows.SERVICE_CHAIN)).events == 3


async def test_all_events_of_an_act_are_added_in_their_order(trail: Database) -> None:
    """Several in one chain, and in a chain that begins with them."""
    async with trail.transaction(Actor.for_command_line()) as session:
        work = make_work(session)
        chains = (PLAN, None, PLAN, UUID(int=2), PLAN)
        events = [
            audit.build_event(work, "act", "thing", f"part {n}", plan=chain) for n, chain in enumerate(chains)
        ]
        await audit.record_events(work, *events)
    found = [await verified(trail, chain) for chain in (CHAIN, rows.SERVICE_CHAIN, str(UUID(int=2)))]
    assert [(each.events, each.broken_at) for each in found] == [(COUNT + 3, None), (4, None), (1, None)]
    async with trail.transaction(Actor.for_command_line(), read_only=True) as session:
        added = await rows.page_events(session, CHAIN, after=COUNT)
    assert [event.subject for event in added] == ["part 0", "part 2", "part 4"]


@pytest.mark.parametrize("n", [COUNT - 1, COUNT + 1, COUNT + 5])
async def test_a_head_moves_on_only_with_the_event_that_it_names(
    postgres: EmbeddedServer, trail: Database, n: int
) -> None:
    """Also for the superuser, while the triggers are there; at once, or when the transaction ends."""
    async with ground.open_connection(postgres, trail.engine.url.database or "", None) as superuser:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="a head"):
            await superuser.execute("UPDATE audit_head SET n = $1 WHERE chain = $2", n, CHAIN)
        for removal in ("DELETE FROM audit_head", "TRUNCATE audit_head"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="a head"):
                await superuser.execute(removal)


async def test_a_chain_that_nobody_began_is_whole_and_empty(trail: Database) -> None:
    assert await verified(trail, "nothing") == ChainVerification("nothing", 0, None, rows.GENESIS_HASH)


@pytest.mark.parametrize(
    ("forgery", "broken_at"),
    [
        ("UPDATE audit_event SET actor = 'somebody' WHERE n = 5", 5),
        ("UPDATE audit_event SET on_behalf_of = 'somebody' WHERE n = 5", 5),
        ("UPDATE audit_event SET act = 'other' WHERE n = 1", 1),
        ("UPDATE audit_event SET subject = 'other' WHERE n = 12", 12),
        ("UPDATE audit_event SET subject_kind = 'other' WHERE n = 5", 5),
        ("UPDATE audit_event SET request_id = 'other' WHERE n = 5", 5),
        ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE n = 5", 5),
        ("UPDATE audit_event SET id = gen_random_uuid() WHERE n = 5", 5),
        ("UPDATE audit_event SET changes = changes || '{\"n\": 99}' WHERE n = 5", 5),
        ("UPDATE audit_event SET changes = changes - 'reason' WHERE n = 5", 5),
        ("UPDATE audit_event SET chain = 'elsewhere' WHERE n = 5", 5),
        ("DELETE FROM audit_event WHERE n = 1", 1),
        ("DELETE FROM audit_event WHERE n = 5", 5),
        ("DELETE FROM audit_event WHERE n = 12", 12),
        ("DELETE FROM audit_event WHERE n > 5", 6),
        ("DELETE FROM audit_event", 1),
        ("DELETE FROM audit_event WHERE n = 5; UPDATE audit_event SET n = n - 1 WHERE n > 5", 5),
        (SWAPPED, 5),
        (REHASHED, 5),
        (REPEATED, 13),
        ("DELETE FROM audit_head", 13),
        ("UPDATE audit_head SET n = 11", 13),
        ("UPDATE audit_head SET hash = repeat('0', 64)", 13),
        ("DELETE FROM audit_event WHERE n = 12; UPDATE audit_head SET n = 11", 12),
    ],
)
async def test_a_forgery_is_found_where_it_begins(
    trail: Database, forger: asyncpg.Connection, forgery: str, broken_at: int
) -> None:
    await forger.execute(forgery)
    found = await verified(trail)
    assert found.broken_at == broken_at
    assert found.events == broken_at - 1


async def rewrite(database: Database, forger: asyncpg.Connection, first: int, last: int) -> None:
    """Change events and hash them again, as who knows how they are hashed can."""
    async with database.transaction(Actor.for_command_line(), read_only=True) as session:
        events = await rows.page_events(session, CHAIN, after=first - 1, limit=last - first + 1)
    prev = events[0].prev
    for event in events:
        event.actor, event.prev = "somebody", prev
        prev = rows.compute_event_hash(event)
        await forger.execute(
            "UPDATE audit_event SET actor = 'somebody', prev = $1, hash = $2 WHERE chain = $3 AND n = $4",
            *(event.prev, prev, CHAIN, event.n),
        )
    if last == COUNT:
        await forger.execute("UPDATE audit_head SET hash = $1 WHERE chain = $2", prev, CHAIN)


async def test_a_backdated_event_is_found_though_its_hash_is_right(
    trail: Database, forger: asyncpg.Connection
) -> None:
    """The last event, at the time of the first: every hash and the head agree."""
    async with trail.transaction(Actor.for_command_line(), read_only=True) as session:
        events = await rows.page_events(session, CHAIN)
    last = events[-1]
    last.at = events[0].at
    hashed = rows.compute_event_hash(last)
    change = "UPDATE audit_event SET at = $1, hash = $2 WHERE chain = $3 AND n = $4"
    await forger.execute(change, last.at, hashed, CHAIN, COUNT)
    await forger.execute("UPDATE audit_head SET at = $1, hash = $2 WHERE chain = $3", last.at, hashed, CHAIN)
    found = await verified(trail)
    assert (found.broken_at, found.events) == (COUNT, COUNT - 1)


async def test_a_clock_that_went_back_turns_no_time_back(
    postgres: EmbeddedServer, trail: Database, forger: asyncpg.Connection
) -> None:
    """The last event was written by a clock that was an hour ahead; the next one is not before it."""
    async with trail.transaction(Actor.for_command_line(), read_only=True) as session:
        last = (await rows.page_events(session, CHAIN))[-1]
    last.at += timedelta(hours=1)
    hashed = rows.compute_event_hash(last)
    change = "UPDATE audit_event SET at = $1, hash = $2 WHERE chain = $3 AND n = $4"
    await forger.execute(change, last.at, hashed, CHAIN, COUNT)
    await forger.execute("UPDATE audit_head SET at = $1, hash = $2 WHERE chain = $3", last.at, hashed, CHAIN)
    await forger.execute(UNGUARDED.replace("DISABLE", "ENABLE"))
    await write(trail)
    found = await verified(trail)
    assert (found.broken_at, found.events) == (None, COUNT + 1)
    async with trail.transaction(Actor.for_command_line(), read_only=True) as session:
        assert (await rows.page_events(session, CHAIN, after=COUNT))[0].at == last.at


AWKWARD: list[Plain] = [
    None,
    True,
    -(10**30),
    "",
    '“Điều chỉnh” \\ / " \x01\x1f\x7f\u2028\U0001f600\b\f\n\r\t',
    {},
    [],
    {"b": 1, "a": [{"é": "x", "z": None, "aa": 2, "Z": False, "\U0001f600": 1, "\uffff": 2}], "": ""},
]
"""What JSON may be: numbers, escapes, and names in an order of their own."""


@pytest.mark.parametrize("value", AWKWARD)
async def test_the_database_and_the_service_hash_alike(database: Database, value: Plain) -> None:
    """The database refuses an event whose hash is another."""
    async with database.transaction(Actor.for_command_line()) as session:
        await audit.record_event(make_work(session), "act", "thing", "x", {"value": value}, plan=PLAN)
    assert (await verified(database)).broken_at is None


@pytest.mark.parametrize(("first", "last"), [(5, 5), (5, 11), (1, 1)])
async def test_what_was_hashed_again_is_found_by_the_event_after_it(
    trail: Database, forger: asyncpg.Connection, first: int, last: int
) -> None:
    await rewrite(trail, forger, first, last)
    assert (await verified(trail)).broken_at == last + 1


async def test_a_chain_rewritten_to_its_end_has_another_head_than_was_noted_outside(
    trail: Database, forger: asyncpg.Connection
) -> None:
    noted = (await verified(trail)).head
    await rewrite(trail, forger, 5, COUNT)
    found = await verified(trail)
    assert found.broken_at is None
    assert found.head != noted


async def test_a_break_in_one_chain_leaves_the_others_whole(
    trail: Database, forger: asyncpg.Connection
) -> None:
    await forger.execute("DELETE FROM audit_event WHERE n = 5")
    assert (await verified(trail)).broken_at == 5
    assert (await verified(trail, rows.SERVICE_CHAIN)).broken_at is None


async def test_writers_at_once_make_one_line_in_each_chain(database: Database) -> None:
    await asyncio.gather(*(write(database, 10, plan) for plan in (PLAN, None) for _ in range(8)))
    for chain in (CHAIN, rows.SERVICE_CHAIN):
        assert (await verified(database, chain)).events == 80
        assert (await verified(database, chain)).broken_at is None


async def test_a_chain_holds_while_others_write_to_it(database: Database) -> None:
    """Whoever verifies a living plan must not be told of a break that is none."""
    writing = asyncio.gather(*(write(database, 40) for _ in range(4)))
    found = []
    while not writing.done():
        found.append((await verified(database)).broken_at)
    await writing
    assert len(found) > 10
    assert set(found) == {None}


async def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction(Actor.for_command_line()) as session:
            await audit.record_event(make_work(session), "act", "thing", "lost", plan=PLAN)
            raise LookupError

    done = await asyncio.gather(
        *(fail() if n % 2 else write(database) for n in range(20)), return_exceptions=True
    )
    assert [type(each) for each in done] == [type(None), LookupError] * 10
    assert (await verified(database)).events == 10
    assert (await verified(database)).broken_at is None


async def test_a_connection_that_breaks_in_the_middle_of_a_write_leaves_the_chain_whole(
    postgres: EmbeddedServer, trail: Database
) -> None:
    async def write_half() -> None:
        async with trail.transaction(Actor.for_command_line()) as session:
            await audit.record_event(make_work(session), "act", "thing", "half", plan=PLAN)
            backend = await (await session.connection()).scalar(text("SELECT pg_backend_pid()"))
            async with ground.open_connection(postgres, trail.engine.url.database or "", None) as superuser:
                await superuser.execute("SELECT pg_terminate_backend($1, 5000)", backend)

    with pytest.raises(DBAPIError):
        await write_half()
    await write(trail)
    found = await verified(trail)
    assert (found.events, found.broken_at) == (COUNT + 1, None)


@pytest.mark.faults
async def test_a_server_that_crashes_among_writers_loses_nothing_that_was_promised(
    open_folder: Path,
) -> None:
    """One of its processes is killed as by the machine: PostgreSQL throws all the others out and recovers."""
    promised = 0
    enough = asyncio.Event()

    async def keep_writing(database: Database) -> None:
        nonlocal promised
        while True:
            await write(database)
            promised += 1
            if promised == 40:
                enough.set()

    with EmbeddedServer.start(open_folder / "pg") as server:
        await asyncio.to_thread(migration.upgrade_database, server.build_url())
        database = Database(server.build_url())
        writers = [asyncio.create_task(keep_writing(database)) for _ in range(4)]
        await enough.wait()
        async with ground.open_connection(server, "daibieu", None) as victim:
            os.kill(await victim.fetchval("SELECT pg_backend_pid()"), signal.SIGKILL)
            ends = await asyncio.gather(*writers, return_exceptions=True)
        assert all(isinstance(end, DBAPIError | OSError) for end in ends)
        await _recovered(server)
        found = await verified(database)
        assert found.broken_at is None
        assert promised <= found.events <= promised + len(writers)
        await write(database)
        assert (await verified(database)).events == found.events + 1
        await database.close()


async def _recovered(server: EmbeddedServer) -> None:
    for _ in range(500):
        try:
            async with ground.open_connection(server, "daibieu"):
                return
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.02)
    raise TimeoutError
