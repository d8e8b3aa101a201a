-- Nominations, invitations, and data of people. How to read policies: units.sql.

-- The unit's own, and those that rose from it, which it no longer changes; for the organiser, submitted ones; for units
-- above, those entered from a paper document of a unit below. With ``aggregates``, when the answer contains only numbers, all nominations to a conference.
ALTER TABLE nomination ENABLE ROW LEVEL SECURITY;
CREATE POLICY nomination_seen ON nomination FOR SELECT
    USING ((SELECT actor_flag('home'))
        OR (nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND ((SELECT actor_chain('home_chains')) = p.congress OR (SELECT actor_chain('home_chains')) = ''
                    OR actor_stands('homes', 'home_chains', p.congress, nomination.unit))))
        OR (nomination.named_by_unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND actor_stands('homes', 'home_chains', p.congress, nomination.named_by_unit)))
        OR (nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft'
            AND ((SELECT actor_flag('reach')) OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])))
        OR ((nomination.source_document IS NOT NULL OR nomination.named_by_document IS NOT NULL)
            AND actor_reaches(nomination.conference, nomination.unit))
        OR ((SELECT actor_flag('aggregates'))
            AND (actor_reaches(nomination.conference, nomination.unit) OR actor_runs(nomination.conference))));
CREATE POLICY nomination_added ON nomination FOR INSERT
    WITH CHECK ((SELECT actor_flag('home'))
        OR (nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND ((SELECT actor_chain('home_chains')) = p.congress OR (SELECT actor_chain('home_chains')) = ''
                    OR actor_stands('homes', 'home_chains', p.congress, nomination.unit))))
        OR (nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft'
            AND ((SELECT actor_flag('reach')) OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])))
        OR ((nomination.source_document IS NOT NULL OR nomination.named_by_document IS NOT NULL)
            AND actor_reaches(nomination.conference, nomination.unit)));
CREATE POLICY nomination_changed ON nomination FOR UPDATE
    USING ((SELECT actor_flag('home'))
        OR (nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND ((SELECT actor_chain('home_chains')) = p.congress OR (SELECT actor_chain('home_chains')) = ''
                    OR actor_stands('homes', 'home_chains', p.congress, nomination.unit))))
        OR (nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft'
            AND ((SELECT actor_flag('reach')) OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])))
        OR ((nomination.source_document IS NOT NULL OR nomination.named_by_document IS NOT NULL)
            AND actor_reaches(nomination.conference, nomination.unit)))
    WITH CHECK ((SELECT actor_flag('home'))
        OR (nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND ((SELECT actor_chain('home_chains')) = p.congress OR (SELECT actor_chain('home_chains')) = ''
                    OR actor_stands('homes', 'home_chains', p.congress, nomination.unit))))
        OR (nomination.named_by_unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND actor_stands('homes', 'home_chains', p.congress, nomination.named_by_unit)))
        OR (nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft'
            AND ((SELECT actor_flag('reach')) OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])))
        OR ((nomination.source_document IS NOT NULL OR nomination.named_by_document IS NOT NULL)
            AND actor_reaches(nomination.conference, nomination.unit)));
CREATE POLICY nomination_removed ON nomination FOR DELETE
    USING ((SELECT actor_flag('home'))
        OR (nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = nomination.conference
                AND ((SELECT actor_chain('home_chains')) = p.congress OR (SELECT actor_chain('home_chains')) = ''
                    OR actor_stands('homes', 'home_chains', p.congress, nomination.unit))))
        OR (nomination.submitted_at IS NOT NULL AND nomination.state <> 'draft'
            AND ((SELECT actor_flag('reach')) OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])))
        OR ((nomination.source_document IS NOT NULL OR nomination.named_by_document IS NOT NULL)
            AND actor_reaches(nomination.conference, nomination.unit)));

-- For the organiser; with ``aggregates``, when the answer contains only numbers, for all who run the conference.
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY invitation_seen ON invitation FOR SELECT
    USING (((SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[]))
        OR ((SELECT actor_flag('aggregates'))
            AND (invitation.conference = ANY ((SELECT actor_conferences())::uuid[])
                OR ((SELECT actor_leads()) AND actor_runs(invitation.conference)))));
