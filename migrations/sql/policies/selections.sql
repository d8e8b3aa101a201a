-- The lists of delegates. How to read policies: units.sql.
--
-- A list names people: before adoption it is visible only to the organiser. After adoption the outcome for a unit's own
-- nominees is visible to the unit.

-- For the organiser; after adoption its existence is visible to all to whom the conference is visible.
ALTER TABLE selection ENABLE ROW LEVEL SECURITY;
CREATE POLICY selection_seen ON selection FOR SELECT
    USING (((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
            WHERE p.conference = selection.conference
            AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
        OR (selection.state IN ('adopted', 'superseded')
            AND EXISTS (SELECT FROM conference o WHERE o.id = selection.conference)));
CREATE POLICY selection_added ON selection FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = selection.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY selection_changed ON selection FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = selection.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = selection.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY selection_removed ON selection FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = selection.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));

-- For the organiser; after adoption each unit sees its own nominees.
ALTER TABLE selection_place ENABLE ROW LEVEL SECURITY;
CREATE POLICY selection_place_seen ON selection_place FOR SELECT
    USING (((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM selection_held s
            WHERE s.selection = selection_place.selection
            AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
        OR EXISTS (SELECT FROM selection_held s
            WHERE s.selection = selection_place.selection AND s.state IN ('adopted', 'superseded')
            AND (s.congress, selection_place.unit) IN (SELECT m.congress, m.unit FROM actor_home m)));
CREATE POLICY selection_place_added ON selection_place FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM selection_held s
        WHERE s.selection = selection_place.selection
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY selection_place_changed ON selection_place FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM selection_held s
        WHERE s.selection = selection_place.selection
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM selection_held s
        WHERE s.selection = selection_place.selection
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY selection_place_removed ON selection_place FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM selection_held s
        WHERE s.selection = selection_place.selection
        AND (s.congress, s.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));

-- For the organiser; each unit sees its own delegates.
ALTER TABLE delegate ENABLE ROW LEVEL SECURITY;
CREATE POLICY delegate_seen ON delegate FOR SELECT
    USING (((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
            WHERE p.conference = delegate.conference
            AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
        OR EXISTS (SELECT FROM conference_place p
            WHERE p.conference = delegate.conference
            AND (p.congress, delegate.unit) IN (SELECT m.congress, m.unit FROM actor_home m)));
CREATE POLICY delegate_added ON delegate FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = delegate.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY delegate_changed ON delegate FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = delegate.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = delegate.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
CREATE POLICY delegate_removed ON delegate FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = delegate.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));

-- For the organiser; each unit sees the numbers of its own nominees. Never changed or removed.
ALTER TABLE ballot ENABLE ROW LEVEL SECURITY;
CREATE POLICY ballot_seen ON ballot FOR SELECT
    USING (((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
            WHERE p.conference = ballot.conference
            AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)))
        OR EXISTS (SELECT FROM nomination o JOIN conference_place p ON p.conference = o.conference
            WHERE o.id = ballot.nomination
            AND (p.congress, o.unit) IN (SELECT m.congress, m.unit FROM actor_home m)));
CREATE POLICY ballot_added ON ballot FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM conference_place p
        WHERE p.conference = ballot.conference
        AND (p.congress, p.unit) IN (SELECT m.congress, m.unit FROM actor_place m)));
