-- A large state is in pieces, and `snapshots.state` is empty then.
CREATE TABLE pieces (
    room  INTEGER NOT NULL REFERENCES rooms (ref),
    seq   INTEGER NOT NULL,
    piece INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (room, seq, piece)
) STRICT;
