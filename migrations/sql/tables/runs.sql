-- Long work: frozen inputs, runs over them, and the answers kept for who asks again.

-- Frozen inputs, named by the digest of their canonical bytes; a sealed one by a digest under its key.
--
-- A snapshot never changes. To erase a sealed one is to destroy its key.
CREATE TABLE snapshot (
    digest text NOT NULL,
    schema text NOT NULL,
    content jsonb,
    sealed bytea,
    created_at timestamptz NOT NULL,
    CONSTRAINT snapshot_pkey PRIMARY KEY (digest),
    CONSTRAINT snapshot_open_or_sealed CHECK ((content IS NULL) <> (sealed IS NULL))
);

-- The key of one sealed snapshot, wrapped by the master key; without it nothing can be replayed.
CREATE TABLE snapshot_key (
    snapshot text NOT NULL,
    wrapped bytea NOT NULL,
    master text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT snapshot_key_pkey PRIMARY KEY (snapshot),
    CONSTRAINT snapshot_key_snapshot_fkey FOREIGN KEY (snapshot) REFERENCES snapshot (digest)
);

-- One piece of long work over one snapshot.
CREATE TABLE run (
    id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    subject uuid NOT NULL,
    snapshot text NOT NULL,
    engine text NOT NULL,
    actor text NOT NULL,
    attempts integer NOT NULL,
    owner_token uuid,
    lease_until timestamptz,
    progress jsonb,
    answer jsonb,
    problem jsonb,
    request_id text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT run_pkey PRIMARY KEY (id),
    CONSTRAINT run_snapshot_fkey FOREIGN KEY (snapshot) REFERENCES snapshot (digest),
    CONSTRAINT run_state_known CHECK (state IN ('queued', 'running', 'done', 'failed'))
);
CREATE INDEX run_subject_idx ON run (subject);
CREATE INDEX run_waiting_idx ON run (created_at) WHERE state IN ('queued', 'running');

-- What was answered to one key of one actor.
CREATE TABLE idempotency (
    actor text NOT NULL,
    key text NOT NULL,
    request_digest bytea NOT NULL,
    answer bytea,
    run uuid,
    master text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (actor, key),
    CONSTRAINT idempotency_run_fkey FOREIGN KEY (run) REFERENCES run (id),
    CONSTRAINT idempotency_answer_or_run CHECK (num_nonnulls(answer, run) = 1),
    CONSTRAINT idempotency_request_digest_sha256 CHECK (octet_length(request_digest) = 32)
);
CREATE INDEX idempotency_expires_at_idx ON idempotency (expires_at);
