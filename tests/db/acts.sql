-- What nobody says is filled in, so that a statement names only what it is about.
DO $$
DECLARE
    fill jsonb := '{"uuid": "gen_random_uuid()", "text": "''-''", "integer": "0", "bigint": "0", "jsonb": "''{}''",
        "boolean": "false", "timestamp with time zone": "now()", "date": "''2025-01-01''", "bytea": "''''",
        "numeric(20,6)": "0", "daterange": "''[2020-01-01,)''"}';
    col record;
BEGIN
    FOR col IN
        SELECT attrelid::regclass AS tab, attname AS name, fill ->> format_type(atttypid, atttypmod) AS filled
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
            AND attnum > 0 AND attnotnull
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER %I SET DEFAULT %s', col.tab, col.name, col.filled);
    END LOOP;
END $$;

-- What has to be one of a few words gets one of them.
ALTER TABLE decision ALTER subject_kind SET DEFAULT 'allocation';
ALTER TABLE conference ALTER form SET DEFAULT 'delegate';
ALTER TABLE settlement ALTER how SET DEFAULT 'lot_by_hand';
ALTER TABLE selection_place ALTER hold SET DEFAULT 'free';

CREATE FUNCTION uuid_of_selection(n int) RETURNS uuid LANGUAGE sql AS $$
    SELECT ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid
$$;

