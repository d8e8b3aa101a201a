-- People and their attributes; sensitive data are sealed, in a table of their own.

-- A person who may become a delegate. The year of birth is enough; the day is optional.
CREATE TABLE person (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    sort_key text NOT NULL,
    birth_year integer,
    born_on date,
    shown_key text,
    shown_year integer,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    erased_at timestamptz,
    CONSTRAINT birth_year_agrees
        CHECK (born_on IS NULL OR birth_year IS NOT DISTINCT FROM extract(year FROM born_on)::int),
    CONSTRAINT birth_year_plausible CHECK (birth_year BETWEEN 1850 AND 2200)
);
CREATE INDEX person_sort_key_idx ON person (sort_key);

-- One attribute of a person that is not sensitive; an attribute without a row is not stated.
CREATE TABLE person_attribute (
    person uuid NOT NULL REFERENCES person (id),
    attribute text NOT NULL,
    value text NOT NULL,
    CONSTRAINT person_attribute_pkey PRIMARY KEY (person, attribute)
);

-- A person's own key, wrapped by the master key; deleting it erases everything sealed with it.
CREATE TABLE person_key (
    id uuid PRIMARY KEY,
    wrapped bytea NOT NULL,
    master text NOT NULL,
    created_at timestamptz NOT NULL
);

-- Ethnicity, religion and Party membership: one sealed box per person, readable only with permission.
CREATE TABLE person_sealed (
    person uuid PRIMARY KEY REFERENCES person (id),
    key_id uuid NOT NULL REFERENCES person_key (id),
    sealed bytea NOT NULL
);
