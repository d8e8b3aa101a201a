-- Difficulties of units. How to read policies: units.sql.

-- For the unit of the conference and the units above it.
ALTER TABLE difficulty ENABLE ROW LEVEL SECURITY;
CREATE POLICY difficulty_seen ON difficulty FOR SELECT
    USING ((SELECT actor_flag('reach')) OR actor_runs(difficulty.conference));
CREATE POLICY difficulty_added ON difficulty FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_runs(difficulty.conference));
CREATE POLICY difficulty_changed ON difficulty FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR actor_runs(difficulty.conference))
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_runs(difficulty.conference));
CREATE POLICY difficulty_removed ON difficulty FOR DELETE USING ((SELECT actor_flag('reach')));
