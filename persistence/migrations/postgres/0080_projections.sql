-- In a cluster: how far the journal of each conference is in the store, and the newest of its owners that wrote here.
-- Whoever owned it before writes nothing any more.
CREATE TABLE projections (
    conference  UUID PRIMARY KEY,
    owner_epoch BIGINT NOT NULL,
    history     BIGINT NOT NULL,
    cursor      BIGINT NOT NULL
);
