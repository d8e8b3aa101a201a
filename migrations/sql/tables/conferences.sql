-- Conferences and their seat groups.

-- One unit's conference in one congress chain. ``facts`` are those about the unit on the day ``as_of``; what the plan
-- says about such a unit is derived on request. ``size`` is the decided number of delegates, ``maximum`` the cap of the
-- plan for this form. Triggers count the places over all groups (counters.sql).
CREATE TABLE conference (
    id uuid PRIMARY KEY,
    congress text NOT NULL REFERENCES congress (id),
    plan_version uuid NOT NULL REFERENCES plan_version (id),
    unit uuid NOT NULL REFERENCES unit (id),
    tier text NOT NULL,
    state text NOT NULL,
    as_of date NOT NULL,
    name text,
    chosen text,
    form text NOT NULL,
    chosen_form text,
    facts jsonb NOT NULL,
    numbers jsonb,
    size integer,
    maximum integer,
    given integer NOT NULL,
    listed integer NOT NULL,
    excess integer NOT NULL,
    held_on date,
    meeting jsonb,
    planned jsonb,
    vetting jsonb,
    schedule jsonb,
    postponed_reason text,
    cancelled_on date,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT conference_not_negative CHECK (
        size >= 0 AND maximum >= 0 AND given >= 0 AND listed >= 0 AND excess >= 0
    ),
    CONSTRAINT conference_full CHECK (given + listed <= coalesce(size, maximum, given + listed) + excess),
    CONSTRAINT cancelled_conference_has_day CHECK ((state = 'cancelled') = (cancelled_on IS NOT NULL)),
    CONSTRAINT conference_form_known CHECK (form IN ('plenary', 'delegate', 'undecided')),
    CONSTRAINT conference_chosen_form_known CHECK (chosen_form IN ('plenary', 'delegate', 'undecided')),
    CONSTRAINT conference_state_known CHECK (state IN ('planned', 'held', 'closed', 'cancelled'))
);
CREATE INDEX conference_congress_idx ON conference (congress);
CREATE INDEX conference_plan_version_idx ON conference (plan_version);
CREATE INDEX conference_unit_idx ON conference (unit);
CREATE UNIQUE INDEX one_conference_per_unit_and_congress ON conference (congress, unit) WHERE state <> 'cancelled';

-- One seat group of a conference, with its number of seats or its maximum.
CREATE TABLE seat_group (
    conference uuid NOT NULL REFERENCES conference (id),
    "group" text NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    seats integer,
    maximum integer,
    given integer NOT NULL,
    listed integer NOT NULL,
    excess integer NOT NULL,
    filled_by text NOT NULL,
    counts_as text NOT NULL,
    CONSTRAINT seat_group_pkey PRIMARY KEY (conference, "group"),
    CONSTRAINT seat_group_filled_by_known CHECK (filled_by IN ('units', 'roll', 'invitation', 'ex_officio')),
    CONSTRAINT seat_group_full CHECK (given + listed <= coalesce(seats, maximum, given + listed) + excess),
    CONSTRAINT seat_group_not_negative CHECK (
        seats >= 0 AND maximum >= 0 AND given >= 0 AND listed >= 0 AND excess >= 0
    )
);

-- What a unit sent by a deadline of the plan: its own plan, a registration, its report.
CREATE TABLE conference_filing (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    deadline text NOT NULL,
    "on" date NOT NULL,
    documents jsonb NOT NULL,
    facts jsonb,
    reason text,
    on_behalf boolean NOT NULL,
    parts jsonb,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX conference_filing_conference_idx ON conference_filing (conference);

-- The steps of a conference: by when each is due, to whom it goes, and when it was done. The rows of a conference are
-- written anew whenever one of these changes; ``during`` are the days on which ``due`` was known to be so. Those of a
-- cancelled conference end on that day.
CREATE TABLE conference_step (
    conference uuid NOT NULL REFERENCES conference (id),
    step text NOT NULL,
    kind text NOT NULL,
    name text,
    clause text,
    due date,
    recipient text,
    via text,
    done_on date,
    during daterange NOT NULL,
    CONSTRAINT conference_step_pkey PRIMARY KEY (conference, step, during),
    CONSTRAINT conference_step_kind_known CHECK (kind IN ('plan', 'registration', 'vetting', 'meeting', 'report')),
    CONSTRAINT conference_step_has_a_day CHECK (NOT isempty(during))
);

-- A reminder of the last day of a step, made once for each deadline and stage, and sent until one try succeeds.
CREATE TABLE reminder (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    step text NOT NULL,
    due date NOT NULL,
    stage text NOT NULL,
    recipient text NOT NULL,
    made_at timestamptz NOT NULL,
    attempts integer NOT NULL,
    next_try_at timestamptz NOT NULL,
    sent_at timestamptz,
    CONSTRAINT reminder_conference_step_due_stage_key UNIQUE (conference, step, due, stage),
    CONSTRAINT reminder_stage_known CHECK (stage IN ('before', 'on_day', 'late')),
    CONSTRAINT reminder_not_negative CHECK (attempts >= 0)
);
CREATE INDEX reminder_waiting ON reminder (next_try_at) WHERE sent_at IS NULL;
CREATE INDEX conference_step_open ON conference_step (due) WHERE done_on IS NULL;
