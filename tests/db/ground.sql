-- The least that must stand before a row of any table can: a small congress of fictional units.

INSERT INTO congress VALUES ('thu-nghiem', 'Đại hội thử nghiệm');
INSERT INTO plan VALUES ({plan}, 'Kế hoạch thử nghiệm', 'Hội đồng thử nghiệm', NULL, now());
INSERT INTO plan_congress VALUES ({plan}, 'thu-nghiem');
INSERT INTO plan_version (id, plan, n, state, body, digest, created_at, published_at, version)
    VALUES ({published}, {plan}, 1, 'published', '{}', 'd', now(), now(), 1),
           ({draft}, {plan}, 2, 'draft', '{}', 'd', now(), NULL, 1);

INSERT INTO unit SELECT id, 'commune', '[2020-01-01,)', now(), 1
    FROM unnest(ARRAY[{province}, {north}, {south}]::uuid[]) AS id;
INSERT INTO unit_name VALUES ({north}, {north}, 'Xã Thử Bắc', 'xa thu bac', '[2020-01-01,2025-07-01)');
INSERT INTO unit_code VALUES ({north}, 'local', 'bac', {north}, '[2020-01-01,2025-07-01)');
INSERT INTO unit_link VALUES ({north}, 'thu-nghiem', {north}, {province}, '[2020-01-01,2025-07-01)');
INSERT INTO succession VALUES ({merger}, 'merger', '2025-07-01', '');
INSERT INTO staff_report VALUES ({north}, {north}, '2025-01-01', 1, 'unit', false, now(), now());

INSERT INTO conference (id, congress, plan_version, unit, tier, state, as_of, form, terms, created_at, version)
    VALUES ({fair}, 'thu-nghiem', {published}, {province}, 'province', 'planned', '2025-01-01', 'delegate', '{}',
            now(), 1);
INSERT INTO seat_group (conference, "group", position, name, seats, maximum, listed, filled_by, counts_as)
    VALUES ({fair}, 'exemplars', 0, 'Điển hình', 7, NULL, 0, 'units', 'exemplar'),
           ({fair}, 'guests', 1, 'Khách mời', NULL, 2, 0, 'invitation', 'guest');

INSERT INTO snapshot VALUES ('s', 'test/1', '{}', now());
INSERT INTO run (id, kind, state, subject, snapshot, engine, actor, attempts, created_at)
    VALUES ({run}, 'allocation', 'done', {first}, 's', 'test', 'local', 1, now());
INSERT INTO allocation (id, conference, n, state, run, snapshot, stages, findings, created_at, version)
    VALUES ({first}, {fair}, 1, 'decided', {run}, 's', '[]', '[]', now(), 1),
           ({second}, {fair}, 2, 'decided', {run}, 's', '[]', '[]', now(), 1);
INSERT INTO allocation_seat (allocation, unit, "group", bloc, position, measure, weight, made_up, quota, floor,
        computed, adjustment, seats)
    VALUES ({first}, {north}, 'exemplars', '', 0, 'staff', '1', false, '2', 0, 2, 0, 2);
INSERT INTO allocation_target VALUES ({first}, {north}, 'women', 0, 1.5, 1, false);

INSERT INTO quota (id, conference, unit, "group", source, document, seats, nominee_limit, taken, nominated,
        excess_taken, excess_nominated, created_at, version)
    VALUES ({quota}, {fair}, {north}, 'exemplars', 'received', '{}', 2, 3, 0, 0, 0, 0, now(), 1),
           ({spare}, {fair}, {south}, 'exemplars', 'received', '{}', 2, 3, 0, 0, 0, 0, now(), 1);
INSERT INTO collective VALUES (gen_random_uuid(), {north}, 'Tổ thử nghiệm', NULL, now());
INSERT INTO person SELECT id, 'Người thử nghiệm', 'nguoi thu nghiem', 1980, NULL, now(), 1
    FROM unnest(ARRAY[{an}, {binh}, {chi}, {dung}]::uuid[]) AS id;
