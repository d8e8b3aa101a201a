"""Selections, their places and delegates; and snapshots that are sealed under a key of their own.

Revision ID: 0003
Revises: 0002

A list names people: until it is adopted only the council that holds the conference sees it, afterwards a unit sees
what became of its own nominees. The policies ask as those of 0002 do.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FROZEN = """
CREATE FUNCTION selection_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE subjects uuid[] := '{}'; found text;
BEGIN
    IF TG_OP <> 'INSERT' THEN subjects := subjects || OLD.selection; END IF;
    IF TG_OP <> 'DELETE' THEN subjects := subjects || NEW.selection; END IF;
    FOR found IN SELECT state FROM selection WHERE id = ANY (subjects) ORDER BY id FOR SHARE LOOP
        IF found IN ('proposed', 'approved', 'adopted', 'superseded') THEN
            PERFORM refuse('proposed_selection_is_frozen');
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
--
CREATE TRIGGER selection_place_frozen BEFORE INSERT OR UPDATE OR DELETE ON selection_place
    FOR EACH ROW EXECUTE FUNCTION selection_frozen()
--
CREATE FUNCTION selection_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.conference, NEW.n, NEW.how, NEW.run, NEW.snapshot, NEW.amends, NEW.edits, NEW.leaving, NEW.lots,
                NEW.lot, NEW.nodes, NEW.result, NEW.findings)
            IS DISTINCT FROM
            (OLD.conference, OLD.n, OLD.how, OLD.run, OLD.snapshot, OLD.amends, OLD.edits, OLD.leaving, OLD.lots,
                OLD.lot, OLD.nodes, OLD.result, OLD.findings)
        OR (OLD.state = 'adopted' AND NEW.state NOT IN ('adopted', 'superseded'))
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
    THEN PERFORM refuse('proposed_selection_is_frozen');
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER selection_kept BEFORE UPDATE OR DELETE ON selection
    FOR EACH ROW EXECUTE FUNCTION selection_kept()
--
CREATE FUNCTION delegate_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (NEW.id, NEW.conference, NEW.unit, NEW."group", NEW.quota, NEW.person, NEW.nomination, NEW.selection,
                NEW.replaces, NEW.created_at)
            IS DISTINCT FROM
            (OLD.id, OLD.conference, OLD.unit, OLD."group", OLD.quota, OLD.person, OLD.nomination, OLD.selection,
                OLD.replaces, OLD.created_at)
    THEN PERFORM refuse('delegate_only_ends');
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER delegate_kept BEFORE UPDATE OR DELETE ON delegate
    FOR EACH ROW EXECUTE FUNCTION delegate_kept()
"""

# The owner's views are not under the policies: a policy may ask them, and they tell no more than is in them.
PLACES = """
CREATE VIEW selection_held AS
    SELECT selection.id AS selection, selection.run, selection.snapshot, selection.state, selection.decision,
        conference.congress, conference.unit
    FROM selection JOIN conference ON conference.id = selection.conference
--
CREATE VIEW person_seated AS
    SELECT delegate.person, conference.congress, conference.as_of, EXISTS (
        SELECT FROM plan_version, jsonb_array_elements(plan_version.body -> 'tiers') AS listed
        WHERE plan_version.id = conference.plan_version AND listed ->> 'id' = conference.tier
            AND listed -> 'congress' = 'true'
    ) AS tier_congress
    FROM delegate JOIN conference ON conference.id = delegate.conference
    WHERE delegate.ended_at IS NULL AND conference.state <> 'cancelled'
--
REVOKE INSERT, UPDATE, DELETE ON selection_held, person_seated FROM daibieu_app
"""

EVERYWHERE = "(SELECT actor_flag('reach'))"


def mine(congress: str, unit: str) -> str:
    """A grant stands at this very unit, in this chain."""
    return f"({congress}, {unit}) IN (SELECT m.congress, m.unit FROM actor_place m)"


def own(congress: str, unit: str) -> str:
    """The unit is the actor's own: they see its nominees."""
    return f"({congress}, {unit}) IN (SELECT m.congress, m.unit FROM actor_home m)"


