-- Papers that units send in. Each is sealed by a key of its own; deleting the box erases it.

CREATE TABLE received_paper (
    id uuid PRIMARY KEY,
    congress text NOT NULL REFERENCES congress (id),
    unit uuid NOT NULL REFERENCES unit (id),
    kind text NOT NULL,
    number text,
    dated date,
    media text NOT NULL,
    digest text NOT NULL,
    size integer NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    erased_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT received_paper_kind_known
        CHECK (kind IN ('minutes', 'letter', 'decision', 'plan', 'report', 'other')),
    CONSTRAINT received_paper_not_empty CHECK (size > 0)
);
CREATE INDEX received_paper_unit_idx ON received_paper (unit, congress);

-- The sealed bytes of a paper, with their key, wrapped by the master key.
CREATE TABLE paper_box (
    paper uuid PRIMARY KEY REFERENCES received_paper (id),
    name text NOT NULL,
    wrapped bytea NOT NULL,
    master text NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX paper_box_master_idx ON paper_box (master);
