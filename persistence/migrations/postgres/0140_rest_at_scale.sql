-- Long lists: an index in each order that pages are asked for in. It has all that rows are chosen by, so that what stands
-- before a page is walked over in the index alone.

DROP INDEX participants_conference;
DROP INDEX participants_status;
DROP INDEX participants_email;
DROP INDEX participants_name;
CREATE INDEX participants_joined ON participants (tenant, conference, joined_us NULLS FIRST, id NULLS FIRST) INCLUDE (status, arrived_us);
CREATE INDEX participants_name ON participants (tenant, conference, display_name NULLS FIRST, id NULLS FIRST) INCLUDE (status, arrived_us);
CREATE INDEX participants_email ON participants (tenant, conference, email NULLS FIRST, id NULLS FIRST) INCLUDE (status, arrived_us);
-- Who waits for a place is asked for in order whenever one gets free.
CREATE INDEX participants_waiting ON participants (tenant, conference, joined_us, id) WHERE status = 'waiting';

DROP INDEX sessions_conference_start;
CREATE INDEX sessions_start ON sessions (tenant, conference, starts_us NULLS FIRST, id NULLS FIRST) INCLUDE (published, status, track, hall);
CREATE INDEX sessions_title ON sessions (tenant, conference, title NULLS FIRST, id NULLS FIRST) INCLUDE (published, status, track, starts_us);

-- The folded words of participants' names (domain/src/search.rs). The program writes them with the name; a name that is
-- changed or removed takes them along whatever else happens. Words are compared byte by byte, so that a beginning is a
-- range; and in columns of a B-tree, because policies let no other index be asked for words.
CREATE TABLE participant_words (
    conference  UUID NOT NULL,
    word        TEXT COLLATE "C" NOT NULL,
    participant UUID NOT NULL,
    tenant      UUID NOT NULL,
    PRIMARY KEY (conference, word, participant) INCLUDE (tenant)
);
CREATE INDEX participant_words_participant ON participant_words (participant, word, tenant);
CREATE FUNCTION plenum_forget_words() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM participant_words WHERE participant = old.id;
    RETURN NULL;
END $$;
CREATE TRIGGER participants_renamed AFTER UPDATE OF display_name ON participants FOR EACH ROW
    WHEN (old.display_name <> new.display_name) EXECUTE FUNCTION plenum_forget_words();
CREATE TRIGGER participants_removed AFTER DELETE ON participants FOR EACH ROW EXECUTE FUNCTION plenum_forget_words();
SELECT plenum_keep_tenants_apart('participant_words');

-- Whose words are still to be written: SQL cannot fold, so the program does it when it opens the store.
CREATE TABLE participant_words_missing (
    participant UUID PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    tenant      UUID NOT NULL
);
INSERT INTO participant_words_missing (participant, tenant) SELECT id, tenant FROM participants;
SELECT plenum_keep_tenants_apart('participant_words_missing');

-- How many participants a conference has, by all that they are counted by: kept by triggers in the transaction that
-- changes them, so that it is always exact. Whoever changes a row has it until their transaction ends: each connection
-- adds to a row of its own slot, so that those who join at once do not wait for one another, and the sum is the count.
-- A slot may be below nothing when those whom one connection counted in were counted out by another.
CREATE TABLE headcounts (
    conference UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    status     TEXT NOT NULL,
    registered BOOLEAN NOT NULL,
    arrived    BOOLEAN NOT NULL,
    slot       BIGINT NOT NULL,
    tenant     UUID NOT NULL,
    people     BIGINT NOT NULL,
    PRIMARY KEY (conference, status, registered, arrived, slot)
) WITH (fillfactor = 50);
CREATE INDEX headcounts_tenant ON headcounts (tenant, conference);
INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
    SELECT conference, status, registered_us IS NOT NULL, arrived_us IS NOT NULL, 0, tenant, COUNT(*)
    FROM participants GROUP BY 1, 2, 3, 4, tenant;
SELECT plenum_keep_tenants_apart('headcounts');

CREATE FUNCTION plenum_count(participant participants, more BIGINT) RETURNS VOID LANGUAGE sql AS $$
    INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
        VALUES (participant.conference, participant.status, participant.registered_us IS NOT NULL,
            participant.arrived_us IS NOT NULL, pg_backend_pid() % 64, participant.tenant, more)
        ON CONFLICT (conference, status, registered, arrived, slot) DO UPDATE SET people = headcounts.people + excluded.people
$$;
CREATE FUNCTION plenum_count_in() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
        SELECT conference, status, registered_us IS NOT NULL, arrived_us IS NOT NULL, pg_backend_pid() % 64, tenant, COUNT(*)
        FROM added GROUP BY 1, 2, 3, 4, 6 ORDER BY 1, 2, 3, 4
        ON CONFLICT (conference, status, registered, arrived, slot) DO UPDATE SET people = headcounts.people + excluded.people;
    RETURN NULL;
END $$;
-- Of a conference that is removed nothing is counted any more.
CREATE FUNCTION plenum_count_out() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
        SELECT conference, status, registered_us IS NOT NULL, arrived_us IS NOT NULL, pg_backend_pid() % 64, tenant, -COUNT(*)
        FROM removed WHERE conference IN (SELECT id FROM conferences) GROUP BY 1, 2, 3, 4, 6 ORDER BY 1, 2, 3, 4
        ON CONFLICT (conference, status, registered, arrived, slot) DO UPDATE SET people = headcounts.people + excluded.people;
    RETURN NULL;
END $$;
CREATE FUNCTION plenum_count_anew() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM plenum_count(old, -1), plenum_count(new, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER participants_counted_in AFTER INSERT ON participants REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION plenum_count_in();
CREATE TRIGGER participants_counted_out AFTER DELETE ON participants REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION plenum_count_out();
CREATE TRIGGER participants_counted_anew AFTER UPDATE OF status, registered_us, arrived_us ON participants FOR EACH ROW
    WHEN ((old.status, old.registered_us IS NULL, old.arrived_us IS NULL)
        IS DISTINCT FROM (new.status, new.registered_us IS NULL, new.arrived_us IS NULL))
    EXECUTE FUNCTION plenum_count_anew();

-- The words of each session once more, in a B-tree: policies hide rows from operators that might tell of them, and that of
-- text search is one of those, so that its index is never used here. This one finds the sessions with a word, text search
-- then judges those.
ALTER TABLE session_search ADD COLUMN published BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE session_search SET published = sessions.published FROM sessions WHERE sessions.id = session;
DROP INDEX session_search_words;
CREATE TABLE session_search_words (
    conference UUID NOT NULL,
    word       TEXT COLLATE "C" NOT NULL,
    session    UUID NOT NULL REFERENCES session_search (session) ON DELETE CASCADE,
    tenant     UUID NOT NULL,
    PRIMARY KEY (conference, word, session) INCLUDE (tenant)
);
CREATE INDEX session_search_words_session ON session_search_words (session);
INSERT INTO session_search_words (conference, word, session, tenant)
    SELECT conference, unnest(tsvector_to_array(words)), session, tenant FROM session_search;
SELECT plenum_keep_tenants_apart('session_search_words');
CREATE FUNCTION plenum_list_words() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM session_search_words WHERE session = new.session;
    INSERT INTO session_search_words (conference, word, session, tenant)
        SELECT new.conference, word, new.session, new.tenant FROM unnest(tsvector_to_array(new.words)) AS word;
    RETURN NULL;
END $$;
CREATE TRIGGER session_search_listed AFTER INSERT OR UPDATE OF words ON session_search FOR EACH ROW
    EXECUTE FUNCTION plenum_list_words();
