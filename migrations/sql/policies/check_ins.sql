-- Check-in at the door of a conference. How to read policies: units.sql.

-- For the organiser; with ``aggregates``, when the answer contains only numbers, for all who run the conference.
ALTER TABLE check_in ENABLE ROW LEVEL SECURITY;
CREATE POLICY check_in_seen ON check_in FOR SELECT
    USING (((SELECT actor_flag('reach')) OR check_in.conference = ANY ((SELECT actor_conferences())::uuid[]))
        OR ((SELECT actor_flag('aggregates')) AND (SELECT actor_leads()) AND actor_runs(check_in.conference)));
CREATE POLICY check_in_added ON check_in FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR check_in.conference = ANY ((SELECT actor_conferences())::uuid[]));
CREATE POLICY check_in_changed ON check_in FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR check_in.conference = ANY ((SELECT actor_conferences())::uuid[]))
    WITH CHECK ((SELECT actor_flag('reach')) OR check_in.conference = ANY ((SELECT actor_conferences())::uuid[]));
