-- Conferences in series, where they take place, programmes that are edited here, texts in several languages, and seats.

ALTER TABLE conferences ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE conferences ADD COLUMN series TEXT;
ALTER TABLE conferences ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- Codes with a space between them.
ALTER TABLE conferences ADD COLUMN languages TEXT NOT NULL DEFAULT '';
CREATE INDEX conferences_series ON conferences (tenant, series, starts_on) WHERE series IS NOT NULL;

CREATE TABLE venues (
    id         BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    city       TEXT,
    country    TEXT,
    url        TEXT,
    capacity   INTEGER,
    version    INTEGER NOT NULL,
    UNIQUE (conference, name)
) STRICT;

ALTER TABLE halls ADD COLUMN venue BLOB REFERENCES venues (id) ON DELETE SET NULL;
ALTER TABLE halls ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX halls_venue ON halls (venue) WHERE venue IS NOT NULL;

ALTER TABLE days ADD COLUMN title TEXT;

ALTER TABLE sessions ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN capacity INTEGER;
-- A session that is not published has no rooms, and only those who edit the programme see it.
ALTER TABLE sessions ADD COLUMN published INTEGER NOT NULL DEFAULT 1;
-- As the programme said it that was imported last: what differs from it was edited here.
ALTER TABLE sessions ADD COLUMN source TEXT;
CREATE INDEX sessions_hall ON sessions (hall) WHERE hall IS NOT NULL;

-- invited, confirmed or declined.
ALTER TABLE session_speakers ADD COLUMN confirmation TEXT NOT NULL DEFAULT 'confirmed';

CREATE TABLE session_texts (
    tenant      BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session     BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    language    TEXT NOT NULL,
    title       TEXT NOT NULL,
    subtitle    TEXT NOT NULL,
    abstract    TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (session, language)
) STRICT;

-- Who has a place in a session with a capacity, and who waits for one, in the order in which they came.
CREATE TABLE seats (
    id          BLOB PRIMARY KEY,
    tenant      BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session     BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    participant BLOB NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    waits       INTEGER NOT NULL,
    since_us    INTEGER NOT NULL,
    UNIQUE (session, participant)
) STRICT;
CREATE INDEX seats_order ON seats (session, waits, id);
CREATE INDEX seats_participant ON seats (participant);

-- Sessions as they are searched (domain/src/search.rs). `scope` has the conference's id, and with a p before it for what
-- is published; `key` has the session's, so that a row can be found again by the index that there is.
CREATE VIRTUAL TABLE session_search USING fts5 (
    scope, key, title, people, summary, body, session UNINDEXED,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO session_search (scope, key, title, people, summary, body, session)
    SELECT lower(hex(conference)) || ' p' || lower(hex(conference)), lower(hex(id)), title || ' ' || subtitle,
        coalesce((SELECT group_concat(p.name, ' ') FROM session_speakers k JOIN people p ON p.id = k.person
            WHERE k.session = sessions.id), ''),
        abstract, description, id FROM sessions;
CREATE TRIGGER sessions_forgotten AFTER DELETE ON sessions BEGIN
    DELETE FROM session_search WHERE session_search MATCH 'key:' || lower(hex(old.id));
END;
