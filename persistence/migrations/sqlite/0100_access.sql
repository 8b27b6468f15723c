-- Who may do what beyond the roles that an account has in the whole tenant, who changed it, and whose tokens and
-- sockets ended because of it.

ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Roles that a tenant made for itself; actions are words with a space between them.
CREATE TABLE custom_roles (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    actions    TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    UNIQUE (tenant, name)
) STRICT;

-- A role for one conference, or a tenant's own role. One of role and custom is there.
CREATE TABLE grants (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conference BLOB REFERENCES conferences (id) ON DELETE CASCADE,
    role       TEXT,
    custom     BLOB REFERENCES custom_roles (id) ON DELETE CASCADE,
    granted_by BLOB,
    granted_us INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_user ON grants (tenant, user_id);
CREATE INDEX grants_conference ON grants (conference) WHERE conference IS NOT NULL;
CREATE INDEX grants_custom ON grants (custom) WHERE custom IS NOT NULL;

-- Ids are made in the order of time, so the log is read by them.
CREATE TABLE audit (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    at_us      INTEGER NOT NULL,
    actor      BLOB,
    actor_name TEXT NOT NULL,
    action     TEXT NOT NULL,
    subject_is TEXT NOT NULL,
    subject    BLOB NOT NULL,
    details    TEXT NOT NULL
) STRICT;
CREATE INDEX audit_tenant ON audit (tenant, id);
CREATE INDEX audit_subject ON audit (tenant, subject, id);

-- Whose sockets were closed, and whose access tokens of before ended: an account, participant, screen or sign-in.
CREATE TABLE cutoffs (
    subject   BLOB PRIMARY KEY,
    tenant    BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    at_us     INTEGER NOT NULL,
    tokens_us INTEGER
) STRICT;
CREATE INDEX cutoffs_at ON cutoffs (at_us);
