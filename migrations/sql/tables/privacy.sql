-- Numbers that were released, and how long personal data is kept.

-- The numbers of one conference's delegates by sealed attributes, as they were released, once.
--
-- ``tables`` holds what was shown and nothing of what was suppressed.
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

-- Somebody whom a release counted, and whom no other release may count.
CREATE TABLE release_person (
    release uuid NOT NULL,
    person uuid NOT NULL,
    CONSTRAINT release_person_pkey PRIMARY KEY (release, person),
    CONSTRAINT release_person_release_fkey FOREIGN KEY (release) REFERENCES composition_release (id),
    CONSTRAINT release_person_person_fkey FOREIGN KEY (person) REFERENCES person (id)
);
CREATE INDEX release_person_person_idx ON release_person (person);

-- Until when the personal data of a congress is kept, and by which document.
CREATE TABLE retention (
    congress text NOT NULL,
    until date NOT NULL,
    source text NOT NULL,
    set_by text NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT retention_pkey PRIMARY KEY (congress),
    CONSTRAINT retention_congress_fkey FOREIGN KEY (congress) REFERENCES congress (id)
);
