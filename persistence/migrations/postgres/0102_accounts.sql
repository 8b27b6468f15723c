-- How people get an account, keep it safe, and see where they are signed in.

ALTER TABLE users ADD COLUMN totp_secret BYTEA;
-- When the second factor was confirmed; it is asked for from then on.
ALTER TABLE users ADD COLUMN totp_us BIGINT;
-- The time step of the last code that was used: each is good once.
ALTER TABLE users ADD COLUMN totp_step BIGINT;

CREATE TABLE recovery_codes (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    BYTEA NOT NULL,
    tenant  UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    used_us BIGINT,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE invitations (
    id          UUID PRIMARY KEY,
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email       TEXT NOT NULL,
    name        TEXT NOT NULL,
    roles       TEXT NOT NULL,
    -- [{"role": "moderator", "role_id": null, "conference_id": "01…"}]
    grants      JSONB NOT NULL,
    token_hash  BYTEA NOT NULL UNIQUE,
    invited_by  UUID,
    created_us  BIGINT NOT NULL,
    expires_us  BIGINT NOT NULL,
    UNIQUE (tenant, email)
);

CREATE TABLE password_resets (
    token_hash BYTEA PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_us BIGINT NOT NULL
);
CREATE INDEX password_resets_user ON password_resets (user_id);
CREATE INDEX password_resets_expires ON password_resets (expires_us);

-- Where a chain of refresh tokens began.
CREATE TABLE sign_ins (
    family     UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject    UUID NOT NULL,
    device     TEXT NOT NULL,
    started_us BIGINT NOT NULL
);
CREATE INDEX sign_ins_started ON sign_ins (started_us);
CREATE INDEX refresh_tokens_subject ON refresh_tokens (tenant, subject);

SELECT plenum_keep_tenants_apart('recovery_codes');
SELECT plenum_keep_tenants_apart('invitations');
SELECT plenum_keep_tenants_apart('password_resets');
SELECT plenum_keep_tenants_apart('sign_ins');
