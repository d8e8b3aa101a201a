-- Lists of delegates, the outcome for each nomination, and the delegates.

-- The ``n``-th version of a conference's list, chosen under one frozen version of the plan. From the state
-- ``proposed`` on it is frozen. db/selections.py explains the columns.
CREATE TABLE selection (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    plan_version uuid NOT NULL REFERENCES plan_version (id),
    n integer NOT NULL,
    state text NOT NULL,
    how text NOT NULL,
    run uuid NOT NULL REFERENCES run (id),
    snapshot text NOT NULL REFERENCES snapshot (digest),
    amends uuid REFERENCES selection (id),
    edits jsonb NOT NULL,
    leaving jsonb NOT NULL,
    lots jsonb NOT NULL,
    draw_numbers jsonb NOT NULL,
    lot jsonb,
    nodes integer NOT NULL,
    result jsonb,
    findings jsonb NOT NULL,
    reason text,
    proposed_by text,
    approved_by text,
    first_verdicts jsonb,
    decision uuid REFERENCES decision (id),
    reasons_released_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT selection_conference_n_key UNIQUE (conference, n),
    CONSTRAINT selection_how_known CHECK (how IN ('computed', 'edited', 'mended')),
    CONSTRAINT selection_state_known CHECK (state IN (
        'computing', 'lots_required', 'infeasible', 'unproven', 'decided', 'proposed', 'approved',
        'adopted', 'superseded', 'failed', 'cancelled'
    ))
);
CREATE UNIQUE INDEX one_adopted_selection_per_conference ON selection (conference) WHERE state = 'adopted';
CREATE UNIQUE INDEX first_proposal_once ON selection (conference) WHERE first_verdicts IS NOT NULL;
CREATE INDEX selection_conference_idx ON selection (conference);
CREATE INDEX selection_snapshot_idx ON selection (snapshot);

-- The outcome for one nomination, with the reason.
CREATE TABLE selection_place (
    selection uuid NOT NULL REFERENCES selection (id),
    nomination uuid NOT NULL REFERENCES nomination (id),
    unit uuid NOT NULL REFERENCES unit (id),
    "group" text NOT NULL,
    outcome text NOT NULL,
    alternate_no integer,
    hold text NOT NULL,
    reason text,
    points integer,
    CONSTRAINT selection_place_pkey PRIMARY KEY (selection, nomination),
    CONSTRAINT alternate_has_number CHECK ((outcome = 'alternate') = (alternate_no IS NOT NULL)),
    CONSTRAINT selection_outcome_known CHECK (outcome IN ('chosen', 'alternate', 'off')),
    CONSTRAINT selection_hold_known CHECK (hold IN (
        'free', 'ex_officio', 'passed', 'seated', 'pinned', 'dropped', 'ineligible', 'elsewhere'
    )),
    CONSTRAINT selection_reason_known CHECK (reason IN (
        'held_off', 'no_seat', 'pair', 'colleague', 'lot', 'cost', 'even'
    ))
);
CREATE INDEX selection_place_nomination_idx ON selection_place (nomination);

-- A delegate: with the quota and the nomination, and the delegate whom this one replaces.
CREATE TABLE delegate (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    unit uuid NOT NULL REFERENCES unit (id),
    "group" text NOT NULL,
    quota uuid NOT NULL REFERENCES quota (id),
    person uuid NOT NULL REFERENCES person (id),
    nomination uuid NOT NULL REFERENCES nomination (id),
    selection uuid NOT NULL REFERENCES selection (id),
    replaces uuid REFERENCES delegate (id),
    ended_at timestamptz,
    ended_reason text,
    created_at timestamptz NOT NULL,
    CONSTRAINT ended_delegate_has_reason CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
);
CREATE INDEX delegate_conference_idx ON delegate (conference);
CREATE INDEX delegate_person_idx ON delegate (person);
CREATE INDEX delegate_selection_idx ON delegate (selection);
CREATE INDEX delegate_unit_idx ON delegate (unit);
CREATE UNIQUE INDEX nomination_delegate_once ON delegate (nomination) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX person_delegate_once ON delegate (conference, person) WHERE ended_at IS NULL;
