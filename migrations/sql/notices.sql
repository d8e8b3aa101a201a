-- Notices of runs: workers hear at once of one that waits, and who waits for one hears of its end (db/notices.py).
--
-- A notice is sent when its transaction is committed, so what it speaks of can be read. Who misses one finds the run by
-- looking: the row is the queue, and a notice only saves the time until somebody looks.

CREATE FUNCTION run_noticed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('daibieu_run', NEW.state || ' ' || NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER run_noticed AFTER INSERT OR UPDATE OF state ON run
    FOR EACH ROW WHEN (NEW.state <> 'running') EXECUTE FUNCTION run_noticed();
