-- What happened in rooms, written behind by the projector from the journal. No row refers to another: a room may be
-- older than what it belongs to, and the journal is right in any case. `seq` is the room's seq that a row is at.

CREATE TABLE projection (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch    INTEGER NOT NULL,
    cursor   INTEGER NOT NULL
) STRICT;

CREATE TABLE facts (
    kind        TEXT NOT NULL,
    room        BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    tenant      BLOB NOT NULL,
    conference  BLOB NOT NULL,
    opens       INTEGER NOT NULL,
    -- Empty for what must stay secret: a vote in an anonymous poll, an anonymous question, an upvote, a report.
    key         BLOB,
    participant BLOB,
    at_us       INTEGER,
    body        BLOB,
    PRIMARY KEY (kind, room, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX facts_participant ON facts (tenant, participant) WHERE participant IS NOT NULL;

CREATE TABLE polls (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL,
    conference BLOB NOT NULL,
    session    BLOB,
    title      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    status     TEXT NOT NULL,
    round      INTEGER NOT NULL,
    anonymous  INTEGER NOT NULL,
    poll       TEXT NOT NULL,
    seq        INTEGER NOT NULL
) STRICT;
CREATE INDEX polls_conference ON polls (conference, session);

CREATE TABLE poll_results (
    poll    BLOB NOT NULL,
    round   INTEGER NOT NULL,
    tenant  BLOB NOT NULL,
    voters  INTEGER NOT NULL,
    results TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (poll, round)
) STRICT, WITHOUT ROWID;

-- A round ended at this seq.
CREATE TABLE poll_resets (
    poll   BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    tenant BLOB NOT NULL,
    PRIMARY KEY (poll, seq)
) STRICT, WITHOUT ROWID;

-- Votes of polls that are not anonymous. The last one of a voter in a round counts.
CREATE TABLE votes (
    poll   BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    tenant BLOB NOT NULL,
    voter  BLOB NOT NULL,
    choice TEXT NOT NULL,
    at_us  INTEGER NOT NULL,
    PRIMARY KEY (poll, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
    id          BLOB PRIMARY KEY,
    tenant      BLOB NOT NULL,
    conference  BLOB NOT NULL,
    session     BLOB NOT NULL,
    status      TEXT NOT NULL,
    text        TEXT NOT NULL,
    votes       INTEGER NOT NULL,
    author_id   BLOB,
    author_name TEXT,
    asked_us    INTEGER NOT NULL,
    reason      TEXT,
    edited      INTEGER NOT NULL,
    merged_into BLOB,
    seq         INTEGER NOT NULL
) STRICT;
CREATE INDEX questions_conference ON questions (conference, status);

CREATE TABLE messages (
    id            BLOB PRIMARY KEY,
    tenant        BLOB NOT NULL,
    conference    BLOB NOT NULL,
    room          BLOB NOT NULL,
    seq           INTEGER NOT NULL,
    author_id     BLOB NOT NULL,
    author_name   TEXT NOT NULL,
    text          TEXT NOT NULL,
    at_us         INTEGER NOT NULL,
    reply_to      BLOB,
    reactions     TEXT NOT NULL,
    reactions_seq INTEGER NOT NULL,
    deleted       INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_room ON messages (room, seq);
