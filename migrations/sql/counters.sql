-- Counters of nominees, of guests and of the seats of units. Concurrent transactions wait for the row of the quota, or
-- of the conference and the seat group, and its CHECK constraints refuse one too many.
--
-- Only triggers count, with the owner's rights: the application role may not write these columns (grants.sql).
--
-- PostgreSQL fires the triggers of a row in the order of their names. Those that count begin with a figure, so that they
-- come before the checks of foreign keys ("RI_..."), which lock the row that is counted in share mode. If the lock came
-- first, a row would have several holders, of whom one changes it and is then refused; PostgreSQL 18 ends whoever comes
-- at that moment with XX000, "new multixact has more than one updating member".

-- An excess that an amendment left can only decrease.
CREATE FUNCTION count_nominations(quota_id uuid, more_nominated int, more_taken int) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE quota SET
        nominated = nominated + more_nominated,
        taken = taken + more_taken,
        excess_nominated = least(excess_nominated, greatest(nominated + more_nominated + distributed - nominee_limit, 0)),
        excess_taken = least(excess_taken, greatest(taken + more_taken + distributed - seats, 0))
    WHERE id = quota_id AND (more_nominated <> 0 OR more_taken <> 0)
$$;

-- A nomination counts after it is submitted, and takes a seat after it is accepted.
CREATE FUNCTION nomination_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was_nominated int := 0; was_taken int := 0; is_nominated int := 0; is_taken int := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was_nominated := (OLD.state IN ('submitted', 'accepted'))::int;
        was_taken := (OLD.state = 'accepted')::int;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        is_nominated := (NEW.state IN ('submitted', 'accepted'))::int;
        is_taken := (NEW.state = 'accepted')::int;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.quota IS NOT DISTINCT FROM NEW.quota THEN
        PERFORM count_nominations(NEW.quota, is_nominated - was_nominated, is_taken - was_taken);
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM count_nominations(OLD.quota, -was_nominated, -was_taken); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM count_nominations(NEW.quota, is_nominated, is_taken); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "1_nomination_counted" AFTER INSERT OR UPDATE OR DELETE ON nomination
    FOR EACH ROW EXECUTE FUNCTION nomination_counted();

-- Places of a seat group: seats given to units, and people on the organiser's list. The conference is counted first, in
-- the order of row locks (docs/decisions/0015-row-lock-order.md). An excess can only decrease here too.
CREATE FUNCTION count_places(held uuid, of_group text, more_given int, more_listed int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (more_given, more_listed) = (0, 0) THEN RETURN; END IF;
    UPDATE conference SET
        given = given + more_given,
        listed = listed + more_listed,
        excess = least(excess, greatest(given + more_given + listed + more_listed - coalesce(size, maximum), 0))
    WHERE id = held;
    UPDATE seat_group SET
        given = given + more_given,
        listed = listed + more_listed,
        excess = least(excess, greatest(given + more_given + listed + more_listed - coalesce(seats, maximum), 0))
    WHERE conference = held AND "group" = of_group;
END $$;

-- A guest counts until the invitation is declined or removed from the list.
CREATE FUNCTION invitation_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE was int := 0; now_is int := 0;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := (OLD.reply NOT IN ('declined', 'removed'))::int; END IF;
    IF TG_OP <> 'DELETE' THEN now_is := (NEW.reply NOT IN ('declined', 'removed'))::int; END IF;
    IF TG_OP = 'UPDATE' AND (OLD.conference, OLD."group") = (NEW.conference, NEW."group") THEN
        PERFORM count_places(NEW.conference, NEW."group", 0, now_is - was);
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN PERFORM count_places(OLD.conference, OLD."group", 0, -was); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM count_places(NEW.conference, NEW."group", 0, now_is); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "1_invitation_counted" AFTER INSERT OR UPDATE OR DELETE ON invitation
    FOR EACH ROW EXECUTE FUNCTION invitation_counted();

-- The seats of quotas count, but not those that come out of another quota. Once for each statement: an adoption writes
-- the quotas of all units, and the group is counted once. Most statements change no seats, and then nothing is touched.
CREATE FUNCTION quota_seats_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held uuid; of_group text; more int;
    taken_away text := 'SELECT conference, "group", -seats AS seats FROM old_quotas WHERE parent IS NULL';
    added text := 'SELECT conference, "group", seats FROM new_quotas WHERE parent IS NULL';
BEGIN
    FOR held, of_group, more IN EXECUTE format(
        'SELECT conference, "group", sum(seats)::int FROM (%s) AS changed
        GROUP BY conference, "group" HAVING sum(seats) <> 0 ORDER BY conference, "group"',
        CASE TG_OP WHEN 'INSERT' THEN added WHEN 'DELETE' THEN taken_away ELSE concat(added, ' UNION ALL ', taken_away) END
    ) LOOP
        PERFORM count_places(held, of_group, more, 0);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER quota_seats_added AFTER INSERT ON quota REFERENCING NEW TABLE AS new_quotas
    FOR EACH STATEMENT EXECUTE FUNCTION quota_seats_counted();
CREATE TRIGGER quota_seats_changed AFTER UPDATE ON quota REFERENCING OLD TABLE AS old_quotas NEW TABLE AS new_quotas
    FOR EACH STATEMENT EXECUTE FUNCTION quota_seats_counted();
CREATE TRIGGER quota_seats_removed AFTER DELETE ON quota REFERENCING OLD TABLE AS old_quotas
    FOR EACH STATEMENT EXECUTE FUNCTION quota_seats_counted();
