-- Acts that the database lets nobody do unrecorded: signatures, grants, revocations, links and erasures.
--
-- The application role could say that it acts for anybody (actor.sql), so what it may not do in silence is checked when
-- the transaction ends: an event of this transaction must say it. Events are never removed (audit.sql).

CREATE FUNCTION expect_recorded(wanted text, about text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_event WHERE subject = about AND act = wanted AND at >= now()) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('%s is not recorded in the audit trail', wanted);
    END IF;
END $$;

-- Numbers, an allocation or a list are proposed, approved and adopted with the event of that act, by whose signature it has.
CREATE FUNCTION signature_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted text := concat(TG_TABLE_NAME, '_', NEW.state);
    signer text := CASE NEW.state WHEN 'proposed' THEN NEW.proposed_by WHEN 'approved' THEN NEW.approved_by END;
BEGIN
    PERFORM expect_recorded(wanted, NEW.id::text);
    IF NEW.state <> 'adopted' AND NOT EXISTS (
        SELECT FROM audit_event WHERE subject = NEW.id::text AND act = wanted AND at >= now() AND actor = signer
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('%s is recorded of somebody else than the one who signed', wanted);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sizing_recorded AFTER INSERT OR UPDATE OF state ON sizing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('proposed', 'approved', 'adopted'))
    EXECUTE FUNCTION signature_recorded();
CREATE CONSTRAINT TRIGGER allocation_recorded AFTER INSERT OR UPDATE OF state ON allocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('proposed', 'approved', 'adopted'))
    EXECUTE FUNCTION signature_recorded();
CREATE CONSTRAINT TRIGGER selection_recorded AFTER INSERT OR UPDATE OF state ON selection
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('proposed', 'approved', 'adopted'))
    EXECUTE FUNCTION signature_recorded();

-- Seats of a received quota are entered and confirmed with the event of that act, entered by whom the entry names.
CREATE FUNCTION quota_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.entered IS NULL THEN
        PERFORM expect_recorded('quota_confirmed', NEW.id::text);
    ELSIF NOT EXISTS (
        SELECT FROM audit_event WHERE subject = NEW.id::text AND at >= now()
            AND act IN ('quota_received', 'quota_replaced') AND actor = NEW.entered ->> 'entered_by'
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'the entry is not recorded in the audit trail of whoever it names';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quota_entry_recorded AFTER INSERT ON quota
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.entered IS NOT NULL) EXECUTE FUNCTION quota_recorded();
CREATE CONSTRAINT TRIGGER quota_recorded AFTER UPDATE OF entered, document ON quota
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        NEW.source = 'received' AND (NEW.entered IS NOT NULL AND NEW.entered IS DISTINCT FROM OLD.entered
            OR NEW.document IS NOT NULL AND NEW.document IS DISTINCT FROM OLD.document)
    ) EXECUTE FUNCTION quota_recorded();

-- A key is issued and revoked with its event, and so is a grant. The grants of a key are in the event of the key.
CREATE FUNCTION key_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM expect_recorded(CASE TG_OP WHEN 'INSERT' THEN 'key_issued' ELSE 'key_revoked' END, NEW.id::text);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER service_key_issue_recorded AFTER INSERT ON service_key
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION key_recorded();
CREATE CONSTRAINT TRIGGER service_key_revocation_recorded AFTER UPDATE OF revoked_at ON service_key
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION key_recorded();

CREATE FUNCTION grant_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told jsonb := jsonb_build_object(
        'role', NEW.role, 'unit', NEW.unit, 'congress', NEW.congress, 'scopes', NEW.scopes, 'source', NEW.source
    );
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM expect_recorded('role_revoked', NEW.id::text);
    ELSIF NOT EXISTS (
        SELECT FROM audit_event WHERE at >= now() AND (
            (subject = NEW.id::text AND act = 'role_granted' AND changes @> told)
            OR (subject = NEW.key::text AND act = 'key_issued' AND changes -> 'grants' @> jsonb_build_array(told))
        )
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'the grant is not recorded in the audit trail as it is';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER role_grant_recorded AFTER INSERT OR UPDATE OF revoked_at ON role_grant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grant_recorded();

-- An identity changes its account with the event of the link or the separation, which names the account.
CREATE FUNCTION account_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_event WHERE subject = NEW.account::text AND at >= now()
            AND act IN ('identities_linked', 'identity_separated')
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'identities_linked is not recorded in the audit trail';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER identity_account_recorded AFTER UPDATE OF account ON identity
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION account_recorded();

-- A person's key is destroyed with the event of the erasure, and so is that of a list's inputs: of somebody they name.
CREATE FUNCTION box_removal_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM expect_recorded('person_erased', OLD.person::text);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER person_sealed_removal_recorded AFTER DELETE ON person_sealed
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION box_removal_recorded();

-- The reason why a vote was revoked is destroyed with the event of the erasure of somebody on its list.
CREATE FUNCTION vote_reason_removal_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_event AS event JOIN list_vote_name AS name ON name.person::text = event.subject
        WHERE event.act = 'person_erased' AND event.at >= now() AND name.vote = OLD.vote
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'person_erased is not recorded in the audit trail';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER list_vote_reason_removal_recorded AFTER DELETE ON list_vote_reason
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION vote_reason_removal_recorded();

-- The bytes of a paper are destroyed with the event of its erasure.
CREATE FUNCTION paper_removal_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM expect_recorded('paper_erased', OLD.paper::text);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER paper_box_removal_recorded AFTER DELETE ON paper_box
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION paper_removal_recorded();

CREATE FUNCTION snapshot_key_removal_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_event AS event JOIN person_snapshot ON person_snapshot.person::text = event.subject
        WHERE event.act = 'person_erased' AND event.at >= now() AND person_snapshot.snapshot = OLD.snapshot
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'person_erased is not recorded in the audit trail';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER snapshot_key_removal_recorded AFTER DELETE ON snapshot_key
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION snapshot_key_removal_recorded();
