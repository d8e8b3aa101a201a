"""The first schema: roles, tables, and the guards that hold whatever the code above forgets.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Roles belong to the whole server: another database's migration may have made them, even this moment.
ROLES = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['daibieu_owner', 'daibieu_app'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
        IF NOT pg_has_role(current_user, name, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
    END LOOP;
END $$
--
GRANT USAGE, CREATE ON SCHEMA public TO daibieu_owner
--
GRANT USAGE ON SCHEMA public TO daibieu_app
--
GRANT SELECT ON alembic_version TO daibieu_app
--
SET LOCAL ROLE daibieu_owner
--
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO daibieu_app
"""

# The binaries that travel with the service have no btree_gist; a range of one value does as well.
OVERLAPS = """
CREATE TYPE uuidrange AS RANGE (subtype = uuid)
--
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C")
--
ALTER TABLE unit_name ADD CONSTRAINT unit_name_overlap
    EXCLUDE USING gist (uuidrange(unit, unit, '[]') WITH &&, during WITH &&)
--
ALTER TABLE unit_code ADD CONSTRAINT unit_code_overlap
    EXCLUDE USING gist (textrange(scheme, scheme, '[]') WITH &&, textrange(code, code, '[]') WITH &&, during WITH &&)
--
ALTER TABLE unit_code ADD CONSTRAINT unit_has_two_codes
    EXCLUDE USING gist (uuidrange(unit, unit, '[]') WITH &&, textrange(scheme, scheme, '[]') WITH &&, during WITH &&)
--
ALTER TABLE unit_link ADD CONSTRAINT unit_has_two_parents
    EXCLUDE USING gist (uuidrange(child, child, '[]') WITH &&, textrange(congress, congress, '[]') WITH &&, during WITH &&)
"""

FROZEN = """
CREATE FUNCTION refuse(constraint_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = constraint_name, MESSAGE = constraint_name;
END $$
--
CREATE FUNCTION plan_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.plan, NEW.n, NEW.body, NEW.digest, NEW.published_at)
            IS DISTINCT FROM (OLD.plan, OLD.n, OLD.body, OLD.digest, OLD.published_at)
        OR (NEW.state <> OLD.state AND NOT (OLD.state = 'published' AND NEW.state = 'superseded'))
    THEN PERFORM refuse('published_plan_is_immutable');
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER plan_version_frozen BEFORE UPDATE OR DELETE ON plan_version
    FOR EACH ROW EXECUTE FUNCTION plan_version_frozen()
--
CREATE FUNCTION allocation_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE subjects uuid[] := '{}'; found text;
BEGIN
    IF TG_OP <> 'INSERT' THEN subjects := subjects || OLD.allocation; END IF;
    IF TG_OP <> 'DELETE' THEN subjects := subjects || NEW.allocation; END IF;
    FOR found IN SELECT state FROM allocation WHERE id = ANY (subjects) ORDER BY id FOR SHARE LOOP
        IF found IN ('proposed', 'approved', 'adopted', 'superseded') THEN
            PERFORM refuse('proposed_allocation_is_frozen');
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
--
CREATE TRIGGER allocation_seat_frozen BEFORE INSERT OR UPDATE OR DELETE ON allocation_seat
    FOR EACH ROW EXECUTE FUNCTION allocation_frozen()
--
CREATE TRIGGER allocation_target_frozen BEFORE INSERT OR UPDATE OR DELETE ON allocation_target
    FOR EACH ROW EXECUTE FUNCTION allocation_frozen()
--
CREATE FUNCTION allocation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.conference, NEW.n, NEW.run, NEW.snapshot, NEW.amends, NEW.stages, NEW.certificate, NEW.findings)
            IS DISTINCT FROM
            (OLD.conference, OLD.n, OLD.run, OLD.snapshot, OLD.amends, OLD.stages, OLD.certificate, OLD.findings)
        OR (OLD.state = 'adopted' AND NEW.state NOT IN ('adopted', 'superseded'))
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
    THEN PERFORM refuse('proposed_allocation_is_frozen');
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER allocation_kept BEFORE UPDATE OR DELETE ON allocation
    FOR EACH ROW EXECUTE FUNCTION allocation_kept()
--
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse(TG_TABLE_NAME || '_is_append_only');
    RETURN NULL;
END $$
--
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION append_only()
"""

