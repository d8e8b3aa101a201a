"""Identities, grants and keys; who stands above whom; and a policy for every table that holds a unit's data.

Revision ID: 0002
Revises: 0001

The policies are the second wall: they ask the same questions as the use cases do, by themselves, so that a
forgotten filter leaks nothing. What they know of the actor is set per transaction (``db.session``):

``daibieu.actor``       who acts
``daibieu.reach``       ``on`` where the whole house is within reach
``daibieu.units``       the units in which grants stand, and
``daibieu.chains``      the congress chain of each, or empty for all chains
``daibieu.home``        ``on`` where every unit is the actor's own, drafts included
``daibieu.homes``       the units that are
``daibieu.home_chains`` and their chains
``daibieu.aggregates``  ``on`` while numbers are counted that are shown as numbers only

Unset, they reach nothing. What units are called and under whom they stand is public, and read at every turn; there
a policy would only keep the planner from its statistics, so writing is guarded by triggers instead.

What a list may cost (``benchmarks.access``) shapes the policies:

- What they compare rows with is made once a statement, of small sets: the actor's own units, the conferences held
  there. The likely and the cheap come first, since what decides ends the asking. Only what remains is looked up row
  by row in ``unit_above``.
- Other questions are functions: planned once a connection, not with every statement in which a policy is inlined,
  with all the policies that it rests on.
- That grants stand in one chain, as they nearly always do, is found out once; else each is looked at.
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

# Stable, so that each is evaluated once a statement and not once a row, where it stands in a subquery.
ACTOR = """
CREATE FUNCTION actor_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('daibieu.actor', true), '')
--
CREATE FUNCTION actor_flag(name text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('daibieu.' || name, true), '') = 'on'
--
CREATE FUNCTION actor_list(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.' || name, true), ''), '{}')::text[]
--
CREATE FUNCTION actor_units(name text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.' || name, true), ''), '{}')::uuid[]
--
-- The one chain of all of an actor's grants, empty for every chain; NULL where grants differ.
CREATE FUNCTION actor_chain(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN cardinality(array_remove(actor_list(name), (actor_list(name))[1])) = 0 THEN (actor_list(name))[1] END
--
CREATE FUNCTION actor_stands(units text, chains text, chain text, place uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(public.actor_units(units), public.actor_list(chains)) AS grants (unit, congress)
        WHERE grants.unit = place AND grants.congress IN ('', chain)
    );
END $$
--
CREATE FUNCTION vietnam_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
"""


def chained(congress: str, unit: str, units: str = "units", chains: str = "chains") -> str:
    """A grant at this unit, which is known to have one, is good in this chain: nearly always told at a glance."""
    chain = f"(SELECT public.actor_chain('{chains}'))"
    return (
        f"({chain} = {congress} OR {chain} = ''"
        f" OR public.actor_stands('{units}', '{chains}', {congress}, {unit}))"
    )


def standing(congress: str, unit: str) -> str:
    """A grant stands at this very unit, in this chain."""
    return f"({unit} = ANY ((SELECT public.actor_units('units'))::uuid[]) AND {chained(congress, unit)})"


# Where things stand, and nothing else of them; and where the actor does. The owner's views are not under the
# policies, so that a policy may ask them without asking itself again.
PLACES = f"""
CREATE VIEW actor_grant AS SELECT grants.unit, grants.congress
    FROM unnest((SELECT actor_units('units')), (SELECT actor_list('chains'))) AS grants (unit, congress)
--
CREATE VIEW actor_place AS SELECT congress.id AS congress, actor_grant.unit
    FROM actor_grant JOIN congress ON actor_grant.congress IN ('', congress.id)
--
CREATE VIEW actor_home AS SELECT congress.id AS congress, grants.unit
    FROM unnest((SELECT actor_units('homes')), (SELECT actor_list('home_chains'))) AS grants (unit, congress)
    JOIN congress ON grants.congress IN ('', congress.id)
--
-- A path that has neither beginning nor end, as nearly all have, need not be asked about the day.
CREATE VIEW actor_below AS SELECT path.congress, path.unit FROM unit_above AS path
    WHERE {standing("path.congress", "path.above")}
    AND (lower_inf(path.during) AND upper_inf(path.during) OR path.during @> (SELECT vietnam_day()))
--
CREATE VIEW actor_above AS SELECT path.congress, path.above AS unit FROM unit_above AS path
    WHERE {standing("path.congress", "path.unit")} AND path.during @> (SELECT vietnam_day())
--
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
CREATE VIEW identity_role AS SELECT identity, role, unit, congress FROM role_grant
--
REVOKE INSERT, UPDATE, DELETE ON actor_grant, actor_place, actor_home, actor_below, actor_above, conference_place,
    allocation_place, quota_place, plan_place, person_bearer, identity_role, unit_above FROM daibieu_app
--
ALTER FUNCTION count_nominations(uuid, int, int) SECURITY DEFINER SET search_path = public, pg_temp
"""

# The questions behind the policies. As functions they are planned once a connection; inlined into each policy
# they would be planned, and set up, at every statement, again wherever one policy rests on another.
QUESTIONS = """
CREATE FUNCTION actor_conferences() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(
        SELECT p.conference FROM public.actor_grant g
        JOIN public.conference_place p ON p.unit = g.unit AND g.congress IN ('', p.congress)
    );
END $$
--
CREATE FUNCTION actor_conferences_above() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(
        SELECT p.conference FROM public.actor_grant g
        JOIN public.unit_above a ON a.unit = g.unit AND g.congress IN ('', a.congress)
            AND a.during @> public.vietnam_day()
        JOIN public.conference_place p ON p.unit = a.above AND p.congress = a.congress
    );
END $$
--
CREATE FUNCTION actor_conferences_given() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(
        SELECT q.conference FROM public.actor_grant g
        JOIN public.quota_place q ON q.unit = g.unit AND g.congress IN ('', q.congress)
    );
END $$
--
CREATE FUNCTION actor_units_above() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(SELECT m.unit FROM public.actor_above m);
END $$
--
-- Whether it is worth asking what lies below. In the order of the index, or the planner would read the whole table.
CREATE FUNCTION actor_leads() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    PERFORM FROM public.unit_above a WHERE a.above = ANY (public.actor_units('units')) ORDER BY a.above LIMIT 1;
    RETURN FOUND;
END $$
--
CREATE FUNCTION actor_under(chain text, place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN public.actor_stands('units', 'chains', chain, place)
        OR EXISTS (SELECT FROM public.actor_below m WHERE m.congress = chain AND m.unit = place);
END $$
--
CREATE FUNCTION actor_unit_under(place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN place = ANY (public.actor_units('units')) OR EXISTS (SELECT FROM public.actor_below m WHERE m.unit = place);
END $$
--
CREATE FUNCTION actor_runs(held uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.conference_place p WHERE p.conference = held AND public.actor_under(p.congress, p.unit)
    );
END $$
--
CREATE FUNCTION actor_reaches(held uuid, place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN public.actor_flag('reach') OR EXISTS (
        SELECT FROM public.conference_place p WHERE p.conference = held AND public.actor_under(p.congress, place)
    );
END $$
--
CREATE FUNCTION actor_council(code text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.unit_code c
        WHERE c.scheme = 'local' AND c.code = actor_council.code AND public.actor_unit_under(c.unit)
    );
END $$
"""
VIEWS = (
    "actor_below, actor_above, actor_home, actor_place, actor_grant, person_bearer, plan_place, quota_place,"
    " allocation_place, conference_place, identity_role"
)

EVERYWHERE = "(SELECT actor_flag('reach'))"
HOME_EVERYWHERE = "(SELECT actor_flag('home'))"
COUNTS = "(SELECT actor_flag('aggregates'))"
ME = "(SELECT actor_id())"
LEADS = "(SELECT actor_leads())"


def either(*conditions: str) -> str:
    """Any of them; the cheap and the likely ones come first, the others are then never asked."""
    return "(" + " OR ".join(conditions) + ")"


def below(congress: str, unit: str) -> str:
    """A grant stands above this unit, in this chain; asked of each row, not of all that lies below."""
    path = f"EXISTS (SELECT FROM actor_below m WHERE m.congress = {congress} AND m.unit = {unit} OFFSET 0)"
    return f"({LEADS} AND {path})"


def under(congress: str, unit: str) -> str:
    """A grant stands at this unit or above it, in this chain."""
    return either(standing(congress, unit), below(congress, unit))


def unit_under(unit: str) -> str:
    """A grant stands at this unit, or above it in its own chain."""
    return either(
        f"{unit} = ANY ((SELECT actor_units('units'))::uuid[])",
        f"EXISTS (SELECT FROM actor_below m WHERE m.unit = {unit})",
    )


def held(conference: str) -> str:
    """A grant stands at the conference's own unit, in its chain."""
    return f"{conference} = ANY ((SELECT actor_conferences())::uuid[])"


def run_by(conference: str) -> str:
    """A grant stands at the conference's unit or above it, in its chain."""
    return either(held(conference), f"({LEADS} AND actor_runs({conference}))")


def council(code: str) -> str:
    """The unit of that code is within reach."""
    return f"actor_council({code})"


def plan_held(plan: str) -> str:
    return f"EXISTS (SELECT FROM plan_place p WHERE p.plan = {plan} AND {council('p.council')})"


MANAGED = either(EVERYWHERE, run_by("allocation.conference"))


def of_subject(allocation: str) -> str:
    return (
        f"EXISTS (SELECT FROM allocation_place p WHERE p.allocation = {allocation}"
        " AND actor_under(p.congress, p.unit))"
    )


def nomination(*more: str) -> str:
    """Own ones; those submitted to a conference that is held; those entered from the paper of a unit below."""
    home = chained("p.congress", "nomination.unit", "homes", "home_chains")
    sent = "nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft'"
    paper = "nomination.source_document IS NOT NULL"
    return either(
        HOME_EVERYWHERE,
        "(nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])"
        f" AND EXISTS (SELECT FROM conference_place p WHERE p.conference = nomination.conference AND {home}))",
        f"({sent} AND {either(EVERYWHERE, held('nomination.conference'))})",
        f"({paper} AND actor_reaches(nomination.conference, nomination.unit))",
        *more,
    )


COUNTED = (
    f"({COUNTS} AND (actor_reaches(nomination.conference, nomination.unit) OR actor_runs(nomination.conference)))"
)
INVITATION = either(EVERYWHERE, held("invitation.conference"))
INVITED = f"({COUNTS} AND {run_by('invitation.conference')})"


def seen_with(table: str, column: str, key: str = "id") -> str:
    """What belongs to a row that is seen."""
    return f"EXISTS (SELECT FROM {table} o WHERE o.{key} = {column})"


def of_person(person: str) -> str:
    """Somebody whom a nomination or an invitation within reach names."""
    named, invited = (seen_with(table, person, "person") for table in ("nomination", "invitation"))
    return either(HOME_EVERYWHERE, named, invited)


def of_allocation(table: str) -> tuple[str, str]:
    seen = either(EVERYWHERE, seen_with("allocation", f"{table}.allocation"))
    return seen, either(EVERYWHERE, of_subject(f"{table}.allocation"))


def unit_rows(column: str) -> str:
    return either(EVERYWHERE, unit_under(column))


QUOTA = either(
    EVERYWHERE,
    held("quota.conference"),
    "(quota.unit = ANY ((SELECT actor_units('units'))::uuid[]) AND actor_reaches(quota.conference, quota.unit))",
    f"({LEADS} AND (actor_runs(quota.conference) OR actor_reaches(quota.conference, quota.unit)))",
)
GRANTED = either(
    under("role_grant.congress", "role_grant.unit"),
    f"(role_grant.congress IS NULL AND {unit_under('role_grant.unit')})",
)
KEYED = either(EVERYWHERE, f"service_key.identity::text = {ME}", seen_with("role_grant", "service_key.id", "key"))
OPEN = "true"

LOCKED_BY_WHO_SEES = {"conference"}
"""Rows that whoever sees them may lock, though not change: units nominate to one that nobody may cancel then."""

# table: (who sees a row, who changes it, who adds it where that is another question)
POLICIES: dict[str, tuple[str, str] | tuple[str, str, str]] = {
    "unit": (
        either(
            EVERYWHERE,
            "EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)",
            "unit.id = ANY ((SELECT actor_units('units'))::uuid[])",
            "unit.id = ANY ((SELECT actor_units_above())::uuid[])",
        ),
        unit_rows("unit.id"),
        OPEN,  # a unit without a link is in nobody's reach
    ),
    "staff_report": (unit_rows("staff_report.unit"), unit_rows("staff_report.unit")),
    "staff_figure": (
        either(EVERYWHERE, seen_with("staff_report", "staff_figure.report")),
        either(EVERYWHERE, seen_with("staff_report", "staff_figure.report")),
    ),
    "unit_import": (
        either(EVERYWHERE, f"unit_import.created_by = {ME}"),
        either(EVERYWHERE, f"unit_import.created_by = {ME}"),
    ),
    "plan": (
        either(EVERYWHERE, council("plan.council"), seen_with("plan_version", "plan.id", "plan")),
        either(EVERYWHERE, council("plan.council")),
    ),
    "plan_version": (
        either(EVERYWHERE, "plan_version.state <> 'draft'", plan_held("plan_version.plan")),
        either(EVERYWHERE, plan_held("plan_version.plan")),
    ),
    "conference": (
        either(
            EVERYWHERE,
            held("conference.id"),
            "conference.id = ANY ((SELECT actor_conferences_given())::uuid[])",
            "conference.id = ANY ((SELECT actor_conferences_above())::uuid[])",
            below("conference.congress", "conference.unit"),
        ),
        either(EVERYWHERE, under("conference.congress", "conference.unit")),
    ),
    "seat_group": (
        either(EVERYWHERE, seen_with("conference", "seat_group.conference")),
        either(EVERYWHERE, run_by("seat_group.conference")),
    ),
    "run": (
        either(EVERYWHERE, f"run.actor = {ME}", seen_with("allocation", "run.subject")),
        either(EVERYWHERE, f"run.actor = {ME}"),
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
        either(EVERYWHERE, of_subject("decision.subject")),
    ),
    "quota": (QUOTA, QUOTA),
    "nomination": (nomination(COUNTED), nomination()),
    "invitation": (either(INVITATION, INVITED), INVITATION),
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
        either(EVERYWHERE, f"idempotency.actor = {ME}"),
        either(EVERYWHERE, f"idempotency.actor = {ME}"),
    ),
    "audit_event": (
        either(
            EVERYWHERE,
            f"audit_event.chain IN (SELECT p.plan::text FROM plan_place p WHERE {council('p.council')})",
        ),
        EVERYWHERE,
        OPEN,  # whatever somebody does is recorded
    ),
    "role_grant": (
        either(EVERYWHERE, f"role_grant.identity::text = {ME}", GRANTED),
        either(EVERYWHERE, GRANTED),
    ),
    "service_key": (KEYED, KEYED, OPEN),
}

# table: (who changes a row, who adds it where that is another question); a row is OLD or NEW
GUARDS: dict[str, tuple[str] | tuple[str, str]] = {
    "unit_name": (unit_rows("{row}.unit"),),
    "unit_code": (unit_rows("{row}.unit"),),
    "unit_link": (either(EVERYWHERE, under("{row}.congress", "{row}.parent")),),
    "succession": (EVERYWHERE, OPEN),
    "succession_part": (unit_rows("{row}.successor"),),
    "congress": (EVERYWHERE, OPEN),
    "plan_congress": (either(EVERYWHERE, plan_held("{row}.plan")),),
}

GUARD = """
CREATE FUNCTION {table}_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT {old}) OR (TG_OP = 'UPDATE' AND NOT {new}) OR (TG_OP = 'INSERT' AND NOT {added}) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = '{table} is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
--
CREATE TRIGGER {table}_guarded BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW WHEN (current_user = 'daibieu_app') EXECUTE FUNCTION {table}_guarded()
"""


def run(script: str) -> None:
    """The statements of a script, which a line of two dashes parts (the driver takes one at a time)."""
    for statement in script.split("\n--\n"):
        op.execute(statement)


def policies() -> None:
    for table, (seen, changed, *added) in POLICIES.items():
        added_by = added[0] if added else changed
        locked_by = seen if table in LOCKED_BY_WHO_SEES else changed
        run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        run(f"CREATE POLICY {table}_seen ON {table} FOR SELECT USING ({seen})")
        run(f"CREATE POLICY {table}_added ON {table} FOR INSERT WITH CHECK ({added_by})")
        run(f"CREATE POLICY {table}_changed ON {table} FOR UPDATE USING ({locked_by}) WITH CHECK ({changed})")
        run(f"CREATE POLICY {table}_removed ON {table} FOR DELETE USING ({changed})")


def guards() -> None:
    for table, (changed, *added) in GUARDS.items():
        rows = {name: condition.format(row=row) for name, row, condition in (
            ("old", "OLD", changed), ("new", "NEW", changed), ("added", "NEW", added[0] if added else changed)
        )}
        run(GUARD.format(table=table, **rows))


def upgrade() -> None:
    """The tables of access, and the second wall."""
    run("SET LOCAL ROLE daibieu_owner")
    tables()
    run(TREE)
    run(ACTOR)
    run(PLACES)
    run(QUESTIONS)
    policies()
    guards()
    run("RESET ROLE")


def downgrade() -> None:
    """The second wall down, and the tables of access gone."""
    for table in reversed(GUARDS):
        run(f"DROP TRIGGER {table}_guarded ON {table}")
        run(f"DROP FUNCTION {table}_guarded")
    for table in reversed(POLICIES):
        for name in ("seen", "added", "changed", "removed"):
            run(f"DROP POLICY {table}_{name} ON {table}")
        run(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    run("ALTER FUNCTION count_nominations(uuid, int, int) SECURITY INVOKER RESET search_path")
    run(f"DROP VIEW {VIEWS}")
    run("DROP TRIGGER unit_above_lived ON unit")
    for name in ("inserted", "deleted", "updated"):
        run(f"DROP TRIGGER unit_above_{name} ON unit_link")
    run(
        "DROP FUNCTION unit_above_units, unit_above_links, unit_above_renew, actor_council, actor_reaches, actor_runs,"
        " actor_unit_under, actor_under, actor_leads, actor_units_above, actor_conferences_given, actor_conferences_above, actor_conferences,"
        " actor_stands, actor_chain, actor_units, actor_id, actor_flag, actor_list, vietnam_day"
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
