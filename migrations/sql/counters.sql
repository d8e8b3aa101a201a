-- Counters of nominees and guests. Concurrent transactions wait for the row of the quota, or of the seat group, and its
-- CHECK constraints refuse one too many.
--
-- Only triggers count, with the owner's rights: the application role may not write these columns (grants.sql).

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
CREATE TRIGGER nomination_counted AFTER INSERT OR UPDATE OR DELETE ON nomination
    FOR EACH ROW EXECUTE FUNCTION nomination_counted();

-- A guest counts until the invitation is declined or removed from the list.
CREATE FUNCTION invitation_counted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.reply NOT IN ('declined', 'removed') THEN
        UPDATE seat_group SET listed = listed - 1 WHERE conference = OLD.conference AND "group" = OLD."group";
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.reply NOT IN ('declined', 'removed') THEN
        UPDATE seat_group SET listed = listed + 1 WHERE conference = NEW.conference AND "group" = NEW."group";
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invitation_counted AFTER INSERT OR UPDATE OR DELETE ON invitation
    FOR EACH ROW EXECUTE FUNCTION invitation_counted();
