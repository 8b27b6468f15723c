-- How a tenant stands, what it booked, how it is set up, and how it was set up before.

ALTER TABLE tenants ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE tenants ADD COLUMN delete_after_us BIGINT;
ALTER TABLE tenants ADD COLUMN tier TEXT NOT NULL DEFAULT 'enterprise';
-- What was agreed instead of the tier's limits: {"conferences": 5}.
ALTER TABLE tenants ADD COLUMN agreed JSONB NOT NULL DEFAULT '{}';
ALTER TABLE tenants ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Settings as they were after each change; the newest one is also in tenants.
CREATE TABLE tenant_history (
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    version    BIGINT NOT NULL,
    part       TEXT NOT NULL,
    settings   JSONB NOT NULL,
    at_us      BIGINT NOT NULL,
    actor      UUID,
    actor_name TEXT NOT NULL,
    PRIMARY KEY (tenant, version)
);

CREATE TABLE logos (
    tenant     UUID PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    hash       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes      BYTEA NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE INDEX logos_hash ON logos (hash);

SELECT plenum_keep_tenants_apart('tenant_history');
SELECT plenum_keep_tenants_apart('logos');
