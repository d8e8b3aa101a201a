"""Identities, grants and keys; who stands above whom; and a policy for every table that holds a unit's data.

Revision ID: 0002
Revises: 0001

The policies are the second wall: they ask the same questions as the use cases do, by themselves, so that a
forgotten filter leaks nothing. What they know of the actor is set per transaction (``db.session``):

``daibieu.actor``       who acts
``daibieu.places``      the grants, as keys: ``*`` (the whole house), ``<unit> *``, ``<unit> <congress>``
``daibieu.homes``       those whose drafts the actor sees, in the same form
``daibieu.units``       the units named there
``daibieu.aggregates``  ``on`` while numbers are counted that are shown as numbers only

Unset, they reach nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A path that lasts as long as the unit itself counts after the unit's end too: whoever led it then answers for it.
TREE = """
CREATE FUNCTION unit_above_renew(changed uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE affected uuid[];
BEGIN
    IF cardinality(changed) = 0 OR changed IS NULL THEN RETURN; END IF;
    WITH RECURSIVE below AS (
        SELECT unnest(changed) AS unit
        UNION SELECT unit_link.child FROM below JOIN unit_link ON unit_link.parent = below.unit
    )
    SELECT array_agg(unit) INTO affected FROM below;
    DELETE FROM unit_above WHERE unit = ANY (affected);
    INSERT INTO unit_above (congress, unit, above, during)
    WITH RECURSIVE path AS (
        SELECT congress, child AS unit, parent AS above, during FROM unit_link WHERE child = ANY (affected)
        UNION
        SELECT path.congress, path.unit, unit_link.parent, path.during * unit_link.during
        FROM path JOIN unit_link ON unit_link.child = path.above AND unit_link.congress = path.congress
            AND unit_link.during && path.during
        WHERE unit_link.parent <> path.unit
    )
    SELECT DISTINCT path.congress, path.unit, path.above, daterange(
        CASE WHEN lower(path.during) IS DISTINCT FROM lower(unit.during) THEN lower(path.during) END,
        CASE WHEN upper(path.during) IS DISTINCT FROM upper(unit.during) THEN upper(path.during) END
    )
    FROM path JOIN unit ON unit.id = path.unit;
END $$
--
CREATE FUNCTION unit_above_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM unit_above_renew(ARRAY(SELECT child FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM unit_above_renew(ARRAY(SELECT child FROM old_rows));
    ELSE
        PERFORM unit_above_renew(ARRAY(SELECT child FROM new_rows UNION SELECT child FROM old_rows));
    END IF;
    RETURN NULL;
END $$
--
CREATE FUNCTION unit_above_units() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM unit_above_renew(ARRAY(
        SELECT new_rows.id FROM new_rows JOIN old_rows USING (id) WHERE new_rows.during <> old_rows.during
    ));
    RETURN NULL;
END $$
--
CREATE TRIGGER unit_above_inserted AFTER INSERT ON unit_link
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_links()
--
CREATE TRIGGER unit_above_deleted AFTER DELETE ON unit_link
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_links()
--
CREATE TRIGGER unit_above_updated AFTER UPDATE ON unit_link
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_links()
--
CREATE TRIGGER unit_above_lived AFTER UPDATE ON unit
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_units()
--
SELECT unit_above_renew(ARRAY(SELECT child FROM unit_link))
"""

# Stable and without side effects, so that each is evaluated once a statement and not once a row.
ACTOR = """
CREATE FUNCTION actor_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('daibieu.actor', true), '')
--
CREATE FUNCTION actor_places() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.places', true), ''), '{}')::text[]
--
CREATE FUNCTION actor_homes() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.homes', true), ''), '{}')::text[]
--
CREATE FUNCTION actor_units() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.units', true), ''), '{}')::uuid[]
--
CREATE FUNCTION actor_everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '*' = ANY (coalesce(nullif(current_setting('daibieu.places', true), ''), '{}')::text[])
--
CREATE FUNCTION actor_home_everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '*' = ANY (coalesce(nullif(current_setting('daibieu.homes', true), ''), '{}')::text[])
--
CREATE FUNCTION actor_counts() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('daibieu.aggregates', true), '') = 'on'
--
CREATE FUNCTION vietnam_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
"""

# Where a thing stands, and nothing else of it. The owner's views are not under the policies, so that a policy may
# ask them without asking itself again.
PLACES = """
CREATE VIEW conference_place AS SELECT id AS conference, congress, unit FROM conference
--
CREATE VIEW allocation_place AS SELECT allocation.id AS allocation, conference.congress, conference.unit
    FROM allocation JOIN conference ON conference.id = allocation.conference
--
CREATE VIEW quota_place AS SELECT quota.conference, conference.congress, quota.unit
    FROM quota JOIN conference ON conference.id = quota.conference
--
CREATE VIEW plan_place AS SELECT id AS plan, council FROM plan
--
CREATE VIEW person_bearer AS
    SELECT person, id AS bearer FROM nomination WHERE state <> 'withdrawn'
    UNION ALL SELECT person, id FROM invitation WHERE reply NOT IN ('declined', 'removed')
--
REVOKE INSERT, UPDATE, DELETE
    ON conference_place, allocation_place, quota_place, plan_place, person_bearer FROM daibieu_app
--
REVOKE INSERT, UPDATE, DELETE ON unit_above FROM daibieu_app
--
ALTER FUNCTION count_nominations(uuid, int, int) SECURITY DEFINER SET search_path = public, pg_temp
"""

EVERYWHERE = "(SELECT actor_everywhere())"
HOME_EVERYWHERE = "(SELECT actor_home_everywhere())"
PLACES_HELD = "(SELECT actor_places())"
HOMES = "(SELECT actor_homes())"
UNITS = "(SELECT actor_units())"
TODAY = "(SELECT vietnam_day())"


def held(congress: str, unit: str, keys: str = PLACES_HELD) -> str:
    """A grant stands at this very unit, in this chain."""
    return f"ARRAY[{unit}::text || ' *', {unit}::text || ' ' || {congress}] && {keys}::text[]"


def under(congress: str, unit: str) -> str:
    """A grant stands at this unit or above it, in this chain."""
    return (
        f"({held(congress, unit)} OR EXISTS (SELECT FROM unit_above a WHERE a.unit = {unit}"
        f" AND a.congress = {congress} AND a.during @> {TODAY} AND {held('a.congress', 'a.above')}))"
    )


def unit_under(unit: str) -> str:
    """A grant stands at this unit, or above it in its own chain."""
    return (
        f"({unit} = ANY ({UNITS}::uuid[]) OR EXISTS (SELECT FROM unit_above a WHERE a.unit = {unit}"
        f" AND a.during @> {TODAY} AND {held('a.congress', 'a.above')}))"
    )


ABOVE = (
    f"SELECT a.congress, a.above FROM unit_above a WHERE a.unit = ANY ({UNITS}::uuid[])"
    f" AND a.during @> {TODAY} AND {held('a.congress', 'a.unit')}"
)
"""The units above the actor's, each in the chain in which it is."""

GIVEN = (
    f"SELECT p.conference FROM quota_place p WHERE p.unit = ANY ({UNITS}::uuid[])"
    f" AND {held('p.congress', 'p.unit')}"
)
"""The conferences that gave one of the actor's units a quota."""


def either(*conditions: str) -> str:
    return " OR ".join(conditions)


def at_conference(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM conference_place p WHERE p.conference = {table}.conference AND ({condition}))"


def council(code: str) -> str:
    """The unit of that code is within reach."""
    return (
        f"EXISTS (SELECT FROM unit_code c WHERE c.scheme = 'local' AND c.code = {code}"
        f" AND {unit_under('c.unit')})"
    )


def plan_held(plan: str) -> str:
    return f"EXISTS (SELECT FROM plan_place p WHERE p.plan = {plan} AND {council('p.council')})"


RUNS_IT = under("p.congress", "p.unit")
HOLDS_IT = held("p.congress", "p.unit")
MANAGED = either(EVERYWHERE, at_conference("allocation", RUNS_IT))
OF_ALLOCATION = (
    "EXISTS (SELECT FROM allocation_place p WHERE p.allocation = {table}.allocation AND " + RUNS_IT + ")"
)

_OWN = either(HOME_EVERYWHERE, at_conference("nomination", held("p.congress", "nomination.unit", HOMES)))
_SENT = (
    f"(nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft' AND ("
    f"{either(EVERYWHERE, at_conference('nomination', HOLDS_IT))}))"
)
_ON_PAPER = (
    f"(nomination.source_document IS NOT NULL AND ("
    f"{either(EVERYWHERE, at_conference('nomination', under('p.congress', 'nomination.unit')))}))"
)
_RUN_OR_SENT = f"{under('p.congress', 'nomination.unit')} OR {RUNS_IT}"
_COUNTED = (
    f"((SELECT actor_counts()) AND ({either(EVERYWHERE, at_conference('nomination', _RUN_OR_SENT))}))"
)
NOMINATION = either(_OWN, _SENT, _ON_PAPER)

INVITATION = either(EVERYWHERE, at_conference("invitation", HOLDS_IT))
_INVITED = f"((SELECT actor_counts()) AND {at_conference('invitation', RUNS_IT)})"


def of_person(person: str) -> str:
    """Somebody whom a nomination or an invitation within reach names."""
    return either(
        HOME_EVERYWHERE,
        f"EXISTS (SELECT FROM nomination n WHERE n.person = {person})",
        f"EXISTS (SELECT FROM invitation i WHERE i.person = {person})",
    )


def seen_with(table: str, column: str, key: str = "id") -> str:
    """What belongs to a row that is seen."""
    return f"EXISTS (SELECT FROM {table} o WHERE o.{key} = {column})"


def of_allocation(table: str) -> tuple[str, str]:
    seen = either(EVERYWHERE, seen_with("allocation", f"{table}.allocation"))
    return seen, either(EVERYWHERE, OF_ALLOCATION.format(table=table))


def unit_rows(column: str) -> str:
    return either(EVERYWHERE, unit_under(column))


OPEN = "true"
QUOTA = at_conference("quota", f"{under('p.congress', 'quota.unit')} OR {RUNS_IT}")
GRANTED = either(
    EVERYWHERE, "role_grant.identity::text = (SELECT actor_id())", unit_under("role_grant.unit")
)
KEYED = either(
    EVERYWHERE,
    "service_key.identity::text = (SELECT actor_id())",
    seen_with("role_grant", "service_key.id", "key"),
)

LOCKED_BY_WHO_SEES = {"conference"}
"""Rows that whoever sees them may lock, though not change: units nominate to a conference that nobody cancels."""

# table: (who sees a row, who changes it, who adds it where that is another question)
POLICIES: dict[str, tuple[str, str] | tuple[str, str, str]] = {
    "unit": (
        either(EVERYWHERE, unit_under("unit.id"), f"unit.id IN (SELECT u.above FROM ({ABOVE}) u)"),
        unit_rows("unit.id"),
        OPEN,  # a unit without a link is in nobody's reach
    ),
    "unit_name": (OPEN, unit_rows("unit_name.unit")),
    "unit_code": (OPEN, unit_rows("unit_code.unit")),
    "unit_link": (OPEN, either(EVERYWHERE, under("unit_link.congress", "unit_link.parent"))),
    "succession": (OPEN, EVERYWHERE, OPEN),
    "succession_part": (OPEN, unit_rows("succession_part.successor")),
    "staff_report": (unit_rows("staff_report.unit"), unit_rows("staff_report.unit")),
    "staff_figure": (
        either(EVERYWHERE, seen_with("staff_report", "staff_figure.report")),
        either(EVERYWHERE, seen_with("staff_report", "staff_figure.report")),
    ),
    "unit_import": (
        either(EVERYWHERE, "unit_import.created_by = (SELECT actor_id())"),
        either(EVERYWHERE, "unit_import.created_by = (SELECT actor_id())"),
    ),
    "congress": (OPEN, EVERYWHERE, OPEN),
    "plan": (
        either(EVERYWHERE, council("plan.council"), seen_with("plan_version", "plan.id", "plan")),
        either(EVERYWHERE, council("plan.council")),
    ),
    "plan_congress": (OPEN, either(EVERYWHERE, plan_held("plan_congress.plan"))),
    "plan_version": (
        either(EVERYWHERE, "plan_version.state <> 'draft'", plan_held("plan_version.plan")),
        either(EVERYWHERE, plan_held("plan_version.plan")),
    ),
    "conference": (
        either(
            EVERYWHERE,
            under("conference.congress", "conference.unit"),
            f"(conference.congress, conference.unit) IN ({ABOVE})",
            f"conference.id IN ({GIVEN})",
        ),
        either(EVERYWHERE, under("conference.congress", "conference.unit")),
    ),
    "seat_group": (
        either(EVERYWHERE, seen_with("conference", "seat_group.conference")),
        either(EVERYWHERE, at_conference("seat_group", RUNS_IT)),
    ),
    "run": (
        either(EVERYWHERE, "run.actor = (SELECT actor_id())", seen_with("allocation", "run.subject")),
        either(EVERYWHERE, "run.actor = (SELECT actor_id())"),
        OPEN,
    ),
    "snapshot": (
        either(
            EVERYWHERE,
            seen_with("allocation", "snapshot.digest", "snapshot"),
            seen_with("run", "snapshot.digest", "snapshot"),
        ),
        EVERYWHERE,
        OPEN,
    ),
    "allocation": (
        either(
            MANAGED,
            "(allocation.state IN ('adopted', 'superseded') AND "
            + seen_with("conference", "allocation.conference")
            + ")",
        ),
        MANAGED,
    ),
    "allocation_seat": of_allocation("allocation_seat"),
    "allocation_target": of_allocation("allocation_target"),
    "settlement": of_allocation("settlement"),
    "decision": (
        either(EVERYWHERE, seen_with("allocation", "decision.subject")),
        either(
            EVERYWHERE,
            f"EXISTS (SELECT FROM allocation_place p WHERE p.allocation = decision.subject AND {RUNS_IT})",
        ),
    ),
    "quota": (either(EVERYWHERE, QUOTA), either(EVERYWHERE, QUOTA)),
    "nomination": (either(NOMINATION, _COUNTED), NOMINATION),
    "invitation": (either(INVITATION, _INVITED), INVITATION),
    "collective": (unit_rows("collective.unit"), unit_rows("collective.unit")),
    "person": (of_person("person.id"), of_person("person.id"), OPEN),
    "person_attribute": (of_person("person_attribute.person"), of_person("person_attribute.person"), OPEN),
    "person_sealed": (of_person("person_sealed.person"), of_person("person_sealed.person"), OPEN),
    "person_key": (
        either(HOME_EVERYWHERE, seen_with("person_sealed", "person_key.id", "key_id")),
        either(HOME_EVERYWHERE, seen_with("person_sealed", "person_key.id", "key_id")),
        OPEN,
    ),
    "idempotency": (
        either(EVERYWHERE, "idempotency.actor = (SELECT actor_id())"),
        either(EVERYWHERE, "idempotency.actor = (SELECT actor_id())"),
    ),
    "audit_event": (
        either(
            EVERYWHERE,
            "EXISTS (SELECT FROM plan_place p WHERE p.plan::text = audit_event.chain AND "
            + council("p.council")
            + ")",
        ),
        EVERYWHERE,
        OPEN,  # whatever somebody does is recorded
    ),
    "role_grant": (GRANTED, either(EVERYWHERE, unit_under("role_grant.unit"))),
    "service_key": (KEYED, KEYED, OPEN),
}


def run(script: str) -> None:
    """The statements of a script, which a line of two dashes parts (the driver takes one at a time)."""
    for statement in script.split("\n--\n"):
        op.execute(statement)


def policies() -> None:
    for table, (seen, changed, *added) in POLICIES.items():
        added_by = added[0] if added else changed
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen})")
        run(f"CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added_by})")
        locked_by = seen if table in LOCKED_BY_WHO_SEES else changed
        run(f"CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({locked_by}) WITH CHECK ({changed})")
        run(f"CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({changed})")


