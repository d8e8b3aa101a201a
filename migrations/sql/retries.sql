-- Locking the key of a request, and reading what is stored under it, in one statement.
--
-- A plain SELECT that does both would read with the snapshot from before the lock, and miss the answer of a rival who
-- has just committed. In a volatile function each statement has a snapshot of its own: this one reads after the lock.
-- It runs with the caller's rights, so the policies apply (policies/runs.sql).

-- ``locked`` is false while another transaction has the key; the other columns are NULL when nothing valid is stored.
CREATE FUNCTION lock_answer(lock_id bigint, asker text, asked text) RETURNS TABLE (
    locked boolean, request_digest bytea, answer bytea, run uuid, master text
)
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(lock_id) THEN
        RETURN QUERY SELECT false, NULL::bytea, NULL::bytea, NULL::uuid, NULL::text;
        RETURN;
    END IF;
    RETURN QUERY SELECT true, i.request_digest, i.answer, i.run, i.master
        FROM (VALUES (0)) AS one LEFT JOIN public.idempotency i
            ON i.actor = asker AND i.key = asked AND i.expires_at > now();
END $$;
