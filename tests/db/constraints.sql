-- Constraint by constraint: statements that it lets pass (+), and statements that it refuses (-).
-- Names in braces are identifiers; what stands before is in ground.sql, the functions are in acts.sql.

# birth_year_plausible
+ SELECT enter(1850, NULL)
- SELECT enter(1849, NULL)
+ SELECT enter(NULL, NULL)
- SELECT enter(2201, NULL)

# birth_year_agrees
+ SELECT enter(1980, '1980-12-31')
- SELECT enter(1981, '1980-12-31')
+ SELECT enter(1980, NULL)
- SELECT enter(NULL, '1980-12-31')

# collective_unit_name_key
+ INSERT INTO collective (unit, name) VALUES ({south}, 'Tổ thử nghiệm')
- INSERT INTO collective (unit, name) VALUES ({north}, 'Tổ thử nghiệm')

# plan_id_taken
+ UPDATE plan SET code = 'mot' WHERE id = {plan}; INSERT INTO plan (id, code) VALUES ({other}, 'hai')
- UPDATE plan SET code = 'mot' WHERE id = {plan}; INSERT INTO plan (id, code) VALUES ({other}, 'mot')

# plan_version_state_known
+ SELECT draft(3, 'superseded')
- SELECT draft(3, 'secret')

# plan_version_plan_n_key
+ SELECT draft(3, 'superseded')
- SELECT draft(1, 'superseded')

# one_draft_per_plan
+ DELETE FROM plan_version WHERE id = {draft}; SELECT draft(3, 'draft')
- SELECT draft(3, 'draft')

# one_published_version_per_plan
+ UPDATE plan_version SET state = 'superseded' WHERE id = {published}; UPDATE plan_version SET state = 'published' WHERE id = {draft}
- UPDATE plan_version SET state = 'published' WHERE id = {draft}

# published_plan_is_immutable
+ UPDATE plan_version SET n = 3, body = '[]', digest = 'x', published_at = now() WHERE id = {draft}
- UPDATE plan_version SET body = '[]' WHERE id = {published}
- UPDATE plan_version SET digest = 'x' WHERE id = {published}
- UPDATE plan_version SET n = 3 WHERE id = {published}
- UPDATE plan_version SET published_at = NULL WHERE id = {published}
- UPDATE plan_version SET published_at = now() + interval '1 day' WHERE id = {published}
- INSERT INTO plan (id, code) VALUES ({other}, 'khac'); UPDATE plan_version SET plan = {other} WHERE id = {published}
- DELETE FROM plan_version WHERE id = {draft}; UPDATE plan_version SET state = 'draft' WHERE id = {published}
+ UPDATE plan_version SET state = 'superseded' WHERE id = {published}
- UPDATE plan_version SET state = 'superseded' WHERE id = {published}; UPDATE plan_version SET state = 'published' WHERE id = {published}
- UPDATE plan_version SET state = 'superseded' WHERE id = {published}; UPDATE plan_version SET body = '[]' WHERE id = {published}
+ DELETE FROM plan_version WHERE id = {draft}
- DELETE FROM plan_version WHERE id = {published}

# unit_under_itself
+ SELECT link({south}, {province}, '[2025-01-01,)')
- SELECT link({south}, {south}, '[2025-01-01,)')

# unit_has_two_parents
+ SELECT link({north}, {south}, '[2025-07-01,)')
- SELECT link({north}, {south}, '[2025-06-30,)')
- SELECT link({north}, {province}, '[2019-01-01,2020-01-02)')
+ INSERT INTO congress (id) VALUES ('khac'); INSERT INTO unit_link (congress, child, parent) VALUES ('khac', {north}, {south})

# unit_name_overlap
+ SELECT call_unit({north}, '[2025-07-01,)')
- SELECT call_unit({north}, '[2025-06-30,2025-07-01)')
+ SELECT call_unit({north}, '(,2020-01-01)')
- SELECT call_unit({north}, '(,)')

# unit_code_overlap
+ SELECT number_unit({south}, 'local', 'bac', '[2025-07-01,)')
- SELECT number_unit({south}, 'local', 'bac', '[2025-06-30,)')
+ SELECT number_unit({south}, 'gso', 'bac', '(,)')
- SELECT number_unit({south}, 'local', 'bac', '(,2020-01-02)')

# unit_has_two_codes
+ SELECT number_unit({north}, 'local', 'nam', '[2025-07-01,)')
- SELECT number_unit({north}, 'local', 'nam', '[2025-06-30,)')
+ SELECT number_unit({north}, 'gso', 'nam', '(,)')

# unit_name_has_a_day
+ SELECT call_unit({south}, '[2025-01-01,2025-01-02)')
- SELECT call_unit({south}, '[2025-01-01,2025-01-01)')

# unit_code_has_a_day
+ SELECT number_unit({south}, 'local', 'nam', '[2025-01-01,2025-01-02)')
- SELECT number_unit({south}, 'local', 'nam', 'empty')

# unit_link_has_a_day
+ SELECT link({south}, {province}, '[2025-01-01,2025-01-02)')
- SELECT link({south}, {province}, 'empty')

