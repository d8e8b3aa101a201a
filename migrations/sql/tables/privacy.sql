-- Released numbers, and how long personal data are kept.

-- The released numbers of one conference's delegates by sealed attributes; there is one release at most.
--
-- ``tables`` contains only the published numbers, and nothing of the suppressed ones.
CREATE TABLE composition_release (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    threshold integer NOT NULL,
    left_out integer NOT NULL,
    tables jsonb NOT NULL,
    released_by text NOT NULL,
    released_at timestamptz NOT NULL,
    CONSTRAINT composition_released_once UNIQUE (conference)
);

-- A person counted in a release; no other release may count the same person.
CREATE TABLE release_person (
    release uuid NOT NULL REFERENCES composition_release (id),
    person uuid NOT NULL REFERENCES person (id),
    CONSTRAINT release_person_pkey PRIMARY KEY (release, person)
);
CREATE INDEX release_person_person_idx ON release_person (person);

-- The last day on which the personal data of a congress are kept, and the document that sets it.
CREATE TABLE retention (
    congress text PRIMARY KEY REFERENCES congress (id),
    until date NOT NULL,
    source text NOT NULL,
    set_by text NOT NULL,
    set_at timestamptz NOT NULL
);
