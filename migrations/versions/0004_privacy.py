"""What is sealed is read by those who may; releases of numbers, erasure, retention.

Revision ID: 0004
Revises: 0003

``daibieu.sealed`` is ``on`` for an actor who may read what is sealed of people, and in the one marked block in
which a person's box is written anew by somebody who may not (``db.session.unsealing``). Without it no box and no
key is there, whatever else is within reach.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEALED = ("person_sealed", "person_key")

POLICIES = """
CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen})
--
CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added})
--
CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed})
--
CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({changed})
"""
EVERYWHERE = "(SELECT actor_flag('reach'))"
HELD = (
    "EXISTS (SELECT FROM conference_place p WHERE p.conference = composition_release.conference"
    " AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m))"
)
OF_RELEASE = "EXISTS (SELECT FROM composition_release o WHERE o.id = release_person.release)"
COUNTS = "(SELECT actor_flag('aggregates'))"

# table: (who sees a row, who adds it, who changes it)
WALLED = {
    "composition_release": (
        f"({EVERYWHERE} OR EXISTS (SELECT FROM conference o WHERE o.id = composition_release.conference))",
        f"({EVERYWHERE} OR {HELD})",
        EVERYWHERE,
    ),
    "release_person": (f"({EVERYWHERE} OR {COUNTS})", f"({EVERYWHERE} OR {OF_RELEASE})", EVERYWHERE),
    "retention": (EVERYWHERE, EVERYWHERE, EVERYWHERE),
}

ONCE = """
CREATE TRIGGER composition_release_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON composition_release
    FOR EACH STATEMENT EXECUTE FUNCTION append_only()
--
REVOKE UPDATE, DELETE ON composition_release FROM daibieu_app
--
REVOKE UPDATE ON release_person FROM daibieu_app
"""


# Who is named in another congress stays for as long as that one is kept; where nobody said how long, they stay.
# Somebody who stood for a collective until another was sent is named by no line any more, and goes with the others.
PEOPLE = """
CREATE FUNCTION congress_people(congress text, today date) RETURNS TABLE (person uuid, lines bigint, over boolean)
LANGUAGE sql STABLE AS $$
    WITH line AS (
        SELECT n.person, c.congress FROM nomination n JOIN conference c ON c.id = n.conference
        UNION ALL SELECT i.person, c.congress FROM invitation i JOIN conference c ON c.id = i.conference
        UNION ALL SELECT (e.changes ->> 'before')::uuid, c.congress FROM audit_event e
            JOIN nomination n ON n.id::text = e.subject JOIN conference c ON c.id = n.conference
            WHERE e.act = 'representative_changed'
    )
    SELECT line.person, count(*), NOT EXISTS (
        SELECT FROM line o LEFT JOIN retention r ON r.congress = o.congress
        WHERE o.person = line.person AND o.congress <> congress_people.congress
            AND coalesce(r.until >= congress_people.today, true)
    )
    FROM line JOIN person ON person.id = line.person
    WHERE line.congress = congress_people.congress AND person.erased_at IS NULL
    GROUP BY line.person
$$
"""


def run(script: str) -> None:
    """The statements of a script, which a line of two dashes parts (the driver takes one at a time)."""
    for statement in script.split("\n--\n"):
        op.execute(statement)


def upgrade() -> None:
    """The tables, and the wall around what is sealed."""
    run("SET LOCAL ROLE daibieu_owner")
    tables()
    for table in SEALED:
        run(
            f"CREATE POLICY {table}_opened ON {table} AS RESTRICTIVE FOR SELECT"
            " USING ((SELECT actor_flag('sealed')))"
        )
    for table, (seen, added, changed) in WALLED.items():
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(POLICIES.format(table=table, seen=seen, added=added, changed=changed))
    run(ONCE)
    run(PEOPLE)
    run("RESET ROLE")


def downgrade() -> None:
    """Without them again."""
    for table in SEALED:
        run(f"DROP POLICY {table}_opened ON {table}")
    run("DROP FUNCTION congress_people")
    for table in ("retention", "release_person", "composition_release"):
        op.drop_table(table)
    op.drop_column("idempotency", "master")
    op.drop_column("person", "erased_at")


def tables() -> None:
    """Every table and column, as the models declare them."""
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("idempotency", sa.Column("master", sa.Text(), nullable=True))
    op.create_table(
        "composition_release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("tables", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("released_by", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference"], ["conference.id"], name=op.f("composition_release_conference_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("composition_release_pkey")),
        sa.UniqueConstraint("conference", name="composition_released_once"),
    )
    op.create_table(
        "release_person",
        sa.Column("release", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("release_person_person_fkey")),
        sa.ForeignKeyConstraint(
            ["release"], ["composition_release.id"], name=op.f("release_person_release_fkey")
        ),
        sa.PrimaryKeyConstraint("release", "person", name=op.f("release_person_pkey")),
    )
    op.create_index(op.f("release_person_person_idx"), "release_person", ["person"])
    op.create_table(
        "retention",
        sa.Column("congress", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["congress"], ["congress.id"], name=op.f("retention_congress_fkey")),
        sa.PrimaryKeyConstraint("congress", name=op.f("retention_pkey")),
    )