# unit_has_a_day
+ INSERT INTO unit (during) VALUES ('[2025-01-01,2025-01-02)')
- INSERT INTO unit (during) VALUES ('empty')

# unit_succeeds_itself
+ SELECT pass_on({north}, {south}, 1, 1)
- SELECT pass_on({north}, {north}, 1, 1)

# succession_share
+ SELECT pass_on({north}, {south}, 1, 3)
- SELECT pass_on({north}, {south}, 4, 3)
- SELECT pass_on({north}, {south}, 0, 3)
- SELECT pass_on({north}, {south}, -3, -1)

# staff_report_unit_as_of_revision_source_key
+ SELECT report(2)
- SELECT report(1)

# figure_not_negative
+ INSERT INTO staff_figure (report, value) VALUES ({north}, 0)
- INSERT INTO staff_figure (report, value) VALUES ({north}, -1)

# unit_import_state_known
+ INSERT INTO unit_import (state) VALUES ('checked')
- INSERT INTO unit_import (state) VALUES ('half')

# received_paper_kind_known
+ INSERT INTO received_paper (congress, unit, kind, size) VALUES ('thu-nghiem', {north}, 'minutes', 1)
- INSERT INTO received_paper (congress, unit, kind, size) VALUES ('thu-nghiem', {north}, 'rumour', 1)

# received_paper_not_empty
+ INSERT INTO received_paper (congress, unit, kind, size) VALUES ('thu-nghiem', {north}, 'letter', 1)
- INSERT INTO received_paper (congress, unit, kind, size) VALUES ('thu-nghiem', {north}, 'letter', 0)

# list_passed_once
+ SELECT send_letter({north}, 'x'); SELECT send_letter({north}, 'y'); SELECT send_letter({south}, 'x')
+ SELECT send_letter({north}, 'x'); UPDATE list_vote SET revoked_at = now(); SELECT send_letter({north}, 'x')
- SELECT send_letter({north}, 'x'); SELECT send_letter({north}, 'x')

# cancelled_conference_has_day
+ UPDATE conference SET state = 'cancelled', cancelled_on = '2025-06-01'
- UPDATE conference SET state = 'cancelled'
- UPDATE conference SET cancelled_on = '2025-06-01'

# check_in_of_one_line
+ SELECT check_in(nominate({north}, {quota}, {an}, 'draft'))
- SELECT check_in(NULL)

# undone_check_in_has_reason
+ SELECT check_in(nominate({north}, {quota}, {an}, 'draft')); UPDATE check_in SET undone_at = now(), undone_reason = 'x', undone_by = 'x'
- SELECT check_in(nominate({north}, {quota}, {an}, 'draft')); UPDATE check_in SET undone_at = now(), undone_by = 'x'

# answered_difficulty_has_answer
+ SELECT raise_difficulty('answered', 'x', NULL)
- SELECT raise_difficulty('answered', NULL, NULL)
+ SELECT raise_difficulty('closed', NULL, '2025-06-01')

# closed_difficulty_has_day
+ SELECT raise_difficulty('closed', 'x', '2025-06-01')
- SELECT raise_difficulty('closed', 'x', NULL)
- SELECT raise_difficulty('open', NULL, '2025-06-01')

# difficulty_state_known
+ SELECT raise_difficulty('open', NULL, NULL)
- SELECT raise_difficulty('forgotten', NULL, NULL)

# list_vote_has_conference_or_letter
+ SELECT send_letter({north}, 'x')
- SELECT send_letter({north}, 'x'); UPDATE list_vote SET source_document = NULL

# conference_vote_is_counted
+ SELECT send_letter({north}, 'x'); UPDATE list_vote SET present = 3, in_favour = 2, own_conference = {fair}
- SELECT send_letter({north}, 'x'); UPDATE list_vote SET own_conference = {fair}
- SELECT send_letter({north}, 'x'); UPDATE list_vote SET present = 3

# vote_within_present
+ SELECT send_letter({north}, 'x'); UPDATE list_vote SET present = 3, in_favour = 3
- SELECT send_letter({north}, 'x'); UPDATE list_vote SET present = 3, in_favour = 4
- SELECT send_letter({north}, 'x'); UPDATE list_vote SET present = 3, in_favour = -1

# list_position_positive
+ SELECT put_on_list(1, {an})
- SELECT put_on_list(0, {an})

# on_list_once
+ SELECT put_on_list(1, {an})
- SELECT put_on_list(1, {an}); INSERT INTO list_vote_name (vote, position, nomination, person) SELECT vote, 2, nomination, person FROM list_vote_name

# conference_state_known
+ SELECT open_conference({north}, 'held')
- SELECT open_conference({north}, 'perhaps')

# conference_form_known
+ UPDATE conference SET form = 'plenary'
- UPDATE conference SET form = 'picnic'

# conference_chosen_form_known
+ UPDATE conference SET chosen_form = 'plenary'
- UPDATE conference SET chosen_form = 'picnic'