CREATE POLICY invitation_added ON invitation FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[]));
CREATE POLICY invitation_changed ON invitation FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[]))
    WITH CHECK ((SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[]));
CREATE POLICY invitation_removed ON invitation FOR DELETE
    USING ((SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[]));

-- For the organiser, for the unit whose exemplar it is, and with a visible nomination or invitation of the person or the
-- collective.
ALTER TABLE exemplar ENABLE ROW LEVEL SECURITY;
CREATE POLICY exemplar_seen ON exemplar FOR SELECT
    USING ((SELECT actor_flag('reach')) OR exemplar.conference = ANY ((SELECT actor_conferences())::uuid[])
        OR (exemplar.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (SELECT FROM conference_place p
                WHERE p.conference = exemplar.conference
                AND actor_stands('homes', 'home_chains', p.congress, exemplar.unit)))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = exemplar.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = exemplar.person)
        OR EXISTS (SELECT FROM nomination o WHERE o.collective = exemplar.collective)
        OR EXISTS (SELECT FROM invitation o WHERE o.collective = exemplar.collective));
CREATE POLICY exemplar_added ON exemplar FOR INSERT
    WITH CHECK ((SELECT actor_flag('reach')) OR exemplar.conference = ANY ((SELECT actor_conferences())::uuid[]));
CREATE POLICY exemplar_changed ON exemplar FOR UPDATE
    USING ((SELECT actor_flag('reach')) OR exemplar.conference = ANY ((SELECT actor_conferences())::uuid[]))
    WITH CHECK ((SELECT actor_flag('reach')) OR exemplar.conference = ANY ((SELECT actor_conferences())::uuid[]));
CREATE POLICY exemplar_removed ON exemplar FOR DELETE
    USING ((SELECT actor_flag('reach')) OR exemplar.conference = ANY ((SELECT actor_conferences())::uuid[]));

-- People in a visible nomination or invitation, and visible exemplars. Every actor may add a person, in order to name the person afterwards.
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_seen ON person FOR SELECT
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM exemplar o WHERE o.person = person.id));
CREATE POLICY person_added ON person FOR INSERT WITH CHECK (true);
CREATE POLICY person_changed ON person FOR UPDATE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM exemplar o WHERE o.person = person.id))
    WITH CHECK ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM exemplar o WHERE o.person = person.id));
CREATE POLICY person_removed ON person FOR DELETE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM exemplar o WHERE o.person = person.id));

-- For a visible nomination or invitation.
ALTER TABLE person_attribute ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_attribute_seen ON person_attribute FOR SELECT
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person));
CREATE POLICY person_attribute_added ON person_attribute FOR INSERT WITH CHECK (true);
CREATE POLICY person_attribute_changed ON person_attribute FOR UPDATE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person))
    WITH CHECK ((SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person));
CREATE POLICY person_attribute_removed ON person_attribute FOR DELETE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person));

-- The same; in addition the actor must have the right to read sealed data.
ALTER TABLE person_sealed ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_sealed_seen ON person_sealed FOR SELECT
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person));
CREATE POLICY person_sealed_added ON person_sealed FOR INSERT WITH CHECK (true);
CREATE POLICY person_sealed_changed ON person_sealed FOR UPDATE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person))
    WITH CHECK ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person));
CREATE POLICY person_sealed_removed ON person_sealed FOR DELETE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person));
-- Restrictive: required in addition to the others. ``sealed`` is on for actors who may read sealed data (db.session).
CREATE POLICY person_sealed_opened ON person_sealed AS RESTRICTIVE FOR SELECT USING ((SELECT actor_flag('sealed')));

-- Visible with the box that it decrypts, and to actors to whom every unit belongs.
ALTER TABLE person_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_key_seen ON person_key FOR SELECT
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id));
CREATE POLICY person_key_added ON person_key FOR INSERT WITH CHECK (true);
CREATE POLICY person_key_changed ON person_key FOR UPDATE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id))
    WITH CHECK ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id));
CREATE POLICY person_key_removed ON person_key FOR DELETE
    USING ((SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id));
-- Restrictive: required in addition to the others.
CREATE POLICY person_key_opened ON person_key AS RESTRICTIVE FOR SELECT USING ((SELECT actor_flag('sealed')));
