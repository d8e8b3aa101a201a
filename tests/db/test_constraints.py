"""What the database refuses whatever the code above it forgets, asked as the application role asks."""

import re

import asyncpg
import pytest

from db.embedded import EmbeddedServer
from domain.decisions import AllocationState, DecisionState, SelectionState, SizingState
from tests.db import ground
from tests.db.ground import FOLDER, replace_names

NOT_ALONE = {"quota_whole_key"}
"""Whatever breaks it breaks the primary key first; it is there for ``nomination_quota_fits`` to refer to."""


def rules(sign: str) -> list[tuple[str, str]]:
    """(constraint, statements) of constraints.sql: those that pass (+) or those that are refused (-)."""
    found, constraint = [], ""
    for line in (FOLDER / "constraints.sql").read_text().splitlines():
        if line.startswith("# "):
            constraint = line[2:]
        elif line.startswith(f"{sign} "):
            found.append((constraint, line[2:]))
    return found


@pytest.mark.parametrize(("constraint", "statements"), rules("+"))
async def test_what_is_within_a_constraint_passes(
    application: asyncpg.Connection, constraint: str, statements: str
) -> None:
    await application.execute(replace_names(statements))


@pytest.mark.parametrize(("constraint", "statements"), rules("-"))
async def test_what_is_beyond_a_constraint_is_refused_by_its_name(
    application: asyncpg.Connection, constraint: str, statements: str
) -> None:
    *before, last = replace_names(statements).split(";")
    for statement in before:
        await application.execute(statement)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await application.execute(last)
    assert refused.value.constraint_name == constraint


async def test_every_constraint_stands_in_the_list(application: asyncpg.Connection) -> None:
    named = await application.fetch(
        """
        SELECT conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE contype IN ('c', 'u', 'x') AND relnamespace = 'public'::regnamespace
        UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indisunique AND indpred IS NOT NULL AND relnamespace = 'public'::regnamespace
        UNION SELECT (regexp_matches(prosrc, $$refuse\\('(\\w+)'\\)$$, 'g'))[1] FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
        """
    )
    listed = [name for sign in "+-" for name in dict(rules(sign))]
    assert {row[0] for row in named} - NOT_ALONE <= set(listed)
    assert all(listed.count(name) == 2 for name in listed), "each has a statement that passes and one refused"


@pytest.mark.parametrize("role", ["daibieu_app", "daibieu_owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET act = 'nothing'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_event SET changes = '{}' WHERE false",
    ],
)
async def test_the_audit_trail_is_append_only(
    postgres: EmbeddedServer, laid: str, role: str, statement: str
) -> None:
    async with ground.open_connection(postgres, laid, role) as connection:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await connection.execute(statement)
    if role == "daibieu_app":
        assert isinstance(refused.value, asyncpg.InsufficientPrivilegeError)
    else:
        assert refused.value.constraint_name == "audit_event_is_append_only"


async def test_frozen_seats_cannot_be_changed_by_who_began_before_the_proposal(
    postgres: EmbeddedServer, laid: str
) -> None:
    """The one who adjusts looks at the state, then the other proposes: one of the two must wait."""
    proposal = replace_names("UPDATE allocation SET state = 'proposed' WHERE id = {first}")
    async with (
        ground.open_connection(postgres, laid) as adjusting,
        ground.open_connection(postgres, laid) as proposing,
        adjusting.transaction(),
    ):
        await adjusting.execute(replace_names("SELECT adjust(2, 1, 3, 'r')"))
        async with proposing.transaction():
            await proposing.execute("SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await proposing.execute(proposal)


STATES = ("draft", "submitted", "returned", "accepted", "withdrawn")
COUNTED = """
    SELECT quota.id FROM quota LEFT JOIN nomination ON nomination.quota = quota.id GROUP BY quota.id
    HAVING nominated <> count(*) FILTER (WHERE state IN ('submitted', 'accepted'))
        OR taken <> count(*) FILTER (WHERE state = 'accepted')
"""


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
async def test_a_quota_counts_its_nominations_from_every_state_to_every_other(
    application: asyncpg.Connection, before: str, after: str
) -> None:
    await application.execute(replace_names(f"SELECT nominate({{north}}, {{quota}}, {{an}}, '{before}')"))
    assert await application.fetch(COUNTED) == []
    await application.execute(f"UPDATE nomination SET state = '{after}'")
    assert await application.fetch(COUNTED) == []
    await application.execute(replace_names("UPDATE nomination SET unit = {south}, quota = {spare}"))
    assert await application.fetch(COUNTED) == []
    await application.execute("DELETE FROM nomination")
    assert await application.fetchval("SELECT sum(nominated + taken) FROM quota") == 0


async def test_a_quota_counts_a_statement_over_many_nominations(application: asyncpg.Connection) -> None:
    await application.execute(replace_names("SELECT north({an}, {binh}, {chi})"))
    await application.execute(replace_names("UPDATE nomination SET state = 'accepted' WHERE person <> {an}"))
    await application.execute(replace_names("UPDATE nomination SET unit = {south}, quota = {spare}"))
    assert await application.fetch(COUNTED) == []
    held = await application.fetch("SELECT nominated, taken FROM quota ORDER BY id")
    assert [tuple(row) for row in held] == [(0, 0), (3, 2)]


async def test_excess_only_shrinks(application: asyncpg.Connection) -> None:
    await application.execute(replace_names("SELECT north_accepted({an}, {binh})"))
    await application.execute(
        "UPDATE quota SET seats = 0, nominee_limit = 1, excess_taken = taken,"
        " excess_nominated = greatest(nominated - 1, 0)"
    )
    seen = []
    for person in ("an", "binh"):
        await application.execute(
            replace_names(f"UPDATE nomination SET state = 'returned' WHERE person = {{{person}}}")
        )
        row = await application.fetchrow(
            replace_names("SELECT excess_taken, excess_nominated FROM quota WHERE id = {quota}")
        )
        seen.append(tuple(row))
    assert seen == [(1, 0), (0, 0)]


REPLIES = ("listed", "invited", "accepted", "declined")


@pytest.mark.parametrize("before", REPLIES)
@pytest.mark.parametrize("after", REPLIES)
async def test_a_group_counts_its_list_from_every_reply_to_every_other(
    application: asyncpg.Connection, before: str, after: str
) -> None:
    listed = "SELECT listed FROM seat_group ORDER BY position"
    await application.execute(replace_names(f"SELECT invite('guests', '{before}', {{an}})"))
    await application.execute(f"UPDATE invitation SET reply = '{after}'")
    assert [row[0] for row in await application.fetch(listed)] == [0, after != "declined"]
    await application.execute("UPDATE invitation SET \"group\" = 'exemplars'")
    assert [row[0] for row in await application.fetch(listed)] == [after != "declined", 0]
    await application.execute("DELETE FROM invitation")
    assert [row[0] for row in await application.fetch(listed)] == [0, 0]


async def test_nobody_is_invited_to_a_group_the_conference_does_not_have(
    application: asyncpg.Connection,
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await application.execute(replace_names("SELECT invite('nowhere', 'listed', {an})"))


@pytest.mark.parametrize(
    ("table", "states"),
    [("sizing", SizingState), ("allocation", AllocationState), ("selection", SelectionState)],
)
async def test_the_states_of_the_rules_are_those_of_the_database(
    application: asyncpg.Connection, table: str, states: type[DecisionState]
) -> None:
    check = await application.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1", f"{table}_state_known"
    )
    assert sorted(re.findall(r"'(\w+)'", check)) == sorted(states)
