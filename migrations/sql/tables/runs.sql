-- Frozen inputs, runs that compute from them, and answers stored for repeated requests.

-- Frozen inputs, named by the digest of their canonical bytes; sealed ones by a digest with their key.
--
-- A snapshot never changes. A sealed one is erased by deleting its key.
CREATE TABLE snapshot (
    digest text PRIMARY KEY,
    schema text NOT NULL,
    content jsonb,
    sealed bytea,
    created_at timestamptz NOT NULL,
    CONSTRAINT snapshot_open_or_sealed CHECK ((content IS NULL) <> (sealed IS NULL))
);

-- The key of one sealed snapshot, wrapped by the master key; without it the run cannot be repeated.
CREATE TABLE snapshot_key (
    snapshot text PRIMARY KEY REFERENCES snapshot (digest),
    wrapped bytea NOT NULL,
    master text NOT NULL,
    created_at timestamptz NOT NULL
);

-- One long computation from one snapshot.
CREATE TABLE run (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    state text NOT NULL,
    subject uuid NOT NULL,
    snapshot text NOT NULL REFERENCES snapshot (digest),
    engine text NOT NULL,
    actor text NOT NULL,
    attempts integer NOT NULL,
    owner_token uuid,
    worker integer,
    lease_until timestamptz,
    progress jsonb,
    answer jsonb,
    problem jsonb,
    request_id text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT run_state_known CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled'))
);
CREATE INDEX run_subject_idx ON run (subject);
CREATE INDEX run_waiting_idx ON run (created_at) WHERE state IN ('queued', 'running');

-- The answer to the request with one key of one actor.
CREATE TABLE idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    request_digest bytea NOT NULL,
    answer bytea,
    run uuid REFERENCES run (id),
    master text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (actor, key),
    CONSTRAINT idempotency_answer_or_run CHECK (num_nonnulls(answer, run) = 1),
    CONSTRAINT idempotency_request_digest_sha256 CHECK (octet_length(request_digest) = 32)
);
CREATE INDEX idempotency_expires_at_idx ON idempotency (expires_at);