def upgrade() -> None:
    """The tables of access, and the second wall."""
    run("SET LOCAL ROLE daibieu_owner")
    tables()
    run(TREE)
    run(ACTOR)
    run(PLACES)
    policies()
    run("RESET ROLE")


def downgrade() -> None:
    """The second wall down, and the tables of access gone."""
    for table in reversed(POLICIES):
        for name in ("seen", "added", "changed", "removed"):
            run(f"DROP POLICY {table}_{name} ON {table}")
        run(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    run("ALTER FUNCTION count_nominations(uuid, int, int) SECURITY INVOKER RESET search_path")
    run("DROP VIEW person_bearer, plan_place, quota_place, allocation_place, conference_place")
    run("DROP TRIGGER unit_above_lived ON unit")
    for name in ("inserted", "deleted", "updated"):
        run(f"DROP TRIGGER unit_above_{name} ON unit_link")
    run(
        "DROP FUNCTION unit_above_units, unit_above_links, unit_above_renew, actor_id, actor_places, actor_homes,"
        " actor_units, actor_everywhere, actor_home_everywhere, actor_counts, vietnam_day"
    )
    drop_tables()


def tables() -> None:
    """Every table, as the models declare them."""
    op.add_column("plan", sa.Column("council", sa.Text(), nullable=False, server_default=""))
    run(
        "UPDATE plan SET council = coalesce((SELECT body -> 'authority' ->> 'unit' FROM plan_version"
        " WHERE plan_version.plan = plan.id ORDER BY n DESC LIMIT 1), '')"
    )
    op.create_index("allocation_snapshot_idx", "allocation", ["snapshot"])
    op.create_table(
        "unit_above",
        sa.Column("congress", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("above", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "congress", "above", "during", name=op.f("unit_above_pkey")),
    )
    op.create_index(op.f("unit_above_above_idx"), "unit_above", ["above"])
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("identity_pkey")),
        sa.UniqueConstraint("issuer", "subject", name="identity_known"),
    )
    op.create_table(
        "service_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("service_key_digest_sha256")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("service_key_expires")),
        sa.ForeignKeyConstraint(["identity"], ["identity.id"], name=op.f("service_key_identity_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_key_pkey")),
        sa.UniqueConstraint("handle", name="service_key_handle_taken"),
    )
    op.create_index(op.f("service_key_identity_idx"), "service_key", ["identity"])
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=True),
        sa.Column("congress", sa.Text(), nullable=True),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('standing_council', 'approver', 'unit_officer', 'auditor', 'machine_client')",
            name=op.f("role_known"),
        ),
        sa.CheckConstraint("unit IS NOT NULL OR congress IS NULL", name=op.f("house_grant_has_no_congress")),
        sa.ForeignKeyConstraint(["congress"], ["congress.id"], name=op.f("role_grant_congress_fkey")),
        sa.ForeignKeyConstraint(["identity"], ["identity.id"], name=op.f("role_grant_identity_fkey")),
        sa.ForeignKeyConstraint(["key"], ["service_key.id"], name=op.f("role_grant_key_fkey")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("role_grant_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("role_grant_pkey")),
    )
    for column in ("identity", "key", "unit"):
        op.create_index(op.f(f"role_grant_{column}_idx"), "role_grant", [column])


def drop_tables() -> None:
    """Every table, in the order that references allow."""
    for table in ("role_grant", "service_key", "identity", "unit_above"):
        op.drop_table(table)
    op.drop_index(op.f("allocation_snapshot_idx"), table_name="allocation")
    op.drop_column("plan", "council")
