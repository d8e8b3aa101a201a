-- Accounts: which identities are one person, and what needs two persons (docs/decisions/0022-one-account-one-person.md).

-- A new identity belongs to a new account, which has the id that the identity brings. So nobody enters another account.
CREATE FUNCTION identity_gets_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO account (id, created_at) VALUES (NEW.account, clock_timestamp());
    RETURN NEW;
END $$;
CREATE TRIGGER identity_gets_account BEFORE INSERT ON identity FOR EACH ROW EXECUTE FUNCTION identity_gets_account();

-- The identity of whoever has this id, if it is one: the service itself and the command line have none. Not in plain SQL,
-- which tries the cast of a constant before the question.
CREATE FUNCTION read_identity(who text) RETURNS uuid LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_input_is_valid(who, 'uuid') THEN RETURN who; END IF;
    RETURN NULL;
END $$;

-- An identity, whoever issued one of its keys that was valid at that time or later, and so on: whoever issues a key has
-- read it.
CREATE FUNCTION list_key_holders(who text, since timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE holder (id) AS (
        SELECT read_identity(who) UNION
        SELECT read_identity(issued.issued_by) FROM holder JOIN service_key AS issued ON issued.identity = holder.id
        WHERE least(issued.revoked_at, issued.expires_at) >= since
    )
    SELECT id FROM holder WHERE id IS NOT NULL
$$;

-- By what a person is recognized: two ids with a mark in common are one person.
--
-- The marks are the id itself; and of the identity, and of whoever issued its keys, the account, accounts that it left at
-- ``since`` or later, and the subject, whatever the issuer.
CREATE FUNCTION list_person_marks(who text, since timestamptz) RETURNS text []
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT who WHERE who IS NOT NULL
        UNION SELECT concat('account ', account) FROM identity WHERE id IN (SELECT list_key_holders(who, since))
        UNION SELECT concat('account ', account) FROM former_account
            WHERE identity IN (SELECT list_key_holders(who, since)) AND left_at >= since
        UNION SELECT concat('subject ', lower(subject)) FROM identity WHERE id IN (SELECT list_key_holders(who, since))
    )
$$;

-- The marks of each id. The identities stay as they are until the transaction ends: a link at the same time comes before
-- or after.
CREATE FUNCTION lock_person_marks(people text [], since timestamptz) RETURNS TABLE (person text, marks text [])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM identity WHERE id IN (SELECT list_key_holders(who, since) FROM unnest(people) AS who)
        ORDER BY id FOR SHARE;
    RETURN QUERY SELECT DISTINCT who, list_person_marks(who, since) FROM unnest(people) AS who WHERE who IS NOT NULL;
END $$;

-- Whether the actor is one person with somebody else. It tells only of the actor, and locks nothing: for lists of what
-- the actor may sign. Whoever signs is compared again, with a lock.
CREATE FUNCTION is_actor(other text, since timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(list_person_marks(other, since) && list_person_marks(actor_id(), since), false)
$$;

-- Whether somebody is one person with any of the others.
CREATE FUNCTION is_one_person(one text, others text [], since timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
    WITH known AS MATERIALIZED (SELECT * FROM lock_person_marks(one || others, since))
    SELECT EXISTS (
        SELECT FROM known AS person JOIN known AS other ON other.marks && person.marks
        WHERE person.person = one AND other.person = ANY (others)
    )
$$;

-- Whoever approves or adopts is somebody else than whoever proposed, unless the plan has the signed document for it.
CREATE FUNCTION signed_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM plan_version WHERE id = NEW.plan_version AND body ->> 'four_eyes' = 'document')
        AND is_one_person(NEW.proposed_by, ARRAY[NEW.approved_by, actor_id()], NEW.created_at)
    THEN PERFORM refuse('second_person_needed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sizing_signed_by_two BEFORE INSERT OR UPDATE OF state ON sizing
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'adopted')) EXECUTE FUNCTION signed_by_two();
CREATE TRIGGER allocation_signed_by_two BEFORE INSERT OR UPDATE OF state ON allocation
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'adopted')) EXECUTE FUNCTION signed_by_two();
CREATE TRIGGER selection_signed_by_two BEFORE INSERT OR UPDATE OF state ON selection
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'adopted')) EXECUTE FUNCTION signed_by_two();

