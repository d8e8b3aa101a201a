"""The schema: by migration as by model, up, down and up again; one role owns it, another works with it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db import migration
from db.embedded import EmbeddedServer
from db.session import APPLICATION_ROLE, OWNER_ROLE
from db.tables import build_metadata
from tests.db import ground

ROOT = Path(__file__).parents[2]

FINGERPRINT = """
    SELECT format('%s %s.%s %s %s', 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version'
    UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')
        AND conname <> 'alembic_version_pkc'
    UNION ALL SELECT indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' AND indexdef NOT LIKE '% USING gist %'
"""
GUARDS = """
    SELECT format('%s %s', tgrelid::regclass, tgname) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'x'
    UNION ALL SELECT format('%s %s', proname, md5(prosrc)) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s', oid::regclass, relacl) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s', defaclrole::regrole, defaclacl) FROM pg_default_acl
"""


@pytest.fixture
async def migrated(postgres: EmbeddedServer, clone: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    name = clone()
    engine = create_async_engine(postgres.build_url(name))
    yield engine
    await engine.dispose()
    postgres.drop_database(name)


async def listed(engine: AsyncEngine, query: str) -> list[Any]:
    async with engine.connect() as connection:
        return sorted((await connection.execute(text(query))).scalars())


def migrate(url: str, *ways: str) -> None:
    """Up and down, in a thread, since migrations run an event loop of their own."""
    for way in ways:
        if way == "up":
            migration.upgrade_database(url)
        else:
            migration.downgrade_database(url, "base")


async def test_the_models_and_the_migrations_say_the_same(migrated: AsyncEngine) -> None:
    def difference(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, build_metadata()))

    async with migrated.connect() as connection:
        assert await connection.run_sync(difference) == []


async def test_every_column_check_key_and_index_is_as_the_models_declare_it(
    postgres: EmbeddedServer, migrated: AsyncEngine
) -> None:
    """Alembic compares neither CHECK constraints nor the conditions of partial indexes; this does."""
    postgres.create_database("declared")
    engine = create_async_engine(postgres.build_url("declared"))
    async with engine.begin() as connection:
        await connection.run_sync(build_metadata().create_all)
    declared = await listed(engine, FINGERPRINT)
    await engine.dispose()
    postgres.drop_database("declared")
    found = await listed(migrated, FINGERPRINT)
    assert sorted(set(found) ^ set(declared)) == []


async def test_down_and_up_again_leads_to_the_same_schema(
    postgres: EmbeddedServer, migrated: AsyncEngine
) -> None:
    everything = f"{FINGERPRINT} UNION ALL {GUARDS}"
    before = await listed(migrated, everything)
    url = str(migrated.url.render_as_string(hide_password=False))
    await migrated.dispose()
    await asyncio.to_thread(migrate, url, "down")
    left = await listed(
        migrated,
        """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
        UNION ALL SELECT 'default privileges' FROM pg_default_acl
        """,
    )
    assert {name for name in left if "alembic_version" not in name} == set()
    await migrated.dispose()
    await asyncio.to_thread(migrate, url, "up")
    assert await listed(migrated, everything) == before


async def test_a_filled_database_goes_down_too(postgres: EmbeddedServer, clone: Callable[[], str]) -> None:
    name = clone()
    await ground.lay_ground(postgres, name)
    await asyncio.to_thread(migrate, postgres.build_url(name), "down", "up")
    postgres.drop_database(name)


async def test_who_migrates_need_not_be_a_superuser(postgres: EmbeddedServer) -> None:
    """A role that owns the database and belongs to the two roles is enough, as on a managed server."""
    url = postgres.build_url("managed").replace("postgres@", "migrator@")
    async with ground.open_connection(postgres, "postgres", None) as superuser:
        await superuser.execute(
            f"CREATE ROLE migrator LOGIN; GRANT {OWNER_ROLE}, {APPLICATION_ROLE} TO migrator"
        )
        await superuser.execute("CREATE DATABASE managed OWNER migrator")
        try:
            await asyncio.to_thread(migrate, url, "up", "down", "up")
        finally:
            await superuser.execute("DROP DATABASE managed WITH (FORCE)")
            await superuser.execute("DROP ROLE migrator")


UPGRADE = """
import sys
from db import migration
print(flush=True)
input()
migration.upgrade_database(sys.argv[1])
"""


def _started(command: list[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_two_who_migrate_at_once_do_not_trip_over_each_other(postgres: EmbeddedServer) -> None:
    """As when two processes are started together."""
    postgres.create_database("unmigrated")
    command = [sys.executable, "-c", UPGRADE, postgres.build_url("unmigrated")]
    with ExitStack() as stack:
        both = [stack.enter_context(_started(command)) for _ in range(2)]
        for each in both:
            assert each.stdout is not None
            each.stdout.readline()
        for each in both:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        said = "".join(each.communicate(timeout=30)[1] for each in both)
    postgres.drop_database("unmigrated")
    assert [line for line in said.splitlines() if "Error" in line] == []


async def test_everything_belongs_to_the_owner_who_cannot_log_in(migrated: AsyncEngine) -> None:
    owners = await listed(
        migrated,
        """
        SELECT relowner::regrole::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'alembic_version%'
        UNION SELECT proowner::regrole::text FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
        WHERE pronamespace = 'public'::regnamespace AND lanname IN ('sql', 'plpgsql')
        UNION SELECT typowner::regrole::text FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%alembic_version'
        """,
    )
    assert owners == [OWNER_ROLE]


@pytest.mark.parametrize("role", [APPLICATION_ROLE, OWNER_ROLE])
async def test_the_roles_have_no_power_beyond_their_tables(migrated: AsyncEngine, role: str) -> None:
    powers = await listed(
        migrated,
        f"""
        SELECT power FROM pg_roles, unnest(ARRAY[rolsuper, rolcreaterole, rolcreatedb, rolcanlogin,
            rolreplication, rolbypassrls]) AS power WHERE rolname = '{role}'
        """,
    )
    assert powers == [False] * 6
    assert await listed(migrated, f"SELECT 1 FROM pg_auth_members WHERE member = '{role}'::regrole") == []


async def test_every_table_is_granted_and_none_too_much(migrated: AsyncEngine) -> None:
    grants: dict[str, set[str]] = {}
    for table in build_metadata().tables:
        for right in (
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "TRUNCATE",
            "REFERENCES",
            "TRIGGER",
            "MAINTAIN",
        ):
            query = f"SELECT has_table_privilege('{APPLICATION_ROLE}', '{table}', '{right}')"
            if await listed(migrated, query) == [True]:
                grants.setdefault(table, set()).add(right)
    everything = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    nothing = {"account", "former_account", "link_code", "link_attempt"}  # functions of the owner read them
    less = {
        "audit_event": {"SELECT", "INSERT"},
        "audit_head": {"SELECT"},
        "conference": {"SELECT", "INSERT", "DELETE"},
        "identity": {"SELECT", "INSERT"},
        "quota": {"SELECT", "INSERT", "DELETE"},
        "person_key": {"SELECT", "INSERT"},
        "person_sealed": {"SELECT", "INSERT", "UPDATE"},
        "role_grant": {"SELECT"},
        "seat_group": {"SELECT", "INSERT", "DELETE"},
        "service_key": {"SELECT"},
        "snapshot_key": {"SELECT", "INSERT"},
        "paper_box": {"SELECT", "INSERT"},
        "list_vote_name": {"SELECT", "INSERT"},
        "ballot": {"SELECT", "INSERT"},
        "lot_announcement": {"SELECT", "INSERT"},
        "settlement": {"SELECT", "INSERT"},
        "composition_release": {"SELECT", "INSERT"},
        "conference_filing": {"SELECT", "INSERT"},
        "conference_step": {"SELECT", "INSERT", "DELETE"},
        "release_person": {"SELECT", "INSERT", "DELETE"},
        "snapshot": {"SELECT", "INSERT"},
        "unit_above": {"SELECT"},
    }
    tables = build_metadata().tables.keys() - nothing
    assert grants == {table: less.get(table, everything) for table in tables}


async def test_a_table_of_a_later_migration_is_granted_too(migrated: AsyncEngine) -> None:
    async with migrated.begin() as connection:
        await connection.execute(text(f"SET LOCAL ROLE {OWNER_ROLE}"))
        await connection.execute(text("CREATE TABLE later (id int)"))
        await connection.execute(text(f"SET LOCAL ROLE {APPLICATION_ROLE}"))
        await connection.execute(text("INSERT INTO later VALUES (1)"))
        await connection.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE quota DROP CONSTRAINT quota_seats_exceeded",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE quota OWNER TO daibieu_app",
        "DROP TABLE audit_event",
        'DROP TRIGGER "1_nomination_counted" ON nomination',
        "CREATE OR REPLACE FUNCTION refuse(constraint_name text) RETURNS void LANGUAGE sql AS 'SELECT'",
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "TRUNCATE quota CASCADE",
        "TRUNCATE audit_head",
        "UPDATE snapshot SET content = '{}'",
        "DELETE FROM snapshot",
        "DELETE FROM audit_head",
        "UPDATE settlement SET seed = '1'",
        "DELETE FROM settlement",
        "UPDATE lot_announcement SET drawn_on = '2020-06-11'",
        "DELETE FROM lot_announcement",
        "UPDATE ballot SET draw_no = 1",
        "DELETE FROM ballot",
        "UPDATE alembic_version SET version_num = 'x'",
        "DELETE FROM alembic_version",
        "SET session_replication_role = replica",
        "CREATE ROLE mine",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
async def test_the_application_cannot_change_the_rules_it_works_under(
    application: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(statement)


async def test_the_application_sees_where_the_schema_stands(application: asyncpg.Connection) -> None:
    assert (
        await application.fetchval("SELECT version_num FROM alembic_version") == migration.get_head_revision()
    )
