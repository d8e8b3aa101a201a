-- Views: the unit and congress chain to which a row belongs, and nothing else of the row; and those of the actor.
--
-- The views belong to the owner, so policies do not apply to them. A policy may use them without being evaluated again,
-- and they reveal only their own columns. The application role may only read them (grants.sql).

-- The actor's grants: a unit, and a congress chain or empty for all chains.
CREATE VIEW actor_grant AS SELECT grants.unit, grants.congress
    FROM unnest((SELECT actor_units('units')), (SELECT actor_list('chains'))) AS grants (unit, congress);

-- The same, with one row for each congress chain.
CREATE VIEW actor_place AS SELECT congress.id AS congress, actor_grant.unit
    FROM actor_grant JOIN congress ON actor_grant.congress IN ('', congress.id);

-- The units whose drafts and nominees are the actor's own, with one row for each congress chain.
CREATE VIEW actor_home AS SELECT congress.id AS congress, grants.unit
    FROM unnest((SELECT actor_units('homes')), (SELECT actor_list('home_chains'))) AS grants (unit, congress)
    JOIN congress ON grants.congress IN ('', congress.id);

-- The units below the actor's units. Nearly all paths have neither a first nor a last day; for them the day is not
-- tested.
CREATE VIEW actor_below AS SELECT path.congress, path.unit FROM unit_above AS path
    WHERE (path.above = ANY ((SELECT actor_units('units'))::uuid[])
        AND ((SELECT actor_chain('chains')) = path.congress OR (SELECT actor_chain('chains')) = ''
            OR actor_stands('units', 'chains', path.congress, path.above)))
    AND (lower_inf(path.during) AND upper_inf(path.during) OR path.during @> (SELECT vietnam_day()));

-- The units above the actor's units.
CREATE VIEW actor_above AS SELECT path.congress, path.above AS unit FROM unit_above AS path
    WHERE (path.unit = ANY ((SELECT actor_units('units'))::uuid[])
        AND ((SELECT actor_chain('chains')) = path.congress OR (SELECT actor_chain('chains')) = ''
            OR actor_stands('units', 'chains', path.congress, path.unit)))
    AND path.during @> (SELECT vietnam_day());

CREATE VIEW conference_place AS SELECT id AS conference, congress, unit FROM conference;

CREATE VIEW sizing_place AS SELECT sizing.id AS sizing, conference.congress, conference.unit
    FROM sizing JOIN conference ON conference.id = sizing.conference;

CREATE VIEW allocation_place AS SELECT allocation.id AS allocation, conference.congress, conference.unit
    FROM allocation JOIN conference ON conference.id = allocation.conference;

CREATE VIEW quota_place AS SELECT quota.conference, conference.congress, quota.unit
    FROM quota JOIN conference ON conference.id = quota.conference;

CREATE VIEW plan_place AS SELECT id AS plan, council FROM plan;

-- The roles of each identity.
CREATE VIEW identity_role AS SELECT identity, role, unit, congress FROM role_grant;

-- The lists of each conference.
CREATE VIEW selection_held AS
    SELECT selection.id AS selection, selection.run, selection.snapshot, selection.state, selection.decision,
        conference.congress, conference.unit
    FROM selection JOIN conference ON conference.id = selection.conference;

-- The delegates, with the congress and the day of their conference.
CREATE VIEW person_seated AS
    SELECT delegate.person, conference.congress, conference.as_of, EXISTS (
        SELECT FROM plan_version, jsonb_array_elements(plan_version.body -> 'tiers') AS tiers (body)
        WHERE plan_version.id = conference.plan_version AND tiers.body ->> 'id' = conference.tier
            AND tiers.body -> 'congress' = 'true'
    ) AS tier_congress
    FROM delegate JOIN conference ON conference.id = delegate.conference
    WHERE delegate.ended_at IS NULL AND conference.state <> 'cancelled';
