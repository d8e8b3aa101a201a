-- Decisions, and allocations: the computed seats of a conference.

-- A document by which an authority decided; its number is unique per organ, series and year.
--
-- Number, year and day are recorded together, with the decision or later from the office that keeps the register, and
-- are then final (frozen.sql).
CREATE TABLE decision (
    id uuid PRIMARY KEY,
    subject_kind text NOT NULL,
    subject uuid NOT NULL,
    organ text NOT NULL,
    kind text NOT NULL,
    series text NOT NULL,
    year integer,
    number text,
    decided_on date,
    approved_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT decision_number_taken UNIQUE (organ, series, year, number),
    CONSTRAINT decision_number_whole CHECK (num_nonnulls(year, number, decided_on) IN (0, 3)),
    CONSTRAINT decision_subject_known CHECK (subject_kind IN ('sizing', 'allocation', 'selection'))
);
CREATE INDEX decision_subject_idx ON decision (subject);

-- The ``n``-th decision on the numbers of a conference: its size, its seat groups and its targets, in the format of plans.
CREATE TABLE sizing (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    plan_version uuid NOT NULL REFERENCES plan_version (id),
    n integer NOT NULL,
    state text NOT NULL,
    content jsonb NOT NULL,
    decided_above boolean NOT NULL,
    amends uuid REFERENCES sizing (id),
    findings jsonb NOT NULL,
    reason text,
    proposed_by text,
    approved_by text,
    decision uuid REFERENCES decision (id),
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT sizing_conference_n_key UNIQUE (conference, n),
    CONSTRAINT sizing_state_known CHECK (state IN ('draft', 'proposed', 'approved', 'adopted', 'superseded'))
);
CREATE INDEX sizing_conference_idx ON sizing (conference);
CREATE UNIQUE INDEX one_adopted_sizing_per_conference ON sizing (conference) WHERE state = 'adopted';

-- The ``n``-th version of a conference's allocation, computed under one frozen version of the plan. From the
-- state ``proposed`` on its seats are frozen.
CREATE TABLE allocation (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    plan_version uuid NOT NULL REFERENCES plan_version (id),
    n integer NOT NULL,
    state text NOT NULL,
    run uuid NOT NULL REFERENCES run (id),
    snapshot text NOT NULL REFERENCES snapshot (digest),
    amends uuid REFERENCES allocation (id),
    stages jsonb NOT NULL,
    certificate jsonb,
    findings jsonb NOT NULL,
    reason text,
    proposed_by text,
    approved_by text,
    decision uuid REFERENCES decision (id),
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT allocation_conference_n_key UNIQUE (conference, n),
    CONSTRAINT allocation_state_known CHECK (state IN (
        'computing', 'lots_required', 'infeasible', 'decided', 'proposed', 'approved', 'adopted',
        'superseded', 'failed', 'cancelled'
    ))
);
CREATE INDEX allocation_conference_idx ON allocation (conference);
CREATE INDEX allocation_snapshot_idx ON allocation (snapshot);
CREATE UNIQUE INDEX one_adopted_allocation_per_conference ON allocation (conference) WHERE state = 'adopted';

-- The seats of one unit in one seat group, and every figure they were computed from.
CREATE TABLE allocation_seat (
    allocation uuid NOT NULL REFERENCES allocation (id),
    unit uuid NOT NULL REFERENCES unit (id),
    "group" text NOT NULL,
    code text NOT NULL,
    bloc text NOT NULL,
    position integer NOT NULL,
    measure text NOT NULL,
    weight text NOT NULL,
    made_up boolean NOT NULL,
    quota text NOT NULL,
    floor integer NOT NULL,
    cap integer,
    bound text,
    parts jsonb NOT NULL,
    computed integer NOT NULL,
    adjustment integer NOT NULL,
    reason text,
    adjusted_by text,
    seats integer NOT NULL,
    CONSTRAINT allocation_seat_pkey PRIMARY KEY (allocation, unit, "group"),
    CONSTRAINT adjustment_has_reason CHECK (adjustment = 0 OR reason IS NOT NULL),
    CONSTRAINT allocation_seat_bound_known CHECK (bound IN ('floor', 'cap')),
    CONSTRAINT allocation_seat_sum CHECK (seats = computed + adjustment AND seats >= 0)
);

-- How many of a unit's seats a composition target asks for.
CREATE TABLE allocation_target (
    allocation uuid NOT NULL REFERENCES allocation (id),
    unit uuid NOT NULL REFERENCES unit (id),
    target text NOT NULL,
    code text NOT NULL,
    position integer NOT NULL,
    fair_share numeric(20, 6) NOT NULL,
    seats integer NOT NULL,
    by_seats boolean NOT NULL,
    CONSTRAINT allocation_target_pkey PRIMARY KEY (allocation, unit, target),
    CONSTRAINT allocation_target_not_negative CHECK (seats >= 0)
);
