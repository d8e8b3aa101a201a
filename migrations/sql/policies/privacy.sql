-- Numbers of a conference that were released, and how long data is kept. How to read policies: units.sql.

-- Seen with its conference; released by who holds it, once (grants.sql).
ALTER TABLE composition_release ENABLE ROW LEVEL SECURITY;
CREATE POLICY composition_release_seen ON composition_release FOR SELECT
    USING (
        (SELECT actor_flag('reach'))
        OR EXISTS (SELECT FROM conference o WHERE o.id = composition_release.conference)
    );
CREATE POLICY composition_release_added ON composition_release FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR EXISTS (
            SELECT FROM conference_place p
            WHERE
                p.conference = composition_release.conference
                AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)
        )
    );
CREATE POLICY composition_release_changed ON composition_release FOR UPDATE
    USING ((SELECT actor_flag('reach')))
    WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY composition_release_removed ON composition_release FOR DELETE
    USING ((SELECT actor_flag('reach')));

-- Seen while numbers are counted, since who was in one release is in no other; added with a release that is seen.
ALTER TABLE release_person ENABLE ROW LEVEL SECURITY;
CREATE POLICY release_person_seen ON release_person FOR SELECT
    USING ((SELECT actor_flag('reach')) OR (SELECT actor_flag('aggregates')));
CREATE POLICY release_person_added ON release_person FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR EXISTS (SELECT FROM composition_release o WHERE o.id = release_person.release)
    );
CREATE POLICY release_person_changed ON release_person FOR UPDATE
    USING ((SELECT actor_flag('reach')))
    WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY release_person_removed ON release_person FOR DELETE
    USING ((SELECT actor_flag('reach')));

-- The whole house's.
ALTER TABLE retention ENABLE ROW LEVEL SECURITY;
CREATE POLICY retention_seen ON retention FOR SELECT
    USING ((SELECT actor_flag('reach')));
CREATE POLICY retention_added ON retention FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY retention_changed ON retention FOR UPDATE
    USING ((SELECT actor_flag('reach')))
    WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY retention_removed ON retention FOR DELETE
    USING ((SELECT actor_flag('reach')));
