-- Where a tenant's people may sign in besides here.

CREATE TABLE sign_in_providers (
    tenant        BLOB PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    issuer        TEXT NOT NULL,
    client_id     TEXT NOT NULL,
    client_secret TEXT,
    -- The roles of accounts that are made on the way; none when none are made.
    new_roles     TEXT
);

-- Whom a provider knows, by its own unchanging name for them.
CREATE TABLE linked_accounts (
    tenant    BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    issuer    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    user_id   BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    linked_us INTEGER NOT NULL,
    PRIMARY KEY (tenant, issuer, subject)
);
CREATE INDEX linked_accounts_user ON linked_accounts (user_id);
