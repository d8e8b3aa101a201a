-- Plans, and their conferences. How to read policies: units.sql.

-- For the council that issues the plan; visible to others if a version is visible to them.
ALTER TABLE plan ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_seen ON plan FOR SELECT
    USING ((SELECT actor_flag('reach')) OR actor_council(plan.council)
        OR EXISTS (SELECT FROM plan_version o WHERE o.plan = plan.id));
CREATE POLICY plan_added ON plan FOR INSERT WITH CHECK ((SELECT actor_flag('reach')) OR actor_council(plan.council));
CREATE POLICY plan_changed ON plan FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR actor_council(plan.council))
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_council(plan.council));
CREATE POLICY plan_removed ON plan FOR DELETE USING ((SELECT actor_flag('reach')) OR actor_council(plan.council));

-- Drafts are visible to the issuing council only; published versions to every actor.
ALTER TABLE plan_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_version_seen ON plan_version FOR SELECT
    USING ((SELECT actor_flag('reach')) OR plan_version.state <> 'draft'
        OR EXISTS (SELECT FROM plan_place p WHERE p.plan = plan_version.plan AND actor_council(p.council)));
CREATE POLICY plan_version_added ON plan_version FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM plan_place p
        WHERE p.plan = plan_version.plan AND actor_council(p.council)));
CREATE POLICY plan_version_changed ON plan_version FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM plan_place p
        WHERE p.plan = plan_version.plan AND actor_council(p.council)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM plan_place p
        WHERE p.plan = plan_version.plan AND actor_council(p.council)));
CREATE POLICY plan_version_removed ON plan_version FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM plan_place p
        WHERE p.plan = plan_version.plan AND actor_council(p.council)));

-- Visible to the organiser, to units with a quota, and to units below and above. Changed by actors who run it.
-- Others to whom it is visible may lock it: while a unit nominates, the conference must not be cancelled.
ALTER TABLE conference ENABLE ROW LEVEL SECURITY;
CREATE POLICY conference_seen ON conference FOR SELECT
    USING ((SELECT actor_flag('reach')) OR conference.id = ANY ((SELECT actor_conferences())::uuid[])
        OR conference.id = ANY ((SELECT actor_conferences_given())::uuid[])
        OR conference.id = ANY ((SELECT actor_conferences_above())::uuid[])
        OR ((SELECT actor_leads())
            AND EXISTS (SELECT FROM actor_below m
                WHERE m.congress = conference.congress AND m.unit = conference.unit OFFSET 0)));
CREATE POLICY conference_added ON conference FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach'))
        OR ((conference.unit = ANY ((SELECT actor_units('units'))::uuid[])
                AND ((SELECT actor_chain('chains')) = conference.congress OR (SELECT actor_chain('chains')) = ''
                    OR actor_stands('units', 'chains', conference.congress, conference.unit)))
            OR ((SELECT actor_leads())
                AND EXISTS (SELECT FROM actor_below m
                    WHERE m.congress = conference.congress AND m.unit = conference.unit OFFSET 0))));
CREATE POLICY conference_changed ON conference FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR conference.id = ANY ((SELECT actor_conferences())::uuid[])
        OR conference.id = ANY ((SELECT actor_conferences_given())::uuid[])
        OR conference.id = ANY ((SELECT actor_conferences_above())::uuid[])
        OR ((SELECT actor_leads())
            AND EXISTS (SELECT FROM actor_below m
                WHERE m.congress = conference.congress AND m.unit = conference.unit OFFSET 0)))
    WITH CHECK ((SELECT actor_flag('reach'))
        OR ((conference.unit = ANY ((SELECT actor_units('units'))::uuid[])
                AND ((SELECT actor_chain('chains')) = conference.congress OR (SELECT actor_chain('chains')) = ''
                    OR actor_stands('units', 'chains', conference.congress, conference.unit)))
            OR ((SELECT actor_leads())
                AND EXISTS (SELECT FROM actor_below m
                    WHERE m.congress = conference.congress AND m.unit = conference.unit OFFSET 0))));
CREATE POLICY conference_removed ON conference FOR DELETE
    USING ((SELECT actor_flag('reach'))
        OR ((conference.unit = ANY ((SELECT actor_units('units'))::uuid[])
                AND ((SELECT actor_chain('chains')) = conference.congress OR (SELECT actor_chain('chains')) = ''
                    OR actor_stands('units', 'chains', conference.congress, conference.unit)))
            OR ((SELECT actor_leads())
                AND EXISTS (SELECT FROM actor_below m
                    WHERE m.congress = conference.congress AND m.unit = conference.unit OFFSET 0))));

-- Visible with its conference; changed by actors who run the conference.
ALTER TABLE seat_group ENABLE ROW LEVEL SECURITY;
CREATE POLICY seat_group_seen ON seat_group FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference o WHERE o.id = seat_group.conference));
CREATE POLICY seat_group_added ON seat_group FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR (seat_group.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(seat_group.conference))));
CREATE POLICY seat_group_changed ON seat_group FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR (seat_group.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(seat_group.conference))))
    WITH CHECK ((SELECT actor_flag('reach')) OR (seat_group.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(seat_group.conference))));
CREATE POLICY seat_group_removed ON seat_group FOR DELETE
    USING ((SELECT actor_flag('reach')) OR (seat_group.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(seat_group.conference))));
-- Restrictive: a new conference, or group of one, has counted no place yet; triggers count (counters.sql).
CREATE POLICY conference_counts_nobody_yet ON conference AS RESTRICTIVE FOR INSERT
    WITH CHECK (given = 0 AND listed = 0 AND excess = 0);
CREATE POLICY seat_group_counts_nobody_yet ON seat_group AS RESTRICTIVE FOR INSERT
    WITH CHECK (given = 0 AND listed = 0 AND excess = 0);
