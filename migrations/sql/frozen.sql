-- Rows that no role may change: published plans, proposed allocations and lists, the numbers of decisions, delegates,
-- releases.
--
-- A trigger refuses with the name of the rule; service/texts has a sentence for each name.

CREATE FUNCTION refuse(constraint_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = constraint_name, MESSAGE = constraint_name;
END $$;

-- A published version of a plan is never changed; it can only be superseded.
CREATE FUNCTION plan_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.plan, NEW.n, NEW.body, NEW.digest, NEW.published_at)
            IS DISTINCT FROM (OLD.plan, OLD.n, OLD.body, OLD.digest, OLD.published_at)
        OR (NEW.state <> OLD.state AND NOT (OLD.state = 'published' AND NEW.state = 'superseded'))
    THEN PERFORM refuse('published_plan_is_immutable');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_version_frozen BEFORE UPDATE OR DELETE ON plan_version
    FOR EACH ROW EXECUTE FUNCTION plan_version_frozen();

-- Seats and targets of a proposed allocation. Its row is locked, so that it is not proposed at the same time.
CREATE FUNCTION allocation_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- The allocation itself: after the proposal only its state, its authors and its decision may change.
CREATE FUNCTION allocation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.conference, NEW.plan_version, NEW.n, NEW.run, NEW.snapshot, NEW.amends, NEW.stages, NEW.certificate,
                NEW.findings)
            IS DISTINCT FROM
            (OLD.conference, OLD.plan_version, OLD.n, OLD.run, OLD.snapshot, OLD.amends, OLD.stages, OLD.certificate,
                OLD.findings)
        OR (OLD.state = 'adopted' AND NEW.state NOT IN ('adopted', 'superseded'))
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
        OR (OLD.state IN ('adopted', 'superseded')
            AND (NEW.decision, NEW.proposed_by, NEW.approved_by)
                IS DISTINCT FROM (OLD.decision, OLD.proposed_by, OLD.approved_by))
    THEN PERFORM refuse('proposed_allocation_is_frozen');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER allocation_kept BEFORE UPDATE OR DELETE ON allocation FOR EACH ROW EXECUTE FUNCTION allocation_kept();

-- The same for the rows of a list (selection_place), and for the list itself.
CREATE FUNCTION selection_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION selection_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('proposed', 'approved', 'adopted', 'superseded') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE'
        OR (NEW.conference, NEW.plan_version, NEW.n, NEW.how, NEW.run, NEW.snapshot, NEW.amends, NEW.edits,
                NEW.leaving, NEW.lots, NEW.lot, NEW.nodes, NEW.result, NEW.findings)
            IS DISTINCT FROM
            (OLD.conference, OLD.plan_version, OLD.n, OLD.how, OLD.run, OLD.snapshot, OLD.amends, OLD.edits,
                OLD.leaving, OLD.lots, OLD.lot, OLD.nodes, OLD.result, OLD.findings)
        OR (OLD.state = 'adopted' AND NEW.state NOT IN ('adopted', 'superseded'))
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
        OR (OLD.state IN ('adopted', 'superseded')
            AND (NEW.decision, NEW.proposed_by, NEW.approved_by)
                IS DISTINCT FROM (OLD.decision, OLD.proposed_by, OLD.approved_by))
    THEN PERFORM refuse('proposed_selection_is_frozen');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER selection_kept BEFORE UPDATE OR DELETE ON selection FOR EACH ROW EXECUTE FUNCTION selection_kept();

-- A decision may get its number later; then the number is final. Nothing else of it ever changes.
CREATE FUNCTION decision_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- The only change of a delegate is to end, one time; another delegate then takes the seat.
CREATE FUNCTION delegate_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse(TG_TABLE_NAME || '_is_append_only');
    RETURN NULL;
END $$;
CREATE TRIGGER composition_release_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON composition_release
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
