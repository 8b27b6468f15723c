-- How people get an account, keep it safe, and see where they are signed in.

ALTER TABLE users ADD COLUMN totp_secret BLOB;
-- When the second factor was confirmed; it is asked for from then on.
ALTER TABLE users ADD COLUMN totp_us INTEGER;
-- The time step of the last code that was used: each is good once.
ALTER TABLE users ADD COLUMN totp_step INTEGER;

CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    BLOB NOT NULL,
    tenant  BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    used_us INTEGER,
    PRIMARY KEY (user_id, hash)
) STRICT;

CREATE TABLE invitations (
    id          BLOB PRIMARY KEY,
    tenant      BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email       TEXT NOT NULL,
    name        TEXT NOT NULL,
    roles       TEXT NOT NULL,
    -- [{"role": "moderator", "role_id": null, "conference_id": "01…"}]
    grants      TEXT NOT NULL,
    token_hash  BLOB NOT NULL UNIQUE,
    invited_by  BLOB,
    created_us  INTEGER NOT NULL,
    expires_us  INTEGER NOT NULL,
    UNIQUE (tenant, email)
) STRICT;

CREATE TABLE password_resets (
    token_hash BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_us INTEGER NOT NULL
) STRICT;
CREATE INDEX password_resets_user ON password_resets (user_id);
CREATE INDEX password_resets_expires ON password_resets (expires_us);

-- Where a chain of refresh tokens began.
CREATE TABLE sign_ins (
    family     BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject    BLOB NOT NULL,
    device     TEXT NOT NULL,
    started_us INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ins_started ON sign_ins (started_us);
CREATE INDEX refresh_tokens_subject ON refresh_tokens (tenant, subject);