# one_conference_per_unit_and_congress
+ SELECT open_conference({north}, 'planned')
- SELECT open_conference({province}, 'planned')
+ SELECT open_conference({province}, 'cancelled')
- UPDATE conference SET state = 'cancelled', cancelled_on = '2025-06-01'; SELECT open_conference({province}, 'planned'); UPDATE conference SET state = 'held', cancelled_on = NULL WHERE id = {fair}

# conference_step_kind_known
+ INSERT INTO conference_step (conference, step, kind, during) VALUES ({fair}, 'plan', 'plan', '(,)')
- INSERT INTO conference_step (conference, step, kind, during) VALUES ({fair}, 'plan', 'picnic', '(,)')

# conference_step_has_a_day
+ INSERT INTO conference_step (conference, step, kind, during) VALUES ({fair}, 'plan', 'plan', '[2020-03-01,)')
- INSERT INTO conference_step (conference, step, kind, during) VALUES ({fair}, 'plan', 'plan', 'empty')

# reminder_conference_step_due_stage_key
+ INSERT INTO reminder VALUES (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'before', 'x', now(), 0, now()), (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'late', 'x', now(), 0, now())
- INSERT INTO reminder VALUES (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'late', 'x', now(), 0, now()), (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'late', 'x', now(), 0, now())

# reminder_stage_known
+ INSERT INTO reminder VALUES (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'on_day', 'x', now(), 0, now())
- INSERT INTO reminder VALUES (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'some_day', 'x', now(), 0, now())

# reminder_not_negative
+ INSERT INTO reminder VALUES (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'on_day', 'x', now(), 3, now())
- INSERT INTO reminder VALUES (gen_random_uuid(), {fair}, 'plan', '2020-02-28', 'on_day', 'x', now(), -1, now())

# seat_group_filled_by_known
+ UPDATE seat_group SET filled_by = 'roll'
- UPDATE seat_group SET filled_by = 'chance'

# conference_not_negative
+ UPDATE conference SET size = 4, maximum = 0, excess = 0
- UPDATE conference SET size = 4, maximum = -1
- UPDATE conference SET size = 9, excess = -1

# conference_full
+ UPDATE conference SET maximum = 5; SELECT invite('guests', 'listed', {an})
- UPDATE conference SET maximum = 5; SELECT invite('guests', 'listed', {an}, {binh})
- UPDATE conference SET maximum = 5, size = 4; SELECT invite('guests', 'listed', {an})
- UPDATE conference SET maximum = 4; UPDATE quota SET seats = 3 WHERE id = {quota}
- UPDATE conference SET maximum = 4; SELECT give({province}); UPDATE quota SET seats = 1 WHERE unit = {province}
+ UPDATE conference SET maximum = 4; UPDATE quota SET seats = 1 WHERE id = {quota}; UPDATE quota SET seats = 3 WHERE id = {spare}
+ UPDATE conference SET maximum = 4; DELETE FROM quota WHERE id = {spare}; SELECT invite('guests', 'listed', {an}, {binh})
+ UPDATE conference SET maximum = 4; UPDATE quota SET source = 'distributed', allocation = NULL, parent = {quota} WHERE id = {spare}; SELECT invite('guests', 'listed', {an}, {binh})
- UPDATE conference SET maximum = 3
+ UPDATE conference SET maximum = 3, excess = 1; UPDATE quota SET seats = 0 WHERE id = {quota}; SELECT invite('guests', 'listed', {an})
- UPDATE conference SET maximum = 3, excess = 1; UPDATE quota SET seats = 0 WHERE id = {quota}; SELECT invite('guests', 'listed', {an}, {binh})
- UPDATE conference SET maximum = 3, excess = 1; SELECT invite('guests', 'listed', {an})

# seat_group_not_negative
+ UPDATE seat_group SET seats = 4, maximum = 0
- UPDATE seat_group SET maximum = -1 WHERE "group" = 'exemplars'
- UPDATE seat_group SET excess = -1 WHERE "group" = 'exemplars'

# seat_group_full
+ SELECT invite('guests', 'listed', {an}, {binh}), invite('guests', 'declined', {chi})
- SELECT invite('guests', 'listed', {an}, {binh}, {chi})
- SELECT invite('guests', 'listed', {an}, {binh}), invite('guests', 'declined', {chi}); UPDATE invitation SET reply = 'accepted' WHERE person = {chi}
+ SELECT invite('guests', 'listed', {an}, {binh}); UPDATE invitation SET reply = 'declined' WHERE person = {an}; SELECT invite('guests', 'listed', {chi})
- SELECT invite('guests', 'listed', {an}, {binh}), invite('exemplars', 'listed', {chi}); UPDATE invitation SET "group" = 'guests' WHERE person = {chi}
+ SELECT invite('guests', 'listed', {an}); UPDATE seat_group SET maximum = 1 WHERE "group" = 'guests'
- SELECT invite('guests', 'listed', {an}); UPDATE seat_group SET maximum = 0 WHERE "group" = 'guests'
+ UPDATE seat_group SET seats = NULL; UPDATE quota SET seats = 1000000
+ UPDATE quota SET seats = 5 WHERE id = {spare}
- UPDATE quota SET seats = 6 WHERE id = {spare}
- UPDATE quota SET seats = 5 WHERE id = {spare}; SELECT give({province}); UPDATE quota SET seats = 1 WHERE unit = {province}
- UPDATE quota SET seats = 5 WHERE id = {spare}; SELECT invite('exemplars', 'listed', {an})
+ UPDATE quota SET seats = 5 WHERE id = {spare}; SELECT north_accepted({an}, {binh})
- UPDATE seat_group SET seats = 3 WHERE "group" = 'exemplars'
+ UPDATE seat_group SET seats = 3, excess = 1 WHERE "group" = 'exemplars'; UPDATE quota SET seats = 1 WHERE id = {spare}
- UPDATE seat_group SET seats = 3, excess = 1 WHERE "group" = 'exemplars'; UPDATE quota SET seats = 1 WHERE id = {spare}; UPDATE quota SET seats = 2 WHERE id = {spare}

