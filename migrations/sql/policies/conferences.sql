-- Filings and steps of conferences. How to read policies: units.sql.

-- For the unit and the units above it; filed by itself or by a council above it, and never changed (grants.sql).
ALTER TABLE conference_filing ENABLE ROW LEVEL SECURITY;
CREATE POLICY conference_filing_seen ON conference_filing FOR SELECT
    USING ((SELECT actor_flag('reach'))
        OR actor_runs(conference_filing.conference));
CREATE POLICY conference_filing_added ON conference_filing FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = conference_filing.conference AND actor_under(p.congress, p.unit)));

-- Visible with the conference, and to whoever counts: a board counts the steps of the conferences that its reader sees,
-- and a second look at each conference would cost more than the whole board. Written anew by those who act for its unit.
ALTER TABLE conference_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY conference_step_seen ON conference_step FOR SELECT
    USING ((SELECT actor_flag('reach')) OR (SELECT actor_flag('aggregates'))
        OR EXISTS (SELECT FROM conference o WHERE o.id = conference_step.conference));
CREATE POLICY conference_step_added ON conference_step FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = conference_step.conference AND actor_under(p.congress, p.unit)));
CREATE POLICY conference_step_removed ON conference_step FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = conference_step.conference AND actor_under(p.congress, p.unit)));

-- For the workers alone.
ALTER TABLE reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY reminder_seen ON reminder FOR SELECT USING ((SELECT actor_flag('reach')));
CREATE POLICY reminder_added ON reminder FOR INSERT WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY reminder_changed ON reminder FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
