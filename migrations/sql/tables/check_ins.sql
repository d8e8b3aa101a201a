-- Check-in at the door of a conference.

-- A device recorded at a moment that somebody had come: an accepted nominee, or a line of the organiser's list.
CREATE TABLE check_in (
    conference uuid NOT NULL REFERENCES conference (id),
    device text NOT NULL,
    at timestamptz NOT NULL,
    nomination uuid REFERENCES nomination (id),
    invitation uuid REFERENCES invitation (id),
    undone_at timestamptz,
    undone_reason text,
    undone_by text,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT check_in_pkey PRIMARY KEY (conference, device, at),
    CONSTRAINT check_in_of_one_line CHECK (num_nonnulls(nomination, invitation) = 1),
    CONSTRAINT undone_check_in_has_reason CHECK (num_nulls(undone_at, undone_reason, undone_by) IN (0, 3))
);
CREATE INDEX check_in_invitation_idx ON check_in (invitation);
CREATE INDEX check_in_nomination_idx ON check_in (nomination);
