"""What the application role need not do, it may not: counters, issued keys, and the line of the audit trail.

Revision ID: 0005
Revises: 0004

Triggers alone count nominees and guests; a key or a role that was given is taken back and nothing else; an
event bears the name of whoever acts in its transaction, follows the event before it, and the head of a chain
stands where its last event does.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# table: the columns that change after a row is made
CHANGING = {
    "quota": (
        '"group", source, allocation, document, seats, nominee_limit, excess_taken, excess_nominated, parent,'
        " distributed, distribution, version"
    ),
    "seat_group": "position, name, seats, maximum, filled_by, counts_as",
    "service_key": "revoked_at, last_used_on, version",
    "role_grant": "revoked_at, version",
    "audit_head": "n, hash",
}
KEPT = ("service_key", "role_grant", "identity")
"""Tables whose rows stay."""

COUNTED = ("nomination_counted", "invitation_counted")
COUNTERS = "count_nominations(uuid, int, int)"

# What must be so of a row besides what other policies say.
RESTRICTED = {
    ("quota", "counts_nobody_yet"): "taken = 0 AND nominated = 0",
    ("seat_group", "counts_nobody_yet"): "listed = 0",
    # The service itself tells what came of a run in the name of who started it.
    ("audit_event", "of_whoever_acts"): "(SELECT actor_id()) IN (actor, 'service')",
}

LINE = """
CREATE FUNCTION audit_event_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.prev IS DISTINCT FROM (
        CASE NEW.n WHEN 1 THEN repeat('0', 64)
        ELSE (SELECT hash FROM audit_event WHERE chain = NEW.chain AND n = NEW.n - 1) END
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the event follows no other';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_follows()
--
CREATE FUNCTION audit_head_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND (NEW.n, NEW.hash) <> (0, repeat('0', 64)))
        OR (TG_OP = 'UPDATE' AND (NEW.chain, NEW.n) <> (OLD.chain, OLD.n + 1))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a head moves on by one event';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER audit_head_moves BEFORE INSERT OR UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_moves()
--
CREATE FUNCTION audit_head_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_event WHERE (chain, n, hash) = (NEW.chain, NEW.n, NEW.hash)) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a head stands where its last event does';
    END IF;
    RETURN NULL;
END $$
--
CREATE CONSTRAINT TRIGGER audit_head_stands AFTER UPDATE ON audit_head
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_head_stands()
"""


def run(script: str) -> None:
    """The statements of a script, which a line of two dashes parts (the driver takes one at a time)."""
    for statement in script.split("\n--\n"):
        op.execute(statement)


def upgrade() -> None:
    """Less for the application role."""
    run("SET LOCAL ROLE daibieu_owner")
    for function in COUNTED:
        run(f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path = public, pg_temp")
    run(f"REVOKE EXECUTE ON FUNCTION {COUNTERS} FROM PUBLIC")
    run("REVOKE EXECUTE ON FUNCTION unit_above_renew(uuid[]) FROM PUBLIC")
    for function in ("unit_above_links", "unit_above_units"):
        run(f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path = public, pg_temp")
    for table, columns in CHANGING.items():
        run(f"REVOKE UPDATE ON {table} FROM daibieu_app")
        run(f"GRANT UPDATE ({columns}) ON {table} TO daibieu_app")
    run("REVOKE UPDATE ON identity FROM daibieu_app")
    run(f"REVOKE DELETE ON {', '.join(KEPT)} FROM daibieu_app")
    for (table, name), condition in RESTRICTED.items():
        run(f"CREATE POLICY {table}_{name} ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK ({condition})")
    run(LINE)
    run("RESET ROLE")


def downgrade() -> None:
    """As before."""
    for trigger, table in (("follows", "event"), ("moves", "head"), ("stands", "head")):
        run(f"DROP TRIGGER audit_{table}_{trigger} ON audit_{table}")
        run(f"DROP FUNCTION audit_{table}_{trigger}")
    for table, name in RESTRICTED:
        run(f"DROP POLICY {table}_{name} ON {table}")
    run(f"GRANT DELETE ON {', '.join(KEPT)} TO daibieu_app")
    run("GRANT UPDATE ON identity TO daibieu_app")
    for table, columns in CHANGING.items():
        run(f"REVOKE UPDATE ({columns}) ON {table} FROM daibieu_app")
        run(f"GRANT UPDATE ON {table} TO daibieu_app")
    for function in ("unit_above_units", "unit_above_links", *COUNTED):
        run(f"ALTER FUNCTION {function}() SECURITY INVOKER RESET search_path")
    run("GRANT EXECUTE ON FUNCTION unit_above_renew(uuid[]) TO PUBLIC")
    run(f"GRANT EXECUTE ON FUNCTION {COUNTERS} TO PUBLIC")
