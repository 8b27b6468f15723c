CREATE TABLE meta (
    epoch       INTEGER NOT NULL,
    trimmed_lsn INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE rooms (
    ref        INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    id         BLOB NOT NULL,
    tenant     BLOB NOT NULL,
    conference BLOB NOT NULL,
    session    BLOB,
    UNIQUE (kind, id)
) STRICT;

CREATE INDEX rooms_conference ON rooms (conference);

CREATE TABLE records (
    lsn         INTEGER PRIMARY KEY,
    room        INTEGER NOT NULL REFERENCES rooms (ref),
    seq         INTEGER NOT NULL,
    opens       INTEGER NOT NULL,
    key         BLOB,
    participant BLOB NOT NULL,
    at_ms       INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX records_room ON records (room, seq);

CREATE TABLE snapshots (
    room  INTEGER PRIMARY KEY REFERENCES rooms (ref),
    seq   INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;
