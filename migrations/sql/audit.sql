-- Events of the audit trail are only added, one by one, and never changed.
--
-- An event contains the hash of the event before it in its chain; the head of a chain records the last event. So an
-- event can be added only at the end. While these triggers exist, not even the owner can change or remove an event.

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- An event contains the hash of the one before it; the first event of a chain contains 64 zeros.
CREATE FUNCTION audit_event_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.prev IS DISTINCT FROM (
        CASE NEW.n WHEN 1 THEN repeat('0', 64)
        ELSE (SELECT hash FROM audit_event WHERE chain = NEW.chain AND n = NEW.n - 1) END
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the event follows no other';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_follows();

-- A head starts without an event, and each update moves it on in its own chain; one act may add several events at once.
-- That none is left out follows from the two other triggers: each event follows the one before it, and the last one is
-- that of the head.
CREATE FUNCTION audit_head_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND (NEW.n, NEW.hash) <> (0, repeat('0', 64)))
        OR (TG_OP = 'UPDATE' AND (NEW.chain <> OLD.chain OR NEW.n <= OLD.n OR NEW.hash = OLD.hash))
    THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a head moves on in its chain';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_head_moves BEFORE INSERT OR UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_head_moves();

-- When the transaction ends, the event of the head must exist. With the owner's rights, since not every writer may read
-- the chain.
CREATE FUNCTION audit_head_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_event WHERE (chain, n, hash) = (NEW.chain, NEW.n, NEW.hash)) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a head stands where its last event does';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_head_stands AFTER UPDATE ON audit_head
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_head_stands();

-- And when the transaction ends, no event may lie beyond the head: one that was added without moving the head would
-- keep the number that the next event needs, and end the chain there.
CREATE FUNCTION audit_event_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_head WHERE chain = NEW.chain AND n >= NEW.n) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the event lies beyond the head';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_event_within AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_event_within();
