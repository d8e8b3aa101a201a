-- Where things stand, and nothing else of them; and where the actor does.
--
-- These are the owner's views, and not under the policies: a policy may ask them without asking itself again, and they
-- tell no more than is in them. The application role reads them only (grants.sql).

-- The actor's grants: a unit, and a chain or empty for every one.
CREATE VIEW actor_grant AS SELECT grants.unit, grants.congress
    FROM unnest((SELECT actor_units('units')), (SELECT actor_list('chains'))) AS grants (unit, congress);

-- The same, chain by chain.
CREATE VIEW actor_place AS SELECT congress.id AS congress, actor_grant.unit
    FROM actor_grant JOIN congress ON actor_grant.congress IN ('', congress.id);

-- The units whose drafts and nominees are the actor's own, chain by chain.
CREATE VIEW actor_home AS SELECT congress.id AS congress, grants.unit
    FROM unnest((SELECT actor_units('homes')), (SELECT actor_list('home_chains'))) AS grants (unit, congress)
    JOIN congress ON grants.congress IN ('', congress.id);

-- What lies below the actor's units. A path that has neither beginning nor end, as nearly all have, need not be
-- asked about the day.
CREATE VIEW actor_below AS SELECT path.congress, path.unit FROM unit_above AS path
    WHERE (
        path.above = ANY ((SELECT actor_units('units'))::uuid[])
        AND (
            (SELECT actor_chain('chains')) = path.congress
            OR (SELECT actor_chain('chains')) = ''
            OR actor_stands('units', 'chains', path.congress, path.above)
        )
    )
    AND (lower_inf(path.during) AND upper_inf(path.during) OR path.during @> (SELECT vietnam_day()));

-- What stands above the actor's units.
CREATE VIEW actor_above AS SELECT path.congress, path.above AS unit FROM unit_above AS path
    WHERE (
        path.unit = ANY ((SELECT actor_units('units'))::uuid[])
        AND (
            (SELECT actor_chain('chains')) = path.congress
            OR (SELECT actor_chain('chains')) = ''
            OR actor_stands('units', 'chains', path.congress, path.unit)
        )
    )
    AND path.during @> (SELECT vietnam_day());

CREATE VIEW conference_place AS SELECT id AS conference, congress, unit FROM conference;

CREATE VIEW allocation_place AS SELECT allocation.id AS allocation, conference.congress, conference.unit
    FROM allocation JOIN conference ON conference.id = allocation.conference;

CREATE VIEW quota_place AS SELECT quota.conference, conference.congress, quota.unit
    FROM quota JOIN conference ON conference.id = quota.conference;

CREATE VIEW plan_place AS SELECT id AS plan, council FROM plan;

-- Which live nominations and invitations name a person.
CREATE VIEW person_bearer AS
    SELECT person, id AS bearer FROM nomination WHERE state <> 'withdrawn'
    UNION ALL SELECT person, id FROM invitation WHERE reply NOT IN ('declined', 'removed');

-- Who has which role.
CREATE VIEW identity_role AS SELECT identity, role, unit, congress FROM role_grant;

-- Whose lists there are.
CREATE VIEW selection_held AS
    SELECT selection.id AS selection, selection.run, selection.snapshot, selection.state, selection.decision,
        conference.congress, conference.unit
    FROM selection JOIN conference ON conference.id = selection.conference;

-- Who goes to a conference of which congress.
CREATE VIEW person_seated AS
    SELECT delegate.person, conference.congress, conference.as_of, EXISTS (
        SELECT FROM plan_version, jsonb_array_elements(plan_version.body -> 'tiers') AS listed
        WHERE plan_version.id = conference.plan_version AND listed ->> 'id' = conference.tier
            AND listed -> 'congress' = 'true'
    ) AS tier_congress
    FROM delegate JOIN conference ON conference.id = delegate.conference
    WHERE delegate.ended_at IS NULL AND conference.state <> 'cancelled';
