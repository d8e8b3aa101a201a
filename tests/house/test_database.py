"""What the catalog of a migrated database says of every function, table and trigger, also of later ones."""

import re
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from db.embedded import EmbeddedServer
from db.session import APPLICATION_ROLE, OWNER_ROLE
from tests.db.ground import open_connection

OWN = "pronamespace = 'public'::regnamespace"

CALLED = {
    "lock_audit_heads": "sets the time of events",
    "add_service_key": "issues keys",
    "add_role_grant": "grants roles",
    "is_actor": "compares the actor with somebody else, and tells nothing else of either",
    "destroy_person_key": "erases people",
    "destroy_snapshot_keys": "erases people from sealed inputs",
    "destroy_paper": "erases papers",
    "forget_calculation_inputs": "removes inputs that no run has",
    "lock_person_marks": "reads by what a person is recognized, and lets no link happen meanwhile",
    "store_link_code": "stores a code of the actor's",
    "count_link_attempt": "counts codes that the actor hands in",
    "take_link_code": "uses up a code: answers the identity of it alone",
    "link_identities": "links identities of the actor, or of others for whoever reaches everything",
    "separate_identity": "mends a link, for whoever reaches everything and is another person",
    "list_feed_events": "reads acts and ids of subjects out of reach; those who ask select the subjects",
    "count_unit_drafts": "counts nominations out of reach, of one unit; answers their number",
    "released_namesakes": "reads names out of reach, while numbers are counted; answers ids it was given",
}
"""The functions with the owner's rights that the application role may call, and why; each checks its act."""

NEVER = {
    "account": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "former_account": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "identity": {"UPDATE", "DELETE"},
    "link_code": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "link_attempt": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "audit_event": {"UPDATE", "DELETE"},
    "audit_head": {"INSERT", "UPDATE", "DELETE"},
    "ballot": {"UPDATE", "DELETE"},
    "conference_filing": {"UPDATE", "DELETE"},
    "lot_announcement": {"UPDATE", "DELETE"},
    "settlement": {"UPDATE", "DELETE"},
    "role_grant": {"INSERT", "DELETE"},
    "service_key": {"INSERT", "DELETE"},
    "person_key": {"DELETE"},
    "person_sealed": {"DELETE"},
    "snapshot_key": {"DELETE"},
    "paper_box": {"DELETE"},
    "list_vote_reason": {"DELETE"},
}
"""What the application role may not do itself, not even with one column."""

KEPT = {
    ("sizing", "sizing_kept", "BEFORE", "UPDATE DELETE"),
    ("sizing", "sizing_signed_by_two", "BEFORE", "INSERT UPDATE"),
    ("sizing", "sizing_recorded", "AT THE END", "INSERT UPDATE"),
    ("allocation", "allocation_kept", "BEFORE", "UPDATE DELETE"),
    ("allocation_seat", "allocation_seat_frozen", "BEFORE", "INSERT UPDATE DELETE"),
    ("allocation_target", "allocation_target_frozen", "BEFORE", "INSERT UPDATE DELETE"),
    ("settlement", "settlement_frozen", "BEFORE", "INSERT"),
    ("allocation", "allocation_signed_by_two", "BEFORE", "INSERT UPDATE"),
    ("identity", "identity_gets_account", "BEFORE", "INSERT"),
    ("selection", "selection_kept", "BEFORE", "UPDATE DELETE"),
    ("selection", "selection_signed_by_two", "BEFORE", "INSERT UPDATE"),
    ("selection_place", "selection_place_frozen", "BEFORE", "INSERT UPDATE DELETE"),
    ("decision", "decision_numbered", "BEFORE", "UPDATE DELETE"),
    ("decision", "decision_first", "BEFORE", "INSERT"),
    ("delegate", "delegate_kept", "BEFORE", "UPDATE DELETE"),
    ("plan_version", "plan_version_frozen", "BEFORE", "UPDATE DELETE"),
    ("audit_event", "audit_event_append_only", "BEFORE", "UPDATE DELETE TRUNCATE"),
    ("audit_event", "audit_event_follows", "BEFORE", "INSERT"),
    ("ballot", "ballot_append_only", "BEFORE", "UPDATE DELETE TRUNCATE"),
    ("ballot", "ballot_follows", "BEFORE", "INSERT"),
    ("audit_head", "audit_head_moves", "BEFORE", "INSERT UPDATE DELETE"),
    ("audit_head", "audit_head_remains", "BEFORE", "TRUNCATE"),
    ("role_grant", "role_grant_revoked_for_good", "BEFORE", "UPDATE"),
    ("service_key", "service_key_revoked_for_good", "BEFORE", "UPDATE"),
    ("audit_head", "audit_head_stands", "AT THE END", "INSERT UPDATE"),
    ("allocation", "allocation_recorded", "AT THE END", "INSERT UPDATE"),
    ("selection", "selection_recorded", "AT THE END", "INSERT UPDATE"),
    ("quota", "quota_confirmed_by_two", "BEFORE", "UPDATE"),
    ("quota", "quota_entry_recorded", "AT THE END", "INSERT"),
    ("quota", "quota_recorded", "AT THE END", "UPDATE"),
    ("service_key", "service_key_issue_recorded", "AT THE END", "INSERT"),
    ("service_key", "service_key_revocation_recorded", "AT THE END", "UPDATE"),
    ("identity", "identity_account_recorded", "AT THE END", "UPDATE"),
    ("role_grant", "role_grant_recorded", "AT THE END", "INSERT UPDATE"),
    ("person_sealed", "person_sealed_removal_recorded", "AT THE END", "DELETE"),
    ("snapshot_key", "snapshot_key_removal_recorded", "AT THE END", "DELETE"),
    ("paper_box", "paper_box_removal_recorded", "AT THE END", "DELETE"),
    ("list_vote_reason", "list_vote_reason_removal_recorded", "AT THE END", "DELETE"),
}
"""(table, trigger, when, on what) of the triggers that keep signatures, keys, grants and the audit trail."""


