-- What is told of acts to those who may read their subjects (domain/events.py).

-- Whether an act on a subject of that kind is ever told to others.
CREATE FUNCTION is_feed_act(subject_kind text, act text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE subject_kind
        WHEN 'plan' THEN act IN ('plan_published')
        WHEN 'unit' THEN act IN ('unit_renamed', 'unit_moved', 'unit_closed')
        WHEN 'conference' THEN act IN (
            'conference_opened', 'conference_held', 'meeting_corrected', 'conference_cancelled')
        WHEN 'quota' THEN act IN (
            'quota_received', 'quota_replaced', 'quota_confirmed', 'quota_withdrawn', 'quota_distributed')
        WHEN 'allocation' THEN act IN (
            'allocation_proposed', 'allocation_approved', 'allocation_withdrawn', 'allocation_adopted', 'lot_announced',
            'tie_settled')
        WHEN 'selection' THEN act IN (
            'selection_proposed', 'selection_approved', 'selection_withdrawn', 'selection_adopted',
            'selection_reasons_released', 'lot_announced', 'selection_lot_drawn')
        WHEN 'nomination' THEN act IN (
            'nomination_submitted', 'nomination_accepted', 'nomination_returned', 'nomination_withdrawn')
        WHEN 'invitation' THEN act IN (
            'invitation_listed', 'invitation_invited', 'invitation_accepted', 'invitation_declined',
            'invitation_removed')
        ELSE false
    END
$$;

-- The told events of a chain after one number and up to another, in order: without actor and changes.
--
-- With the owner's rights: who reads them may seldom read the audit trail. The caller then tells only those whose
-- subject he can select, so the policies of the subjects' tables decide a second time.
CREATE FUNCTION list_feed_events(wanted text, after_n bigint, last_n bigint, most integer)
RETURNS TABLE (n bigint, at timestamptz, act text, subject_kind text, subject uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT event.n, event.at, event.act, event.subject_kind, event.subject::uuid FROM audit_event AS event
    WHERE event.chain = wanted AND event.n > after_n AND event.n <= last_n
        AND is_feed_act(event.subject_kind, event.act)
    ORDER BY event.n LIMIT most
$$;
