-- Rows that no role may change: published plans, proposed allocations and lists, the numbers of decisions, delegates,
-- releases.
--
-- A trigger refuses with the name of the rule; service/texts has a sentence for each name.

CREATE FUNCTION refuse(constraint_name text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = constraint_name, MESSAGE = constraint_name;
END $$;

-- A published version of a plan is never changed; it can only be superseded.
CREATE FUNCTION plan_version_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE kept plan_version := OLD;
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF (OLD.state, NEW.state) = ('published', 'superseded') THEN kept.state := NEW.state; END IF;
    kept.version := NEW.version;
    IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM kept THEN PERFORM refuse('published_plan_is_immutable'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_version_frozen BEFORE UPDATE OR DELETE ON plan_version
    FOR EACH ROW EXECUTE FUNCTION plan_version_frozen();

-- The state that something frozen gets: what is adopted can only be superseded, and what is superseded stays so.
CREATE FUNCTION derive_kept_state(old_state text, new_state text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE
        WHEN old_state = 'superseded' THEN old_state
        WHEN old_state = 'adopted' AND new_state <> 'superseded' THEN old_state
        ELSE new_state
    END
$$;

-- Seats and targets of a proposed allocation. Its row is locked, so that it is not proposed at the same time; with the
-- owner's rights, so that no policy hides it.
CREATE FUNCTION allocation_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE subjects uuid[] := '{}'; found text;
BEGIN
    IF TG_OP <> 'INSERT' THEN subjects := subjects || OLD.allocation; END IF;
    IF TG_OP <> 'DELETE' THEN subjects := subjects || NEW.allocation; END IF;
    FOR found IN SELECT state FROM allocation WHERE id = ANY (subjects) ORDER BY id FOR SHARE LOOP
        IF found IN ('proposed', 'approved', 'adopted', 'superseded') THEN
            PERFORM refuse('proposed_allocation_is_frozen');
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER allocation_seat_frozen BEFORE INSERT OR UPDATE OR DELETE ON allocation_seat
    FOR EACH ROW EXECUTE FUNCTION allocation_frozen();
CREATE TRIGGER allocation_target_frozen BEFORE INSERT OR UPDATE OR DELETE ON allocation_target
    FOR EACH ROW EXECUTE FUNCTION allocation_frozen();

-- The same for how a tie of it was settled.
CREATE TRIGGER settlement_frozen BEFORE INSERT ON settlement FOR EACH ROW EXECUTE FUNCTION allocation_frozen();

-- The allocation itself. After the proposal only its state may change, with who approved it, and its decision when it
-- is adopted; both signatures go when it is withdrawn. After the adoption nothing changes: it can only be superseded.
CREATE FUNCTION allocation_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE kept allocation := OLD;
BEGIN
    IF OLD.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    kept.state := derive_kept_state(OLD.state, NEW.state);
    kept.version := NEW.version;
    IF (OLD.state, NEW.state) = ('proposed', 'approved') THEN kept.approved_by := NEW.approved_by; END IF;
    IF OLD.state IN ('proposed', 'approved') AND NEW.state = 'adopted' THEN kept.decision := NEW.decision; END IF;
    IF kept.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        kept.proposed_by := NULL;
        kept.approved_by := NULL;
    END IF;
    IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM kept THEN PERFORM refuse('proposed_allocation_is_frozen'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER allocation_kept BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION allocation_kept();

-- The same for the numbers of a conference; their content does not change in a draft either.
CREATE FUNCTION sizing_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE kept sizing := OLD;
BEGIN
    kept.state := derive_kept_state(OLD.state, NEW.state);
    kept.version := NEW.version;
    IF (OLD.state, NEW.state) = ('draft', 'proposed') THEN kept.proposed_by := NEW.proposed_by; END IF;
    IF (OLD.state, NEW.state) = ('proposed', 'approved') THEN kept.approved_by := NEW.approved_by; END IF;
    IF OLD.state IN ('proposed', 'approved') AND NEW.state = 'adopted' THEN kept.decision := NEW.decision; END IF;
    IF kept.state = 'draft' THEN
        kept.proposed_by := NULL;
        kept.approved_by := NULL;
    END IF;
    IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM kept THEN PERFORM refuse('sizing_is_frozen'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sizing_kept BEFORE UPDATE OR DELETE ON sizing FOR EACH ROW EXECUTE FUNCTION sizing_kept();

-- The same for the rows of a list (selection_place), and for the list itself.
CREATE FUNCTION selection_frozen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE subjects uuid[] := '{}'; found text;
BEGIN
    IF TG_OP <> 'INSERT' THEN subjects := subjects || OLD.selection; END IF;
    IF TG_OP <> 'DELETE' THEN subjects := subjects || NEW.selection; END IF;
    FOR found IN SELECT state FROM selection WHERE id = ANY (subjects) ORDER BY id FOR SHARE LOOP
        IF found IN ('proposed', 'approved', 'adopted', 'superseded') THEN
            PERFORM refuse('proposed_selection_is_frozen');
        END IF;
    END LOOP;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER selection_place_frozen BEFORE INSERT OR UPDATE OR DELETE ON selection_place
    FOR EACH ROW EXECUTE FUNCTION selection_frozen();

CREATE FUNCTION selection_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE kept selection := OLD;
BEGIN
    -- What the first proposal met is said once, also where the proposal is withdrawn.
    IF TG_OP = 'UPDATE' AND OLD.first_verdicts IS DISTINCT FROM NEW.first_verdicts
        AND OLD.first_verdicts IS NOT NULL THEN
        PERFORM refuse('proposed_selection_is_frozen');
    END IF;
    IF OLD.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    kept.state := derive_kept_state(OLD.state, NEW.state);
    kept.version := NEW.version;
    kept.reasons_released_at := coalesce(OLD.reasons_released_at, NEW.reasons_released_at);
    IF (OLD.state, NEW.state) = ('proposed', 'approved') THEN kept.approved_by := NEW.approved_by; END IF;
    IF OLD.state IN ('proposed', 'approved') AND NEW.state = 'adopted' THEN kept.decision := NEW.decision; END IF;
    IF kept.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        kept.proposed_by := NULL;
        kept.approved_by := NULL;
    END IF;
    IF TG_OP = 'DELETE' OR NEW IS DISTINCT FROM kept THEN PERFORM refuse('proposed_selection_is_frozen'); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER selection_kept BEFORE UPDATE OR DELETE ON selection FOR EACH ROW EXECUTE FUNCTION selection_kept();

-- A decision may get its number later; then the number is final. Nothing else of it ever changes.
CREATE FUNCTION decision_numbered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (NEW.id, NEW.subject_kind, NEW.subject, NEW.organ, NEW.kind, NEW.series, NEW.approved_by, NEW.recorded_at)
            IS DISTINCT FROM
            (OLD.id, OLD.subject_kind, OLD.subject, OLD.organ, OLD.kind, OLD.series, OLD.approved_by, OLD.recorded_at)
        OR (OLD.number IS NOT NULL
            AND (NEW.year, NEW.number, NEW.decided_on) IS DISTINCT FROM (OLD.year, OLD.number, OLD.decided_on))
    THEN PERFORM refuse('decision_number_is_final');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_numbered BEFORE UPDATE OR DELETE ON decision FOR EACH ROW EXECUTE FUNCTION decision_numbered();

-- What is adopted already gets no other decision. With the owner's rights, since a policy could hide what is decided.
CREATE FUNCTION decision_first() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM sizing WHERE id = NEW.subject AND state IN ('adopted', 'superseded')) THEN
        PERFORM refuse('sizing_is_frozen');
    ELSIF EXISTS (SELECT FROM allocation WHERE id = NEW.subject AND state IN ('adopted', 'superseded')) THEN
        PERFORM refuse('proposed_allocation_is_frozen');
    ELSIF EXISTS (SELECT FROM selection WHERE id = NEW.subject AND state IN ('adopted', 'superseded')) THEN
        PERFORM refuse('proposed_selection_is_frozen');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_first BEFORE INSERT ON decision FOR EACH ROW EXECUTE FUNCTION decision_first();

-- The only change of a delegate is to end, one time; another delegate then takes the seat.
CREATE FUNCTION delegate_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
        OR (NEW.id, NEW.conference, NEW.unit, NEW."group", NEW.quota, NEW.person, NEW.nomination, NEW.selection,
                NEW.replaces, NEW.created_at)
            IS DISTINCT FROM
            (OLD.id, OLD.conference, OLD.unit, OLD."group", OLD.quota, OLD.person, OLD.nomination, OLD.selection,
                OLD.replaces, OLD.created_at)
    THEN PERFORM refuse('delegate_only_ends');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delegate_kept BEFORE UPDATE OR DELETE ON delegate FOR EACH ROW EXECUTE FUNCTION delegate_kept();

-- Rows that are only added. The trigger runs for each statement, so that it refuses also a change of no rows.
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM refuse(TG_TABLE_NAME || '_is_append_only');
    RETURN NULL;
END $$;
CREATE TRIGGER composition_release_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON composition_release
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
