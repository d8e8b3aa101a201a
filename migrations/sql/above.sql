-- Which units are above which (unit_above): triggers on links and units write it, with the owner's rights.
--
-- A path that is valid until the unit ends also counts after that: the units above remain responsible for the unit.

CREATE FUNCTION unit_above_renew(changed uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE affected uuid[];
BEGIN
    IF cardinality(changed) = 0 OR changed IS NULL THEN RETURN; END IF;
    WITH RECURSIVE below AS (
        SELECT unnest(changed) AS unit
        UNION SELECT unit_link.child FROM below JOIN unit_link ON unit_link.parent = below.unit
    )
    SELECT array_agg(unit) INTO affected FROM below;
    DELETE FROM unit_above WHERE unit = ANY (affected);
    INSERT INTO unit_above (congress, unit, above, during)
    WITH RECURSIVE path AS (
        SELECT congress, child AS unit, parent AS above, during FROM unit_link WHERE child = ANY (affected)
        UNION
        SELECT path.congress, path.unit, unit_link.parent, path.during * unit_link.during
        FROM path JOIN unit_link ON unit_link.child = path.above AND unit_link.congress = path.congress
            AND unit_link.during && path.during
        WHERE unit_link.parent <> path.unit
    )
    SELECT DISTINCT path.congress, path.unit, path.above, daterange(
        CASE WHEN lower(path.during) IS DISTINCT FROM lower(unit.during) THEN lower(path.during) END,
        CASE WHEN upper(path.during) IS DISTINCT FROM upper(unit.during) THEN upper(path.during) END
    )
    FROM path JOIN unit ON unit.id = path.unit;
END $$;

CREATE FUNCTION unit_above_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM unit_above_renew(ARRAY(SELECT child FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM unit_above_renew(ARRAY(SELECT child FROM old_rows));
    ELSE
        PERFORM unit_above_renew(ARRAY(SELECT child FROM new_rows UNION SELECT child FROM old_rows));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER unit_above_inserted AFTER INSERT ON unit_link
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_links();
CREATE TRIGGER unit_above_deleted AFTER DELETE ON unit_link
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_links();
CREATE TRIGGER unit_above_updated AFTER UPDATE ON unit_link
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_links();

CREATE FUNCTION unit_above_units() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM unit_above_renew(ARRAY(
        SELECT new_rows.id FROM new_rows JOIN old_rows USING (id) WHERE new_rows.during <> old_rows.during
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER unit_above_lived AFTER UPDATE ON unit
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION unit_above_units();
