-- The application role may only do what it needs. By default it may read and write every table (roles.sql).

-- The views are only read; unit_above is written by triggers.
REVOKE INSERT, UPDATE, DELETE ON actor_grant, actor_place, actor_home, actor_below, actor_above, conference_place,
    sizing_place, allocation_place, quota_place, plan_place, identity_role, selection_held, person_seated,
    unit_above FROM daibieu_app;
REVOKE ALL ON person_snapshot FROM daibieu_app;

-- Rows that are only added: events, frozen inputs, filings, names on votes, lots, their announcements and ballots,
-- releases.
REVOKE UPDATE, DELETE ON conference_filing, list_vote_name, audit_event, snapshot, lot_announcement, settlement, ballot,
    composition_release FROM daibieu_app;
REVOKE UPDATE ON conference_step FROM daibieu_app;
REVOKE UPDATE ON release_person FROM daibieu_app;

-- A check-in may only be undone.
REVOKE UPDATE, DELETE ON check_in FROM daibieu_app;
GRANT UPDATE (undone_at, undone_reason, undone_by) ON check_in TO daibieu_app;
-- A reminder is tried and sent, and nothing else of it changes.
REVOKE UPDATE, DELETE ON reminder FROM daibieu_app;
GRANT UPDATE (attempts, next_try_at, sent_at) ON reminder TO daibieu_app;

-- The head of an audit chain is locked by a function, moves with each event, and is never deleted (audit.sql).
REVOKE INSERT, UPDATE, DELETE ON audit_head FROM daibieu_app;

-- Only triggers count nominees, guests and seats (counters.sql): other columns of these three tables may change.
REVOKE UPDATE ON quota, seat_group, conference FROM daibieu_app;
GRANT UPDATE (
    "group", source, allocation, document, entered, seats, nominee_limit, excess_taken, excess_nominated, parent, distributed,
    distribution, confirmed_at, version
) ON quota TO daibieu_app;
GRANT UPDATE (position, name, seats, maximum, excess, filled_by, counts_as) ON seat_group TO daibieu_app;
GRANT UPDATE (
    congress, plan_version, unit, tier, state, as_of, name, chosen, form, chosen_form, facts, numbers, size, maximum,
    excess, held_on, meeting, planned, vetting, schedule, postponed_reason,
    cancelled_on, version
) ON conference TO daibieu_app;

-- A key or a role is made by a function (authority.sql), and can be revoked and not changed otherwise; an identity never
-- changes.
REVOKE INSERT, UPDATE, DELETE ON service_key, role_grant FROM daibieu_app;
REVOKE UPDATE, DELETE ON identity FROM daibieu_app;
GRANT UPDATE (revoked_at, last_used_on, version) ON service_key TO daibieu_app;
GRANT UPDATE (revoked_at, version) ON role_grant TO daibieu_app;

-- Accounts are made with identities, change by functions, and are read by functions (accounts.sql).
REVOKE ALL ON account, former_account, link_code, link_attempt FROM daibieu_app;

-- The keys of people and of sealed inputs can be wrapped again; a function destroys them, with what they sealed.
REVOKE UPDATE, DELETE ON person_key, snapshot_key FROM daibieu_app;
GRANT UPDATE (wrapped, master) ON person_key, snapshot_key TO daibieu_app;
REVOKE DELETE ON person_sealed FROM daibieu_app;

-- The key of a paper, or of a reason, can be wrapped again; a function destroys it with what it sealed.
REVOKE UPDATE, DELETE ON paper_box, list_vote_reason FROM daibieu_app;
GRANT UPDATE (wrapped, master) ON paper_box, list_vote_reason TO daibieu_app;

-- Functions with the owner's rights that only triggers may call.
REVOKE EXECUTE ON FUNCTION count_nominations (uuid, int, int), count_places (uuid, text, int, int),
    unit_above_renew (uuid []), expect_recorded (text, text), lock_accounts FROM PUBLIC;

-- Functions with the owner's rights that the application calls.
REVOKE EXECUTE ON FUNCTION lock_audit_heads (text [], text), add_service_key, add_role_grant, destroy_person_key,
    destroy_snapshot_keys, destroy_paper, forget_calculation_inputs, lock_person_marks, store_link_code,
    count_link_attempt, take_link_code, link_identities, separate_identity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_audit_heads (text [], text), add_service_key, add_role_grant, destroy_person_key,
    destroy_snapshot_keys, destroy_paper, forget_calculation_inputs, lock_person_marks, store_link_code,
    count_link_attempt, take_link_code, link_identities, separate_identity TO daibieu_app;

-- The function by which a request locks its key, with the caller's rights (retries.sql).
REVOKE EXECUTE ON FUNCTION lock_answer (bigint, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_answer (bigint, text, text) TO daibieu_app;

-- Counts nominations beyond the actor's reach, and answers only their number.
REVOKE EXECUTE ON FUNCTION count_unit_drafts (text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_unit_drafts (text, uuid) TO daibieu_app;

-- Reads names beyond the actor's reach, and answers only which of the ids it was given.
REVOKE EXECUTE ON FUNCTION released_namesakes (uuid []) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION released_namesakes (uuid []) TO daibieu_app;

-- Compares the actor with somebody else, and tells nothing else of either (accounts.sql).
REVOKE EXECUTE ON FUNCTION is_actor (text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_actor (text, timestamptz) TO daibieu_app;

-- Reads events beyond the reach of the actor, of acts that may be told, without what they changed.
REVOKE EXECUTE ON FUNCTION list_feed_events (text, bigint, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_feed_events (text, bigint, bigint, integer) TO daibieu_app;
