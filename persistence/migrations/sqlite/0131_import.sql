-- What the programme said last of all that is around sessions: what differs from it was edited here.

ALTER TABLE conferences ADD COLUMN source TEXT;
ALTER TABLE halls ADD COLUMN source TEXT;
ALTER TABLE people ADD COLUMN source TEXT;
ALTER TABLE people ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- Sessions of which an import changed what their rooms tell, until the rooms have heard of it.
CREATE TABLE session_news (
    session    BLOB PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference BLOB NOT NULL,
    at_us      INTEGER NOT NULL
) STRICT;
