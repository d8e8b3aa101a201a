-- Roles, keys and the audit trail. How to read policies: units.sql.

-- The actor's own grants; grants in units within reach, in the congress chain of the grant.
ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY role_grant_seen ON role_grant FOR SELECT
    USING ((SELECT actor_flag('reach')) OR role_grant.identity::text = (SELECT actor_id())
        OR (((role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    AND ((SELECT actor_chain('chains')) = role_grant.congress OR (SELECT actor_chain('chains')) = ''
                        OR actor_stands('units', 'chains', role_grant.congress, role_grant.unit)))
                OR ((SELECT actor_leads())
                    AND EXISTS (SELECT FROM actor_below m
                        WHERE m.congress = role_grant.congress AND m.unit = role_grant.unit OFFSET 0)))
            OR (role_grant.congress IS NULL
                AND (role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    OR EXISTS (SELECT FROM actor_below m WHERE m.unit = role_grant.unit)))));
CREATE POLICY role_grant_added ON role_grant FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach'))
        OR (((role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    AND ((SELECT actor_chain('chains')) = role_grant.congress OR (SELECT actor_chain('chains')) = ''
                        OR actor_stands('units', 'chains', role_grant.congress, role_grant.unit)))
                OR ((SELECT actor_leads())
                    AND EXISTS (SELECT FROM actor_below m
                        WHERE m.congress = role_grant.congress AND m.unit = role_grant.unit OFFSET 0)))
            OR (role_grant.congress IS NULL
                AND (role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    OR EXISTS (SELECT FROM actor_below m WHERE m.unit = role_grant.unit)))));
CREATE POLICY role_grant_changed ON role_grant FOR UPDATE
    USING ((SELECT actor_flag('reach'))
        OR (((role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    AND ((SELECT actor_chain('chains')) = role_grant.congress OR (SELECT actor_chain('chains')) = ''
                        OR actor_stands('units', 'chains', role_grant.congress, role_grant.unit)))
                OR ((SELECT actor_leads())
                    AND EXISTS (SELECT FROM actor_below m
                        WHERE m.congress = role_grant.congress AND m.unit = role_grant.unit OFFSET 0)))
            OR (role_grant.congress IS NULL
                AND (role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    OR EXISTS (SELECT FROM actor_below m WHERE m.unit = role_grant.unit)))))
    WITH CHECK ((SELECT actor_flag('reach'))
        OR (((role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    AND ((SELECT actor_chain('chains')) = role_grant.congress OR (SELECT actor_chain('chains')) = ''
                        OR actor_stands('units', 'chains', role_grant.congress, role_grant.unit)))
                OR ((SELECT actor_leads())
                    AND EXISTS (SELECT FROM actor_below m
                        WHERE m.congress = role_grant.congress AND m.unit = role_grant.unit OFFSET 0)))
            OR (role_grant.congress IS NULL
                AND (role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    OR EXISTS (SELECT FROM actor_below m WHERE m.unit = role_grant.unit)))));
CREATE POLICY role_grant_removed ON role_grant FOR DELETE
    USING ((SELECT actor_flag('reach'))
        OR (((role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    AND ((SELECT actor_chain('chains')) = role_grant.congress OR (SELECT actor_chain('chains')) = ''
                        OR actor_stands('units', 'chains', role_grant.congress, role_grant.unit)))
                OR ((SELECT actor_leads())
                    AND EXISTS (SELECT FROM actor_below m
                        WHERE m.congress = role_grant.congress AND m.unit = role_grant.unit OFFSET 0)))
            OR (role_grant.congress IS NULL
                AND (role_grant.unit = ANY ((SELECT actor_units('units'))::uuid[])
                    OR EXISTS (SELECT FROM actor_below m WHERE m.unit = role_grant.unit)))));

-- The actor's own keys, and keys with a visible grant.
ALTER TABLE service_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_key_seen ON service_key FOR SELECT
    USING ((SELECT actor_flag('reach')) OR service_key.identity::text = (SELECT actor_id())
        OR EXISTS (SELECT FROM role_grant o WHERE o.key = service_key.id));
CREATE POLICY service_key_added ON service_key FOR INSERT WITH CHECK (true);
CREATE POLICY service_key_changed ON service_key FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR service_key.identity::text = (SELECT actor_id())
        OR EXISTS (SELECT FROM role_grant o WHERE o.key = service_key.id))
    WITH CHECK ((SELECT actor_flag('reach')) OR service_key.identity::text = (SELECT actor_id())
        OR EXISTS (SELECT FROM role_grant o WHERE o.key = service_key.id));
CREATE POLICY service_key_removed ON service_key FOR DELETE
    USING ((SELECT actor_flag('reach')) OR service_key.identity::text = (SELECT actor_id())
        OR EXISTS (SELECT FROM role_grant o WHERE o.key = service_key.id));

-- The council that issues a plan may read the plan's audit chain. Every act is recorded: every actor may add events.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_event_seen ON audit_event FOR SELECT
    USING ((SELECT actor_flag('reach'))
        OR audit_event.chain IN (SELECT p.plan::text FROM plan_place p WHERE actor_council(p.council)));
CREATE POLICY audit_event_added ON audit_event FOR INSERT WITH CHECK (true);
CREATE POLICY audit_event_changed ON audit_event FOR UPDATE
    USING ((SELECT actor_flag('reach'))) WITH CHECK ((SELECT actor_flag('reach')));
CREATE POLICY audit_event_removed ON audit_event FOR DELETE USING ((SELECT actor_flag('reach')));
-- Restrictive: an event names the actor, or the service, which records the results of runs.
CREATE POLICY audit_event_of_whoever_acts ON audit_event AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT actor_id()) IN (actor, 'service'));
