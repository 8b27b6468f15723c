-- Ids are 16 bytes, times are microseconds since 1970 (UTC), dates are ISO 8601 text, flags are 0 or 1.

CREATE TABLE tenants (
    id         BLOB PRIMARY KEY,
    slug       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    settings   TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id            BLOB PRIMARY KEY,
    tenant        BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email         TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT,
    roles         TEXT NOT NULL,
    created_us    INTEGER NOT NULL,
    disabled_us   INTEGER,
    UNIQUE (tenant, email)
) STRICT;

CREATE TABLE refresh_tokens (
    hash       BLOB PRIMARY KEY,
    family     BLOB NOT NULL,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject    BLOB NOT NULL,
    subject_is TEXT NOT NULL,
    conference BLOB,
    issued_us  INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    rotated_us INTEGER,
    revoked_us INTEGER
) STRICT;
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_us);

CREATE TABLE api_tokens (
    id           BLOB PRIMARY KEY,
    tenant       BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id      BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,
    created_us   INTEGER NOT NULL,
    expires_us   INTEGER,
    last_used_us INTEGER,
    revoked_us   INTEGER
) STRICT;
CREATE INDEX api_tokens_user ON api_tokens (tenant, user_id);

CREATE TABLE conferences (
    id          BLOB PRIMARY KEY,
    tenant      BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    title       TEXT NOT NULL,
    slug        TEXT NOT NULL,
    acronym     TEXT,
    time_zone   TEXT NOT NULL,
    starts_on   TEXT NOT NULL,
    ends_on     TEXT NOT NULL,
    status      TEXT NOT NULL,
    join_code   TEXT NOT NULL UNIQUE,
    source_hash BLOB,
    created_us  INTEGER NOT NULL,
    updated_us  INTEGER NOT NULL,
    UNIQUE (tenant, slug)
) STRICT;

CREATE TABLE halls (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    guid       TEXT,
    capacity   INTEGER,
    position   INTEGER NOT NULL,
    UNIQUE (conference, name)
) STRICT;

CREATE TABLE days (
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    date       TEXT NOT NULL,
    starts_us  INTEGER NOT NULL,
    ends_us    INTEGER NOT NULL,
    PRIMARY KEY (conference, number)
) STRICT;

CREATE TABLE sessions (
    id            BLOB PRIMARY KEY,
    tenant        BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference    BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    guid          TEXT,
    title         TEXT NOT NULL,
    subtitle      TEXT NOT NULL,
    abstract      TEXT NOT NULL,
    description   TEXT NOT NULL,
    starts_us     INTEGER NOT NULL,
    ends_us       INTEGER NOT NULL,
    offset_s      INTEGER NOT NULL,
    hall          BLOB REFERENCES halls (id) ON DELETE SET NULL,
    track         TEXT,
    kind          TEXT,
    language      TEXT,
    url           TEXT,
    do_not_record INTEGER NOT NULL,
    status        TEXT NOT NULL,
    created_us    INTEGER NOT NULL,
    updated_us    INTEGER NOT NULL,
    UNIQUE (conference, guid)
) STRICT;
CREATE INDEX sessions_conference_start ON sessions (conference, starts_us);

CREATE TABLE people (
    id          BLOB PRIMARY KEY,
    tenant      BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference  BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    source_key  TEXT NOT NULL,
    name        TEXT NOT NULL,
    affiliation TEXT,
    biography   TEXT,
    avatar_url  TEXT,
    UNIQUE (conference, source_key)
) STRICT;

CREATE TABLE session_speakers (
    tenant   BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session  BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    person   BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    role     TEXT NOT NULL,
    PRIMARY KEY (session, person)
) STRICT;
CREATE INDEX session_speakers_person ON session_speakers (person);

CREATE TABLE participants (
    id           BLOB PRIMARY KEY,
    tenant       BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference   BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    display_name TEXT NOT NULL,
    email        TEXT,
    roles        TEXT NOT NULL,
    joined_us    INTEGER NOT NULL
) STRICT;
CREATE INDEX participants_conference ON participants (conference, joined_us);

CREATE TABLE screens (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    session    BLOB REFERENCES sessions (id) ON DELETE SET NULL,
    name       TEXT NOT NULL,
    paired_us  INTEGER NOT NULL
) STRICT;
CREATE INDEX screens_conference ON screens (conference);

CREATE TABLE screen_pairings (
    code            TEXT PRIMARY KEY,
    poll_token_hash BLOB NOT NULL UNIQUE,
    expires_us      INTEGER NOT NULL,
    screen          BLOB REFERENCES screens (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE idempotency (
    tenant       BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    subject      BLOB NOT NULL,
    key          TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status       INTEGER,
    response     BLOB,
    expires_us   INTEGER NOT NULL,
    PRIMARY KEY (tenant, subject, key)
) STRICT;
CREATE INDEX idempotency_expires ON idempotency (expires_us);
