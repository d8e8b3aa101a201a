-- What the database knows of who acts.
--
-- The policies are the second wall: they ask the same questions as the use cases do, by themselves, so that a forgotten
-- filter leaks nothing. What they know of the actor is set per transaction (db.session):
--
-- daibieu.actor        who acts
-- daibieu.reach        ``on`` where the whole house is within reach
-- daibieu.units        the units in which grants stand, and
-- daibieu.chains       the congress chain of each, or empty for all chains
-- daibieu.home         ``on`` where every unit is the actor's own, drafts included
-- daibieu.homes        the units that are
-- daibieu.home_chains  and their chains
-- daibieu.aggregates   ``on`` while numbers are counted that are shown as numbers only
-- daibieu.sealed       ``on`` for who may read what is sealed of people, and in the one marked block in which a box is
--                      written anew by somebody who may not (db.session.unsealing)
--
-- Unset, they reach nothing. The functions are stable: where one stands in a subquery it is evaluated once a statement,
-- and not once a row.

CREATE FUNCTION actor_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('daibieu.actor', true), '');

CREATE FUNCTION actor_flag(name text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('daibieu.' || name, true), '') = 'on';

CREATE FUNCTION actor_list(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.' || name, true), ''), '{}')::text[];

CREATE FUNCTION actor_units(name text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.' || name, true), ''), '{}')::uuid[];

-- The one chain of all of an actor's grants, empty for every chain; NULL where grants differ.
CREATE FUNCTION actor_chain(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN cardinality(array_remove(actor_list(name), (actor_list(name))[1])) = 0 THEN (actor_list(name))[1] END;

CREATE FUNCTION actor_stands(units text, chains text, chain text, place uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1 AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(public.actor_units(units), public.actor_list(chains)) AS grants (unit, congress)
        WHERE grants.unit = place AND grants.congress IN ('', chain)
    );
END $$;

CREATE FUNCTION vietnam_day() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
