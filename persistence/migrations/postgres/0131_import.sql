-- What the programme said last of all that is around sessions: what differs from it was edited here.

ALTER TABLE conferences ADD COLUMN source JSONB;
ALTER TABLE halls ADD COLUMN source JSONB;
ALTER TABLE people ADD COLUMN source JSONB;
ALTER TABLE people ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Sessions of which an import changed what their rooms tell, until the rooms have heard of it.
CREATE TABLE session_news (
    session    UUID PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference UUID NOT NULL,
    at_us      BIGINT NOT NULL
);

SELECT plenum_keep_tenants_apart('session_news');
