-- The audit trail: one chain of events for each plan, one for the service, one for refusals (rules: ../audit.sql).

-- One act on one subject. ``changes`` never contains a sensitive value.
CREATE TABLE audit_event (
    chain text NOT NULL,
    n bigint NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    on_behalf_of text,
    act text NOT NULL,
    subject_kind text NOT NULL,
    subject text NOT NULL,
    request_id text,
    changes jsonb NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT audit_event_pkey PRIMARY KEY (chain, n),
    CONSTRAINT audit_event_id_key UNIQUE (id)
);
CREATE INDEX audit_event_act_idx ON audit_event (act);
CREATE INDEX audit_event_subject_idx ON audit_event (subject);

-- Number, hash and time of the last event of a chain; the row lock puts the writers in order.
CREATE TABLE audit_head (
    chain text PRIMARY KEY,
    n bigint NOT NULL,
    hash text NOT NULL,
    at timestamptz NOT NULL
);
