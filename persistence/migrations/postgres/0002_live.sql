-- What happened in rooms, written behind by the projector from the journal. No row refers to another: a room may be
-- older than what it belongs to, and the journal is right in any case. `seq` is the room's seq that a row is at.

CREATE TABLE projection (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    epoch    BIGINT NOT NULL,
    cursor   BIGINT NOT NULL
);

CREATE TABLE facts (
    kind        TEXT NOT NULL,
    room        UUID NOT NULL,
    seq         BIGINT NOT NULL,
    tenant      UUID NOT NULL,
    conference  UUID NOT NULL,
    opens       BOOLEAN NOT NULL,
    -- Empty for what must stay secret: a vote in an anonymous poll, an anonymous question, an upvote, a report.
    key         UUID,
    participant UUID,
    at_us       BIGINT,
    body        BYTEA,
    PRIMARY KEY (kind, room, seq)
);
CREATE INDEX facts_participant ON facts (tenant, participant) WHERE participant IS NOT NULL;

CREATE TABLE polls (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL,
    conference UUID NOT NULL,
    session    UUID,
    title      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    status     TEXT NOT NULL,
    round      BIGINT NOT NULL,
    anonymous  BOOLEAN NOT NULL,
    poll       JSONB NOT NULL,
    seq        BIGINT NOT NULL
);
CREATE INDEX polls_conference ON polls (conference, session);

CREATE TABLE poll_results (
    poll    UUID NOT NULL,
    round   BIGINT NOT NULL,
    tenant  UUID NOT NULL,
    voters  BIGINT NOT NULL,
    results JSONB NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (poll, round)
);

-- A round ended at this seq.
CREATE TABLE poll_resets (
    poll   UUID NOT NULL,
    seq    BIGINT NOT NULL,
    tenant UUID NOT NULL,
    PRIMARY KEY (poll, seq)
);

-- Votes of polls that are not anonymous. The last one of a voter in a round counts.
CREATE TABLE votes (
    poll   UUID NOT NULL,
    seq    BIGINT NOT NULL,
    tenant UUID NOT NULL,
    voter  UUID NOT NULL,
    choice JSONB NOT NULL,
    at_us  BIGINT NOT NULL,
    PRIMARY KEY (poll, seq)
);

CREATE TABLE questions (
    id          UUID PRIMARY KEY,
    tenant      UUID NOT NULL,
    conference  UUID NOT NULL,
    session     UUID NOT NULL,
    status      TEXT NOT NULL,
    text        TEXT NOT NULL,
    votes       BIGINT NOT NULL,
    author_id   UUID,
    author_name TEXT,
    asked_us    BIGINT NOT NULL,
    reason      TEXT,
    edited      BOOLEAN NOT NULL,
    merged_into UUID,
    seq         BIGINT NOT NULL
);
CREATE INDEX questions_conference ON questions (conference, status);

CREATE TABLE messages (
    id            UUID PRIMARY KEY,
    tenant        UUID NOT NULL,
    conference    UUID NOT NULL,
    room          UUID NOT NULL,
    seq           BIGINT NOT NULL,
    author_id     UUID NOT NULL,
    author_name   TEXT NOT NULL,
    text          TEXT NOT NULL,
    at_us         BIGINT NOT NULL,
    reply_to      UUID,
    reactions     JSONB NOT NULL,
    reactions_seq BIGINT NOT NULL,
    deleted       BOOLEAN NOT NULL
);
CREATE INDEX messages_room ON messages (room, seq);

SELECT plenum_keep_tenants_apart('facts');
SELECT plenum_keep_tenants_apart('polls');
SELECT plenum_keep_tenants_apart('poll_results');
SELECT plenum_keep_tenants_apart('poll_resets');
SELECT plenum_keep_tenants_apart('votes');
SELECT plenum_keep_tenants_apart('questions');
SELECT plenum_keep_tenants_apart('messages');
