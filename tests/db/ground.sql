-- The least that must stand before a row of any table can: a small congress of fictional units.

INSERT INTO congress (id) VALUES ('thu-nghiem');
INSERT INTO plan (id) VALUES ({plan});
INSERT INTO plan_congress (plan, congress) VALUES ({plan}, 'thu-nghiem');
INSERT INTO plan_version (id, plan, n, state, published_at)
    VALUES ({published}, {plan}, 1, 'published', now()), ({draft}, {plan}, 2, 'draft', NULL);

INSERT INTO unit (id) VALUES ({province}), ({north}), ({south});
INSERT INTO unit_name (unit, during) VALUES ({north}, '[2020-01-01,2025-07-01)');
INSERT INTO unit_code (unit, scheme, code, during) VALUES ({north}, 'local', 'bac', '[2020-01-01,2025-07-01)');
INSERT INTO unit_link (congress, child, parent, during)
    VALUES ('thu-nghiem', {north}, {province}, '[2020-01-01,2025-07-01)');
INSERT INTO succession (id) VALUES ({merger});
INSERT INTO staff_report (id, unit, revision) VALUES ({north}, {north}, 1);

INSERT INTO conference (id, congress, plan_version, unit, state)
    VALUES ({fair}, 'thu-nghiem', {published}, {province}, 'planned');
INSERT INTO seat_group (conference, "group", position, seats, maximum, filled_by)
    VALUES ({fair}, 'exemplars', 0, 7, NULL, 'units'), ({fair}, 'guests', 1, NULL, 2, 'invitation');

INSERT INTO snapshot (digest, content) VALUES ('s', '{}');
INSERT INTO run (id, state, subject, snapshot) VALUES ({run}, 'done', {first}, 's');
INSERT INTO allocation (id, conference, plan_version, n, state, run, snapshot)
    VALUES ({first}, {fair}, {published}, 1, 'decided', {run}, 's'), ({second}, {fair}, {published}, 2, 'decided', {run}, 's');
INSERT INTO allocation_seat (allocation, unit, "group", computed, seats) VALUES ({first}, {north}, 'exemplars', 2, 2);
INSERT INTO allocation_target (allocation, unit, target, seats) VALUES ({first}, {north}, 'women', 1);

INSERT INTO quota (id, conference, unit, "group", source, allocation, seats, nominee_limit)
    VALUES ({quota}, {fair}, {north}, 'exemplars', 'allocation', {first}, 2, 3),
           ({spare}, {fair}, {south}, 'exemplars', 'allocation', {first}, 2, 3);
INSERT INTO collective (unit, name) VALUES ({north}, 'Tổ thử nghiệm');
INSERT INTO person (id) VALUES ({an}), ({binh}), ({chi}), ({dung});
