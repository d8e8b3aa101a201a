-- Tables that all actors may read, but only some may write.
--
-- Names, codes and parents of units are public, and most queries read them: a policy would only keep the planner from
-- using its statistics. So triggers check writing instead, wherever policies apply to the role that writes: to the
-- application role, and to every role that has its rights. A change is refused if the row was out of reach before (OLD)
-- or would be after (NEW), or if the actor may not add it.

-- Names: for units within reach.
CREATE FUNCTION unit_name_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT (
            (SELECT actor_flag('reach'))
            OR OLD.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = OLD.unit)
        ))
        OR (TG_OP <> 'DELETE' AND NOT (
            (SELECT actor_flag('reach'))
            OR NEW.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = NEW.unit)
        ))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'unit_name is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER unit_name_guarded BEFORE INSERT OR UPDATE OR DELETE ON unit_name
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION unit_name_guarded();

-- Codes: for units within reach.
CREATE FUNCTION unit_code_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT (
            (SELECT actor_flag('reach'))
            OR OLD.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = OLD.unit)
        ))
        OR (TG_OP <> 'DELETE' AND NOT (
            (SELECT actor_flag('reach'))
            OR NEW.unit = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = NEW.unit)
        ))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'unit_code is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER unit_code_guarded BEFORE INSERT OR UPDATE OR DELETE ON unit_code
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION unit_code_guarded();

-- Links: to a parent within reach, in that congress chain.
CREATE FUNCTION unit_link_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT (
            (SELECT actor_flag('reach'))
            OR (OLD.parent = ANY ((SELECT public.actor_units('units'))::uuid[])
                AND ((SELECT public.actor_chain('chains')) = OLD.congress OR (SELECT public.actor_chain('chains')) = ''
                    OR public.actor_stands('units', 'chains', OLD.congress, OLD.parent)))
            OR ((SELECT actor_leads())
                AND EXISTS (SELECT FROM actor_below m WHERE m.congress = OLD.congress
                    AND m.unit = OLD.parent OFFSET 0))
        ))
        OR (TG_OP <> 'DELETE' AND NOT (
            (SELECT actor_flag('reach'))
            OR (NEW.parent = ANY ((SELECT public.actor_units('units'))::uuid[])
                AND ((SELECT public.actor_chain('chains')) = NEW.congress OR (SELECT public.actor_chain('chains')) = ''
                    OR public.actor_stands('units', 'chains', NEW.congress, NEW.parent)))
            OR ((SELECT actor_leads())
                AND EXISTS (SELECT FROM actor_below m WHERE m.congress = NEW.congress
                    AND m.unit = NEW.parent OFFSET 0))
        ))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'unit_link is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER unit_link_guarded BEFORE INSERT OR UPDATE OR DELETE ON unit_link
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION unit_link_guarded();

-- Mergers and divisions: every actor may add them; changed only by actors who reach the whole service.
CREATE FUNCTION succession_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND NOT (SELECT actor_flag('reach')) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'succession is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER succession_guarded BEFORE INSERT OR UPDATE OR DELETE ON succession
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION succession_guarded();

-- Parts of mergers and divisions: for a successor within reach.
CREATE FUNCTION succession_part_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT (
            (SELECT actor_flag('reach'))
            OR OLD.successor = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = OLD.successor)
        ))
        OR (TG_OP <> 'DELETE' AND NOT (
            (SELECT actor_flag('reach'))
            OR NEW.successor = ANY ((SELECT actor_units('units'))::uuid[])
            OR EXISTS (SELECT FROM actor_below m WHERE m.unit = NEW.successor)
        ))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'succession_part is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER succession_part_guarded BEFORE INSERT OR UPDATE OR DELETE ON succession_part
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION succession_part_guarded();

-- Congress chains: every actor may add them; changed only by actors who reach the whole service.
CREATE FUNCTION congress_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND NOT (SELECT actor_flag('reach')) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'congress is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER congress_guarded BEFORE INSERT OR UPDATE OR DELETE ON congress
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION congress_guarded();

-- The congress chains that a plan prepares: for the council that issues the plan.
CREATE FUNCTION plan_congress_guarded() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND NOT (
            (SELECT actor_flag('reach'))
            OR EXISTS (SELECT FROM plan_place p WHERE p.plan = OLD.plan AND actor_council(p.council))
        ))
        OR (TG_OP <> 'DELETE' AND NOT (
            (SELECT actor_flag('reach'))
            OR EXISTS (SELECT FROM plan_place p WHERE p.plan = NEW.plan AND actor_council(p.council))
        ))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'plan_congress is guarded: out of reach';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER plan_congress_guarded BEFORE INSERT OR UPDATE OR DELETE ON plan_congress
    FOR EACH ROW WHEN (row_security_active('public.unit'::regclass)) EXECUTE FUNCTION plan_congress_guarded();
