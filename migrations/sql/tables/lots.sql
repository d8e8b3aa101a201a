-- How ties were settled, announcements of lots, and the numbers under which nominations are drawn. None of them may
-- change (grants.sql).

-- How a tie was settled; one row for each tie.
CREATE TABLE settlement (
    id uuid PRIMARY KEY,
    allocation uuid NOT NULL REFERENCES allocation (id),
    stage text NOT NULL,
    tied_digest text NOT NULL,
    how text NOT NULL,
    "order" jsonb NOT NULL,
    seed text,
    minutes text NOT NULL,
    drawn_by text NOT NULL,
    drawn_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT settlement_allocation_stage_tied_digest_key UNIQUE (allocation, stage, tied_digest),
    CONSTRAINT settlement_how_known CHECK (how IN (
        'lot_by_hand', 'published_seed', 'decision', 'second_criterion', 'one_more'
    ))
);

-- The source and the day of the seed for a tie's lot; one announcement for each tie, and never changed.
--
-- The tie belongs to an allocation or to a selection. For a selection ``stage`` is ``selection``, and ``tied_digest``
-- is the number of lots drawn before at the conference, so a new list brings no new seed; ``ballots`` is how many
-- nominations had a number when it was announced.
CREATE TABLE lot_announcement (
    id uuid PRIMARY KEY,
    conference uuid NOT NULL REFERENCES conference (id),
    allocation uuid REFERENCES allocation (id),
    selection uuid REFERENCES selection (id),
    stage text NOT NULL,
    tied_digest text NOT NULL,
    source text NOT NULL,
    digits integer NOT NULL,
    drawn_on date NOT NULL,
    ballots integer,
    announced_by text NOT NULL,
    announced_at timestamptz NOT NULL,
    CONSTRAINT lot_announced_already UNIQUE (conference, stage, tied_digest),
    CONSTRAINT lot_day_taken UNIQUE (conference, stage, drawn_on),
    CONSTRAINT lot_over_ballots CHECK ((selection IS NULL) = (ballots IS NULL) AND ballots >= 1),
    CONSTRAINT lot_announced_beforehand CHECK (drawn_on > (announced_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
    CONSTRAINT lot_announced_for_one CHECK ((allocation IS NULL) <> (selection IS NULL)),
    CONSTRAINT lot_digits_in_bounds CHECK (digits BETWEEN 3 AND 40)
);
CREATE INDEX lot_announcement_allocation_idx ON lot_announcement (allocation);

-- The number under which a nomination is drawn. Whoever is sent again later gets another, behind all (frozen.sql).
--
-- It stays when the person is erased, so that the lot can be drawn again from the numbers.
CREATE TABLE ballot (
    conference uuid NOT NULL REFERENCES conference (id),
    draw_no integer NOT NULL,
    nomination uuid NOT NULL REFERENCES nomination (id),
    frozen_at timestamptz NOT NULL,
    PRIMARY KEY (conference, draw_no)
);
CREATE INDEX ballot_nomination_idx ON ballot (nomination);
