-- What the database knows of the actor.
--
-- The policies are the second of two access checks (docs/access.md). They test the same as the queries of the service,
-- but independently, so that a missing filter reveals nothing. The settings below describe the actor; each transaction
-- sets them (db.session.set_actor):
--
-- daibieu.actor        the actor's id
-- daibieu.reach        ``on`` if the whole service is within reach
-- daibieu.units        the units in which the actor has grants, and
-- daibieu.chains       the congress chain of each grant, or empty for all chains
-- daibieu.home         ``on`` if every unit is the actor's own, drafts included
-- daibieu.homes        the units that are the actor's own, drafts included, and
-- daibieu.home_chains  the congress chain of each
-- daibieu.aggregates   ``on`` while numbers are counted for an answer with only numbers (db.session.allow_counting)
-- daibieu.sealed       ``on`` for an actor who may read sealed data of people, and in the one marked block in which a
--                      sealed box is written again for another actor (db.session.allow_unsealing)
--
-- If they are not set, the actor reaches nothing. The functions are stable: one that is called in a subquery runs once
-- for each statement, and not for each row.

CREATE FUNCTION actor_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('daibieu.actor', true), '');

CREATE FUNCTION actor_flag(name text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('daibieu.' || name, true), '') = 'on';

CREATE FUNCTION actor_list(name text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.' || name, true), ''), '{}')::text[];

CREATE FUNCTION actor_units(name text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('daibieu.' || name, true), ''), '{}')::uuid[];

-- The congress chain of all grants of an actor, empty for every chain; NULL if the grants differ.
CREATE FUNCTION actor_chain(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN cardinality(array_remove(actor_list(name), (actor_list(name))[1])) = 0 THEN (actor_list(name))[1] END;

-- Asked for each row: see questions.sql.
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