-- Acts of several columns in short. They run in the role of who calls them.
CREATE FUNCTION enter(birth_year int, born_on date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO person (birth_year, born_on) VALUES (birth_year, born_on)
$$;
CREATE FUNCTION draft(n int, state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO plan_version (plan, n, state) VALUES ({plan}, n, state)
$$;
CREATE FUNCTION call_unit(unit uuid, during daterange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_name (unit, during) VALUES (unit, during)
$$;
CREATE FUNCTION number_unit(unit uuid, scheme text, code text, during daterange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_code (unit, scheme, code, during) VALUES (unit, scheme, code, during)
$$;
CREATE FUNCTION link(child uuid, parent uuid, during daterange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_link (congress, child, parent, during) VALUES ('thu-nghiem', child, parent, during)
$$;
CREATE FUNCTION pass_on(predecessor uuid, successor uuid, num int, den int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO succession_part (succession, predecessor, successor, share_num, share_den)
    VALUES ({merger}, predecessor, successor, num, den)
$$;
CREATE FUNCTION report(revision int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO staff_report (unit, revision) VALUES ({north}, revision)
$$;
CREATE FUNCTION open_conference(unit uuid, state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO conference (congress, plan_version, unit, state, cancelled_on)
    VALUES ('thu-nghiem', {published}, unit, state, CASE WHEN state = 'cancelled' THEN date '2025-06-01' END)
$$;
CREATE FUNCTION size(n int, state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO sizing (conference, plan_version, n, state) VALUES ({fair}, {published}, n, state)
$$;
CREATE FUNCTION allocate(n int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO allocation (conference, plan_version, n, state, run, snapshot)
    VALUES ({fair}, {published}, n, 'decided', {run}, 's')
$$;
CREATE FUNCTION adjust(computed int, adjustment int, seats int, reason text) RETURNS void LANGUAGE sql AS $$
    UPDATE allocation_seat
    SET computed = adjust.computed, adjustment = adjust.adjustment, seats = adjust.seats, reason = adjust.reason
    WHERE allocation = {first}
$$;
CREATE FUNCTION settle(stage text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO settlement (allocation, stage) VALUES ({first}, stage)
$$;
CREATE FUNCTION announce(stage text, digits int, drawn_on date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO lot_announcement (conference, allocation, stage, digits, drawn_on, announced_at)
    VALUES ({fair}, {first}, stage, digits, drawn_on, '2020-06-01T17:00:00Z')  -- the second in Vietnam already
$$;
CREATE FUNCTION decide(year int, number text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO decision (organ, series, year, number, decided_on)
    VALUES ('UBND tỉnh thử nghiệm', 'QĐ-UBND', year, number, '2025-06-05')
$$;
CREATE FUNCTION give(unit uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO quota (conference, unit, "group", source, allocation)
    VALUES ({fair}, unit, 'exemplars', 'allocation', {first})
$$;
CREATE FUNCTION enter_seats(who text, number int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO quota (conference, unit, "group", source, entered) VALUES ({fair}, {province}, 'exemplars', 'received',
        jsonb_build_object('seats', number, 'document', 'paper', 'entered_by', who, 'entered_at', now()))
$$;
CREATE FUNCTION confirm_seats(number int, paper text) RETURNS void LANGUAGE sql AS $$
    UPDATE quota SET seats = number, document = to_jsonb(paper), entered = NULL WHERE source = 'received'
$$;
CREATE FUNCTION send_letter(unit uuid, upper_tier text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO list_vote (congress, unit, upper_congress, upper_tier, source_document, passed)
    VALUES ('thu-nghiem', unit, 'thu-nghiem', upper_tier, 'x', true) RETURNING id
$$;
CREATE FUNCTION nominate(unit uuid, quota uuid, person uuid, state text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO nomination (conference, unit, "group", quota, person, state)
    VALUES ({fair}, unit, 'exemplars', quota, person, state) RETURNING id
$$;
CREATE FUNCTION honour(who uuid, of_kind text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO exemplar (conference, unit, person, name, kind, year)
    VALUES ({fair}, {north}, who, 'x', of_kind, 2020)
$$;
CREATE FUNCTION honour_collective(of_kind text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO exemplar (conference, unit, collective, name, kind, year)
    SELECT {fair}, {north}, id, 'x', of_kind, 2020 FROM collective
$$;
CREATE FUNCTION check_in(line uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO check_in (conference, device, nomination) VALUES ({fair}, 'x', line)
$$;
CREATE FUNCTION raise_difficulty(state text, answer text, closed_on date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO difficulty (conference, state, answer, answered_on, closed_on)
    VALUES ({fair}, state, answer, CASE WHEN answer IS NOT NULL THEN date '2025-05-01' END, closed_on)
$$;
CREATE FUNCTION put_on_list(at int, person uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO list_vote_name (vote, position, nomination, person)
    VALUES (send_letter({north}, 'x'), at, nominate({north}, {quota}, person, 'draft'), person)
$$;
CREATE FUNCTION north(VARIADIC people uuid[]) RETURNS int LANGUAGE sql AS $$
    SELECT count(nominate({north}, {quota}, each, 'submitted')) FROM unnest(people) AS each
$$;
CREATE FUNCTION north_accepted(VARIADIC people uuid[]) RETURNS int LANGUAGE sql AS $$
    SELECT count(nominate({north}, {quota}, each, 'accepted')) FROM unnest(people) AS each
$$;
CREATE FUNCTION invite("group" text, reply text, VARIADIC people uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO invitation (conference, "group", person, reply)
    SELECT {fair}, "group", person, reply FROM unnest(people) AS person
$$;
CREATE FUNCTION choose(n int, state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO selection (id, conference, plan_version, n, state, how, run, snapshot)
    VALUES (uuid_of_selection(n), {fair}, {published}, n, state, 'computed', {run}, 's')
$$;
CREATE FUNCTION place(n int, nomination uuid, outcome text, alternate_no int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO selection_place (selection, nomination, unit, outcome, alternate_no)
    VALUES (uuid_of_selection(n), nomination, {north}, outcome, alternate_no)
$$;
CREATE FUNCTION send(person uuid, nomination uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO delegate (conference, unit, quota, person, nomination, selection)
    VALUES ({fair}, {north}, {quota}, person, nomination, uuid_of_selection(1))
$$;
CREATE FUNCTION answer(digest bytea, answer bytea, run uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO idempotency (key, request_digest, answer, run) VALUES (gen_random_uuid(), digest, answer, run)
$$;
CREATE FUNCTION tell(n int, event uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE head audit_head; told audit_event;
BEGIN
    SELECT * INTO head FROM lock_audit_heads(ARRAY['thu-nghiem'], 'house');
    told := ROW('thu-nghiem', n, event, head.at, actor_id(), NULL, '-', '-', '-', NULL, '{}', head.hash, NULL);
    told.hash := hash_audit_event(told);
    INSERT INTO audit_event SELECT told.*;
END $$;
CREATE FUNCTION adopt(version int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE head audit_head; told audit_event; adopted uuid;
BEGIN
    UPDATE allocation SET state = 'adopted' WHERE n = adopt.version RETURNING id INTO adopted;
    SELECT * INTO head FROM lock_audit_heads(ARRAY['house'], 'house');
    told := ROW('house', head.n + 1, gen_random_uuid(), head.at, actor_id(), NULL, 'allocation_adopted', '-', adopted,
        NULL, '{}', head.hash, NULL);
    told.hash := hash_audit_event(told);
    INSERT INTO audit_event SELECT told.*;
END $$;
CREATE FUNCTION know(subject text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO identity (issuer, subject) VALUES ('thu-nghiem', subject) RETURNING id
$$;
CREATE FUNCTION key_of(who text, handle text, digest bytea, life interval) RETURNS void LANGUAGE sql AS $$
    SELECT add_service_key(gen_random_uuid(), know(who), handle, digest, '-', now() + life)
$$;
CREATE FUNCTION grant_to(who text, role text, unit uuid, congress text) RETURNS void LANGUAGE sql AS $$
    SELECT add_role_grant(gen_random_uuid(), know(who), NULL, role, unit, congress, NULL, '-', NULL)
$$;
