-- Lists of delegates, the outcome for each nomination, and the delegates.

-- The ``n``-th version of a conference's list, chosen under one frozen version of the plan. From the state
-- ``proposed`` on it is frozen.
--
-- ``how`` is the origin: computed from frozen nominations, edited by the council, or mended after a delegate could not
-- come; ``amends`` is then the version before. ``edits`` are the nominees that the council pinned or dropped,
-- ``leaving`` the delegates who cannot come, ``lots`` the ids drawn by lot, in their order.
CREATE TABLE selection (
    id uuid NOT NULL,
    conference uuid NOT NULL,
    plan_version uuid NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    how text NOT NULL,
    run uuid NOT NULL,
    snapshot text NOT NULL,
    amends uuid,
    edits jsonb NOT NULL,
    leaving jsonb NOT NULL,
    lots jsonb NOT NULL,
    lot jsonb,
    nodes integer NOT NULL,
    result jsonb,
    findings jsonb NOT NULL,
    reason text,
    proposed_by text,
    approved_by text,
    decision uuid,
    reasons_released_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT selection_pkey PRIMARY KEY (id),
    CONSTRAINT selection_conference_fkey FOREIGN KEY (conference) REFERENCES conference (id),
    CONSTRAINT selection_plan_version_fkey FOREIGN KEY (plan_version) REFERENCES plan_version (id),
    CONSTRAINT selection_run_fkey FOREIGN KEY (run) REFERENCES run (id),
    CONSTRAINT selection_snapshot_fkey FOREIGN KEY (snapshot) REFERENCES snapshot (digest),
    CONSTRAINT selection_amends_fkey FOREIGN KEY (amends) REFERENCES selection (id),
    CONSTRAINT selection_decision_fkey FOREIGN KEY (decision) REFERENCES decision (id),
    CONSTRAINT selection_conference_n_key UNIQUE (conference, n),
    CONSTRAINT selection_how_known CHECK (how IN ('computed', 'edited', 'mended')),
    CONSTRAINT selection_state_known CHECK (state IN (
        'computing', 'lots_required', 'infeasible', 'unproven', 'decided', 'proposed', 'approved',
        'adopted', 'superseded', 'failed'
    ))
);
CREATE UNIQUE INDEX one_adopted_selection_per_conference ON selection (conference) WHERE state = 'adopted';
CREATE INDEX selection_conference_idx ON selection (conference);
CREATE INDEX selection_snapshot_idx ON selection (snapshot);

-- The outcome for one nomination, with the reason.
CREATE TABLE selection_place (
    selection uuid NOT NULL,
    nomination uuid NOT NULL,
    unit uuid NOT NULL,
    "group" text NOT NULL,
    outcome text NOT NULL,
    alternate_no integer,
    hold text NOT NULL,
    reason text,
    points integer,
    CONSTRAINT selection_place_pkey PRIMARY KEY (selection, nomination),
    CONSTRAINT selection_place_selection_fkey FOREIGN KEY (selection) REFERENCES selection (id),
    CONSTRAINT selection_place_nomination_fkey FOREIGN KEY (nomination) REFERENCES nomination (id),
    CONSTRAINT selection_place_unit_fkey FOREIGN KEY (unit) REFERENCES unit (id),
    CONSTRAINT alternate_has_number CHECK ((outcome = 'alternate') = (alternate_no IS NOT NULL)),
    CONSTRAINT selection_outcome_known CHECK (outcome IN ('chosen', 'alternate', 'off'))
);
CREATE INDEX selection_place_nomination_idx ON selection_place (nomination);

-- A delegate: with the quota and the nomination, and the delegate whom this one replaces.
CREATE TABLE delegate (
    id uuid NOT NULL,
    conference uuid NOT NULL,
    unit uuid NOT NULL,
    "group" text NOT NULL,
    quota uuid NOT NULL,
    person uuid NOT NULL,
    nomination uuid NOT NULL,
    selection uuid NOT NULL,
    replaces uuid,
    ended_at timestamptz,
    ended_reason text,
    created_at timestamptz NOT NULL,
    CONSTRAINT delegate_pkey PRIMARY KEY (id),
    CONSTRAINT delegate_conference_fkey FOREIGN KEY (conference) REFERENCES conference (id),
    CONSTRAINT delegate_unit_fkey FOREIGN KEY (unit) REFERENCES unit (id),
    CONSTRAINT delegate_quota_fkey FOREIGN KEY (quota) REFERENCES quota (id),
    CONSTRAINT delegate_person_fkey FOREIGN KEY (person) REFERENCES person (id),
    CONSTRAINT delegate_nomination_fkey FOREIGN KEY (nomination) REFERENCES nomination (id),
    CONSTRAINT delegate_selection_fkey FOREIGN KEY (selection) REFERENCES selection (id),
    CONSTRAINT delegate_replaces_fkey FOREIGN KEY (replaces) REFERENCES delegate (id),
    CONSTRAINT ended_delegate_has_reason CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
);
CREATE INDEX delegate_conference_idx ON delegate (conference);
CREATE INDEX delegate_person_idx ON delegate (person);
CREATE INDEX delegate_selection_idx ON delegate (selection);
CREATE INDEX delegate_unit_idx ON delegate (unit);
CREATE UNIQUE INDEX nomination_delegate_once ON delegate (nomination) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX person_delegate_once ON delegate (conference, person) WHERE ended_at IS NULL;
