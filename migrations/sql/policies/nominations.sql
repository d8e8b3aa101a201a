-- Who is nominated or invited, and what is known of people. How to read policies: units.sql.

-- The unit's own; those submitted, to who holds the conference; those entered from the paper of a unit below, to who
-- entered them. While numbers are counted that are shown as numbers only (``aggregates``), all of a conference.
ALTER TABLE nomination ENABLE ROW LEVEL SECURITY;
CREATE POLICY nomination_seen ON nomination FOR SELECT
    USING (
        (SELECT actor_flag('home'))
        OR (
            nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (
                SELECT FROM conference_place p
                WHERE
                    p.conference = nomination.conference
                    AND (
                        (SELECT actor_chain('home_chains')) = p.congress
                        OR (SELECT actor_chain('home_chains')) = ''
                        OR actor_stands('homes', 'home_chains', p.congress, nomination.unit)
                    )
            )
        )
        OR (
            nomination.submitted_at IS NOT NULL
            AND nomination.state <> 'draft'
            AND (
                (SELECT actor_flag('reach'))
                OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])
            )
        )
        OR (nomination.source_document IS NOT NULL AND actor_reaches(nomination.conference, nomination.unit))
        OR (
            (SELECT actor_flag('aggregates'))
            AND (actor_reaches(nomination.conference, nomination.unit) OR actor_runs(nomination.conference))
        )
    );
CREATE POLICY nomination_added ON nomination FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('home'))
        OR (
            nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (
                SELECT FROM conference_place p
                WHERE
                    p.conference = nomination.conference
                    AND (
                        (SELECT actor_chain('home_chains')) = p.congress
                        OR (SELECT actor_chain('home_chains')) = ''
                        OR actor_stands('homes', 'home_chains', p.congress, nomination.unit)
                    )
            )
        )
        OR (
            nomination.submitted_at IS NOT NULL
            AND nomination.state <> 'draft'
            AND (
                (SELECT actor_flag('reach'))
                OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])
            )
        )
        OR (nomination.source_document IS NOT NULL AND actor_reaches(nomination.conference, nomination.unit))
    );
CREATE POLICY nomination_changed ON nomination FOR UPDATE
    USING (
        (SELECT actor_flag('home'))
        OR (
            nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (
                SELECT FROM conference_place p
                WHERE
                    p.conference = nomination.conference
                    AND (
                        (SELECT actor_chain('home_chains')) = p.congress
                        OR (SELECT actor_chain('home_chains')) = ''
                        OR actor_stands('homes', 'home_chains', p.congress, nomination.unit)
                    )
            )
        )
        OR (
            nomination.submitted_at IS NOT NULL
            AND nomination.state <> 'draft'
            AND (
                (SELECT actor_flag('reach'))
                OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])
            )
        )
        OR (nomination.source_document IS NOT NULL AND actor_reaches(nomination.conference, nomination.unit))
    )
    WITH CHECK (
        (SELECT actor_flag('home'))
        OR (
            nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (
                SELECT FROM conference_place p
                WHERE
                    p.conference = nomination.conference
                    AND (
                        (SELECT actor_chain('home_chains')) = p.congress
                        OR (SELECT actor_chain('home_chains')) = ''
                        OR actor_stands('homes', 'home_chains', p.congress, nomination.unit)
                    )
            )
        )
        OR (
            nomination.submitted_at IS NOT NULL
            AND nomination.state <> 'draft'
            AND (
                (SELECT actor_flag('reach'))
                OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])
            )
        )
        OR (nomination.source_document IS NOT NULL AND actor_reaches(nomination.conference, nomination.unit))
    );
CREATE POLICY nomination_removed ON nomination FOR DELETE
    USING (
        (SELECT actor_flag('home'))
        OR (
            nomination.unit = ANY ((SELECT actor_units('homes'))::uuid[])
            AND EXISTS (
                SELECT FROM conference_place p
                WHERE
                    p.conference = nomination.conference
                    AND (
                        (SELECT actor_chain('home_chains')) = p.congress
                        OR (SELECT actor_chain('home_chains')) = ''
                        OR actor_stands('homes', 'home_chains', p.congress, nomination.unit)
                    )
            )
        )
        OR (
            nomination.submitted_at IS NOT NULL
            AND nomination.state <> 'draft'
            AND (
                (SELECT actor_flag('reach'))
                OR nomination.conference = ANY ((SELECT actor_conferences())::uuid[])
            )
        )
        OR (nomination.source_document IS NOT NULL AND actor_reaches(nomination.conference, nomination.unit))
    );