# invitation_reply_known
+ SELECT invite('guests', 'accepted', {an})
- SELECT invite('guests', 'perhaps', {an})

# removed_invitation_has_reason
+ SELECT invite('guests', 'listed', {an}, {binh}); UPDATE invitation SET reply = 'removed', reason = 'r'; SELECT invite('guests', 'listed', {an}, {chi})
- SELECT invite('guests', 'listed', {an}); UPDATE invitation SET reply = 'removed'

# person_invited_once
+ SELECT invite('guests', 'declined', {an}), invite('guests', 'listed', {an})
- SELECT invite('guests', 'listed', {an}), invite('exemplars', 'listed', {an})

# exemplar_is_person_or_collective
+ SELECT honour({an}, 'award'); SELECT honour_collective('award')
- SELECT honour({an}, 'award'); UPDATE exemplar SET collective = (SELECT id FROM collective)
- SELECT honour(NULL, 'award')

# exemplar_kind_known
+ SELECT honour({an}, 'title')
- SELECT honour({an}, 'medal')

# person_honoured_once
+ SELECT honour({an}, 'award'); UPDATE exemplar SET removed_at = now(); SELECT honour({an}, 'award')
- SELECT honour({an}, 'award'); SELECT honour({an}, 'award')

# collective_honoured_once
+ SELECT honour_collective('award'); UPDATE exemplar SET removed_at = now(); SELECT honour_collective('award')
- SELECT honour_collective('award'); SELECT honour_collective('award')

# run_state_known
+ UPDATE run SET state = 'queued'
- UPDATE run SET state = 'lost'

# sizing_state_known
+ SELECT size(1, 'superseded')
- SELECT size(1, 'lost')

# sizing_conference_n_key
+ SELECT size(1, 'draft'), size(2, 'draft')
- SELECT size(1, 'draft'), size(1, 'draft')

# one_adopted_sizing_per_conference
+ SELECT size(1, 'superseded'), size(2, 'adopted')
- SELECT size(1, 'adopted'), size(2, 'adopted')

# sizing_is_frozen
+ SELECT size(1, 'draft'); UPDATE sizing SET state = 'proposed', proposed_by = 'a'; UPDATE sizing SET state = 'approved', approved_by = 'b'; UPDATE sizing SET state = 'draft', proposed_by = NULL, approved_by = NULL
- SELECT size(1, 'draft'); UPDATE sizing SET content = '[1]'
- SELECT size(1, 'draft'); DELETE FROM sizing
- SELECT size(1, 'proposed'); UPDATE sizing SET reason = 'x'
- SELECT size(1, 'proposed'); UPDATE sizing SET proposed_by = 'x'
- SELECT size(1, 'adopted'); UPDATE sizing SET state = 'draft'
- SELECT size(1, 'superseded'); UPDATE sizing SET state = 'adopted'
- SELECT size(1, 'adopted'); INSERT INTO decision (subject_kind, subject) SELECT 'sizing', id FROM sizing

# allocation_state_known
+ UPDATE allocation SET state = 'infeasible'
- UPDATE allocation SET state = 'lost'

# allocation_conference_n_key
+ SELECT allocate(3)
- SELECT allocate(2)

# one_adopted_allocation_per_conference
+ UPDATE allocation SET state = 'adopted' WHERE id = {first}; UPDATE allocation SET state = 'superseded' WHERE id = {first}; UPDATE allocation SET state = 'adopted' WHERE id = {second}
- UPDATE allocation SET state = 'adopted'

