-- Acts of many columns in short. They run in the role of who calls them.

CREATE FUNCTION enter(birth_year int, born_on date) RETURNS void LANGUAGE sql AS $$
    INSERT INTO person VALUES (gen_random_uuid(), 'Người thử nghiệm', 'k', birth_year, born_on, now(), 1)
$$;

CREATE FUNCTION draft(n int, state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO plan_version (id, plan, n, state, body, digest, created_at, version)
    VALUES (gen_random_uuid(), {plan}, n, state, '{}', 'd', now(), 1)
$$;

CREATE FUNCTION call_unit(unit uuid, during daterange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_name VALUES (gen_random_uuid(), unit, 'Xã thử nghiệm', 'xa', during)
$$;

CREATE FUNCTION number_unit(unit uuid, scheme text, code text, during daterange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_code VALUES (gen_random_uuid(), scheme, code, unit, during)
$$;

CREATE FUNCTION link(child uuid, parent uuid, during daterange) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_link VALUES (gen_random_uuid(), 'thu-nghiem', child, parent, during)
$$;

CREATE FUNCTION pass_on(predecessor uuid, successor uuid, num int, den int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO succession_part VALUES ({merger}, predecessor, successor, num, den)
$$;

CREATE FUNCTION report(revision int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO staff_report VALUES
        (gen_random_uuid(), {north}, '2025-01-01', revision, 'unit', false, now(), now())
$$;

CREATE FUNCTION bring_file(state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO unit_import VALUES
        (gen_random_uuid(), 'units', 'csv', 'd', '{}', '[]', NULL, state, 'local', now(), NULL, 1)
$$;

CREATE FUNCTION open_conference(unit uuid, state text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO conference
        (id, congress, plan_version, unit, tier, state, as_of, form, terms, created_at, version)
    VALUES (gen_random_uuid(), 'thu-nghiem', {published}, unit, 't', state, '2025-01-01', 'f', '{}', now(), 1)
$$;

CREATE FUNCTION allocate(n int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO allocation (id, conference, n, state, run, snapshot, stages, findings, created_at, version)
    VALUES (gen_random_uuid(), {fair}, n, 'decided', {run}, 's', '[]', '[]', now(), 1)
$$;

CREATE FUNCTION adjust(computed int, adjustment int, seats int, reason text) RETURNS void LANGUAGE sql AS $$
    UPDATE allocation_seat
    SET computed = adjust.computed, adjustment = adjust.adjustment, seats = adjust.seats, reason = adjust.reason
    WHERE allocation = {first}
$$;

CREATE FUNCTION settle(stage text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO settlement VALUES
        (gen_random_uuid(), {first}, stage, 't', 'decision', '[]', NULL, 'm', 'x', now(), 'local', now())
$$;

CREATE FUNCTION decide(year int, number text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO decision VALUES (gen_random_uuid(), 'allocation', {first}, 'UBND tỉnh thử nghiệm', 'quyết định',
        'QĐ-UBND', year, number, '2025-06-05', 'local', now())
$$;

CREATE FUNCTION give(unit uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO quota (id, conference, unit, "group", source, document, seats, nominee_limit, taken, nominated,
        excess_taken, excess_nominated, created_at, version)
    VALUES (gen_random_uuid(), {fair}, unit, 'exemplars', 'received', '{}', 1, 1, 0, 0, 0, 0, now(), 1)
$$;

CREATE FUNCTION nominate(unit uuid, quota uuid, person uuid, state text) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO nomination
        (id, conference, unit, "group", quota, person, state, honours, notice, purpose, created_at, version)
    VALUES (gen_random_uuid(), {fair}, unit, 'exemplars', quota, person, state, '[]', 'n', 'p', now(), 1)
    RETURNING id
$$;

CREATE FUNCTION north(VARIADIC people uuid[]) RETURNS int LANGUAGE sql AS $$
    SELECT count(nominate({north}, {quota}, each, 'submitted')) FROM unnest(people) AS each
$$;

CREATE FUNCTION north_accepted(VARIADIC people uuid[]) RETURNS int LANGUAGE sql AS $$
    SELECT count(nominate({north}, {quota}, each, 'accepted')) FROM unnest(people) AS each
$$;

CREATE FUNCTION invite("group" text, reply text, VARIADIC people uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO invitation
        (id, conference, "group", person, basis, reply, notice, purpose, created_at, version)
    SELECT gen_random_uuid(), {fair}, "group", person, 'b', reply, 'n', 'p', now(), 1
    FROM unnest(people) AS person
$$;

CREATE FUNCTION answer(digest bytea, answer bytea, run uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO idempotency VALUES ('local', gen_random_uuid()::text, digest, answer, run, now(), now())
$$;

CREATE FUNCTION tell(n int, event uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audit_event VALUES
        ('thu-nghiem', n, event, now(), 'local', NULL, 'act', 'kind', 'subject', NULL, '{}', 'p', 'h')
$$;
