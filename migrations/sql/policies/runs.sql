-- Runs, their frozen inputs, and answers for repeated requests. How to read policies: units.sql.

-- For the actor who started it, and for actors to whom its allocation is visible.
ALTER TABLE run ENABLE ROW LEVEL SECURITY;
CREATE POLICY run_seen ON run FOR SELECT
    USING ((SELECT actor_flag('reach')) OR run.actor = (SELECT actor_id())
        OR EXISTS (SELECT FROM allocation o WHERE o.id = run.subject));
CREATE POLICY run_added ON run FOR INSERT WITH CHECK (true);
CREATE POLICY run_changed ON run FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR run.actor = (SELECT actor_id()))
    WITH CHECK ((SELECT actor_flag('reach')) OR run.actor = (SELECT actor_id()));
CREATE POLICY run_removed ON run FOR DELETE USING ((SELECT actor_flag('reach')) OR run.actor = (SELECT actor_id()));
-- The run of a list: for the organiser.
CREATE POLICY run_of_selection_select ON run FOR SELECT
    USING (EXISTS (SELECT FROM selection_held s
        WHERE s.run = run.id AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
-- Whoever may start a computation may cancel one: actors who run the conference.
CREATE POLICY run_of_allocation_update ON run FOR UPDATE
    USING (EXISTS (SELECT FROM allocation_place p WHERE p.allocation = run.subject AND actor_under(p.congress, p.unit)));
CREATE POLICY run_of_selection_update ON run FOR UPDATE
    USING (EXISTS (SELECT FROM selection_held s
        WHERE s.selection = run.subject AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));

-- Visible with the allocation or the run with these inputs; every actor may add one; never changed (grants.sql).
ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY;
CREATE POLICY snapshot_seen ON snapshot FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation o WHERE o.snapshot = snapshot.digest)
        OR EXISTS (SELECT FROM run o WHERE o.snapshot = snapshot.digest));
CREATE POLICY snapshot_added ON snapshot FOR INSERT WITH CHECK (true);
CREATE POLICY snapshot_changed ON snapshot FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY snapshot_removed ON snapshot FOR DELETE USING ((SELECT actor_flag('reach')));
-- The inputs of a list: for the organiser.
CREATE POLICY snapshot_of_selection_select ON snapshot FOR SELECT
    USING (EXISTS (SELECT FROM selection_held s
        WHERE s.snapshot = snapshot.digest
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));

-- The key of sealed inputs: for the organiser of the list's conference.
ALTER TABLE snapshot_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY snapshot_key_seen ON snapshot_key FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM selection_held s
        WHERE s.snapshot = snapshot_key.snapshot
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY snapshot_key_added ON snapshot_key FOR INSERT WITH CHECK (true);
CREATE POLICY snapshot_key_changed ON snapshot_key FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY snapshot_key_removed ON snapshot_key FOR DELETE USING ((SELECT actor_flag('reach')));

-- For the actor who sent the request.
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_seen ON idempotency FOR SELECT
    USING ((SELECT actor_flag('reach')) OR idempotency.actor = (SELECT actor_id()));
CREATE POLICY idempotency_added ON idempotency FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR idempotency.actor = (SELECT actor_id()));
CREATE POLICY idempotency_changed ON idempotency FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR idempotency.actor = (SELECT actor_id()))
    WITH CHECK ((SELECT actor_flag('reach')) OR idempotency.actor = (SELECT actor_id()));
CREATE POLICY idempotency_removed ON idempotency FOR DELETE
    USING ((SELECT actor_flag('reach')) OR idempotency.actor = (SELECT actor_id()));