# proposed_allocation_is_frozen
+ SELECT adjust(2, 1, 3, 'r'); UPDATE allocation SET state = 'proposed'; UPDATE allocation SET state = 'decided'; SELECT adjust(2, 0, 2, NULL)
- UPDATE allocation SET state = 'proposed'; SELECT adjust(2, 1, 3, 'r')
- UPDATE allocation SET state = 'approved'; SELECT adjust(2, 1, 3, 'r')
- UPDATE allocation SET state = 'adopted' WHERE id = {first}; SELECT adjust(2, 1, 3, 'r')
- UPDATE allocation SET state = 'superseded'; SELECT adjust(2, 1, 3, 'r')
- UPDATE allocation SET state = 'proposed'; DELETE FROM allocation_seat
- UPDATE allocation SET state = 'proposed'; UPDATE allocation_target SET seats = 2
- UPDATE allocation SET state = 'proposed'; DELETE FROM allocation_target
- UPDATE allocation SET state = 'proposed'; INSERT INTO allocation_target (allocation, unit) VALUES ({first}, {south})
- UPDATE allocation SET state = 'proposed' WHERE id = {first}; UPDATE allocation_seat SET allocation = {second}
- UPDATE allocation SET state = 'proposed' WHERE id = {second}; UPDATE allocation_seat SET allocation = {second}
+ UPDATE allocation SET certificate = '{}', findings = '[1]' WHERE id = {first}
- UPDATE allocation SET state = 'proposed'; UPDATE allocation SET certificate = '{}' WHERE id = {first}
- UPDATE allocation SET state = 'superseded'; UPDATE allocation SET stages = '[1]' WHERE id = {first}
+ UPDATE allocation SET plan_version = {draft} WHERE id = {first}
- UPDATE allocation SET state = 'proposed'; UPDATE allocation SET plan_version = {draft} WHERE id = {first}
- UPDATE allocation SET state = 'adopted' WHERE id = {first}; UPDATE allocation SET state = 'decided' WHERE id = {first}
- UPDATE allocation SET state = 'superseded' WHERE id = {first}; UPDATE allocation SET state = 'adopted' WHERE id = {first}

# allocation_seat_sum
+ SELECT adjust(2, -2, 0, 'r')
- SELECT adjust(2, 1, 2, 'r')
- SELECT adjust(2, -3, -1, 'r')

# adjustment_has_reason
+ SELECT adjust(2, 0, 2, NULL)
- SELECT adjust(2, -1, 1, NULL)

# allocation_seat_bound_known
+ UPDATE allocation_seat SET bound = 'cap'
- UPDATE allocation_seat SET bound = 'roof'

# allocation_target_not_negative
+ UPDATE allocation_target SET seats = 0
- UPDATE allocation_target SET seats = -1

# settlement_allocation_stage_tied_digest_key
+ SELECT settle('a'), settle('b')
- SELECT settle('a'), settle('a')

# settlement_how_known
+ INSERT INTO settlement (allocation, how) VALUES ({first}, 'one_more')
- INSERT INTO settlement (allocation, how) VALUES ({first}, 'by_force')

# lot_announced_already
+ SELECT announce('a', 6, '2020-06-10'), announce('b', 6, '2020-06-10')
- SELECT announce('a', 6, '2020-06-10'), announce('a', 7, '2020-06-11')

# lot_day_taken
+ SELECT announce('a', 6, '2020-06-10'), announce('b', 6, '2020-06-10')
- SELECT announce('a', 6, '2020-06-10'); INSERT INTO lot_announcement (conference, allocation, stage, tied_digest, digits, drawn_on, announced_at) VALUES ({fair}, {first}, 'a', 'other', 6, '2020-06-10', '2020-06-01')

# lot_over_ballots
+ SELECT choose(1, 'lots_required'); INSERT INTO lot_announcement (conference, selection, ballots, digits, drawn_on, announced_at) VALUES ({fair}, uuid_of_selection(1), 1, 6, '2020-06-10', '2020-06-01')
- SELECT choose(1, 'lots_required'); INSERT INTO lot_announcement (conference, selection, digits, drawn_on, announced_at) VALUES ({fair}, uuid_of_selection(1), 6, '2020-06-10', '2020-06-01')
- SELECT choose(1, 'lots_required'); INSERT INTO lot_announcement (conference, selection, ballots, digits, drawn_on, announced_at) VALUES ({fair}, uuid_of_selection(1), 0, 6, '2020-06-10', '2020-06-01')
- INSERT INTO lot_announcement (conference, allocation, ballots, digits, drawn_on, announced_at) VALUES ({fair}, {first}, 1, 6, '2020-06-10', '2020-06-01')

# ballot_follows
+ INSERT INTO ballot (conference, draw_no, nomination, frozen_at) VALUES ({fair}, 1, nominate({north}, {quota}, {an}, 'submitted'), '2020-06-01'), ({fair}, 2, nominate({north}, {quota}, {binh}, 'submitted'), '2020-06-01')
- INSERT INTO ballot (conference, draw_no, nomination, frozen_at) VALUES ({fair}, 2, nominate({north}, {quota}, {an}, 'submitted'), '2020-06-01')
- INSERT INTO ballot (conference, draw_no, nomination, frozen_at) VALUES ({fair}, 1, nominate({north}, {quota}, {an}, 'submitted'), '2020-06-02'), ({fair}, 2, nominate({north}, {quota}, {binh}, 'submitted'), '2020-06-01')
- INSERT INTO ballot (conference, draw_no, nomination, frozen_at) VALUES ({fair}, 1, gen_random_uuid(), '2020-06-01')

