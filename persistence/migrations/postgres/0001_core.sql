-- The same tables as migrations/sqlite, number for number. Ids are UUIDs, times are microseconds since 1970 (UTC), dates
-- are ISO 8601 text.

-- Whose rows a transaction may see, it says with SET LOCAL plenum.tenant: a tenant's id, or a star for everyone's.
-- Without it, it sees none.
CREATE FUNCTION plenum_tenant() RETURNS UUID LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN current_setting('plenum.tenant', TRUE) = '*' THEN NULL
        ELSE nullif(current_setting('plenum.tenant', TRUE), '')::UUID END;
CREATE FUNCTION plenum_reaches_everyone() RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('plenum.tenant', TRUE), '') = '*';

-- Every table whose rows belong to a tenant gets this policy, also for its owner. The functions stand in subqueries so
-- that they are asked once a statement, not once a row.
CREATE FUNCTION plenum_keep_tenants_apart(target REGCLASS, owner NAME DEFAULT 'tenant') RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY own_tenant ON %s USING ((SELECT plenum_reaches_everyone()) OR %I = (SELECT plenum_tenant()))',
        target, owner);
END $$;

-- SQLite's name for it.
CREATE FUNCTION instr(haystack TEXT, needle TEXT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN strpos(haystack, needle);

CREATE TABLE tenants (
    id         UUID PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    settings   JSONB NOT NULL,
    created_us BIGINT NOT NULL
);

CREATE TABLE users (
    id            UUID PRIMARY KEY,
    tenant        UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email         TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT,
    roles         TEXT NOT NULL,
    created_us    BIGINT NOT NULL,
    disabled_us   BIGINT,
    UNIQUE (tenant, email)
);

CREATE TABLE refresh_tokens (
    hash       BYTEA PRIMARY KEY,
    family     UUID NOT NULL,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject    UUID NOT NULL,
    subject_is TEXT NOT NULL,
    conference UUID,
    issued_us  BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    rotated_us BIGINT,
    revoked_us BIGINT
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_us);

CREATE TABLE api_tokens (
    id           UUID PRIMARY KEY,
    tenant       UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id      UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    hash         BYTEA NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    created_us   BIGINT NOT NULL,
    expires_us   BIGINT,
    last_used_us BIGINT,
    revoked_us   BIGINT
);
CREATE INDEX api_tokens_user ON api_tokens (tenant, user_id);

CREATE TABLE conferences (
    id          UUID PRIMARY KEY,
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    title       TEXT NOT NULL,
    slug        TEXT NOT NULL,
    acronym     TEXT,
    time_zone   TEXT NOT NULL,
    starts_on   TEXT NOT NULL,
    ends_on     TEXT NOT NULL,
    status      TEXT NOT NULL,
    join_code   TEXT NOT NULL UNIQUE,
    source_hash BYTEA,
    created_us  BIGINT NOT NULL,
    updated_us  BIGINT NOT NULL,
    UNIQUE (tenant, slug)
);

CREATE TABLE halls (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    guid       TEXT,
    capacity   BIGINT,
    position   BIGINT NOT NULL,
    UNIQUE (conference, name)
);

CREATE TABLE days (
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    date       TEXT NOT NULL,
    starts_us  BIGINT NOT NULL,
    ends_us    BIGINT NOT NULL,
    PRIMARY KEY (conference, number)
);

CREATE TABLE sessions (
    id            UUID PRIMARY KEY,
    tenant        UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference    UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    guid          TEXT,
    title         TEXT NOT NULL,
    subtitle      TEXT NOT NULL,
    abstract      TEXT NOT NULL,
    description   TEXT NOT NULL,
    starts_us     BIGINT NOT NULL,
    ends_us       BIGINT NOT NULL,
    offset_s      BIGINT NOT NULL,
    hall          UUID REFERENCES halls (id) ON DELETE SET NULL,
    track         TEXT,
    kind          TEXT,
    language      TEXT,
    url           TEXT,
    do_not_record BOOLEAN NOT NULL,
    status        TEXT NOT NULL,
    created_us    BIGINT NOT NULL,
    updated_us    BIGINT NOT NULL,
    UNIQUE (conference, guid)
);
CREATE INDEX sessions_conference_start ON sessions (conference, starts_us);

CREATE TABLE people (
    id          UUID PRIMARY KEY,
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference  UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    source_key  TEXT NOT NULL,
    name        TEXT NOT NULL,
    affiliation TEXT,
    biography   TEXT,
    avatar_url  TEXT,
    UNIQUE (conference, source_key)
);

CREATE TABLE session_speakers (
    tenant   UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session  UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    person   UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    role     TEXT NOT NULL,
    PRIMARY KEY (session, person)
);
CREATE INDEX session_speakers_person ON session_speakers (person);

CREATE TABLE participants (
    id           UUID PRIMARY KEY,
    tenant       UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference   UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    display_name TEXT NOT NULL,
    email        TEXT,
    roles        TEXT NOT NULL,
    joined_us    BIGINT NOT NULL
);
CREATE INDEX participants_conference ON participants (conference, joined_us);

CREATE TABLE screens (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    session    UUID REFERENCES sessions (id) ON DELETE SET NULL,
    name       TEXT NOT NULL,
    paired_us  BIGINT NOT NULL
);
CREATE INDEX screens_conference ON screens (conference);

CREATE TABLE screen_pairings (
    code            TEXT PRIMARY KEY,
    poll_token_hash BYTEA NOT NULL UNIQUE,
    expires_us      BIGINT NOT NULL,
    screen          UUID REFERENCES screens (id) ON DELETE CASCADE
);

CREATE TABLE idempotency (
    tenant       UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject      UUID NOT NULL,
    key          TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status       BIGINT,
    response     BYTEA,
    expires_us   BIGINT NOT NULL,
    PRIMARY KEY (tenant, subject, key)
);
CREATE INDEX idempotency_expires ON idempotency (expires_us);

SELECT plenum_keep_tenants_apart('tenants', 'id');
SELECT plenum_keep_tenants_apart('users');
SELECT plenum_keep_tenants_apart('refresh_tokens');
SELECT plenum_keep_tenants_apart('api_tokens');
SELECT plenum_keep_tenants_apart('conferences');
SELECT plenum_keep_tenants_apart('halls');
SELECT plenum_keep_tenants_apart('days');
SELECT plenum_keep_tenants_apart('sessions');
SELECT plenum_keep_tenants_apart('people');
SELECT plenum_keep_tenants_apart('session_speakers');
SELECT plenum_keep_tenants_apart('participants');
SELECT plenum_keep_tenants_apart('screens');
SELECT plenum_keep_tenants_apart('idempotency');
