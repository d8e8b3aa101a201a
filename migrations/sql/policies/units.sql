-- Units, and what they report.
--
-- How to read these policies: a row is seen, added, changed or removed where the condition holds, and is not there
-- otherwise. The phrases that recur, here and in the files beside this one:
--
--     (SELECT actor_flag('reach'))                       the whole house is within the actor's reach
--     x = ANY ((SELECT actor_units('units'))::uuid[])    a grant of the actor stands at this very unit
--     AND ((SELECT actor_chain('chains')) = c OR ...     ... and is good in this congress chain: all grants are of one
--          OR actor_stands('units', 'chains', c, x))     chain, or else each is looked at
--     EXISTS (SELECT FROM actor_below m WHERE ...)       a grant stands above this unit
--     (SELECT actor_leads()) AND ...                     asked only of who has something below
--     x = ANY ((SELECT actor_conferences())::uuid[])     a grant stands at the conference's own unit
--     EXISTS (SELECT FROM t o WHERE o.id = ...)          the row it belongs to is itself seen, by its own policy
--
-- What stands in "(SELECT ...)" is found once a statement, not once a row. The likely and the cheap come first.

-- Seen from itself, from above and from below. Anybody adds one: a unit without a link is in nobody's reach.
ALTER TABLE unit ENABLE ROW LEVEL SECURITY;
CREATE POLICY unit_seen ON unit FOR SELECT
    USING (
        (SELECT actor_flag('reach'))
        OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)
        OR unit.id = ANY ((SELECT actor_units('units'))::uuid[])
        OR unit.id = ANY ((SELECT actor_units_above())::uuid[])
    );
CREATE POLICY unit_added ON unit FOR INSERT
    WITH CHECK (true);
CREATE POLICY unit_changed ON unit FOR UPDATE
    USING (
        (SELECT actor_flag('reach'))
        OR (
            unit.id = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)
        )
    )
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR (
            unit.id = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)
        )
    );
CREATE POLICY unit_removed ON unit FOR DELETE
    USING (
        (SELECT actor_flag('reach'))
        OR (
            unit.id = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = unit.id)
        )
    );

-- The unit's own and those above it.
ALTER TABLE staff_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_report_seen ON staff_report FOR SELECT
    USING (
        (SELECT actor_flag('reach'))
        OR (
            staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)
        )
    );
CREATE POLICY staff_report_added ON staff_report FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR (
            staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)
        )
    );
CREATE POLICY staff_report_changed ON staff_report FOR UPDATE
    USING (
        (SELECT actor_flag('reach'))
        OR (
            staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)
        )
    )
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR (
            staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)
        )
    );
CREATE POLICY staff_report_removed ON staff_report FOR DELETE
    USING (
        (SELECT actor_flag('reach'))
        OR (
            staff_report.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = staff_report.unit)
        )
    );

-- With its report.
ALTER TABLE staff_figure ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_figure_seen ON staff_figure FOR SELECT
    USING (
        (SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report)
    );
CREATE POLICY staff_figure_added ON staff_figure FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report)
    );
CREATE POLICY staff_figure_changed ON staff_figure FOR UPDATE
    USING (
        (SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report)
    )
    WITH CHECK (
        (SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report)
    );
CREATE POLICY staff_figure_removed ON staff_figure FOR DELETE
    USING (
        (SELECT actor_flag('reach')) OR EXISTS (SELECT FROM staff_report o WHERE o.id = staff_figure.report)
    );

-- Whoever sent the file.
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

-- The unit's own and those above it.
ALTER TABLE collective ENABLE ROW LEVEL SECURITY;
CREATE POLICY collective_seen ON collective FOR SELECT
    USING (
        (SELECT actor_flag('reach'))
        OR (
            collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)
        )
    );
CREATE POLICY collective_added ON collective FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR (
            collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)
        )
    );
CREATE POLICY collective_changed ON collective FOR UPDATE
    USING (
        (SELECT actor_flag('reach'))
        OR (
            collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)
        )
    )
    WITH CHECK (
        (SELECT actor_flag('reach'))
        OR (
            collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)
        )
    );
CREATE POLICY collective_removed ON collective FOR DELETE
    USING (
        (SELECT actor_flag('reach'))
        OR (
            collective.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = collective.unit)
        )
    );
