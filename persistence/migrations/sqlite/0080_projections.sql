-- In a cluster: how far the journal of each conference is in the store, and the newest of its owners that wrote here.
-- Whoever owned it before writes nothing any more.
CREATE TABLE projections (
    conference  BLOB PRIMARY KEY,
    owner_epoch INTEGER NOT NULL,
    history     INTEGER NOT NULL,
    cursor      INTEGER NOT NULL
) STRICT;