-- A received quota gets another document, or more seats, only by the confirmation of what was entered, and by somebody else
-- than whoever entered it.
CREATE FUNCTION quota_confirmed_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry jsonb := OLD.entered;
BEGIN
    IF (NEW.seats, NEW.document) IS DISTINCT FROM ((entry -> 'seats')::int, entry -> 'document') THEN
        PERFORM refuse_authority('the seats of a received quota are those that were entered');
    END IF;
    IF NOT EXISTS (
            SELECT FROM conference JOIN plan_version ON plan_version.id = conference.plan_version
            WHERE conference.id = NEW.conference AND plan_version.body ->> 'four_eyes' = 'document'
        )
        AND is_one_person(entry ->> 'entered_by', ARRAY[actor_id()], (entry ->> 'entered_at')::timestamptz)
    THEN PERFORM refuse('second_person_needed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quota_confirmed_by_two BEFORE UPDATE OF source, document, seats ON quota FOR EACH ROW
    WHEN (NEW.source = 'received' AND NEW.document IS NOT NULL
        AND (NEW.seats > OLD.seats OR NEW.document IS DISTINCT FROM OLD.document))
    EXECUTE FUNCTION quota_confirmed_by_two();

-- The actor's newest code, in place of any earlier one. Codes that have expired are removed.
CREATE FUNCTION store_link_code(code_digest bytea, ends timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF ends > now() + interval '11 minutes' THEN PERFORM refuse_authority('a code is valid for ten minutes'); END IF;
    DELETE FROM link_code WHERE expires_at <= now();
    INSERT INTO link_code VALUES (read_identity(actor_id()), code_digest, ends)
        ON CONFLICT (identity) DO UPDATE SET digest = EXCLUDED.digest, expires_at = EXCLUDED.expires_at;
END $$;

-- One more code of the actor's is tried: how many there were since the time is counted from.
CREATE FUNCTION count_link_attempt(counted_from timestamptz) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO link_attempt AS tried VALUES (read_identity(actor_id()), 1, now())
        ON CONFLICT (identity) DO UPDATE SET
            attempts = CASE WHEN tried.since < counted_from THEN 1 ELSE tried.attempts + 1 END,
            since = CASE WHEN tried.since < counted_from THEN now() ELSE tried.since END
        RETURNING attempts
$$;

-- The identity that asked for a code, which is then used up. Nobody hands in a code of their own.
CREATE FUNCTION take_link_code(code_digest bytea) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM link_code WHERE digest = code_digest AND expires_at > clock_timestamp()
        AND identity <> read_identity(actor_id()) RETURNING identity
$$;

-- Lock the identities of accounts; changes of accounts come one after another.
CREATE FUNCTION lock_accounts(VARIADIC identities uuid []) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('accounts', 0));
    PERFORM FROM identity WHERE account IN (SELECT account FROM identity WHERE id = ANY (identities))
        ORDER BY id FOR NO KEY UPDATE;
END $$;

-- Two identities belong to one account from now on, with all that were linked to either of them. Only the house links
-- identities of others.
CREATE FUNCTION link_identities(one uuid, other uuid) RETURNS SETOF identity
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE kept uuid; given_up uuid;
BEGIN
    IF NOT actor_flag('reach') AND NOT coalesce(actor_id() IN (one::text, other::text), false) THEN
        PERFORM refuse_authority('the identities are those of others');
    END IF;
    PERFORM lock_accounts(one, other);
    SELECT account INTO kept FROM identity WHERE id = one;
    SELECT account INTO given_up FROM identity WHERE id = other;
    IF given_up <> kept THEN
        INSERT INTO former_account SELECT id, account, clock_timestamp() FROM identity WHERE account = given_up;
        UPDATE identity SET account = kept WHERE account = given_up;
    END IF;
    RETURN QUERY SELECT * FROM identity WHERE account = kept ORDER BY id;
END $$;

-- An identity gets an account of its own again: a wrong link is mended, for what is begun from now on. By the house, and
-- never by the person concerned.
CREATE FUNCTION separate_identity(apart uuid, new_account uuid) RETURNS SETOF identity
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_accounts(apart);
    IF NOT actor_flag('reach') OR is_one_person(actor_id(), ARRAY[apart::text], '-infinity') THEN
        PERFORM refuse_authority('accounts are mended by the house, and by somebody else');
    END IF;
    INSERT INTO account VALUES (new_account, clock_timestamp());
    INSERT INTO former_account SELECT id, account, clock_timestamp() FROM identity WHERE id = apart;
    RETURN QUERY UPDATE identity SET account = new_account WHERE id = apart RETURNING *;
END $$;