def at_conference(table: str, condition: str) -> str:
    return f"EXISTS (SELECT FROM conference_place p WHERE p.conference = {table}.conference AND {condition})"


def of_selection(condition: str) -> str:
    return f"EXISTS (SELECT FROM selection_held s WHERE {condition})"


HELD = mine("s.congress", "s.unit")
SELECTION = f"({EVERYWHERE} OR {at_conference('selection', mine('p.congress', 'p.unit'))})"
PLACE = f"({EVERYWHERE} OR {of_selection(f's.selection = selection_place.selection AND {HELD}')})"
DELEGATE = f"({EVERYWHERE} OR {at_conference('delegate', mine('p.congress', 'p.unit'))})"
KEY = f"({EVERYWHERE} OR {of_selection(f's.snapshot = snapshot_key.snapshot AND {HELD}')})"

# table: (who sees a row, who changes it, who adds it)
POLICIES = {
    "selection": (
        f"({SELECTION} OR (selection.state IN ('adopted', 'superseded')"
        " AND EXISTS (SELECT FROM conference o WHERE o.id = selection.conference)))",
        SELECTION,
        SELECTION,
    ),
    "selection_place": (
        f"({PLACE} OR "
        + of_selection(
            "s.selection = selection_place.selection AND s.state IN ('adopted', 'superseded')"
            f" AND {own('s.congress', 'selection_place.unit')}"
        )
        + ")",
        PLACE,
        PLACE,
    ),
    "delegate": (
        f"({DELEGATE} OR {at_conference('delegate', own('p.congress', 'delegate.unit'))})",
        DELEGATE,
        DELEGATE,
    ),
    "snapshot_key": (KEY, EVERYWHERE, "true"),
}

# What 0002 keeps, opened to whoever holds the conference of a selection. Policies of one command add up.
OPENED = {
    "snapshot": ("SELECT", of_selection(f"s.snapshot = snapshot.digest AND {HELD}")),
    "run": ("SELECT", of_selection(f"s.run = run.id AND {HELD}")),
    "decision": (
        "SELECT",
        "EXISTS (SELECT FROM selection o WHERE o.id = decision.subject)",
    ),
    "decision ": ("INSERT", of_selection(f"s.selection = decision.subject AND {HELD}")),
}


def run(script: str) -> None:
    """The statements of a script, which a line of two dashes parts (the driver takes one at a time)."""
    for statement in script.split("\n--\n"):
        op.execute(statement)


def upgrade() -> None:
    """The tables of selections behind the second wall."""
    run("SET LOCAL ROLE daibieu_owner")
    tables()
    run(FROZEN)
    run(PLACES)
    for table, (seen, changed, added) in POLICIES.items():
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen})")
        run(f"CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added})")
        run(f"CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({changed}) WITH CHECK ({changed})")
        run(f"CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({changed})")
    for table, (command, condition) in OPENED.items():
        name = f"{table.strip()}_of_selection_{command.lower()}"
        kind = "WITH CHECK" if command == "INSERT" else "USING"
        run(f"CREATE POLICY {name} ON {table} FOR {command} {kind} ({condition})")
    run("RESET ROLE")


def downgrade() -> None:
    """Selections gone; snapshots that are sealed go with them."""
    for table, (command, _) in OPENED.items():
        run(f"DROP POLICY {table.strip()}_of_selection_{command.lower()} ON {table}")
    for table, name in (("delegate", "delegate_kept"), ("selection", "selection_kept")):
        run(f"DROP TRIGGER {name} ON {table}")
    run("DROP TRIGGER selection_place_frozen ON selection_place")
    for table in POLICIES:
        for name in ("seen", "added", "changed", "removed"):
            run(f"DROP POLICY {table}_{name} ON {table}")
    run("DROP VIEW selection_held, person_seated")
    for table in ("delegate", "selection_place", "selection", "snapshot_key"):
        op.drop_table(table)
    run("DROP FUNCTION selection_frozen, selection_kept, delegate_kept")
    op.drop_constraint("snapshot_open_or_sealed", "snapshot")
    run("DELETE FROM run WHERE snapshot IN (SELECT digest FROM snapshot WHERE content IS NULL)")
    run("DELETE FROM snapshot WHERE content IS NULL")
    op.drop_column("snapshot", "sealed")
    op.alter_column("snapshot", "content", nullable=False)