# The row of the quota (or the group) is where rivals queue; its CHECK refuses whoever is one too many.
COUNTERS = """
CREATE FUNCTION count_nominations(quota_id uuid, more_nominated int, more_taken int) RETURNS void LANGUAGE sql AS $$
    UPDATE quota SET
        nominated = nominated + more_nominated,
        taken = taken + more_taken,
        excess_nominated = least(excess_nominated, greatest(nominated + more_nominated + distributed - nominee_limit, 0)),
        excess_taken = least(excess_taken, greatest(taken + more_taken + distributed - seats, 0))
    WHERE id = quota_id AND (more_nominated <> 0 OR more_taken <> 0)
$$
--
CREATE FUNCTION nomination_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was_nominated int := 0; was_taken int := 0; is_nominated int := 0; is_taken int := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was_nominated := (OLD.state IN ('submitted', 'accepted'))::int;
        was_taken := (OLD.state = 'accepted')::int;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        is_nominated := (NEW.state IN ('submitted', 'accepted'))::int;
        is_taken := (NEW.state = 'accepted')::int;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.quota IS NOT DISTINCT FROM NEW.quota THEN
        PERFORM count_nominations(NEW.quota, is_nominated - was_nominated, is_taken - was_taken);
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM count_nominations(OLD.quota, -was_nominated, -was_taken); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM count_nominations(NEW.quota, is_nominated, is_taken); END IF;
    RETURN NULL;
END $$
--
CREATE TRIGGER nomination_counted AFTER INSERT OR UPDATE OR DELETE ON nomination
    FOR EACH ROW EXECUTE FUNCTION nomination_counted()
--
CREATE FUNCTION invitation_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.reply NOT IN ('declined', 'removed') THEN
        UPDATE seat_group SET listed = listed - 1 WHERE conference = OLD.conference AND "group" = OLD."group";
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.reply NOT IN ('declined', 'removed') THEN
        UPDATE seat_group SET listed = listed + 1 WHERE conference = NEW.conference AND "group" = NEW."group";
    END IF;
    RETURN NULL;
END $$
--
CREATE TRIGGER invitation_counted AFTER INSERT OR UPDATE OR DELETE ON invitation
    FOR EACH ROW EXECUTE FUNCTION invitation_counted()
"""

GRANTS = """
REVOKE UPDATE, DELETE ON audit_event, snapshot FROM daibieu_app
--
REVOKE DELETE ON audit_head FROM daibieu_app
--
RESET ROLE
"""


def run(script: str) -> None:
    """The statements of a script, which a line of two dashes parts (the driver takes one at a time)."""
    for statement in script.split("\n--\n"):
        op.execute(statement)


def upgrade() -> None:
    """From nothing to the first schema."""
    run(ROLES)
    tables()
    run(OVERLAPS)
    run(FROZEN)
    run(COUNTERS)
    run(GRANTS)


def downgrade() -> None:
    """Back to nothing. The roles stay: they belong to the whole server."""
    drop_tables()
    op.execute(
        "DROP FUNCTION count_nominations, nomination_counted, invitation_counted,"
        " plan_version_frozen, allocation_frozen, allocation_kept, append_only, refuse"
    )
    op.execute("DROP TYPE uuidrange, textrange")
    op.execute(
        "ALTER DEFAULT PRIVILEGES FOR ROLE daibieu_owner IN SCHEMA public"
        " REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM daibieu_app"
    )