@pytest.fixture(scope="module")
async def catalog(postgres: EmbeddedServer, clone: Callable[[], str]) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in a migrated database that these tests may change."""
    name = clone()
    async with open_connection(postgres, name, None) as connection:
        yield connection
    postgres.drop_database(name)


BY_ROW = {
    "actor_stands",
    "actor_conferences",
    "actor_conferences_above",
    "actor_conferences_given",
    "actor_units_above",
    "actor_leads",
    "actor_under",
    "actor_unit_under",
    "actor_runs",
    "actor_reaches",
    "actor_council",
}
"""Functions that policies ask for each row: a search path of their own would be set and reset each time."""

UNPINNED = f"""
    SELECT proname::text FROM pg_proc
    WHERE {OWN} AND prosqlbody IS NULL AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'internal')
        AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)
"""
"""Functions that look into a schema that their caller chooses.

One whose body is ``RETURN …`` was bound to its tables and functions when it was made, and an ``internal`` one
belongs to a type.
"""


async def list_names(catalog: asyncpg.Connection, query: str, *values: object) -> set[str]:
    return {row[0] for row in await catalog.fetch(query, *values)}


async def test_every_function_is_bound_to_its_schema(catalog: asyncpg.Connection) -> None:
    """The schema of temporary tables comes last: unnamed, it would come first."""
    assert await list_names(catalog, UNPINNED) == BY_ROW


def find_unqualified(body: str, functions: set[str]) -> set[str]:
    """What a body names without its schema: tables, functions of ours, and any type.

    Operators and functions are never looked up among temporary things, and nobody can make any elsewhere.
    """
    tables = re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(?!public\.|unnest\()(\S+)", body)
    calls = {call for call in re.findall(r"(?<![\w.])(\w+)\(", body) if call in functions}
    return {*tables, *calls, *re.findall(r"::\S+|\bDECLARE\b|\bCAST\b", body)}


async def test_what_has_no_search_path_names_every_schema(catalog: asyncpg.Connection) -> None:
    functions = await list_names(catalog, f"SELECT proname::text FROM pg_proc WHERE {OWN}")
    bodies = await catalog.fetch(
        f"SELECT proname, prosrc FROM pg_proc WHERE {OWN} AND proname = ANY ($1)", list(BY_ROW)
    )
    assert {row[0]: found for row in bodies if (found := find_unqualified(row[1], functions))} == {}
    assert len(bodies) == len(BY_ROW)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("SELECT FROM allocation WHERE x", {"allocation"}),
        ("SELECT FROM public.unit JOIN unit_link ON x", {"unit_link"}),
        ("SELECT actor_flag('reach') OR public.actor_flag('reach')", {"actor_flag"}),
        ("SELECT x::uuid[] FROM unnest(x)", {"::uuid[]"}),
    ],
)
def test_a_name_without_a_schema_is_found(body: str, found: set[str]) -> None:
    assert find_unqualified(body, {"actor_flag"}) == found


@pytest.mark.parametrize("path", ["", "SET search_path = public", "SET search_path = pg_temp, public"])
async def test_a_function_that_is_not_bound_is_found(catalog: asyncpg.Connection, path: str) -> None:
    """So that the test above is known to look."""
    made = f"CREATE FUNCTION later() RETURNS int LANGUAGE plpgsql {path} AS 'BEGIN RETURN 1; END'"
    await catalog.execute(made)
    try:
        assert await list_names(catalog, UNPINNED) - BY_ROW == {"later"}
    finally:
        await catalog.execute("DROP FUNCTION later")


async def test_the_application_role_makes_no_tables(catalog: asyncpg.Connection) -> None:
    """Asked of the database that was migrated: copies of it do not have what it forbids."""
    for role in (APPLICATION_ROLE, "public"):
        for right in ("TEMPORARY", "CREATE"):
            query = "SELECT has_database_privilege($1, 'migrated', $2)"
            assert not await catalog.fetchval(query, role, right), (role, right)
        for schema in await list_names(catalog, "SELECT nspname FROM pg_namespace"):
            query = "SELECT has_schema_privilege($1, $2, 'CREATE')"
            assert not await catalog.fetchval(query, role, schema), (role, schema)


async def test_the_application_role_calls_only_known_functions_of_the_owner(
    catalog: asyncpg.Connection,
) -> None:
    """Triggers aside, which nobody calls."""
    query = (
        f"SELECT proname FROM pg_proc WHERE {OWN} AND prosecdef AND prorettype <> 'trigger'::regtype"
        " AND has_function_privilege($1, oid, 'EXECUTE')"
    )
    assert await list_names(catalog, query, APPLICATION_ROLE) == set(CALLED)
    assert await list_names(catalog, query, "public") == set()


async def test_what_goes_through_functions_goes_through_nothing_else(catalog: asyncpg.Connection) -> None:
    for table, rights in NEVER.items():
        for right in rights:
            query = f"SELECT has_table_privilege('{APPLICATION_ROLE}', '{table}', '{right}')"
            assert not await catalog.fetchval(query), (table, right)
    query = (
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0"
        " AND has_column_privilege($2, attrelid, attnum, 'UPDATE')"
    )
    written = {
        table: await list_names(catalog, query, table, APPLICATION_ROLE)
        for table in NEVER.keys() - {"person_sealed"}
    }
    assert written == {
        "role_grant": {"revoked_at", "version"},
        "service_key": {"revoked_at", "version", "last_used_on"},
        **{each: set() for each in ("account", "former_account", "identity", "link_attempt", "link_code")},
        "conference_filing": set(),
        "paper_box": {"wrapped", "master"},
        "list_vote_reason": {"wrapped", "master"},
        "person_key": {"wrapped", "master"},
        "snapshot_key": {"wrapped", "master"},
        "audit_head": set(),
        "audit_event": set(),
        "ballot": set(),
        "lot_announcement": set(),
        "settlement": set(),
    }


async def test_nothing_is_granted_to_everybody(catalog: asyncpg.Connection) -> None:
    """Not a table, and to no role but the owner the right to hand one on."""
    query = (
        "SELECT relname FROM pg_class, aclexplode(relacl) AS given"
        " WHERE relnamespace = 'public'::regnamespace AND (grantee = 0 OR is_grantable)"
    )
    assert await list_names(catalog, query) == set()


async def test_the_triggers_that_keep_the_record_are_there_and_on(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch(
        """
        SELECT tgrelid::regclass::text, tgname::text,
            CASE WHEN tgdeferrable AND tginitdeferred THEN 'AT THE END' WHEN tgtype & 2 > 0 THEN 'BEFORE' END,
            concat_ws(' ',
                CASE WHEN tgtype & 4 > 0 THEN 'INSERT' END, CASE WHEN tgtype & 16 > 0 THEN 'UPDATE' END,
                CASE WHEN tgtype & 8 > 0 THEN 'DELETE' END, CASE WHEN tgtype & 32 > 0 THEN 'TRUNCATE' END)
        FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'
        """
    )
    assert {tuple(row) for row in rows} >= KEPT


async def test_no_guard_asks_for_one_role_by_its_name(catalog: asyncpg.Connection) -> None:
    """A role that has inherited the rights of the application role would pass it."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND pg_get_triggerdef(oid) ~* 'current_user'"
        f" UNION SELECT proname FROM pg_proc WHERE {OWN} AND prosrc ~* 'current_user|session_user'"
    )
    assert await list_names(catalog, query) == set()


async def test_views_and_functions_belong_to_the_owner(catalog: asyncpg.Connection) -> None:
    query = (
        f"SELECT proname FROM pg_proc WHERE {OWN} AND prosecdef AND proowner <> $1::text::regrole"
        " UNION SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
        " AND relowner <> $1::text::regrole"
    )
    assert await list_names(catalog, query, OWNER_ROLE) == set()