# lot_announced_for_one
+ SELECT announce('a', 6, '2020-06-10'), choose(1, 'lots_required'); INSERT INTO lot_announcement (conference, allocation, selection, ballots, digits, drawn_on, announced_at) VALUES ({fair}, NULL, uuid_of_selection(1), 1, 6, '2020-06-10', '2020-06-01')
- SELECT choose(1, 'lots_required'); INSERT INTO lot_announcement (conference, allocation, selection, digits, drawn_on, announced_at) VALUES ({fair}, {first}, uuid_of_selection(1), 6, '2020-06-10', '2020-06-01')
- INSERT INTO lot_announcement (conference, digits, drawn_on, announced_at) VALUES ({fair}, 6, '2020-06-10', '2020-06-01')

# lot_digits_in_bounds
+ SELECT announce('a', 3, '2020-06-10'), announce('b', 40, '2020-06-10')
- SELECT announce('a', 2, '2020-06-10')

# lot_announced_beforehand
+ SELECT announce('a', 6, '2020-06-03')
- SELECT announce('a', 6, '2020-06-02')

# second_person_needed
+ UPDATE allocation SET state = 'proposed', proposed_by = 'a' WHERE id = {first}; UPDATE allocation SET state = 'approved', approved_by = 'b' WHERE id = {first}
- UPDATE allocation SET state = 'proposed', proposed_by = 'a' WHERE id = {first}; UPDATE allocation SET state = 'approved', approved_by = 'a' WHERE id = {first}
+ SELECT enter_seats('a', 3); SELECT confirm_seats(3, 'paper')
- SELECT enter_seats('local', 3); SELECT confirm_seats(3, 'paper')

# link_code_digest_sha256
+ SELECT set_config('daibieu.actor', know('a')::text, true); SELECT store_link_code(sha256('x'), now() + interval '9 minutes')
- SELECT set_config('daibieu.actor', know('a')::text, true); SELECT store_link_code('x', now() + interval '9 minutes')

# decision_number_taken
+ SELECT decide(2025, '123'), decide(2025, '124'), decide(2026, '123')
- SELECT decide(2025, '123'), decide(2025, '123')

# decision_subject_known
+ INSERT INTO decision (subject_kind) VALUES ('selection')
- INSERT INTO decision (subject_kind) VALUES ('plan')

# decision_number_whole
+ INSERT INTO decision (organ) VALUES ('UBND tỉnh thử nghiệm'), ('UBND tỉnh thử nghiệm')
- INSERT INTO decision (number) VALUES ('123')
- INSERT INTO decision (year, decided_on) VALUES (2025, '2025-06-05')
- INSERT INTO decision (year, number) VALUES (2025, '123')
- INSERT INTO decision (number, decided_on) VALUES ('123', '2025-06-05')
- INSERT INTO decision (organ) VALUES ('UBND tỉnh thử nghiệm'); UPDATE decision SET decided_on = '2025-06-05'

# decision_number_is_final
+ INSERT INTO decision (organ) VALUES ('UBND tỉnh thử nghiệm'); UPDATE decision SET year = 2025, number = '123', decided_on = '2025-06-05'
+ SELECT decide(2025, '123'); UPDATE decision SET approved_by = approved_by, year = 2025, number = '123'
- SELECT decide(2025, '123'); UPDATE decision SET approved_by = 'x'
- SELECT decide(2025, '123'); UPDATE decision SET organ = 'x'
- SELECT decide(2025, '123'); DELETE FROM decision
- SELECT decide(2025, '123'); UPDATE decision SET number = '124'
- SELECT decide(2025, '123'); UPDATE decision SET year = 2026
- SELECT decide(2025, '123'); UPDATE decision SET decided_on = '2025-06-06'
- SELECT decide(2025, '123'); UPDATE decision SET year = NULL, number = NULL, decided_on = NULL
- INSERT INTO decision (organ) VALUES ('UBND tỉnh thử nghiệm'); UPDATE decision SET year = 2025, number = '123', decided_on = '2025-06-05'; UPDATE decision SET number = '124'

# quota_conference_unit_group_key
+ SELECT give({province})
- SELECT give({north})

# quota_source_known
+ UPDATE quota SET source = 'allocation'
- UPDATE quota SET source = 'rumour', allocation = NULL

# received_quota_has_document
+ SELECT enter_seats('a', 3); SELECT confirm_seats(3, 'paper'); UPDATE quota SET seats = 2 WHERE source = 'received'
- SELECT enter_seats('a', 3); UPDATE quota SET seats = 3 WHERE source = 'received'
- UPDATE quota SET source = 'received', allocation = NULL
- UPDATE quota SET document = '[1]'
- UPDATE quota SET entered = '{}'

# computed_quota_has_allocation
+ UPDATE quota SET allocation = {second}
- UPDATE quota SET allocation = NULL

# distributed_quota_has_parent
+ UPDATE quota SET source = 'distributed', allocation = NULL, parent = {quota} WHERE id = {spare}
- UPDATE quota SET source = 'distributed', allocation = NULL WHERE id = {spare}
- UPDATE quota SET parent = {quota} WHERE id = {spare}

# quota_not_negative
+ UPDATE quota SET seats = 0, nominee_limit = 0
- UPDATE quota SET seats = -1, excess_taken = 1
- UPDATE quota SET nominee_limit = -1, excess_nominated = 1