def tables() -> None:
    """Every table, as the models declare them."""
    op.create_table(
        "audit_event",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.Text(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "n", name=op.f("audit_event_pkey")),
        sa.UniqueConstraint("id", name=op.f("audit_event_id_key")),
    )
    op.create_index(op.f("audit_event_act_idx"), "audit_event", ["act"], unique=False)
    op.create_index(op.f("audit_event_subject_idx"), "audit_event", ["subject"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("audit_head_pkey")),
    )
    op.create_table(
        "congress",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("congress_pkey")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("organ", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("decision_pkey")),
        sa.UniqueConstraint("organ", "series", "year", "number", name="decision_number_taken"),
    )
    op.create_index(op.f("decision_subject_idx"), "decision", ["subject"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1850 AND 2200", name=op.f("birth_year_plausible")),
        sa.CheckConstraint(
            "born_on IS NULL OR birth_year IS NOT DISTINCT FROM extract(year FROM born_on)::int",
            name=op.f("birth_year_agrees"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
    )
    op.create_index(op.f("person_sort_key_idx"), "person", ["sort_key"], unique=False)
    op.create_table(
        "person_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_key_pkey")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_pkey")),
        sa.UniqueConstraint("code", name="plan_id_taken"),
    )
    op.create_table(
        "snapshot",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("snapshot_pkey")),
    )
    op.create_table(
        "succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("succession_pkey")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("unit_has_a_day")),
        sa.PrimaryKeyConstraint("id", name=op.f("unit_pkey")),
    )
    op.create_index(op.f("unit_kind_idx"), "unit", ["kind"], unique=False)
    op.create_table(
        "unit_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sheet", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('checked', 'faulty', 'confirmed')", name=op.f("unit_import_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("unit_import_pkey")),
    )
    op.create_index("unit_import_digest_idx", "unit_import", ["digest"], unique=False)
    op.create_table(
        "collective",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("collective_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("collective_pkey")),
        sa.UniqueConstraint("unit", "name", name=op.f("collective_unit_name_key")),
    )
    op.create_index(op.f("collective_unit_idx"), "collective", ["unit"], unique=False)
    op.create_table(
        "person_attribute",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("person_attribute_person_fkey")),
        sa.PrimaryKeyConstraint("person", "attribute", name=op.f("person_attribute_pkey")),
    )
    op.create_table(
        "person_sealed",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["person_key.id"], name=op.f("person_sealed_key_id_fkey")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("person_sealed_person_fkey")),
        sa.PrimaryKeyConstraint("person", name=op.f("person_sealed_pkey")),
    )
    op.create_table(
        "plan_congress",
        sa.Column("plan", sa.Uuid(), nullable=False),
        sa.Column("congress", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["congress"], ["congress.id"], name=op.f("plan_congress_congress_fkey")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("plan_congress_plan_fkey")),
        sa.PrimaryKeyConstraint("plan", "congress", name=op.f("plan_congress_pkey")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'superseded')", name=op.f("plan_version_state_known")
        ),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("plan_version_plan_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_version_pkey")),
        sa.UniqueConstraint("plan", "n", name=op.f("plan_version_plan_n_key")),
    )
    op.create_index(
        "one_draft_per_plan",
        "plan_version",
        ["plan"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        "one_published_version_per_plan",
        "plan_version",
        ["plan"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("answer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("run_state_known")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshot.digest"], name=op.f("run_snapshot_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("run_pkey")),
    )
    op.create_index(op.f("run_subject_idx"), "run", ["subject"], unique=False)
    op.create_index(
        "run_waiting_idx",
        "run",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "staff_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("staff_report_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_report_pkey")),
        sa.UniqueConstraint(
            "unit", "as_of", "revision", "source", name=op.f("staff_report_unit_as_of_revision_source_key")
        ),
    )
    op.create_index(op.f("staff_report_unit_idx"), "staff_report", ["unit"], unique=False)
    op.create_table(
        "succession_part",
        sa.Column("succession", sa.Uuid(), nullable=False),
        sa.Column("predecessor", sa.Uuid(), nullable=False),
        sa.Column("successor", sa.Uuid(), nullable=False),
        sa.Column("share_num", sa.BigInteger(), nullable=False),
        sa.Column("share_den", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("predecessor <> successor", name=op.f("unit_succeeds_itself")),
        sa.CheckConstraint(
            "share_num > 0 AND share_den > 0 AND share_num <= share_den", name=op.f("succession_share")
        ),
        sa.ForeignKeyConstraint(["predecessor"], ["unit.id"], name=op.f("succession_part_predecessor_fkey")),
        sa.ForeignKeyConstraint(
            ["succession"], ["succession.id"], name=op.f("succession_part_succession_fkey")
        ),
        sa.ForeignKeyConstraint(["successor"], ["unit.id"], name=op.f("succession_part_successor_fkey")),
        sa.PrimaryKeyConstraint("succession", "predecessor", "successor", name=op.f("succession_part_pkey")),
    )
    op.create_table(
        "unit_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("unit_code_has_a_day")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("unit_code_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("unit_code_pkey")),
    )
    op.create_index(op.f("unit_code_code_idx"), "unit_code", ["code"], unique=False)
    op.create_index(op.f("unit_code_unit_idx"), "unit_code", ["unit"], unique=False)
    op.create_table(
        "unit_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("congress", sa.Text(), nullable=False),
        sa.Column("child", sa.Uuid(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("unit_link_has_a_day")),
        sa.CheckConstraint("child <> parent", name=op.f("unit_under_itself")),
        sa.ForeignKeyConstraint(["child"], ["unit.id"], name=op.f("unit_link_child_fkey")),
        sa.ForeignKeyConstraint(["congress"], ["congress.id"], name=op.f("unit_link_congress_fkey")),
        sa.ForeignKeyConstraint(["parent"], ["unit.id"], name=op.f("unit_link_parent_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("unit_link_pkey")),
    )
    op.create_index(op.f("unit_link_child_idx"), "unit_link", ["child"], unique=False)
    op.create_index(op.f("unit_link_parent_idx"), "unit_link", ["parent"], unique=False)
    op.create_table(
        "unit_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("unit_name_has_a_day")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("unit_name_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("unit_name_pkey")),
    )
    op.create_index(op.f("unit_name_sort_key_idx"), "unit_name", ["sort_key"], unique=False)
    op.create_index(op.f("unit_name_unit_idx"), "unit_name", ["unit"], unique=False)
    op.create_table(
        "conference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("congress", sa.Text(), nullable=False),
        sa.Column("plan_version", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("postponed_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'held', 'cancelled')", name=op.f("conference_state_known")),
        sa.ForeignKeyConstraint(["congress"], ["congress.id"], name=op.f("conference_congress_fkey")),
        sa.ForeignKeyConstraint(
            ["plan_version"], ["plan_version.id"], name=op.f("conference_plan_version_fkey")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("conference_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("conference_pkey")),
    )
    op.create_index(op.f("conference_congress_idx"), "conference", ["congress"], unique=False)
    op.create_index(op.f("conference_plan_version_idx"), "conference", ["plan_version"], unique=False)
    op.create_index(op.f("conference_unit_idx"), "conference", ["unit"], unique=False)
    op.create_index(
        "one_conference_per_unit_and_congress",
        "conference",
        ["congress", "unit"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "idempotency",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("run", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("num_nonnulls(answer, run) = 1", name=op.f("idempotency_answer_or_run")),
        sa.CheckConstraint(
            "octet_length(request_digest) = 32", name=op.f("idempotency_request_digest_sha256")
        ),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("idempotency_run_fkey")),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("idempotency_pkey")),
    )
    op.create_index(op.f("idempotency_expires_at_idx"), "idempotency", ["expires_at"], unique=False)
    op.create_table(
        "staff_figure",
        sa.Column("report", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("figure_not_negative")),
        sa.ForeignKeyConstraint(["report"], ["staff_report.id"], name=op.f("staff_figure_report_fkey")),
        sa.PrimaryKeyConstraint("report", "measure", name=op.f("staff_figure_pkey")),
    )
    op.create_table(
        "allocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run", sa.Uuid(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("amends", sa.Uuid(), nullable=True),
        sa.Column("stages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("certificate", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("decision", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('computing', 'lots_required', 'infeasible', 'decided', 'proposed', 'approved', 'adopted', 'superseded', 'failed')",
            name=op.f("allocation_state_known"),
        ),
        sa.ForeignKeyConstraint(["amends"], ["allocation.id"], name=op.f("allocation_amends_fkey")),
        sa.ForeignKeyConstraint(["conference"], ["conference.id"], name=op.f("allocation_conference_fkey")),
        sa.ForeignKeyConstraint(["decision"], ["decision.id"], name=op.f("allocation_decision_fkey")),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("allocation_run_fkey")),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshot.digest"], name=op.f("allocation_snapshot_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("allocation_pkey")),
        sa.UniqueConstraint("conference", "n", name=op.f("allocation_conference_n_key")),
    )
    op.create_index(op.f("allocation_conference_idx"), "allocation", ["conference"], unique=False)
    op.create_index(
        "one_adopted_allocation_per_conference",
        "allocation",
        ["conference"],
        unique=True,
        postgresql_where=sa.text("state = 'adopted'"),
    )
    op.create_table(
        "seat_group",
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("filled_by", sa.Text(), nullable=False),
        sa.Column("counts_as", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "filled_by IN ('units', 'roll', 'invitation', 'ex_officio')",
            name=op.f("seat_group_filled_by_known"),
        ),
        sa.CheckConstraint("listed <= coalesce(seats, maximum, listed)", name=op.f("seat_group_full")),
        sa.CheckConstraint(
            "seats >= 0 AND maximum >= 0 AND listed >= 0", name=op.f("seat_group_not_negative")
        ),
        sa.ForeignKeyConstraint(["conference"], ["conference.id"], name=op.f("seat_group_conference_fkey")),
        sa.PrimaryKeyConstraint("conference", "group", name=op.f("seat_group_pkey")),
    )
    op.create_table(
        "allocation_seat",
        sa.Column("allocation", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("bloc", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("weight", sa.Text(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("quota", sa.Text(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Text(), nullable=True),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("computed", sa.Integer(), nullable=False),
        sa.Column("adjustment", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("adjusted_by", sa.Text(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("adjustment = 0 OR reason IS NOT NULL", name=op.f("adjustment_has_reason")),
        sa.CheckConstraint("seats = computed + adjustment AND seats >= 0", name=op.f("allocation_seat_sum")),
        sa.ForeignKeyConstraint(
            ["allocation"], ["allocation.id"], name=op.f("allocation_seat_allocation_fkey")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("allocation_seat_unit_fkey")),
        sa.PrimaryKeyConstraint("allocation", "unit", "group", name=op.f("allocation_seat_pkey")),
    )
    op.create_table(
        "allocation_target",
        sa.Column("allocation", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fair_share", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("by_seats", sa.Boolean(), nullable=False),
        sa.CheckConstraint("seats >= 0", name=op.f("allocation_target_not_negative")),
        sa.ForeignKeyConstraint(
            ["allocation"], ["allocation.id"], name=op.f("allocation_target_allocation_fkey")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("allocation_target_unit_fkey")),
        sa.PrimaryKeyConstraint("allocation", "unit", "target", name=op.f("allocation_target_pkey")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("collective", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reply <> 'removed' OR reason IS NOT NULL", name=op.f("removed_invitation_has_reason")
        ),
        sa.CheckConstraint(
            "reply IN ('listed', 'invited', 'accepted', 'declined', 'removed')",
            name=op.f("invitation_reply_known"),
        ),
        sa.ForeignKeyConstraint(["collective"], ["collective.id"], name=op.f("invitation_collective_fkey")),
        sa.ForeignKeyConstraint(
            ["conference", "group"],
            ["seat_group.conference", "seat_group.group"],
            name="invitation_group_fits",
        ),
        sa.ForeignKeyConstraint(["conference"], ["conference.id"], name=op.f("invitation_conference_fkey")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("invitation_person_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("invitation_pkey")),
    )
    op.create_index(op.f("invitation_conference_idx"), "invitation", ["conference"], unique=False)
    op.create_index(op.f("invitation_person_idx"), "invitation", ["person"], unique=False)
    op.create_index(
        "person_invited_once",
        "invitation",
        ["conference", "person"],
        unique=True,
        postgresql_where=sa.text("reply NOT IN ('declined', 'removed')"),
    )
    op.create_table(
        "quota",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("allocation", sa.Uuid(), nullable=True),
        sa.Column("document", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("nominee_limit", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("nominated", sa.Integer(), nullable=False),
        sa.Column("excess_taken", sa.Integer(), nullable=False),
        sa.Column("excess_nominated", sa.Integer(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("distributed", sa.Integer(), nullable=False),
        sa.Column("distribution", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(source = 'allocation') = (allocation IS NOT NULL)", name=op.f("computed_quota_has_allocation")
        ),
        sa.CheckConstraint(
            "(source = 'distributed') = (parent IS NOT NULL)", name=op.f("distributed_quota_has_parent")
        ),
        sa.CheckConstraint(
            "(source = 'received') = (document IS NOT NULL)", name=op.f("received_quota_has_document")
        ),
        sa.CheckConstraint(
            "source IN ('allocation', 'received', 'distributed')", name=op.f("quota_source_known")
        ),
        sa.CheckConstraint(
            "excess_taken >= 0 AND excess_nominated >= 0", name=op.f("quota_excess_not_negative")
        ),
        sa.CheckConstraint(
            "nominated >= 0 AND nominated + distributed <= nominee_limit + excess_nominated",
            name=op.f("quota_nominee_limit_exceeded"),
        ),
        sa.CheckConstraint("seats >= 0 AND nominee_limit >= 0", name=op.f("quota_not_negative")),
        sa.CheckConstraint(
            "taken >= 0 AND distributed >= 0 AND taken + distributed <= seats + excess_taken",
            name=op.f("quota_seats_exceeded"),
        ),
        sa.ForeignKeyConstraint(["allocation"], ["allocation.id"], name=op.f("quota_allocation_fkey")),
        sa.ForeignKeyConstraint(["conference"], ["conference.id"], name=op.f("quota_conference_fkey")),
        sa.ForeignKeyConstraint(["parent"], ["quota.id"], name=op.f("quota_parent_fkey")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("quota_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("quota_pkey")),
        sa.UniqueConstraint("conference", "unit", "group", name=op.f("quota_conference_unit_group_key")),
        sa.UniqueConstraint("id", "conference", "unit", "group", name="quota_whole_key"),
    )
    op.create_index(op.f("quota_conference_idx"), "quota", ["conference"], unique=False)
    op.create_index(op.f("quota_parent_idx"), "quota", ["parent"], unique=False)
    op.create_index(op.f("quota_unit_idx"), "quota", ["unit"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("allocation", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("tied_digest", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("order", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["allocation"], ["allocation.id"], name=op.f("settlement_allocation_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("settlement_pkey")),
        sa.UniqueConstraint(
            "allocation", "stage", "tied_digest", name=op.f("settlement_allocation_stage_tied_digest_key")
        ),
    )
    op.create_table(
        "nomination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("quota", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("collective", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("merit", sa.Text(), nullable=True),
        sa.Column("achievements", sa.Text(), nullable=True),
        sa.Column("honours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("vote", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("source_document", sa.Text(), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'accepted', 'withdrawn')",
            name=op.f("nomination_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR quota IS NOT NULL", name=op.f("nomination_needs_quota")
        ),
        sa.CheckConstraint("rank IS NULL OR rank >= 1", name=op.f("nomination_rank_positive")),
        sa.ForeignKeyConstraint(["collective"], ["collective.id"], name=op.f("nomination_collective_fkey")),
        sa.ForeignKeyConstraint(["conference"], ["conference.id"], name=op.f("nomination_conference_fkey")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("nomination_person_fkey")),
        sa.ForeignKeyConstraint(
            ["quota", "conference", "unit", "group"],
            ["quota.id", "quota.conference", "quota.unit", "quota.group"],
            name="nomination_quota_fits",
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("nomination_unit_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("nomination_pkey")),
    )
    op.create_index("nomination_list_idx", "nomination", ["conference", "unit", "group"], unique=False)
    op.create_index(op.f("nomination_person_idx"), "nomination", ["person"], unique=False)
    op.create_index(op.f("nomination_quota_idx"), "nomination", ["quota"], unique=False)
    op.create_index(op.f("nomination_unit_idx"), "nomination", ["unit"], unique=False)
    op.create_index(
        "person_accepted_once",
        "nomination",
        ["conference", "person"],
        unique=True,
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_index(
        "person_nominated_once_by_unit",
        "nomination",
        ["conference", "unit", "person"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )


def drop_tables() -> None:
    """Every table, in the order that references allow."""
    op.drop_index(
        "person_nominated_once_by_unit",
        table_name="nomination",
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.drop_index(
        "person_accepted_once", table_name="nomination", postgresql_where=sa.text("state = 'accepted'")
    )
    op.drop_index(op.f("nomination_unit_idx"), table_name="nomination")
    op.drop_index(op.f("nomination_quota_idx"), table_name="nomination")
    op.drop_index(op.f("nomination_person_idx"), table_name="nomination")
    op.drop_index("nomination_list_idx", table_name="nomination")
    op.drop_table("nomination")
    op.drop_table("settlement")
    op.drop_index(op.f("quota_unit_idx"), table_name="quota")
    op.drop_index(op.f("quota_parent_idx"), table_name="quota")
    op.drop_index(op.f("quota_conference_idx"), table_name="quota")
    op.drop_table("quota")
    op.drop_index(
        "person_invited_once",
        table_name="invitation",
        postgresql_where=sa.text("reply NOT IN ('declined', 'removed')"),
    )
    op.drop_index(op.f("invitation_person_idx"), table_name="invitation")
    op.drop_index(op.f("invitation_conference_idx"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("allocation_target")
    op.drop_table("allocation_seat")
    op.drop_table("seat_group")
    op.drop_index(
        "one_adopted_allocation_per_conference",
        table_name="allocation",
        postgresql_where=sa.text("state = 'adopted'"),
    )
    op.drop_index(op.f("allocation_conference_idx"), table_name="allocation")
    op.drop_table("allocation")
    op.drop_table("staff_figure")
    op.drop_index(op.f("idempotency_expires_at_idx"), table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_index(
        "one_conference_per_unit_and_congress",
        table_name="conference",
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.drop_index(op.f("conference_unit_idx"), table_name="conference")
    op.drop_index(op.f("conference_plan_version_idx"), table_name="conference")
    op.drop_index(op.f("conference_congress_idx"), table_name="conference")
    op.drop_table("conference")
    op.drop_index(op.f("unit_name_unit_idx"), table_name="unit_name")
    op.drop_index(op.f("unit_name_sort_key_idx"), table_name="unit_name")
    op.drop_table("unit_name")
    op.drop_index(op.f("unit_link_parent_idx"), table_name="unit_link")
    op.drop_index(op.f("unit_link_child_idx"), table_name="unit_link")
    op.drop_table("unit_link")
    op.drop_index(op.f("unit_code_unit_idx"), table_name="unit_code")
    op.drop_index(op.f("unit_code_code_idx"), table_name="unit_code")
    op.drop_table("unit_code")
    op.drop_table("succession_part")
    op.drop_index(op.f("staff_report_unit_idx"), table_name="staff_report")
    op.drop_table("staff_report")
    op.drop_index(
        "run_waiting_idx", table_name="run", postgresql_where=sa.text("state IN ('queued', 'running')")
    )
    op.drop_index(op.f("run_subject_idx"), table_name="run")
    op.drop_table("run")
    op.drop_index(
        "one_published_version_per_plan",
        table_name="plan_version",
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index(
        "one_draft_per_plan", table_name="plan_version", postgresql_where=sa.text("state = 'draft'")
    )
    op.drop_table("plan_version")
    op.drop_table("plan_congress")
    op.drop_table("person_sealed")
    op.drop_table("person_attribute")
    op.drop_index(op.f("collective_unit_idx"), table_name="collective")
    op.drop_table("collective")
    op.drop_index("unit_import_digest_idx", table_name="unit_import")
    op.drop_table("unit_import")
    op.drop_index(op.f("unit_kind_idx"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("succession")
    op.drop_table("snapshot")
    op.drop_table("plan")
    op.drop_table("person_key")
    op.drop_index(op.f("person_sort_key_idx"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("decision_subject_idx"), table_name="decision")
    op.drop_table("decision")
    op.drop_table("congress")
    op.drop_table("audit_head")
    op.drop_index(op.f("audit_event_subject_idx"), table_name="audit_event")
    op.drop_index(op.f("audit_event_act_idx"), table_name="audit_event")
    op.drop_table("audit_event")
