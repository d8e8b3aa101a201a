-- Plans and their versions.

-- A plan, which has versions. ``code`` is the id in the plan's own text; ``title``, ``authority`` and ``number`` are
-- those of the version in force, or of the only draft.
CREATE TABLE plan (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    title text NOT NULL,
    authority text NOT NULL,
    council text NOT NULL DEFAULT '',
    number text,
    created_at timestamptz NOT NULL,
    CONSTRAINT plan_id_taken UNIQUE (code)
);

-- A congress that a plan prepares in any of its versions.
CREATE TABLE plan_congress (
    plan uuid NOT NULL REFERENCES plan (id),
    congress text NOT NULL REFERENCES congress (id),
    CONSTRAINT plan_congress_pkey PRIMARY KEY (plan, congress)
);

-- One text of a plan: a draft may change, a published version never does (a trigger refuses it).
CREATE TABLE plan_version (
    id uuid PRIMARY KEY,
    plan uuid NOT NULL REFERENCES plan (id),
    n integer NOT NULL,
    state text NOT NULL,
    body jsonb NOT NULL,
    digest text NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT plan_version_plan_n_key UNIQUE (plan, n),
    CONSTRAINT plan_version_state_known CHECK (state IN ('draft', 'published', 'superseded'))
);
CREATE UNIQUE INDEX one_draft_per_plan ON plan_version (plan) WHERE state = 'draft';
CREATE UNIQUE INDEX one_published_version_per_plan ON plan_version (plan) WHERE state = 'published';
