-- Identities, their keys and their roles.

-- A person or a program, under the name that an issuer of identities gives.
CREATE TABLE identity (
    id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT identity_pkey PRIMARY KEY (id),
    CONSTRAINT identity_known UNIQUE (issuer, subject)
);

-- A key issued by this service: it is found by its handle and verified by the digest of the whole key.
CREATE TABLE service_key (
    id uuid NOT NULL,
    identity uuid NOT NULL,
    handle text NOT NULL,
    digest bytea NOT NULL,
    purpose text NOT NULL,
    issued_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_on date,
    version integer NOT NULL,
    CONSTRAINT service_key_pkey PRIMARY KEY (id),
    CONSTRAINT service_key_identity_fkey FOREIGN KEY (identity) REFERENCES identity (id),
    CONSTRAINT service_key_handle_taken UNIQUE (handle),
    CONSTRAINT service_key_digest_sha256 CHECK (octet_length(digest) = 32),
    CONSTRAINT service_key_expires CHECK (expires_at > created_at)
);
CREATE INDEX service_key_identity_idx ON service_key (identity);

-- A role of an identity in a unit and the units below; with ``key``, only for requests with that key.
CREATE TABLE role_grant (
    id uuid NOT NULL,
    identity uuid NOT NULL,
    key uuid,
    role text NOT NULL,
    unit uuid,
    congress text,
    scopes jsonb,
    source text NOT NULL,
    granted_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT role_grant_pkey PRIMARY KEY (id),
    CONSTRAINT role_grant_identity_fkey FOREIGN KEY (identity) REFERENCES identity (id),
    CONSTRAINT role_grant_key_fkey FOREIGN KEY (key) REFERENCES service_key (id),
    CONSTRAINT role_grant_unit_fkey FOREIGN KEY (unit) REFERENCES unit (id),
    CONSTRAINT role_grant_congress_fkey FOREIGN KEY (congress) REFERENCES congress (id),
    CONSTRAINT house_grant_has_no_congress CHECK (unit IS NOT NULL OR congress IS NULL),
    CONSTRAINT role_known
        CHECK (role IN ('standing_council', 'approver', 'unit_officer', 'auditor', 'machine_client'))
);
CREATE INDEX role_grant_identity_idx ON role_grant (identity);
CREATE INDEX role_grant_key_idx ON role_grant (key);
CREATE INDEX role_grant_unit_idx ON role_grant (unit);
