-- Units: their names, codes, parents, successors and reports.
--
-- A unit has at most one name, code or parent of a kind on one day: exclusion constraints compare the days as ranges.
-- Values that must be equal are compared as ranges of one value, because the included binaries have no btree_gist.
CREATE TYPE uuidrange AS RANGE (subtype = uuid);
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");

-- A congress chain; ``id`` is that of the plans, ``name`` that of the first plan that prepares it.
CREATE TABLE congress (
    id text PRIMARY KEY,
    name text NOT NULL
);

-- A unit, with the days on which it exists.
CREATE TABLE unit (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    during daterange NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT unit_has_a_day CHECK (NOT isempty(during))
);
CREATE INDEX unit_kind_idx ON unit (kind);

-- A name of a unit, with its days; never two names on one day (``unit_name_overlap``).
CREATE TABLE unit_name (
    id uuid PRIMARY KEY,
    unit uuid NOT NULL REFERENCES unit (id),
    name text NOT NULL,
    sort_key text NOT NULL,
    during daterange NOT NULL,
    CONSTRAINT unit_name_has_a_day CHECK (NOT isempty(during)),
    CONSTRAINT unit_name_overlap EXCLUDE USING gist (uuidrange(unit, unit, '[]') WITH &&, during WITH &&)
);
CREATE INDEX unit_name_sort_key_idx ON unit_name (sort_key);
CREATE INDEX unit_name_unit_idx ON unit_name (unit);

-- A code of a unit in a scheme, with its days; never for two units on one day (``unit_code_overlap``).
CREATE TABLE unit_code (
    id uuid PRIMARY KEY,
    scheme text NOT NULL,
    code text NOT NULL,
    unit uuid NOT NULL REFERENCES unit (id),
    during daterange NOT NULL,
    CONSTRAINT unit_code_has_a_day CHECK (NOT isempty(during)),
    CONSTRAINT unit_code_overlap EXCLUDE USING gist (
        textrange(scheme, scheme, '[]') WITH &&, textrange(code, code, '[]') WITH &&, during WITH &&),
    CONSTRAINT unit_has_two_codes EXCLUDE USING gist (
        uuidrange(unit, unit, '[]') WITH &&, textrange(scheme, scheme, '[]') WITH &&, during WITH &&)
);
CREATE INDEX unit_code_code_idx ON unit_code (code);
CREATE INDEX unit_code_unit_idx ON unit_code (unit);

-- The parent of a unit in one congress chain, with its days; never two parents on one day.
CREATE TABLE unit_link (
    id uuid PRIMARY KEY,
    congress text NOT NULL REFERENCES congress (id),
    child uuid NOT NULL REFERENCES unit (id),
    parent uuid NOT NULL REFERENCES unit (id),
    during daterange NOT NULL,
    CONSTRAINT unit_link_has_a_day CHECK (NOT isempty(during)),
    CONSTRAINT unit_under_itself CHECK (child <> parent),
    CONSTRAINT unit_has_two_parents EXCLUDE USING gist (
        uuidrange(child, child, '[]') WITH &&, textrange(congress, congress, '[]') WITH &&, during WITH &&)
);
CREATE INDEX unit_link_child_idx ON unit_link (child);
CREATE INDEX unit_link_parent_idx ON unit_link (parent);

-- Every unit above a unit in a congress chain, and on which days; triggers on ``unit_link`` and ``unit`` write it.
CREATE TABLE unit_above (
    unit uuid NOT NULL,
    congress text NOT NULL,
    above uuid NOT NULL,
    during daterange NOT NULL,
    CONSTRAINT unit_above_pkey PRIMARY KEY (unit, congress, above, during)
);
CREATE INDEX unit_above_above_idx ON unit_above (above);

-- A merger, a division or a renaming that made new units out of old ones.
CREATE TABLE succession (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    "on" date NOT NULL,
    source text NOT NULL
);

-- The share of a predecessor that went to a successor; those of one predecessor add up to at most 1.
CREATE TABLE succession_part (
    succession uuid NOT NULL REFERENCES succession (id),
    predecessor uuid NOT NULL REFERENCES unit (id),
    successor uuid NOT NULL REFERENCES unit (id),
    share_num bigint NOT NULL,
    share_den bigint NOT NULL,
    CONSTRAINT succession_part_pkey PRIMARY KEY (succession, predecessor, successor),
    CONSTRAINT succession_share CHECK (share_num > 0 AND share_den > 0 AND share_num <= share_den),
    CONSTRAINT unit_succeeds_itself CHECK (predecessor <> successor)
);

-- A collective (tập thể) that has an award and sends a person to a conference.
CREATE TABLE collective (
    id uuid PRIMARY KEY,
    unit uuid NOT NULL REFERENCES unit (id),
    name text NOT NULL,
    description text,
    created_at timestamptz NOT NULL,
    CONSTRAINT collective_unit_name_key UNIQUE (unit, name)
);
CREATE INDEX collective_unit_idx ON collective (unit);

-- A report of a unit's figures for a day; a correction is a new revision.
CREATE TABLE staff_report (
    id uuid PRIMARY KEY,
    unit uuid NOT NULL REFERENCES unit (id),
    as_of date NOT NULL,
    revision integer NOT NULL,
    source text NOT NULL,
    made_up boolean NOT NULL,
    published_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT staff_report_unit_as_of_revision_source_key UNIQUE (unit, as_of, revision, source)
);
CREATE INDEX staff_report_unit_idx ON staff_report (unit);

-- One figure of a report; a figure without a row is unknown, never zero.
CREATE TABLE staff_figure (
    report uuid NOT NULL REFERENCES staff_report (id),
    measure text NOT NULL,
    value bigint NOT NULL,
    CONSTRAINT staff_figure_pkey PRIMARY KEY (report, measure),
    CONSTRAINT figure_not_negative CHECK (value >= 0)
);

-- A file that was read and checked; its units are stored only after it is confirmed.
CREATE TABLE unit_import (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    media text NOT NULL,
    digest text NOT NULL,
    sheet text NOT NULL,
    findings text NOT NULL,
    counts jsonb NOT NULL,
    state text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT unit_import_state_known CHECK (state IN ('checked', 'faulty', 'confirmed'))
);
CREATE INDEX unit_import_digest_idx ON unit_import (digest);
CREATE INDEX unit_import_created_by_idx ON unit_import (created_by, id);
