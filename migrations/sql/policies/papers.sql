-- Papers that units send in. How to read policies: units.sql.

-- For the unit and the units above it.
ALTER TABLE received_paper ENABLE ROW LEVEL SECURITY;
CREATE POLICY received_paper_seen ON received_paper FOR SELECT
    USING ((SELECT actor_flag('reach')) OR actor_under(received_paper.congress, received_paper.unit));
CREATE POLICY received_paper_added ON received_paper FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_under(received_paper.congress, received_paper.unit));
CREATE POLICY received_paper_changed ON received_paper FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR actor_under(received_paper.congress, received_paper.unit))
    WITH CHECK ((SELECT actor_flag('reach')) OR actor_under(received_paper.congress, received_paper.unit));
CREATE POLICY received_paper_removed ON received_paper FOR DELETE USING ((SELECT actor_flag('reach')));

-- Visible with its paper, and only to actors who may read sealed data.
ALTER TABLE paper_box ENABLE ROW LEVEL SECURITY;
CREATE POLICY paper_box_seen ON paper_box FOR SELECT
    USING ((SELECT actor_flag('sealed')) AND EXISTS (SELECT FROM received_paper o WHERE o.id = paper_box.paper));
CREATE POLICY paper_box_added ON paper_box FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM received_paper o WHERE o.id = paper_box.paper));
CREATE POLICY paper_box_changed ON paper_box FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY paper_box_removed ON paper_box FOR DELETE USING ((SELECT actor_flag('reach')));
