-- Who may do what beyond the roles that an account has in the whole tenant, who changed it, and whose tokens and
-- sockets ended because of it.

ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Roles that a tenant made for itself; actions are words with a space between them.
CREATE TABLE custom_roles (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    actions    TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    UNIQUE (tenant, name)
);

-- A role for one conference, or a tenant's own role. One of role and custom is there.
CREATE TABLE grants (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conference UUID REFERENCES conferences (id) ON DELETE CASCADE,
    role       TEXT,
    custom     UUID REFERENCES custom_roles (id) ON DELETE CASCADE,
    granted_by UUID,
    granted_us BIGINT NOT NULL
);
CREATE INDEX grants_user ON grants (tenant, user_id);
CREATE INDEX grants_conference ON grants (conference) WHERE conference IS NOT NULL;
CREATE INDEX grants_custom ON grants (custom) WHERE custom IS NOT NULL;

-- Ids are made in the order of time, so the log is read by them.
CREATE TABLE audit (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    at_us      BIGINT NOT NULL,
    actor      UUID,
    actor_name TEXT NOT NULL,
    action     TEXT NOT NULL,
    subject_is TEXT NOT NULL,
    subject    UUID NOT NULL,
    details    JSONB NOT NULL
);
CREATE INDEX audit_tenant ON audit (tenant, id);
CREATE INDEX audit_subject ON audit (tenant, subject, id);

-- Whose sockets were closed, and whose access tokens of before ended: an account, participant, screen or sign-in.
CREATE TABLE cutoffs (
    subject   UUID PRIMARY KEY,
    tenant    UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    at_us     BIGINT NOT NULL,
    tokens_us BIGINT
);
CREATE INDEX cutoffs_at ON cutoffs (at_us);

SELECT plenum_keep_tenants_apart('custom_roles');
SELECT plenum_keep_tenants_apart('grants');
SELECT plenum_keep_tenants_apart('audit');
SELECT plenum_keep_tenants_apart('cutoffs');
