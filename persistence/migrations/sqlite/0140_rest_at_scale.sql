-- Long lists: an index in each order that pages are asked for in. It has all that rows are chosen by, so that what stands
-- before a page is walked over in the index alone.

DROP INDEX participants_conference;
DROP INDEX participants_status;
DROP INDEX participants_email;
DROP INDEX participants_name;
CREATE INDEX participants_joined ON participants (tenant, conference, joined_us, id, status, arrived_us);
CREATE INDEX participants_name ON participants (tenant, conference, display_name, id, status, arrived_us);
CREATE INDEX participants_email ON participants (tenant, conference, email, id, status, arrived_us);
-- Who waits for a place is asked for in order whenever one gets free.
CREATE INDEX participants_waiting ON participants (tenant, conference, joined_us, id) WHERE status = 'waiting';

DROP INDEX sessions_conference_start;
CREATE INDEX sessions_start ON sessions (tenant, conference, starts_us, id, published, status, track, hall);
CREATE INDEX sessions_title ON sessions (tenant, conference, title, id, published, status, track, starts_us);

-- The folded words of participants' names (domain/src/search.rs). The program writes them with the name; a name that is
-- changed or removed takes them along whatever else happens.
CREATE TABLE participant_words (
    conference  BLOB NOT NULL,
    word        TEXT NOT NULL,
    participant BLOB NOT NULL,
    tenant      BLOB NOT NULL,
    PRIMARY KEY (conference, word, participant)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_words_participant ON participant_words (participant, word, tenant);
CREATE TRIGGER participants_renamed AFTER UPDATE OF display_name ON participants
WHEN old.display_name <> new.display_name BEGIN
    DELETE FROM participant_words WHERE participant = old.id;
END;
CREATE TRIGGER participants_removed AFTER DELETE ON participants BEGIN
    DELETE FROM participant_words WHERE participant = old.id;
END;

-- Whose words are still to be written: SQL cannot fold, so the program does it when it opens the store.
CREATE TABLE participant_words_missing (
    participant BLOB PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    tenant      BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO participant_words_missing (participant, tenant) SELECT id, tenant FROM participants;

-- How many participants a conference has, by all that they are counted by: kept by triggers in the transaction that
-- changes them, so that it is always exact. What a slot is for, PostgreSQL's schema says; here there is one.
CREATE TABLE headcounts (
    conference BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    status     TEXT NOT NULL,
    registered INTEGER NOT NULL,
    arrived    INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    tenant     BLOB NOT NULL,
    people     INTEGER NOT NULL,
    PRIMARY KEY (conference, status, registered, arrived, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX headcounts_tenant ON headcounts (tenant, conference);
INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
    SELECT conference, status, registered_us IS NOT NULL, arrived_us IS NOT NULL, 0, tenant, COUNT(*)
    FROM participants GROUP BY conference, status, registered_us IS NOT NULL, arrived_us IS NOT NULL, tenant;
CREATE TRIGGER participants_counted_in AFTER INSERT ON participants BEGIN
    INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
        VALUES (new.conference, new.status, new.registered_us IS NOT NULL, new.arrived_us IS NOT NULL, 0, new.tenant, 1)
        ON CONFLICT DO UPDATE SET people = people + 1;
END;
CREATE TRIGGER participants_counted_out AFTER DELETE ON participants BEGIN
    UPDATE headcounts SET people = people - 1 WHERE conference = old.conference AND status = old.status
        AND registered = (old.registered_us IS NOT NULL) AND arrived = (old.arrived_us IS NOT NULL);
END;
CREATE TRIGGER participants_counted_anew AFTER UPDATE OF status, registered_us, arrived_us ON participants
WHEN (old.status, old.registered_us IS NULL, old.arrived_us IS NULL)
    <> (new.status, new.registered_us IS NULL, new.arrived_us IS NULL) BEGIN
    UPDATE headcounts SET people = people - 1 WHERE conference = old.conference AND status = old.status
        AND registered = (old.registered_us IS NOT NULL) AND arrived = (old.arrived_us IS NOT NULL);
    INSERT INTO headcounts (conference, status, registered, arrived, slot, tenant, people)
        VALUES (new.conference, new.status, new.registered_us IS NOT NULL, new.arrived_us IS NOT NULL, 0, new.tenant, 1)
        ON CONFLICT DO UPDATE SET people = people + 1;
END;
