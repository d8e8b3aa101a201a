-- Quotas, nominations, and the organiser's invitations. Triggers count them (counters.sql).

-- ``taken`` counts accepted nominations, ``nominated`` the submitted and the accepted; the other columns: db/quotas.py.
CREATE TABLE quota (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    unit uuid NOT NULL REFERENCES unit (id),
    "group" text NOT NULL,
    source text NOT NULL,
    allocation uuid REFERENCES allocation (id),
    document jsonb,
    entered jsonb,
    seats integer NOT NULL,
    nominee_limit integer NOT NULL,
    taken integer NOT NULL,
    nominated integer NOT NULL,
    excess_taken integer NOT NULL,
    excess_nominated integer NOT NULL,
    parent uuid REFERENCES quota (id),
    distributed integer NOT NULL,
    distribution jsonb,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT quota_conference_unit_group_key UNIQUE (conference, unit, "group"),
    CONSTRAINT quota_whole_key UNIQUE (id, conference, unit, "group"),
    CONSTRAINT computed_quota_has_allocation CHECK ((source = 'allocation') = (allocation IS NOT NULL)),
    CONSTRAINT distributed_quota_has_parent CHECK ((source = 'distributed') = (parent IS NOT NULL)),
    CONSTRAINT quota_excess_not_negative CHECK (excess_taken >= 0 AND excess_nominated >= 0),
    CONSTRAINT quota_nominee_limit_exceeded
        CHECK (nominated >= 0 AND nominated + distributed <= nominee_limit + excess_nominated),
    CONSTRAINT quota_not_negative CHECK (seats >= 0 AND nominee_limit >= 0),
    CONSTRAINT quota_seats_exceeded
        CHECK (taken >= 0 AND distributed >= 0 AND taken + distributed <= seats + excess_taken),
    CONSTRAINT quota_source_known CHECK (source IN ('allocation', 'received', 'distributed')),
    CONSTRAINT received_quota_has_document CHECK (
        CASE WHEN source = 'received' THEN document IS NOT NULL OR (seats = 0 AND nominee_limit = 0)
            ELSE num_nonnulls(document, entered) = 0 END
    )
);
CREATE INDEX quota_conference_idx ON quota (conference);
CREATE INDEX quota_parent_idx ON quota (parent);
CREATE INDEX quota_unit_idx ON quota (unit);

-- A unit nominates a person, or a person for a collective, for a conference and a seat group.
CREATE TABLE nomination (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    unit uuid NOT NULL REFERENCES unit (id),
    named_by_unit uuid REFERENCES unit (id),
    "group" text NOT NULL,
    quota uuid,
    person uuid NOT NULL REFERENCES person (id),
    entered boolean NOT NULL,
    collective uuid REFERENCES collective (id),
    state text NOT NULL,
    rank integer,
    merit text,
    achievements text,
    honours jsonb NOT NULL,
    notice text NOT NULL,
    purpose text NOT NULL,
    source_document text,
    named_by_document text,
    returned_reason text,
    submitted_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT nomination_quota_fits FOREIGN KEY (quota, conference, unit, "group")
        REFERENCES quota (id, conference, unit, "group"),
    CONSTRAINT nomination_needs_quota CHECK (state NOT IN ('submitted', 'accepted') OR quota IS NOT NULL),
    CONSTRAINT nomination_rank_positive CHECK (rank IS NULL OR rank >= 1),
    CONSTRAINT nomination_state_known CHECK (state IN ('draft', 'submitted', 'returned', 'accepted', 'withdrawn'))
);
CREATE INDEX nomination_list_idx ON nomination (conference, unit, "group");
CREATE INDEX nomination_named_by_unit_idx ON nomination (named_by_unit);
CREATE INDEX nomination_person_idx ON nomination (person);
CREATE INDEX nomination_quota_idx ON nomination (quota);
CREATE INDEX nomination_unit_idx ON nomination (unit);
CREATE UNIQUE INDEX person_accepted_once ON nomination (conference, person) WHERE state = 'accepted';
CREATE UNIQUE INDEX person_nominated_once_by_unit ON nomination (conference, unit, person) WHERE state <> 'withdrawn';

-- A person on the organiser's list for a seat group that is filled by invitation, roll or office.
CREATE TABLE invitation (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    "group" text NOT NULL,
    person uuid NOT NULL REFERENCES person (id),
    collective uuid REFERENCES collective (id),
    basis text NOT NULL,
    offices jsonb NOT NULL,
    honours jsonb NOT NULL,
    reply text NOT NULL,
    invited_on date,
    replied_on date,
    reason text,
    notice text NOT NULL,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT invitation_group_fits FOREIGN KEY (conference, "group") REFERENCES seat_group (conference, "group"),
    CONSTRAINT invitation_reply_known CHECK (reply IN ('listed', 'invited', 'accepted', 'declined', 'removed')),
    CONSTRAINT removed_invitation_has_reason CHECK (reply <> 'removed' OR reason IS NOT NULL)
);
CREATE INDEX invitation_conference_idx ON invitation (conference);
CREATE INDEX invitation_person_idx ON invitation (person);
CREATE UNIQUE INDEX person_invited_once ON invitation (conference, person) WHERE reply NOT IN ('declined', 'removed');

-- A person, or a collective, of a unit, honoured at a conference by a title or an award.
CREATE TABLE exemplar (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    unit uuid NOT NULL REFERENCES unit (id),
    person uuid REFERENCES person (id),
    collective uuid REFERENCES collective (id),
    name text NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    authority text,
    notice text NOT NULL,
    purpose text NOT NULL,
    removed_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT exemplar_is_person_or_collective CHECK (num_nonnulls(person, collective) = 1),
    CONSTRAINT exemplar_kind_known CHECK (kind IN ('title', 'award'))
);
CREATE UNIQUE INDEX collective_honoured_once ON exemplar (conference, collective, name, year) WHERE removed_at IS NULL;
CREATE INDEX exemplar_collective_idx ON exemplar (collective);
CREATE INDEX exemplar_conference_idx ON exemplar (conference);
CREATE INDEX exemplar_person_idx ON exemplar (person);
CREATE INDEX exemplar_unit_idx ON exemplar (unit);
CREATE UNIQUE INDEX person_honoured_once ON exemplar (conference, person, name, year) WHERE removed_at IS NULL;
