-- Accounts, their identities, keys and roles.

-- One person or one program, with however many identities.
CREATE TABLE account (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL
);

-- A person or a program, under the name that an issuer of identities gives.
CREATE TABLE identity (
    id uuid PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id),
    issuer text NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT identity_known UNIQUE (issuer, subject)
);
CREATE INDEX identity_account_idx ON identity (account);

-- An account that an identity once belonged to, and until when.
CREATE TABLE former_account (
    identity uuid NOT NULL REFERENCES identity (id),
    account uuid NOT NULL REFERENCES account (id),
    left_at timestamptz NOT NULL,
    CONSTRAINT former_account_pkey PRIMARY KEY (identity, account, left_at)
);

-- The newest one-time code that an identity asked for, to be linked with another one.
CREATE TABLE link_code (
    identity uuid PRIMARY KEY REFERENCES identity (id),
    digest bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT link_code_digest_sha256 CHECK (octet_length(digest) = 32)
);
CREATE INDEX link_code_digest_idx ON link_code (digest);

-- How many codes an identity has handed in since then.
CREATE TABLE link_attempt (
    identity uuid PRIMARY KEY REFERENCES identity (id),
    attempts integer NOT NULL,
    since timestamptz NOT NULL
);

-- A key issued by this service: it is found by its handle and verified by the digest of the whole key.
CREATE TABLE service_key (
    id uuid PRIMARY KEY,
    identity uuid NOT NULL REFERENCES identity (id),
    handle text NOT NULL,
    digest bytea NOT NULL,
    purpose text NOT NULL,
    issued_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_on date,
    version integer NOT NULL,
    CONSTRAINT service_key_handle_taken UNIQUE (handle),
    CONSTRAINT service_key_digest_sha256 CHECK (octet_length(digest) = 32),
    CONSTRAINT service_key_expires CHECK (expires_at > created_at)
);
CREATE INDEX service_key_identity_idx ON service_key (identity);

-- A role of an identity in a unit and the units below; with ``key``, only for requests with that key.
CREATE TABLE role_grant (
    id uuid PRIMARY KEY,
    identity uuid NOT NULL REFERENCES identity (id),
    key uuid REFERENCES service_key (id),
    role text NOT NULL,
    unit uuid REFERENCES unit (id),
    congress text REFERENCES congress (id),
    scopes jsonb,
    source text NOT NULL,
    granted_by text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT house_grant_has_no_congress CHECK (unit IS NOT NULL OR congress IS NULL),
    CONSTRAINT role_known CHECK (role IN ('standing_council', 'approver', 'unit_officer', 'auditor', 'machine_client'))
);
CREATE INDEX role_grant_identity_idx ON role_grant (identity);
CREATE INDEX role_grant_key_idx ON role_grant (key);
CREATE INDEX role_grant_unit_idx ON role_grant (unit);
