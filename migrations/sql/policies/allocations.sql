-- Sizings and allocations, their ties, lots and decisions, and the quotas. How to read policies: units.sql.

-- For actors who run the conference; after adoption visible to all to whom the conference is visible.
ALTER TABLE allocation ENABLE ROW LEVEL SECURITY;
CREATE POLICY allocation_seen ON allocation FOR SELECT
    USING (((SELECT actor_flag('reach')) OR (allocation.conference = ANY ((SELECT actor_conferences())::uuid[])
            OR ((SELECT actor_leads()) AND actor_runs(allocation.conference))))
        OR (allocation.state IN ('adopted', 'superseded')
            AND EXISTS (SELECT FROM conference o WHERE o.id = allocation.conference)));
CREATE POLICY allocation_added ON allocation FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR (allocation.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(allocation.conference))));
CREATE POLICY allocation_changed ON allocation FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR (allocation.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(allocation.conference))))
    WITH CHECK ((SELECT actor_flag('reach')) OR (allocation.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(allocation.conference))));
CREATE POLICY allocation_removed ON allocation FOR DELETE
    USING ((SELECT actor_flag('reach')) OR (allocation.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(allocation.conference))));

-- The same for the decisions on the numbers of the conference.
ALTER TABLE sizing ENABLE ROW LEVEL SECURITY;
CREATE POLICY sizing_seen ON sizing FOR SELECT
    USING (((SELECT actor_flag('reach')) OR (sizing.conference = ANY ((SELECT actor_conferences())::uuid[])
            OR ((SELECT actor_leads()) AND actor_runs(sizing.conference))))
        OR (sizing.state IN ('adopted', 'superseded')
            AND EXISTS (SELECT FROM conference o WHERE o.id = sizing.conference)));
CREATE POLICY sizing_added ON sizing FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR (sizing.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(sizing.conference))));
CREATE POLICY sizing_changed ON sizing FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR (sizing.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(sizing.conference))))
    WITH CHECK ((SELECT actor_flag('reach')) OR (sizing.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(sizing.conference))));
CREATE POLICY sizing_removed ON sizing FOR DELETE
    USING ((SELECT actor_flag('reach')) OR (sizing.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR ((SELECT actor_leads()) AND actor_runs(sizing.conference))));

-- Visible with its allocation; changed by actors who run the conference.
ALTER TABLE allocation_seat ENABLE ROW LEVEL SECURITY;
CREATE POLICY allocation_seat_seen ON allocation_seat FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation o WHERE o.id = allocation_seat.allocation));
CREATE POLICY allocation_seat_added ON allocation_seat FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_seat.allocation AND actor_under(p.congress, p.unit)));
CREATE POLICY allocation_seat_changed ON allocation_seat FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_seat.allocation AND actor_under(p.congress, p.unit)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_seat.allocation AND actor_under(p.congress, p.unit)));
CREATE POLICY allocation_seat_removed ON allocation_seat FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_seat.allocation AND actor_under(p.congress, p.unit)));

-- Visible with its allocation; changed by actors who run the conference.
ALTER TABLE allocation_target ENABLE ROW LEVEL SECURITY;
CREATE POLICY allocation_target_seen ON allocation_target FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation o
        WHERE o.id = allocation_target.allocation));
CREATE POLICY allocation_target_added ON allocation_target FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_target.allocation AND actor_under(p.congress, p.unit)));
CREATE POLICY allocation_target_changed ON allocation_target FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_target.allocation AND actor_under(p.congress, p.unit)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_target.allocation AND actor_under(p.congress, p.unit)));
CREATE POLICY allocation_target_removed ON allocation_target FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = allocation_target.allocation AND actor_under(p.congress, p.unit)));

-- Visible with its allocation; recorded by actors who run the conference, and never changed (grants.sql).
ALTER TABLE settlement ENABLE ROW LEVEL SECURITY;
CREATE POLICY settlement_seen ON settlement FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation o WHERE o.id = settlement.allocation));
CREATE POLICY settlement_added ON settlement FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = settlement.allocation AND actor_under(p.congress, p.unit)));
CREATE POLICY settlement_changed ON settlement FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = settlement.allocation AND actor_under(p.congress, p.unit)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = settlement.allocation AND actor_under(p.congress, p.unit)));
CREATE POLICY settlement_removed ON settlement FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = settlement.allocation AND actor_under(p.congress, p.unit)));