def tables() -> None:
    """Every table, as the models declare them."""
    op.alter_column("snapshot", "content", nullable=True)
    op.add_column("snapshot", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.create_check_constraint("snapshot_open_or_sealed", "snapshot", "(content IS NULL) <> (sealed IS NULL)")
    op.create_table(
        "snapshot_key",
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["snapshot"], ["snapshot.digest"], name=op.f("snapshot_key_snapshot_fkey")),
        sa.PrimaryKeyConstraint("snapshot", name=op.f("snapshot_key_pkey")),
    )
    selection()
    selection_place()
    delegate()


def selection() -> None:
    """Versions of a conference's list."""
    states = (
        "'computing', 'lots_required', 'infeasible', 'unproven', 'decided', 'proposed', 'approved', 'adopted',"
        " 'superseded', 'failed'"
    )
    op.create_table(
        "selection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("run", sa.Uuid(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("amends", sa.Uuid(), nullable=True),
        *(
            sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)
            for name in ("edits", "leaving", "lots")
        ),
        sa.Column("lot", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("decision", sa.Uuid(), nullable=True),
        sa.Column("reasons_released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("selection_state_known")),
        sa.CheckConstraint("how IN ('computed', 'edited', 'mended')", name=op.f("selection_how_known")),
        *_keys("selection", ("conference", "conference.id"), ("run", "run.id"), ("snapshot", "snapshot.digest")),
        *_keys("selection", ("amends", "selection.id"), ("decision", "decision.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("selection_pkey")),
        sa.UniqueConstraint("conference", "n", name=op.f("selection_conference_n_key")),
    )
    for column in ("conference", "snapshot"):
        op.create_index(op.f(f"selection_{column}_idx"), "selection", [column])
    op.create_index(
        "one_adopted_selection_per_conference",
        "selection",
        ["conference"],
        unique=True,
        postgresql_where=sa.text("state = 'adopted'"),
    )


def selection_place() -> None:
    """What became of each nomination."""
    op.create_table(
        "selection_place",
        sa.Column("selection", sa.Uuid(), nullable=False),
        sa.Column("nomination", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("alternate_no", sa.Integer(), nullable=True),
        sa.Column("hold", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('chosen', 'alternate', 'off')", name=op.f("selection_outcome_known")
        ),
        sa.CheckConstraint(
            "(outcome = 'alternate') = (alternate_no IS NOT NULL)", name=op.f("alternate_has_number")
        ),
        *_keys("selection_place", ("selection", "selection.id"), ("nomination", "nomination.id")),
        *_keys("selection_place", ("unit", "unit.id")),
        sa.PrimaryKeyConstraint("selection", "nomination", name=op.f("selection_place_pkey")),
    )
    op.create_index(op.f("selection_place_nomination_idx"), "selection_place", ["nomination"])


def delegate() -> None:
    """Who goes."""
    op.create_table(
        "delegate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conference", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("quota", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("nomination", sa.Uuid(), nullable=False),
        sa.Column("selection", sa.Uuid(), nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_reason IS NULL)", name=op.f("ended_delegate_has_reason")
        ),
        *_keys("delegate", ("conference", "conference.id"), ("unit", "unit.id"), ("quota", "quota.id")),
        *_keys("delegate", ("person", "person.id"), ("nomination", "nomination.id")),
        *_keys("delegate", ("selection", "selection.id"), ("replaces", "delegate.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("delegate_pkey")),
    )
    for column in ("conference", "unit", "person", "selection"):
        op.create_index(op.f(f"delegate_{column}_idx"), "delegate", [column])
    for name, columns in (
        ("person_delegate_once", ["conference", "person"]),
        ("nomination_delegate_once", ["nomination"]),
    ):
        op.create_index(
            name, "delegate", columns, unique=True, postgresql_where=sa.text("ended_at IS NULL")
        )


def _keys(table: str, *references: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"{table}_{column}_fkey"))
        for column, target in references
    ]
