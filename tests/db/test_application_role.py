"""Whoever can run SQL as the application role: what the database refuses them, and what it never does unsaid.

Each test connects in that role and reaches everything. The databases are copies, in which the role may still
make temporary tables: so the functions are tried although a second wall stands before them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from db import migration
from db.audit import AuditEvent, compute_event_hash
from db.embedded import EmbeddedServer
from domain.access import GRANTABLE_ROLES, Role
from tests.db import ground
from tests.db.ground import replace_names

REFUSED = asyncpg.InsufficientPrivilegeError


@asynccontextmanager
async def hold(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """A transaction that leaves nothing behind."""
    transaction = connection.transaction()
    await transaction.start()
    yield
    await transaction.rollback()


@pytest.fixture
async def attacker(postgres: EmbeddedServer, clone: Callable[[], str]) -> AsyncIterator[asyncpg.Connection]:
    """A connection in the application role to a database of its own with the ground laid."""
    name = clone()
    await ground.lay_ground(postgres, name)
    async with ground.open_connection(postgres, name) as connection:
        yield connection
    postgres.drop_database(name)


# --- tables of their own

PROPOSED = "UPDATE allocation SET state = 'proposed' WHERE id = {first}; SELECT choose(1, 'proposed')"
SHADOWS = {
    "in no path": "",
    "first in the path": "SET search_path = pg_temp, public;",
    "before the catalog": "SET search_path = pg_temp, pg_catalog, public;",
}
REWRITES = {
    "UPDATE public.allocation_seat SET seats = 9, computed = 9": "proposed_allocation_is_frozen",
    "UPDATE public.allocation SET certificate = 'null'": "proposed_allocation_is_frozen",
    "DELETE FROM public.allocation_seat": "proposed_allocation_is_frozen",
    "INSERT INTO public.allocation_target (allocation, unit) VALUES ({first}, {south})": (
        "proposed_allocation_is_frozen"
    ),
    "INSERT INTO public.settlement (allocation, stage) VALUES ({first}, 'x')": (
        "proposed_allocation_is_frozen"
    ),
    "INSERT INTO public.selection_place (selection, nomination, unit, outcome)"
    " VALUES (uuid_of_selection(1), {an}, {north}, 'chosen')": "proposed_selection_is_frozen",
}


@pytest.mark.parametrize("path", SHADOWS)
@pytest.mark.parametrize("rewrite", REWRITES)
async def test_a_temporary_table_hides_nothing_from_the_freeze(
    application: asyncpg.Connection, rewrite: str, path: str
) -> None:
    """Tables of the same names that say that everything may still change."""
    await application.execute(replace_names(PROPOSED))
    await application.execute(
        "CREATE TEMP TABLE allocation AS SELECT id, 'decided'::text AS state FROM public.allocation;"
        "CREATE TEMP TABLE selection AS SELECT id, 'decided'::text AS state FROM public.selection;"
        f"{SHADOWS[path]}"
    )
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await application.execute(replace_names(rewrite).replace("uuid_of", "public.uuid_of"))
    assert refused.value.constraint_name == REWRITES[rewrite]


@pytest.mark.parametrize("rewrite", [each for each in REWRITES if each.startswith("INSERT")])
async def test_a_policy_hides_nothing_from_the_freeze(
    postgres: EmbeddedServer, laid: str, rewrite: str
) -> None:
    """Whatever a policy lets nobody see of an allocation, the freeze sees."""
    async with ground.open_connection(postgres, laid, None) as connection, hold(connection):
        for table in ("allocation", "selection"):
            hiding = f"CREATE POLICY hidden ON {table} AS RESTRICTIVE FOR SELECT USING (false)"
            await connection.execute(hiding)
        await connection.execute("SET LOCAL ROLE daibieu_app; SELECT choose(1, 'proposed')")
        await connection.execute(f"RESET ROLE; {replace_names(PROPOSED.partition(';')[0])}")
        await connection.execute("SET LOCAL ROLE daibieu_app")
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(replace_names(rewrite))
        assert refused.value.constraint_name == REWRITES[rewrite]


async def test_a_table_that_means_another_does_not_open_a_guard(application: asyncpg.Connection) -> None:
    """Nor a role that has the rights of the application without being it."""
    await application.execute("CREATE TEMP TABLE actor_below AS SELECT 'x' AS congress, id AS unit FROM unit")
    await application.execute("SET LOCAL daibieu.reach = ''; SET LOCAL search_path = pg_temp, public")
    with pytest.raises(REFUSED, match="out of reach"):
        await application.execute("UPDATE unit_name SET name = 'x'")


async def test_whoever_has_the_rights_of_the_role_is_guarded_like_the_role(
    postgres: EmbeddedServer, laid: str
) -> None:
    """``SET ROLE NONE`` leads back to the login, which may have inherited them."""
    async with ground.open_connection(postgres, laid, None) as superuser, hold(superuser):
        await superuser.execute("CREATE ROLE heir; GRANT daibieu_app TO heir; SET LOCAL daibieu.reach = ''")
        await superuser.execute("SET LOCAL ROLE heir")
        with pytest.raises(REFUSED, match="out of reach"):
            await superuser.execute("UPDATE unit_name SET name = 'x'")


async def test_no_temporary_table_can_be_made_in_a_migrated_database(postgres: EmbeddedServer) -> None:
    """Also after the database was copied, as when a backup is restored, and migrated again."""
    postgres.create_database("closed", template="migrated")
    try:
        await asyncio.to_thread(migration.upgrade_database, postgres.build_url("closed"))
        async with ground.open_connection(postgres, "closed") as connection:
            with pytest.raises(REFUSED):
                await connection.execute("CREATE TEMP TABLE allocation (state text)")
    finally:
        postgres.drop_database("closed")


async def test_a_database_that_cannot_be_closed_is_not_served(postgres: EmbeddedServer) -> None:
    """The role that migrates owns neither the database nor the right to forbid."""
    url = postgres.build_url("others").replace("postgres@", "guest@")
    async with ground.open_connection(postgres, "postgres", None) as superuser:
        await superuser.execute("CREATE ROLE guest LOGIN; GRANT daibieu_owner, daibieu_app TO guest")
        await superuser.execute("CREATE DATABASE others")
        async with ground.open_connection(postgres, "others", None) as owner:
            await owner.execute("GRANT ALL ON SCHEMA public TO guest WITH GRANT OPTION")
        try:
            with pytest.raises(migration.OpenDatabase, match="REVOKE TEMPORARY ON DATABASE others FROM"):
                await asyncio.to_thread(migration.upgrade_database, url)
        finally:
            await superuser.execute("DROP DATABASE others WITH (FORCE)")
            await superuser.execute("DROP ROLE guest")


# --- decisions and signatures

ADOPTED = (
    "UPDATE allocation SET state = 'proposed', proposed_by = 'a' WHERE id = {first};"
    "UPDATE allocation SET state = 'approved', approved_by = 'b' WHERE id = {first};"
    "INSERT INTO decision (id, subject, organ, series, year, number, decided_on, approved_by)"
    " VALUES ({dung}, {first}, 'o', 's', 2025, '1', '2025-06-05', 'b');"
    "UPDATE allocation SET state = 'adopted', decision = {dung} WHERE id = {first};"
    "SELECT choose(1, 'decided'); UPDATE selection SET state = 'proposed', proposed_by = 'a';"
    "UPDATE selection SET state = 'approved', approved_by = 'b';"
    "UPDATE selection SET state = 'adopted', decision = {dung}"
)
SIGNED = [
    "UPDATE allocation SET {column} WHERE id = {{first}}",
    "UPDATE selection SET {column}",
]
COLUMNS = [
    "proposed_by = 'x'",
    "approved_by = 'x'",
    "decision = NULL",
    "reason = 'x'",
    "created_at = now() - interval '1 year'",
    "id = gen_random_uuid()",
    "amends = NULL, n = 7",
    "state = 'superseded', approved_by = 'x'",
]


@pytest.mark.parametrize("statement", SIGNED)
@pytest.mark.parametrize("column", COLUMNS)
async def test_nothing_of_what_is_adopted_is_rewritten(
    application: asyncpg.Connection, statement: str, column: str
) -> None:
    await application.execute(replace_names(ADOPTED))
    with pytest.raises(asyncpg.CheckViolationError):
        await application.execute(replace_names(statement.format(column=column)))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET approved_by = 'x'",
        "UPDATE decision SET recorded_at = now() - interval '1 year'",
        "UPDATE decision SET number = '2'",
        "DELETE FROM decision",
        "INSERT INTO decision (subject, organ) VALUES ({first}, 'another')",
        "INSERT INTO decision (subject_kind, subject) VALUES ('selection', uuid_of_selection(1))",
        "UPDATE plan_version SET reason = 'x' WHERE id = {published}",
        "UPDATE plan_version SET created_at = now() WHERE id = {published}",
    ],
)
async def test_neither_is_the_decision_nor_the_plan(application: asyncpg.Connection, statement: str) -> None:
    await application.execute(replace_names(ADOPTED))
    with pytest.raises(asyncpg.CheckViolationError):
        await application.execute(replace_names(statement))


@pytest.mark.parametrize("table", ["allocation", "selection"])
@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("proposed", "proposed_by = 'x'"),
        ("proposed", "approved_by = 'x'"),
        ("proposed", "state = 'approved', approved_by = 'b', proposed_by = 'x'"),
        ("approved", "approved_by = 'x'"),
        ("approved", "state = 'adopted', approved_by = 'x'"),
        ("approved", "state = 'decided'"),
    ],
)
async def test_a_signature_is_given_and_withdrawn_but_not_exchanged(
    application: asyncpg.Connection, table: str, state: str, change: str
) -> None:
    await application.execute("SELECT choose(1, 'decided')")
    await application.execute(f"UPDATE {table} SET state = 'proposed', proposed_by = 'a' WHERE n = 1")
    if state == "approved":
        await application.execute(f"UPDATE {table} SET state = 'approved', approved_by = 'b' WHERE n = 1")
    with pytest.raises(asyncpg.CheckViolationError):
        async with application.transaction():
            await application.execute(f"UPDATE {table} SET {change} WHERE n = 1")
    withdrawal = f"UPDATE {table} SET state = 'decided', proposed_by = NULL, approved_by = NULL WHERE n = 1"
    await application.execute(withdrawal)


# --- what is not done unsaid


TELL = """
    WITH head AS (SELECT * FROM lock_audit_heads(ARRAY['house'], 'house')), event AS (
        SELECT ROW('house', n + 1, gen_random_uuid(), at, actor_id(), NULL, $1::text, 'thing', $2::text, NULL,
            $3::jsonb, hash, NULL)::audit_event AS told FROM head
    )
    INSERT INTO audit_event
    SELECT recorded.* FROM event,
        jsonb_populate_record(told, jsonb_build_object('hash', hash_audit_event(told))) AS recorded
