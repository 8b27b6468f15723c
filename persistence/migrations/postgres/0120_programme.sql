-- Conferences in series, where they take place, programmes that are edited here, texts in several languages, and seats.

ALTER TABLE conferences ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE conferences ADD COLUMN series TEXT;
ALTER TABLE conferences ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- Codes with a space between them.
ALTER TABLE conferences ADD COLUMN languages TEXT NOT NULL DEFAULT '';
CREATE INDEX conferences_series ON conferences (tenant, series, starts_on) WHERE series IS NOT NULL;

CREATE TABLE venues (
    id         UUID PRIMARY KEY,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    address    TEXT NOT NULL,
    city       TEXT,
    country    TEXT,
    url        TEXT,
    capacity   BIGINT,
    version    BIGINT NOT NULL,
    UNIQUE (conference, name)
);

ALTER TABLE halls ADD COLUMN venue UUID REFERENCES venues (id) ON DELETE SET NULL;
ALTER TABLE halls ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX halls_venue ON halls (venue) WHERE venue IS NOT NULL;

ALTER TABLE days ADD COLUMN title TEXT;

ALTER TABLE sessions ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN capacity BIGINT;
-- A session that is not published has no rooms, and only those who edit the programme see it.
ALTER TABLE sessions ADD COLUMN published BOOLEAN NOT NULL DEFAULT TRUE;
-- As the programme said it that was imported last: what differs from it was edited here.
ALTER TABLE sessions ADD COLUMN source JSONB;
CREATE INDEX sessions_hall ON sessions (hall) WHERE hall IS NOT NULL;

-- invited, confirmed or declined.
ALTER TABLE session_speakers ADD COLUMN confirmation TEXT NOT NULL DEFAULT 'confirmed';

CREATE TABLE session_texts (
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session     UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    language    TEXT NOT NULL,
    title       TEXT NOT NULL,
    subtitle    TEXT NOT NULL,
    abstract    TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (session, language)
);

-- Who has a place in a session with a capacity, and who waits for one, in the order in which they came.
CREATE TABLE seats (
    id          UUID PRIMARY KEY,
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session     UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    participant UUID NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    waits       BOOLEAN NOT NULL,
    since_us    BIGINT NOT NULL,
    UNIQUE (session, participant)
);
CREATE INDEX seats_order ON seats (session, waits, id);
CREATE INDEX seats_participant ON seats (participant);

SELECT plenum_keep_tenants_apart('venues');
SELECT plenum_keep_tenants_apart('session_texts');
SELECT plenum_keep_tenants_apart('seats');

-- Sessions as they are searched (domain/src/search.rs).
CREATE TABLE session_search (
    session    UUID PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    words      TSVECTOR NOT NULL
);
CREATE INDEX session_search_words ON session_search USING GIN (words);
CREATE INDEX session_search_conference ON session_search (conference);
INSERT INTO session_search (session, tenant, conference, words)
    SELECT id, tenant, conference, setweight(to_tsvector('simple', title || ' ' || subtitle), 'A')
        || setweight(to_tsvector('simple', coalesce((SELECT string_agg(p.name, ' ') FROM session_speakers k
            JOIN people p ON p.id = k.person WHERE k.session = sessions.id), '')), 'B')
        || setweight(to_tsvector('simple', abstract), 'C') || setweight(to_tsvector('simple', description), 'D')
    FROM sessions;
SELECT plenum_keep_tenants_apart('session_search');
