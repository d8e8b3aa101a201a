-- Released numbers of a conference, and how long data are kept. How to read policies: units.sql.

-- Visible with its conference; added by the organiser, and never changed (grants.sql).
ALTER TABLE composition_release ENABLE ROW LEVEL SECURITY;
CREATE POLICY composition_release_seen ON composition_release FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference o
        WHERE o.id = composition_release.conference));
CREATE POLICY composition_release_added ON composition_release FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = composition_release.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY composition_release_changed ON composition_release FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY composition_release_removed ON composition_release FOR DELETE USING ((SELECT actor_flag('reach')));

-- Visible with ``aggregates``: a person in one release may be in no other. Added with a visible release.
ALTER TABLE release_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY release_person_seen ON release_person FOR SELECT
    USING ((SELECT actor_flag('reach')) OR (SELECT actor_flag('aggregates')));
CREATE POLICY release_person_added ON release_person FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM composition_release o
        WHERE o.id = release_person.release));
CREATE POLICY release_person_changed ON release_person FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY release_person_removed ON release_person FOR DELETE USING ((SELECT actor_flag('reach')));

-- For actors who reach the whole service.
ALTER TABLE retention ENABLE ROW LEVEL SECURITY;
CREATE POLICY retention_seen ON retention FOR SELECT USING ((SELECT actor_flag('reach')));
CREATE POLICY retention_added ON retention FOR INSERT WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY retention_changed ON retention FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY retention_removed ON retention FOR DELETE USING ((SELECT actor_flag('reach')));
