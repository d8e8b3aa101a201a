-- What units find difficult about their conferences, and the answers of the councils above.
CREATE TABLE difficulty (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    state text NOT NULL,
    text text NOT NULL,
    paper uuid REFERENCES received_paper (id),
    raised_on date NOT NULL,
    answer text,
    document text,
    answered_on date,
    closed_on date,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT answered_difficulty_has_answer
        CHECK ((answer IS NULL) = (answered_on IS NULL) AND (state <> 'answered' OR answer IS NOT NULL)),
    CONSTRAINT closed_difficulty_has_day CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT difficulty_state_known CHECK (state IN ('open', 'answered', 'closed'))
);
CREATE INDEX difficulty_conference_idx ON difficulty (conference);
CREATE INDEX difficulty_paper_idx ON difficulty (paper);
