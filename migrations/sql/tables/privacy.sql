-- Released numbers, and how long personal data are kept.

-- The released numbers of one conference's delegates by sealed attributes; there is one release at most.
--
-- ``tables`` contains only the published numbers, and nothing of the suppressed ones.
CREATE TABLE composition_release (
    id uuid NOT NULL,
    conference uuid NOT NULL,
    threshold integer NOT NULL,
    tables jsonb NOT NULL,
    released_by text NOT NULL,
    released_at timestamptz NOT NULL,
    CONSTRAINT composition_release_pkey PRIMARY KEY (id),
    CONSTRAINT composition_release_conference_fkey FOREIGN KEY (conference) REFERENCES conference (id),
    CONSTRAINT composition_released_once UNIQUE (conference)
);

-- A person counted in a release; no other release may count the same person.
CREATE TABLE release_person (
    release uuid NOT NULL,
    person uuid NOT NULL,
    CONSTRAINT release_person_pkey PRIMARY KEY (release, person),
    CONSTRAINT release_person_release_fkey FOREIGN KEY (release) REFERENCES composition_release (id),
    CONSTRAINT release_person_person_fkey FOREIGN KEY (person) REFERENCES person (id)
);
CREATE INDEX release_person_person_idx ON release_person (person);

-- The last day on which the personal data of a congress are kept, and the document that sets it.
CREATE TABLE retention (
    congress text NOT NULL,
    until date NOT NULL,
    source text NOT NULL,
    set_by text NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT retention_pkey PRIMARY KEY (congress),
    CONSTRAINT retention_congress_fkey FOREIGN KEY (congress) REFERENCES congress (id)
);
