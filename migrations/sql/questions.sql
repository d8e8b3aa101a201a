-- The questions behind the policies.
--
-- As functions they are planned once a connection; inlined into each policy they would be planned, and set up, at every
-- statement, again wherever one policy rests on another. What a list may cost (benchmarks/access.py) shapes them: what
-- rows are compared with is made once a statement, of small sets; only what remains is looked up row by row.

CREATE FUNCTION actor_conferences() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(
        SELECT p.conference FROM public.actor_grant g
        JOIN public.conference_place p ON p.unit = g.unit AND g.congress IN ('', p.congress)
    );
END $$;

CREATE FUNCTION actor_conferences_above() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(
        SELECT p.conference FROM public.actor_grant g
        JOIN public.unit_above a ON a.unit = g.unit AND g.congress IN ('', a.congress)
            AND a.during @> public.vietnam_day()
        JOIN public.conference_place p ON p.unit = a.above AND p.congress = a.congress
    );
END $$;

CREATE FUNCTION actor_conferences_given() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(
        SELECT q.conference FROM public.actor_grant g
        JOIN public.quota_place q ON q.unit = g.unit AND g.congress IN ('', q.congress)
    );
END $$;

CREATE FUNCTION actor_units_above() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN ARRAY(SELECT m.unit FROM public.actor_above m);
END $$;

-- Whether it is worth asking what lies below. In the order of the index, or the planner would read the whole table.
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
    RETURN EXISTS (
        SELECT FROM public.conference_place p WHERE p.conference = held AND public.actor_under(p.congress, p.unit)
    );
END $$;

CREATE FUNCTION actor_reaches(held uuid, place uuid) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN public.actor_flag('reach') OR EXISTS (
        SELECT FROM public.conference_place p WHERE p.conference = held AND public.actor_under(p.congress, place)
    );
END $$;

CREATE FUNCTION actor_council(code text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.unit_code c
        WHERE c.scheme = 'local' AND c.code = actor_council.code AND public.actor_unit_under(c.unit)
    );
END $$;
