-- Units and their reports.
--
-- How to read these policies: an actor may read, add, change or remove a row if the condition is true; otherwise the
-- row does not exist for the actor. These phrases are used here and in the other files of this folder:
--
--     (SELECT actor_flag('reach'))                       the whole service is within the actor's reach
--     x = ANY ((SELECT actor_units('units'))::uuid[])    the actor has a role at exactly this unit
--     AND ((SELECT actor_chain('chains')) = c OR ...     ... and in this congress chain: all grants are for one chain,
--          OR actor_stands('units', 'chains', c, x))     or else each grant is tested
--     EXISTS (SELECT FROM actor_below m WHERE ...)       the actor has a role above this unit
--     (SELECT actor_leads()) AND ...                     tested only for an actor with units below
--     x = ANY ((SELECT actor_conferences())::uuid[])     the actor has a role at the conference's own unit
--     EXISTS (SELECT FROM t o WHERE o.id = ...)          the row to which it belongs is visible by its own policy
--
-- The "organiser" of a conference is an actor with a role at the conference's own unit; actors who "run" a conference
-- are its organiser and those with a role above that unit.
--
-- "(SELECT ...)" is computed once for each statement, not for each row. Likely and cheap conditions come first.

-- Visible from the unit, from units above and below. Every actor may add one: a unit without links is out of reach.
ALTER TABLE unit ENABLE ROW LEVEL SECURITY;
CREATE POLICY unit_seen ON unit FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)
        OR unit.id = ANY ((SELECT actor_units('units'))::uuid[])
        OR unit.id = ANY ((SELECT actor_units_above())::uuid[]));
CREATE POLICY unit_added ON unit FOR INSERT WITH CHECK (true);
CREATE POLICY unit_changed ON unit FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR (unit.id = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)))
    WITH CHECK ((SELECT actor_flag('reach')) OR (unit.id = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)));
CREATE POLICY unit_removed ON unit FOR DELETE
    USING ((SELECT actor_flag('reach')) OR (unit.id = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)));

-- For the unit and the units above it.
ALTER TABLE staff_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_report_seen ON staff_report FOR SELECT
    USING ((SELECT actor_flag('reach')) OR (staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)));
CREATE POLICY staff_report_added ON staff_report FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR (staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)));
CREATE POLICY staff_report_changed ON staff_report FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR (staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)))
    WITH CHECK ((SELECT actor_flag('reach')) OR (staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)));
CREATE POLICY staff_report_removed ON staff_report FOR DELETE
    USING ((SELECT actor_flag('reach')) OR (staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)));

-- The same as for its report.
ALTER TABLE staff_figure ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_figure_seen ON staff_figure FOR SELECT
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report));
CREATE POLICY staff_figure_added ON staff_figure FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report));
CREATE POLICY staff_figure_changed ON staff_figure FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report))
    WITH CHECK ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report));
CREATE POLICY staff_figure_removed ON staff_figure FOR DELETE
    USING ((SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report));

-- For the actor who sent the file.
ALTER TABLE unit_import ENABLE ROW LEVEL SECURITY;
CREATE POLICY unit_import_seen ON unit_import FOR SELECT
    USING ((SELECT actor_flag('reach')) OR unit_import.created_by = (SELECT actor_id()));
CREATE POLICY unit_import_added ON unit_import FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR unit_import.created_by = (SELECT actor_id()));
CREATE POLICY unit_import_changed ON unit_import FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR unit_import.created_by = (SELECT actor_id()))
    WITH CHECK ((SELECT actor_flag('reach')) OR unit_import.created_by = (SELECT actor_id()));
CREATE POLICY unit_import_removed ON unit_import FOR DELETE
    USING ((SELECT actor_flag('reach')) OR unit_import.created_by = (SELECT actor_id()));

-- For the unit and the units above it.
ALTER TABLE collective ENABLE ROW LEVEL SECURITY;
CREATE POLICY collective_seen ON collective FOR SELECT
    USING ((SELECT actor_flag('reach')) OR (collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)));
CREATE POLICY collective_added ON collective FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR (collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)));
CREATE POLICY collective_changed ON collective FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR (collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)))
    WITH CHECK ((SELECT actor_flag('reach')) OR (collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)));
CREATE POLICY collective_removed ON collective FOR DELETE
    USING ((SELECT actor_flag('reach')) OR (collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)));