-- Visible with its allocation, or to the organiser for a list. Never changed or removed: there is no policy for that.
ALTER TABLE lot_announcement ENABLE ROW LEVEL SECURITY;
CREATE POLICY lot_announcement_seen ON lot_announcement FOR SELECT
    USING ((SELECT actor_flag('reach'))
        OR EXISTS (SELECT FROM selection_held s
            WHERE s.selection = lot_announcement.selection
            AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m))
        OR EXISTS (SELECT FROM allocation o WHERE o.id = lot_announcement.allocation));
CREATE POLICY lot_announcement_added ON lot_announcement FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach'))
        OR EXISTS (SELECT FROM selection_held s
            WHERE s.selection = lot_announcement.selection
            AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m))
        OR EXISTS (SELECT FROM allocation_place p
            WHERE p.allocation = lot_announcement.allocation
            AND ((p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)
                OR (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_below m))));

-- Visible with the allocation that it decides; recorded by actors who run the conference.
ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY decision_seen ON decision FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation o WHERE o.id = decision.subject));
CREATE POLICY decision_added ON decision FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = decision.subject AND actor_under(p.congress, p.unit)));
CREATE POLICY decision_changed ON decision FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = decision.subject AND actor_under(p.congress, p.unit)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = decision.subject AND actor_under(p.congress, p.unit)));
CREATE POLICY decision_removed ON decision FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM allocation_place p
        WHERE p.allocation = decision.subject AND actor_under(p.congress, p.unit)));
-- The same for a decision on numbers.
CREATE POLICY decision_of_sizing_select ON decision FOR SELECT
    USING (EXISTS (SELECT FROM sizing o WHERE o.id = decision.subject));
CREATE POLICY decision_of_sizing_insert ON decision FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM sizing_place p
        WHERE p.sizing = decision.subject AND actor_under(p.congress, p.unit)));
-- The decision on a list: visible with the list, recorded by the organiser.
CREATE POLICY decision_of_selection_select ON decision FOR SELECT
    USING (EXISTS (SELECT FROM selection o WHERE o.id = decision.subject));
CREATE POLICY decision_of_selection_insert ON decision FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM selection_held s
        WHERE s.selection = decision.subject
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));

-- For the organiser, for the unit, and for the units above either.
ALTER TABLE quota ENABLE ROW LEVEL SECURITY;
CREATE POLICY quota_seen ON quota FOR SELECT
    USING ((SELECT actor_flag('reach')) OR quota.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR (quota.unit = ANY ((SELECT actor_units('units'))::uuid[]) AND actor_reaches(quota.conference, quota.unit))
        OR ((SELECT actor_leads())
            AND (actor_runs(quota.conference) OR actor_reaches(quota.conference, quota.unit))));
CREATE POLICY quota_added ON quota FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR quota.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR (quota.unit = ANY ((SELECT actor_units('units'))::uuid[]) AND actor_reaches(quota.conference, quota.unit))
        OR ((SELECT actor_leads())
            AND (actor_runs(quota.conference) OR actor_reaches(quota.conference, quota.unit))));
CREATE POLICY quota_changed ON quota FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR quota.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR (quota.unit = ANY ((SELECT actor_units('units'))::uuid[]) AND actor_reaches(quota.conference, quota.unit))
        OR ((SELECT actor_leads()) AND (actor_runs(quota.conference) OR actor_reaches(quota.conference, quota.unit))))
    WITH CHECK ((SELECT actor_flag('reach')) OR quota.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR (quota.unit = ANY ((SELECT actor_units('units'))::uuid[]) AND actor_reaches(quota.conference, quota.unit))
        OR ((SELECT actor_leads())
            AND (actor_runs(quota.conference) OR actor_reaches(quota.conference, quota.unit))));
CREATE POLICY quota_removed ON quota FOR DELETE
    USING ((SELECT actor_flag('reach')) OR quota.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR (quota.unit = ANY ((SELECT actor_units('units'))::uuid[]) AND actor_reaches(quota.conference, quota.unit))
        OR ((SELECT actor_leads())
            AND (actor_runs(quota.conference) OR actor_reaches(quota.conference, quota.unit))));
-- Restrictive: a new quota has counted no nominee yet; triggers count (counters.sql).
CREATE POLICY quota_counts_nobody_yet ON quota AS RESTRICTIVE FOR INSERT WITH CHECK (taken = 0 AND nominated = 0);
-- Restrictive: nobody has confirmed a new quota yet; a second person does (accounts.sql).
CREATE POLICY quota_is_confirmed_by_nobody_yet ON quota AS RESTRICTIVE FOR INSERT WITH CHECK (document IS NULL);