"""
"""An event as it has to be: of an act, about a subject, with changes."""


async def tell(connection: asyncpg.Connection, act: str, subject: object, changes: str = "{}") -> None:
    await connection.execute(TELL, act, str(subject), changes)


async def act_unsaid(
    connection: asyncpg.Connection, statement: str, *values: object, told: tuple[object, ...] | None = None
) -> None:
    """A transaction of one statement, and an event if there is one to tell."""
    async with connection.transaction():
        await connection.execute(replace_names(statement), *values)
        if told is not None:
            await tell(connection, *map(str, told))


KEY = "SELECT add_service_key($1, know('a'), 'h', sha256('x'), 'x', now() + interval '1 day')"
GRANT = "SELECT add_role_grant($1, know('b'), NULL, $2, NULL, NULL, NULL, 'paper', NULL)"
TOLD = '{"role": "auditor", "unit": null, "congress": null, "scopes": null, "source": "paper"}'


async def test_a_key_is_issued_and_revoked_with_its_event_or_not_at_all(attacker: asyncpg.Connection) -> None:
    key = uuid4()
    with pytest.raises(REFUSED, match="key_issued is not recorded"):
        await attacker.execute(KEY, key)
    async with attacker.transaction():
        await attacker.execute(KEY, key)
        await tell(attacker, "key_issued", key)
    with pytest.raises(REFUSED, match="key_revoked is not recorded"):
        await attacker.execute("UPDATE service_key SET revoked_at = now()")
    async with attacker.transaction():
        await attacker.execute("UPDATE service_key SET revoked_at = now()")
        await tell(attacker, "key_revoked", key)
    with pytest.raises(REFUSED, match="stays revoked"):
        await attacker.execute("UPDATE service_key SET revoked_at = NULL")


@pytest.mark.parametrize("told", [None, TOLD.replace("auditor", "approver"), TOLD.replace("paper", "other")])
async def test_a_role_is_granted_with_an_event_that_says_which(
    attacker: asyncpg.Connection, told: str | None
) -> None:
    grant = uuid4()
    event = None if told is None else ("role_granted", grant, told)
    with pytest.raises(REFUSED, match="not recorded in the audit trail as it is"):
        await act_unsaid(attacker, GRANT, grant, "auditor", told=event)
    async with attacker.transaction():
        await attacker.execute(GRANT, grant, "auditor")
        await tell(attacker, "role_granted", grant, TOLD)
    with pytest.raises(REFUSED, match="role_revoked is not recorded"):
        await attacker.execute("UPDATE role_grant SET revoked_at = now()")


async def test_an_older_event_is_not_the_event_of_this_act(attacker: asyncpg.Connection) -> None:
    key = uuid4()
    await tell(attacker, "key_issued", key)
    with pytest.raises(REFUSED, match="key_issued is not recorded"):
        await attacker.execute(KEY, key)


async def test_a_key_in_use_gets_no_more_grants(attacker: asyncpg.Connection) -> None:
    grant = (
        "SELECT add_role_grant($1, identity, id, 'auditor', NULL, NULL, NULL, 'paper', NULL) FROM service_key"
    )
    key, added = uuid4(), uuid4()
    async with attacker.transaction():
        await attacker.execute(KEY, key)
        await attacker.execute(grant, uuid4())
        await tell(attacker, "key_issued", key, f'{{"grants": [{TOLD}]}}')
    with pytest.raises(REFUSED, match="another key than is being issued"):
        await act_unsaid(attacker, grant, added, told=("role_granted", added, TOLD))


async def test_the_database_and_the_service_let_the_same_roles_be_granted(
    application: asyncpg.Connection,
) -> None:
    for own in Role:
        query = "SELECT wanted FROM unnest($2::text[]) AS wanted WHERE may_grant_role($1, wanted)"
        found = await application.fetch(query, own, list(Role))
        assert {row[0] for row in found} == GRANTABLE_ROLES.get(own, frozenset()), own


async def test_nobody_grants_beyond_their_own_stored_roles(application: asyncpg.Connection) -> None:
    """Whatever a session says about its reach."""
    await application.execute(KEY, uuid4())
    holder = await application.fetchval("SELECT identity FROM service_key")
    await application.execute("SELECT set_config('daibieu.actor', $1, true)", str(holder))
    with pytest.raises(REFUSED, match="beyond the roles of the actor"):
        await application.execute(GRANT, uuid4(), "approver")


@pytest.mark.parametrize("call", [(KEY, uuid4()), (GRANT, uuid4(), "auditor")], ids=["key", "grant"])
async def test_whoever_names_nobody_issues_nothing(
    application: asyncpg.Connection, call: tuple[object, ...]
) -> None:
    await application.execute("SET LOCAL daibieu.actor = ''")
    with pytest.raises(REFUSED, match="by nobody"):
        await application.execute(*call)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO role_grant SELECT FROM role_grant",
        "INSERT INTO service_key SELECT FROM service_key",
        "DELETE FROM role_grant",
        "DELETE FROM service_key",
        "DELETE FROM person_key",
        "DELETE FROM person_sealed",
        "DELETE FROM snapshot_key",
        "DELETE FROM paper_box",
        "DELETE FROM list_vote_reason",
        "UPDATE paper_box SET sealed = ''",
        "UPDATE snapshot_key SET snapshot = 'x'",
        "UPDATE person_key SET id = gen_random_uuid()",
        "INSERT INTO audit_head VALUES ('x', 0, repeat('0', 64), now())",
        "UPDATE audit_head SET at = now() - interval '1 year'",
        "SELECT * FROM person_snapshot",
    ],
)
async def test_keys_grants_and_heads_are_not_written_directly(
    application: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(REFUSED, match="permission denied"):
        await application.execute(statement)


SEALED = (
    "INSERT INTO person_key (id) VALUES ({an});"
    "INSERT INTO person_sealed (person, key_id) VALUES ({an}, {an});"
    "INSERT INTO snapshot (digest, content, sealed) VALUES ('d', NULL, 'x');"
    "INSERT INTO snapshot_key (snapshot) VALUES ('d'); SELECT north({an});"
    "INSERT INTO selection (conference, plan_version, n, state, how, run, snapshot)"
    " VALUES ({fair}, {published}, 1, 'decided', 'computed', {run}, 'd')"
)


@pytest.mark.parametrize("call", ["destroy_person_key({an})", "destroy_snapshot_keys({an})"])
async def test_nothing_sealed_is_destroyed_unsaid(attacker: asyncpg.Connection, call: str) -> None:
    await attacker.execute(replace_names(SEALED))
    an, binh = ground.IDS["an"], ground.IDS["binh"]
    for told in (None, ("person_erased", binh), ("person_exported", an)):
        with pytest.raises(REFUSED, match="person_erased is not recorded"):
            await act_unsaid(attacker, f"SELECT {call}", told=told)
    with pytest.raises(REFUSED, match="out of reach"):
        await act_unsaid(attacker, f"SET LOCAL daibieu.reach = ''; SELECT {call}")
    await act_unsaid(attacker, f"SELECT {call}", told=("person_erased", an))


async def test_no_paper_is_destroyed_unsaid(attacker: asyncpg.Connection) -> None:
    paper = ground.IDS["an"]
    await attacker.execute(
        replace_names(
            "INSERT INTO received_paper (id, congress, unit, kind, size)"
            " VALUES ({an}, 'thu-nghiem', {north}, 'minutes', 1); INSERT INTO paper_box (paper) VALUES ({an})"
        )
    )
    destroy = f"SELECT destroy_paper('{paper}')"
    for told in (None, ("paper_opened", paper), ("paper_erased", ground.IDS["binh"])):
        with pytest.raises(REFUSED, match="paper_erased is not recorded"):
            await act_unsaid(attacker, destroy, told=told)
    with pytest.raises(REFUSED, match="out of reach"):
        await act_unsaid(attacker, f"SET LOCAL daibieu.reach = ''; {destroy}")
    await act_unsaid(attacker, destroy, told=("paper_erased", paper))


async def test_no_reason_of_a_revoked_vote_is_destroyed_unsaid(attacker: asyncpg.Connection) -> None:
    """With the erasure of somebody on its list."""
    an, binh = ground.IDS["an"], ground.IDS["binh"]
    on_list = (
        "SELECT put_on_list(1, {an}); INSERT INTO list_vote_reason (vote) SELECT vote FROM list_vote_name"
    )
    await attacker.execute(replace_names(on_list))
    destroy = f"SELECT destroy_person_key('{an}')"
    for told in (None, ("person_erased", binh), ("list_vote_revoked", an)):
        with pytest.raises(REFUSED, match="person_erased is not recorded"):
            await act_unsaid(attacker, destroy, told=told)
    await act_unsaid(attacker, destroy, told=("person_erased", an))
    assert await attacker.fetchval("SELECT count(*) FROM list_vote_reason") == 0


@pytest.mark.parametrize("table", ["allocation", "selection"])
async def test_nothing_is_signed_unsaid(attacker: asyncpg.Connection, table: str) -> None:
    """Nor in the name of somebody else than the event names."""
    await attacker.execute("SELECT choose(1, 'decided')")
    subject = await attacker.fetchval(f"SELECT id FROM {table} WHERE n = 1")
    signed = f"UPDATE {table} SET state = 'proposed', proposed_by = $1 WHERE n = 1"
    told = (f"{table}_proposed", subject)
    with pytest.raises(REFUSED, match=f"{table}_proposed is not recorded"):
        await act_unsaid(attacker, signed, "local")
    with pytest.raises(REFUSED, match=f"{table}_proposed is recorded of somebody else"):
        await act_unsaid(attacker, signed, "somebody", told=told)
    await act_unsaid(attacker, signed, "local", told=told)


ENTERED = (
    'INSERT INTO quota (id, conference, unit, "group", source, entered) VALUES'
    " ($1, {fair}, {province}, 'exemplars', 'received', jsonb_build_object("
    "'seats', 3, 'document', 'paper', 'entered_by', $2::text, 'entered_at', now()))"
)
CONFIRMED = "SELECT confirm_seats($1, $2)"
GIVEN = (
    'INSERT INTO quota (conference, unit, "group", source, document) VALUES'
    " ({fair}, {south}, 'guests', 'received', '{}')"
)


async def test_seats_from_above_are_entered_and_confirmed_with_their_events(
    attacker: asyncpg.Connection,
) -> None:
    """By whoever the entry names, and the confirmation is of what was entered, and by somebody else."""
    quota = uuid4()
    with pytest.raises(REFUSED, match="the entry is not recorded"):
        await act_unsaid(attacker, ENTERED, quota, "local")
    with pytest.raises(REFUSED, match="the entry is not recorded"):
        await act_unsaid(attacker, ENTERED, quota, "somebody", told=("quota_received", quota))
    await act_unsaid(attacker, ENTERED, quota, "local", told=("quota_received", quota))
    confirmed = ("quota_confirmed", quota)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await act_unsaid(attacker, CONFIRMED, 3, "paper", told=confirmed)
    assert refused.value.constraint_name == "second_person_needed"
    await attacker.execute("SET daibieu.actor = 'another'")
    for seats, paper in ((4, "paper"), (3, "another")):
        with pytest.raises(REFUSED, match="are those that were entered"):
            await act_unsaid(attacker, CONFIRMED, seats, paper, told=confirmed)
    with pytest.raises(REFUSED, match="quota_confirmed is not recorded"):
        await act_unsaid(attacker, CONFIRMED, 3, "paper")
    await act_unsaid(attacker, CONFIRMED, 3, "paper", told=confirmed)
    with pytest.raises(REFUSED, match="are those that were entered"):
        await attacker.execute("UPDATE quota SET seats = 4 WHERE source = 'received'")
    with pytest.raises(REFUSED, match="row-level security"):
        await attacker.execute(replace_names(GIVEN))


# --- the audit trail


async def build_next(connection: asyncpg.Connection, chain: str = "house") -> AuditEvent:
    """The event that would be the next one, with the time of the head and the right hash."""
    head = await connection.fetchrow("SELECT * FROM lock_audit_heads(ARRAY[$1], 'house')", chain)
    event = AuditEvent(
        chain=chain,
        n=head["n"] + 1,
        id=uuid4(),
        at=head["at"],
        actor="local",
        act="x",
        subject_kind="x",
        subject="x",
        changes={},
        prev=head["hash"],
    )
    event.hash = compute_event_hash(event)
    return event


async def add(
    connection: asyncpg.Connection, event: AuditEvent, *, rehash: bool = True, otherwise: str = ""
) -> None:
    """Insert an event as it is, with the hash that fits unless ``rehash`` is off."""
    if rehash:
        event.hash = compute_event_hash(event)
    values = event.model_dump() | {"changes": "{}"}
    names = ", ".join(values)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    insert = f"INSERT INTO audit_event ({names}) VALUES ({places}) {otherwise}"
    await connection.execute(insert, *values.values())


@pytest.mark.parametrize("back", [timedelta(microseconds=1), timedelta(days=90), timedelta(microseconds=-1)])
async def test_an_event_has_the_time_that_the_database_gave_it(
    application: asyncpg.Connection, back: timedelta
) -> None:
    """Neither earlier nor later, though its hash fits."""
    await add(application, await build_next(application))
    event = await build_next(application)
    event.at -= back
    with pytest.raises(REFUSED, match="its time is not that of its head"):
        await add(application, event)


async def test_an_event_without_a_locked_head_does_not_get_the_time_of_the_last_one(
    attacker: asyncpg.Connection,
) -> None:
    """The time of a head counts in the transaction that set it."""
    async with attacker.transaction():
        event = await build_next(attacker)
        await add(attacker, event)
    event.n, event.prev, event.id = event.n + 1, event.hash, uuid4()
    with pytest.raises(REFUSED, match="its time is not that of its head"):
        await add(attacker, event)


async def test_an_event_whose_hash_is_another_s_ends_no_chain(application: asyncpg.Connection) -> None:
    event = await build_next(application)
    event.subject = "y"
    with pytest.raises(REFUSED, match="its hash is not that of its content"):
        await add(application, event, rehash=False)


async def test_an_event_without_a_head_begins_no_chain(application: asyncpg.Connection) -> None:
    """It would keep the number that the first event needs."""
    event = AuditEvent(chain="new", n=1, id=uuid4(), at=datetime.now(UTC), actor="local", act="x")
    event.subject_kind = event.subject = "x"
    event.changes, event.prev = {}, "0" * 64
    with pytest.raises(REFUSED, match="follows no other"):
        await add(application, event)


@pytest.mark.parametrize("n", [0, -1, 2, 7])
async def test_an_event_is_added_at_the_end_alone(application: asyncpg.Connection, n: int) -> None:
    event = await build_next(application, "new")
    event.n = n
    with pytest.raises(REFUSED, match="follows no other"):
        await add(application, event)


async def test_a_head_moves_with_its_event_and_with_nothing_else(attacker: asyncpg.Connection) -> None:
    for chain in ("house", "new"):
        with pytest.raises(REFUSED, match="where its last event does"):
            await build_next(attacker, chain)
        async with attacker.transaction():
            event = await build_next(attacker, chain)
            await add(attacker, event)
        head = await attacker.fetchrow("SELECT n, hash, at FROM audit_head WHERE chain = $1", chain)
        assert tuple(head) == (event.n, event.hash, event.at)


async def test_an_event_that_gives_way_leaves_its_head_behind(attacker: asyncpg.Connection) -> None:
    """``ON CONFLICT`` skips the row after its trigger has moved the head."""
    async with attacker.transaction():
        first = await build_next(attacker)
        await add(attacker, first)
    with pytest.raises(REFUSED, match="where its last event does"):
        await give_way(attacker, first.id)


async def give_way(connection: asyncpg.Connection, taken: UUID) -> None:
    """Add an event with the id of another one, and go on."""
    async with connection.transaction():
        event = await build_next(connection)
        event.id = taken
        await add(connection, event, otherwise="ON CONFLICT DO NOTHING")