# quota_excess_not_negative
+ UPDATE quota SET excess_taken = 0, excess_nominated = 0
- UPDATE quota SET excess_taken = -1
- UPDATE quota SET excess_nominated = -1

# quota_seats_exceeded
+ SELECT north_accepted({an}, {binh})
- SELECT north_accepted({an}, {binh}, {chi})
- SELECT north({an}, {binh}, {chi}); UPDATE nomination SET state = 'accepted'
+ SELECT north_accepted({an}); UPDATE quota SET distributed = 1 WHERE id = {quota}
- SELECT north_accepted({an}); UPDATE quota SET distributed = 2 WHERE id = {quota}
- UPDATE quota SET distributed = 1 WHERE id = {quota}; SELECT north_accepted({an}, {binh})
- UPDATE quota SET distributed = -1 WHERE id = {quota}
+ SELECT north_accepted({an}); UPDATE quota SET seats = 1 WHERE id = {quota}
- SELECT north_accepted({an}); UPDATE quota SET seats = 0 WHERE id = {quota}
+ SELECT north_accepted({an}, {binh}); UPDATE quota SET seats = 0, excess_taken = 2 WHERE id = {quota}; UPDATE nomination SET state = 'returned' WHERE person = {an}
- SELECT north_accepted({an}, {binh}); UPDATE quota SET seats = 0, excess_taken = 2 WHERE id = {quota}; UPDATE nomination SET state = 'returned' WHERE person = {an}; SELECT north_accepted({chi})

# quota_nominee_limit_exceeded
+ SELECT north({an}, {binh}, {chi})
- SELECT north({an}, {binh}, {chi}, {dung})
- SELECT north({an}, {binh}); SELECT north_accepted({chi}, {dung})
+ SELECT north({an}); UPDATE quota SET nominee_limit = 1 WHERE id = {quota}
- SELECT north({an}); UPDATE quota SET nominee_limit = 0 WHERE id = {quota}
- SELECT north({an}, {binh}); UPDATE quota SET nominee_limit = 0, excess_nominated = 2 WHERE id = {quota}; UPDATE nomination SET state = 'returned' WHERE person = {an}; SELECT north({chi})

# nomination_state_known
+ SELECT nominate({north}, NULL, {an}, 'returned')
- SELECT nominate({north}, NULL, {an}, 'lost')

# nomination_needs_quota
+ SELECT nominate({north}, NULL, {an}, 'draft')
- SELECT nominate({north}, NULL, {an}, 'submitted')
- SELECT nominate({north}, NULL, {an}, 'accepted')
- SELECT north({an}); UPDATE nomination SET quota = NULL

# nomination_quota_fits
+ SELECT nominate({south}, {spare}, {an}, 'submitted')
- SELECT nominate({north}, {spare}, {an}, 'submitted')
- SELECT north({an}); UPDATE nomination SET unit = {south}
- SELECT north({an}); UPDATE nomination SET "group" = 'guests'
- SELECT north({an}); UPDATE quota SET "group" = 'guests' WHERE id = {quota}

# nomination_rank_positive
+ SELECT north({an}); UPDATE nomination SET rank = 1
- SELECT north({an}); UPDATE nomination SET rank = 0

# person_nominated_once_by_unit
+ SELECT north({an}); UPDATE nomination SET state = 'withdrawn'; SELECT north({an})
- SELECT north({an}); UPDATE nomination SET state = 'returned'; SELECT north({an})

# person_accepted_once
+ SELECT north_accepted({an}), nominate({south}, {spare}, {an}, 'submitted')
- SELECT north_accepted({an}), nominate({south}, {spare}, {an}, 'accepted')
- SELECT north_accepted({an}), nominate({south}, {spare}, {an}, 'submitted'); UPDATE nomination SET state = 'accepted'

# idempotency_answer_or_run
+ SELECT answer(sha256('x'), 'x', NULL), answer(sha256('x'), NULL, {run})
- SELECT answer(sha256('x'), NULL, NULL)
- SELECT answer(sha256('x'), 'x', {run})

# idempotency_request_digest_sha256
+ SELECT answer(sha256('x'), 'x', NULL)
- SELECT answer('x', 'x', NULL)

# audit_event_id_key
+ SELECT tell(1, {an}), tell(2, {binh})
- SELECT tell(1, {an}), tell(2, {an})

# composition_released_once
+ INSERT INTO composition_release (conference) VALUES ({fair})
- INSERT INTO composition_release (conference) VALUES ({fair}); INSERT INTO composition_release (conference) VALUES ({fair})

# identity_known
+ SELECT know('a'), know('b')
- SELECT know('a'), know('a')

# service_key_handle_taken
+ SELECT key_of('a', 'one', sha256('x'), '1 day'); SELECT key_of('b', 'two', sha256('x'), '1 day')
- SELECT key_of('a', 'one', sha256('x'), '1 day'); SELECT key_of('b', 'one', sha256('y'), '1 day')

# service_key_digest_sha256
+ SELECT key_of('a', 'one', sha256('x'), '1 day')
- SELECT key_of('a', 'one', 'x', '1 day')

