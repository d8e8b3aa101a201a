-- How units passed their lists of delegates for the level above.

-- A unit's list for one upper event: passed by its own conference, or sent by a letter of its organ.
CREATE TABLE list_vote (
    id uuid PRIMARY KEY,
    congress text NOT NULL REFERENCES congress (id),
    unit uuid NOT NULL REFERENCES unit (id),
    own_conference uuid REFERENCES conference (id),
    source_document text,
    upper_congress text NOT NULL REFERENCES congress (id),
    upper_tier text NOT NULL,
    "on" date NOT NULL,
    present integer,
    in_favour integer,
    passed boolean NOT NULL,
    minutes uuid REFERENCES received_paper (id),
    named integer NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT conference_vote_is_counted
        CHECK (num_nulls(present, in_favour) IN (0, 2) AND (own_conference IS NULL OR present IS NOT NULL)),
    CONSTRAINT list_vote_has_conference_or_letter CHECK (own_conference IS NOT NULL OR source_document IS NOT NULL),
    CONSTRAINT vote_within_present CHECK (0 <= in_favour AND in_favour <= present)
);
CREATE UNIQUE INDEX list_passed_once ON list_vote (unit, upper_congress, upper_tier) WHERE revoked_at IS NULL;
CREATE INDEX list_vote_minutes_idx ON list_vote (minutes);
CREATE INDEX list_vote_own_conference_idx ON list_vote (own_conference);
CREATE INDEX list_vote_unit_idx ON list_vote (unit);

-- Why a vote was revoked, sealed by a key of its own, which the master key wraps.
CREATE TABLE list_vote_reason (
    vote uuid PRIMARY KEY REFERENCES list_vote (id),
    name text NOT NULL,
    wrapped bytea NOT NULL,
    master text NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX list_vote_reason_master_idx ON list_vote_reason (master);

-- A name on such a list, in its position from 1. ``person`` is who was named then.
CREATE TABLE list_vote_name (
    vote uuid NOT NULL REFERENCES list_vote (id),
    position integer NOT NULL,
    nomination uuid NOT NULL REFERENCES nomination (id),
    person uuid NOT NULL REFERENCES person (id),
    CONSTRAINT list_vote_name_pkey PRIMARY KEY (vote, position),
    CONSTRAINT list_position_positive CHECK (position >= 1),
    CONSTRAINT on_list_once UNIQUE (vote, nomination)
);
CREATE INDEX list_vote_name_nomination_idx ON list_vote_name (nomination);
CREATE INDEX list_vote_name_person_idx ON list_vote_name (person);
