-- Events of the audit trail are only added, one by one, and never changed.
--
-- An event contains the hash of the event before it in its chain; the head of a chain records the last event. So an
-- event can be added only at the end. While these triggers exist, not even the owner can change or remove an event.
--
-- A writer calls lock_audit_heads, which sets the time, and then adds events: each moves its head. The application role
-- cannot write heads by itself (grants.sql), so a head never stands without its event, nor an event beyond its head.

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Lock the heads of chains until the transaction ends, the chain ``first`` before the others; a new chain gets a head.
--
-- ``at`` of each is from now on the time for its next events: the clock's, after all who waited, and never before the
-- last event. Nobody else sets the time of an event.
CREATE FUNCTION lock_audit_heads(chains text[], first text) RETURNS SETOF audit_head
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE wanted text;
BEGIN
    FOR wanted IN SELECT DISTINCT name, name <> first FROM unnest(chains) AS name ORDER BY name <> first, name LOOP
        RETURN QUERY INSERT INTO audit_head AS head (chain, n, hash, at)
            VALUES (wanted, 0, repeat('0', 64), greatest(clock_timestamp(), now()))
            ON CONFLICT (chain) DO UPDATE SET at = greatest(clock_timestamp(), now(), head.at)
            RETURNING head.*;
    END LOOP;
END $$;

-- JSON as Python's json.dumps(…, ensure_ascii=False, sort_keys=True, separators=(",", ":")) writes it.
CREATE FUNCTION write_plain_json(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'object' THEN (
            SELECT concat('{', string_agg(
                concat(to_json(key), ':', write_plain_json(member)), ',' ORDER BY key COLLATE "C"), '}')
            FROM jsonb_each(value) AS members (key, member))
        WHEN 'array' THEN (
            SELECT concat('[', string_agg(write_plain_json(item), ',' ORDER BY place), ']')
            FROM jsonb_array_elements(value) WITH ORDINALITY AS items (item, place))
        ELSE value::text
    END;
END $$;

-- The hash of an event: that of compute_event_hash in db/audit.py.
CREATE FUNCTION hash_audit_event(event audit_event) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN encode(sha256(convert_to(write_plain_json(jsonb_build_array(
        event.chain, event.n, event.id, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
        event.actor, event.on_behalf_of, event.act, event.subject_kind, event.subject, event.request_id, event.changes,
        event.prev
    )), 'UTF8')), 'hex');
END $$;

-- An event contains the hash of the one before it, and the first event of a chain 64 zeros; its time is that of its
-- locked head, set in this transaction; its hash is that of its content. It becomes the last event of its chain.
CREATE FUNCTION audit_event_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head audit_head;
BEGIN
    SELECT * INTO head FROM audit_head WHERE chain = NEW.chain FOR UPDATE;
    IF head.chain IS NULL OR (NEW.n, NEW.prev) IS DISTINCT FROM (head.n + 1, head.hash) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the event follows no other';
    ELSIF NEW.at IS DISTINCT FROM head.at OR NEW.at < now() THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'the event follows no other: its time is not that of its head';
    ELSIF NEW.hash IS DISTINCT FROM hash_audit_event(NEW) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'the event follows no other: its hash is not that of its content';
    END IF;
    UPDATE audit_head SET n = NEW.n, hash = NEW.hash WHERE chain = NEW.chain;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_follows();

-- A head starts without an event, and moves on in its own chain: to later events and times.
CREATE FUNCTION audit_head_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND (NEW.n, NEW.hash) <> (0, repeat('0', 64)))
        OR (TG_OP = 'UPDATE' AND (NEW.chain <> OLD.chain OR NEW.n < OLD.n OR NEW.at < OLD.at
            OR (NEW.n = OLD.n) <> (NEW.hash = OLD.hash)))
        OR TG_OP IN ('DELETE', 'TRUNCATE')
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a head moves on in its chain';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_head_moves BEFORE INSERT OR UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_moves();
CREATE TRIGGER audit_head_remains BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_head_moves();

-- When the transaction ends, each head that was made or moved must stand at its last event, with its time. With the
-- owner's rights, since not every writer may read the chain.
CREATE FUNCTION audit_head_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_head AS head JOIN audit_event AS event
            ON (event.chain, event.n, event.hash, event.at) = (head.chain, head.n, head.hash, head.at)
        WHERE head.chain = NEW.chain
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a head stands where its last event does';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_head_stands AFTER INSERT OR UPDATE ON audit_head
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_head_stands();