# service_key_expires
+ SELECT key_of('a', 'one', sha256('x'), '1 second')
- SELECT key_of('a', 'one', sha256('x'), '0')

# role_known
+ SELECT grant_to('a', 'approver', {north}, 'thu-nghiem')
- SELECT grant_to('a', 'president', {north}, 'thu-nghiem')

# house_grant_has_no_congress
+ SELECT grant_to('a', 'auditor', NULL, NULL), grant_to('b', 'auditor', {north}, NULL)
- SELECT grant_to('a', 'auditor', NULL, 'thu-nghiem')

# snapshot_open_or_sealed
+ INSERT INTO snapshot (digest, content, sealed) VALUES ('open', '{}', NULL), ('sealed', NULL, 'x')
- INSERT INTO snapshot (digest, content, sealed) VALUES ('both', '{}', 'x')
- INSERT INTO snapshot (digest, content, sealed) VALUES ('neither', NULL, NULL)

# selection_state_known
+ SELECT choose(1, 'unproven')
- SELECT choose(1, 'secret')

# selection_how_known
+ SELECT choose(1, 'decided'); UPDATE selection SET how = 'mended'
- SELECT choose(1, 'decided'); UPDATE selection SET how = 'guessed'

# selection_conference_n_key
+ SELECT choose(1, 'decided'), choose(2, 'decided')
- SELECT choose(1, 'decided'), choose(2, 'decided'); UPDATE selection SET n = 1 WHERE n = 2

# one_adopted_selection_per_conference
+ SELECT choose(1, 'superseded'), choose(2, 'adopted')
- SELECT choose(1, 'adopted'), choose(2, 'adopted')

# first_proposal_once
+ SELECT choose(1, 'decided'), choose(2, 'decided'); UPDATE selection SET first_verdicts = '{}' WHERE n = 1
- SELECT choose(1, 'decided'), choose(2, 'decided'); UPDATE selection SET first_verdicts = '{}'

# proposed_selection_is_frozen
+ SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'chosen', NULL); UPDATE selection SET state = 'proposed'; UPDATE selection SET state = 'decided'; DELETE FROM selection_place
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'chosen', NULL); UPDATE selection SET state = 'proposed'; DELETE FROM selection_place
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'chosen', NULL); UPDATE selection SET state = 'adopted'; UPDATE selection_place SET outcome = 'off'
- SELECT choose(1, 'approved'); SELECT place(1, nominate({north}, {quota}, {an}, 'submitted'), 'chosen', NULL)
- SELECT choose(1, 'proposed'); UPDATE selection SET result = '{}'
- SELECT choose(1, 'proposed'); UPDATE selection SET first_verdicts = '{}'
- SELECT choose(1, 'decided'); UPDATE selection SET first_verdicts = '{}'; UPDATE selection SET first_verdicts = NULL
- SELECT choose(1, 'proposed'); UPDATE selection SET lots = '[1]'
- SELECT choose(1, 'proposed'); UPDATE selection SET plan_version = {draft}
- SELECT choose(1, 'adopted'); UPDATE selection SET state = 'decided'
- SELECT choose(1, 'superseded'); UPDATE selection SET state = 'adopted'
- SELECT choose(1, 'adopted'); DELETE FROM selection
+ SELECT choose(1, 'adopted'); UPDATE selection SET state = 'superseded', reasons_released_at = now()
+ SELECT choose(1, 'decided'); DELETE FROM selection

# selection_outcome_known
+ SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'off', NULL)
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'maybe', NULL)

# selection_hold_known
+ SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'off', NULL); UPDATE selection_place SET hold = 'dropped'
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'off', NULL); UPDATE selection_place SET hold = 'loose'

# selection_reason_known
+ SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'off', NULL); UPDATE selection_place SET reason = 'lot'
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'off', NULL); UPDATE selection_place SET reason = 'luck'

# alternate_has_number
+ SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'alternate', 1)
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'alternate', NULL)
- SELECT choose(1, 'decided'), place(1, nominate({north}, {quota}, {an}, 'submitted'), 'chosen', 1)

# ended_delegate_has_reason
+ SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); UPDATE delegate SET ended_at = now(), ended_reason = 'x'
- SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); UPDATE delegate SET ended_at = now()

# person_delegate_once
+ SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); UPDATE delegate SET ended_at = now(), ended_reason = 'x'; SELECT send({an}, nomination) FROM delegate
- SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')), send({an}, nominate({south}, {spare}, {an}, 'submitted'))

# nomination_delegate_once
+ SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')), send({binh}, nominate({north}, {quota}, {binh}, 'accepted'))
- SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); SELECT send({binh}, nomination) FROM delegate

# delegate_only_ends
- SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); UPDATE delegate SET person = {binh}
- SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); DELETE FROM delegate
- SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); UPDATE delegate SET ended_at = now(), ended_reason = 'x'; UPDATE delegate SET ended_at = NULL, ended_reason = NULL
+ SELECT choose(1, 'adopted'), send({an}, nominate({north}, {quota}, {an}, 'accepted')); UPDATE delegate SET ended_at = now(), ended_reason = 'x'