-- Who holds the conference; while only numbers are counted, who runs it.
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY invitation_seen ON invitation FOR SELECT
    USING (
        ((SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[]))
        OR (
            (SELECT actor_flag('aggregates'))
            AND (
                invitation.conference = ANY ((SELECT actor_conferences())::uuid[])
                OR ((SELECT actor_leads()) AND actor_runs(invitation.conference))
            )
        )
    );
CREATE POLICY invitation_added ON invitation FOR INSERT
    WITH CHECK (
        (SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[])
    );
CREATE POLICY invitation_changed ON invitation FOR UPDATE
    USING (
        (SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[])
    )
    WITH CHECK (
        (SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[])
    );
CREATE POLICY invitation_removed ON invitation FOR DELETE
    USING (
        (SELECT actor_flag('reach')) OR invitation.conference = ANY ((SELECT actor_conferences())::uuid[])
    );

-- Somebody whom a nomination or an invitation within reach names. Anybody may enter a person, whom they then name.
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_seen ON person FOR SELECT
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
    );
CREATE POLICY person_added ON person FOR INSERT
    WITH CHECK (true);
CREATE POLICY person_changed ON person FOR UPDATE
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
    )
    WITH CHECK (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
    );
CREATE POLICY person_removed ON person FOR DELETE
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person.id)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person.id)
    );

-- As the person.
ALTER TABLE person_attribute ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_attribute_seen ON person_attribute FOR SELECT
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person)
    );
CREATE POLICY person_attribute_added ON person_attribute FOR INSERT
    WITH CHECK (true);
CREATE POLICY person_attribute_changed ON person_attribute FOR UPDATE
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person)
    )
    WITH CHECK (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person)
    );
CREATE POLICY person_attribute_removed ON person_attribute FOR DELETE
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_attribute.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_attribute.person)
    );

-- As the person; and opened to who may read what is sealed, to nobody else whatever is within reach.
ALTER TABLE person_sealed ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_sealed_seen ON person_sealed FOR SELECT
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person)
    );
CREATE POLICY person_sealed_added ON person_sealed FOR INSERT
    WITH CHECK (true);
CREATE POLICY person_sealed_changed ON person_sealed FOR UPDATE
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person)
    )
    WITH CHECK (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person)
    );
CREATE POLICY person_sealed_removed ON person_sealed FOR DELETE
    USING (
        (SELECT actor_flag('home'))
        OR EXISTS (SELECT FROM nomination o WHERE o.person = person_sealed.person)
        OR EXISTS (SELECT FROM invitation o WHERE o.person = person_sealed.person)
    );
-- Restrictive: asked besides the others. ``sealed`` is on for who may read what is sealed (db.session).
CREATE POLICY person_sealed_opened ON person_sealed AS RESTRICTIVE FOR SELECT
    USING ((SELECT actor_flag('sealed')));

-- Seen with the box that it opens, and by whom every unit is their own.
ALTER TABLE person_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_key_seen ON person_key FOR SELECT
    USING (
        (SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id)
    );
CREATE POLICY person_key_added ON person_key FOR INSERT
    WITH CHECK (true);
CREATE POLICY person_key_changed ON person_key FOR UPDATE
    USING (
        (SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id)
    )
    WITH CHECK (
        (SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id)
    );
CREATE POLICY person_key_removed ON person_key FOR DELETE
    USING (
        (SELECT actor_flag('home')) OR EXISTS (SELECT FROM person_sealed o WHERE o.key_id = person_key.id)
    );
-- Restrictive: asked besides the others.
CREATE POLICY person_key_opened ON person_key AS RESTRICTIVE FOR SELECT
    USING ((SELECT actor_flag('sealed')));
