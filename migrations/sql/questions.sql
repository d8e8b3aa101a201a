-- The functions that the policies use.
--
-- As functions they are planned once in each connection. Inlined into each policy, they would be planned and set up in
-- every statement, and again wherever one policy uses another. They are written for fast lists (benchmarks/access.py):
-- the sets with which rows are compared are small and computed once for each statement; only the rest is looked up
-- for each row. So they have no search path of their own, which would be set for each row: every table and function is
-- named with its schema, and no type is named (tests/house/test_database.py).

CREATE FUNCTION actor_conferences() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(SELECT p.conference FROM public.actor_grant g
        JOIN public.conference_place p ON p.unit = g.unit AND g.congress IN ('', p.congress));
END $$;

CREATE FUNCTION actor_conferences_above() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(SELECT p.conference FROM public.actor_grant g
        JOIN public.unit_above a ON a.unit = g.unit AND g.congress IN ('', a.congress)
            AND a.during @> public.vietnam_day()
        JOIN public.conference_place p ON p.unit = a.above AND p.congress = a.congress);
END $$;

CREATE FUNCTION actor_conferences_given() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(SELECT q.conference FROM public.actor_grant g
        JOIN public.quota_place q ON q.unit = g.unit AND g.congress IN ('', q.congress));
END $$;

CREATE FUNCTION actor_units_above() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(SELECT m.unit FROM public.actor_above m);
END $$;

-- Whether any unit is below the actor's units. Sorted as the index, or the planner would read the whole table.
CREATE FUNCTION actor_leads() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    PERFORM FROM public.unit_above a WHERE a.above = ANY (public.actor_units('units')) ORDER BY a.above LIMIT 1;
    RETURN FOUND;
END $$;

CREATE FUNCTION actor_under(chain text, place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN public.actor_stands('units', 'chains', chain, place)
        OR EXISTS (SELECT FROM public.actor_below m WHERE m.congress = chain AND m.unit = place);
END $$;

CREATE FUNCTION actor_unit_under(place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN place = ANY (public.actor_units('units')) OR EXISTS (SELECT FROM public.actor_below m WHERE m.unit = place);
END $$;

CREATE FUNCTION actor_runs(held uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.conference_place p
        WHERE p.conference = held AND public.actor_under(p.congress, p.unit));
END $$;

CREATE FUNCTION actor_reaches(held uuid, place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN public.actor_flag('reach') OR EXISTS (SELECT FROM public.conference_place p
        WHERE p.conference = held AND public.actor_under(p.congress, place));
END $$;

CREATE FUNCTION actor_council(code text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.unit_code c
        WHERE c.scheme = 'local' AND c.code = actor_council.code AND public.actor_unit_under(c.unit));
END $$;
