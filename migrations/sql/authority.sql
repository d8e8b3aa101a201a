-- Functions with the owner's rights for what the application role may not do by itself (grants.sql): only here are keys
-- and grants made, and keys destroyed. Each checks what must hold whatever its caller checked; that the act is also
-- recorded is checked when the transaction ends (recorded.sql).

CREATE FUNCTION refuse_authority(reason text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = reason;
END $$;

-- Which role may grant which other: GRANTABLE_ROLES in domain/access.py.
CREATE FUNCTION may_grant_role(own text, wanted text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE own
        WHEN 'standing_council' THEN wanted IN ('standing_council', 'unit_officer', 'machine_client')
        WHEN 'approver' THEN wanted IN ('approver', 'auditor')
        ELSE false
    END
$$;

-- A new key of an identity: issued by the actor now, for a year and a day at most, and in force.
CREATE FUNCTION add_service_key(
    new_id uuid, holder uuid, new_handle text, new_digest bytea, used_for text, ends timestamptz
) RETURNS SETOF service_key LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF actor_id() IS NULL THEN PERFORM refuse_authority('a key is issued by nobody'); END IF;
    IF ends > now() + interval '367 days' THEN PERFORM refuse_authority('a key is valid for a year at most'); END IF;
    RETURN QUERY INSERT INTO service_key
        (id, identity, handle, digest, purpose, issued_by, created_at, expires_at, version)
        VALUES (new_id, holder, new_handle, new_digest, used_for, actor_id(), greatest(clock_timestamp(), now()), ends, 1)
        RETURNING *;
END $$;

-- A new grant by the actor, in a unit within reach. An actor with an identity must have a stored role that may grant
-- this one. With ``of_key`` it is for a key of the same identity that is being issued: one in use gets no more grants.
CREATE FUNCTION add_role_grant(
    new_id uuid, holder uuid, of_key uuid, new_role text, place uuid, chain text, allowed jsonb, paper text,
    ends timestamptz
) RETURNS SETOF role_grant LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF actor_id() IS NULL THEN PERFORM refuse_authority('a role is granted by nobody'); END IF;
    IF NOT actor_flag('reach') AND NOT coalesce(
        CASE WHEN chain IS NULL THEN actor_unit_under(place) ELSE actor_under(chain, place) END, false
    ) THEN
        PERFORM refuse_authority('the grant is out of reach');
    END IF;
    IF EXISTS (SELECT FROM identity WHERE id::text = actor_id()) AND NOT EXISTS (
        SELECT FROM role_grant AS own WHERE own.identity::text = actor_id() AND own.revoked_at IS NULL
            AND coalesce(own.expires_at > now(), true) AND may_grant_role(own.role, new_role)
    ) THEN
        PERFORM refuse_authority('the grant is beyond the roles of the actor');
    END IF;
    IF of_key IS NOT NULL AND NOT EXISTS (
        SELECT FROM service_key AS issued WHERE issued.id = of_key AND issued.identity = holder
            AND issued.issued_by = actor_id() AND issued.created_at >= now()
            AND NOT EXISTS (SELECT FROM audit_event WHERE subject = of_key::text AND act = 'key_issued')
    ) THEN
        PERFORM refuse_authority('the grant is for another key than is being issued');
    END IF;
    RETURN QUERY INSERT INTO role_grant
        (id, identity, key, role, unit, congress, scopes, source, granted_by, created_at, expires_at, version)
        VALUES (new_id, holder, of_key, new_role, place, chain, allowed, paper, actor_id(), clock_timestamp(), ends, 1)
        RETURNING *;
END $$;

-- What is revoked stays so, from then on.
CREATE FUNCTION revoked_for_good() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
        PERFORM refuse_authority('what is revoked stays revoked');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER service_key_revoked_for_good BEFORE UPDATE ON service_key
    FOR EACH ROW EXECUTE FUNCTION revoked_for_good();
CREATE TRIGGER role_grant_revoked_for_good BEFORE UPDATE ON role_grant
    FOR EACH ROW EXECUTE FUNCTION revoked_for_good();

-- The sealed inputs that may contain a person: those of every conference for which the person was nominated or invited.
CREATE VIEW person_snapshot AS
    SELECT line.person, selection.snapshot FROM selection JOIN (
        SELECT person, conference FROM nomination UNION SELECT person, conference FROM invitation
    ) AS line ON line.conference = selection.conference;

-- Destroy the key of a person with all that it sealed, and the sealed reasons why a vote on a list that names the person
-- was revoked: for a session that reaches everything.
CREATE FUNCTION destroy_person_key(erased uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (actor_flag('reach') AND actor_flag('home')) THEN
        PERFORM refuse_authority('the person is out of reach');
    END IF;
    WITH box AS (DELETE FROM person_sealed WHERE person = erased RETURNING key_id)
    DELETE FROM person_key WHERE id IN (SELECT key_id FROM box);
    DELETE FROM list_vote_reason WHERE vote IN (SELECT vote FROM list_vote_name WHERE person = erased);
END $$;

-- Destroy the keys of all sealed inputs that may contain a person; how many there were.
CREATE FUNCTION destroy_snapshot_keys(erased uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found_keys bigint;
BEGIN
    IF NOT actor_flag('reach') THEN PERFORM refuse_authority('the person is out of reach'); END IF;
    DELETE FROM snapshot_key WHERE snapshot IN (SELECT snapshot FROM person_snapshot WHERE person = erased);
    GET DIAGNOSTICS found_keys = ROW_COUNT;
    RETURN found_keys;
END $$;

-- Destroy the bytes of a paper with their key: for an actor who sees the paper.
CREATE FUNCTION destroy_paper(erased uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM received_paper AS paper
        WHERE paper.id = erased AND (actor_flag('reach') OR actor_under(paper.congress, paper.unit))
    ) THEN
        PERFORM refuse_authority('the paper is out of reach');
    END IF;
    DELETE FROM paper_box WHERE paper = erased;
END $$;

-- Forget the inputs of calculations that no run has any more; how many there were.
CREATE FUNCTION forget_calculation_inputs() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE forgotten bigint;
BEGIN
    DELETE FROM snapshot WHERE schema = 'apportionment/1'
        AND NOT EXISTS (SELECT FROM run WHERE run.snapshot = snapshot.digest);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;
