-- How a tenant stands, what it booked, how it is set up, and how it was set up before.

ALTER TABLE tenants ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE tenants ADD COLUMN delete_after_us INTEGER;
ALTER TABLE tenants ADD COLUMN tier TEXT NOT NULL DEFAULT 'enterprise';
-- What was agreed instead of the tier's limits: {"conferences": 5}.
ALTER TABLE tenants ADD COLUMN agreed TEXT NOT NULL DEFAULT '{}';
ALTER TABLE tenants ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Settings as they were after each change; the newest one is also in tenants.
CREATE TABLE tenant_history (
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    part       TEXT NOT NULL,
    settings   TEXT NOT NULL,
    at_us      INTEGER NOT NULL,
    actor      BLOB,
    actor_name TEXT NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT;

CREATE TABLE logos (
    tenant     BLOB PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    hash       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes      BLOB NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX logos_hash ON logos (hash);
