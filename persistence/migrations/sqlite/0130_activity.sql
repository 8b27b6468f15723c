-- What people did, counted from the archive of facts by quarter hours, so that whole days of any time zone can be made of
-- them. It holds nothing that the archive does not say, and can be counted anew from it at any time.

-- What a record did, in a word, when that is counted; and the session that its room serves. Secret ones have it too: it
-- says that somebody voted, not who or what.
ALTER TABLE facts ADD COLUMN deed TEXT;
ALTER TABLE facts ADD COLUMN session BLOB;

CREATE TABLE activity (
    kind       TEXT NOT NULL,
    room       BLOB NOT NULL,
    deed       TEXT NOT NULL,
    from_us    INTEGER NOT NULL,
    tenant     BLOB NOT NULL,
    conference BLOB NOT NULL,
    session    BLOB NOT NULL,
    times      INTEGER NOT NULL,
    PRIMARY KEY (kind, room, deed, from_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_conference ON activity (conference, from_us);
CREATE INDEX activity_session ON activity (session, from_us);

-- Who did something that is not secret.
CREATE TABLE activity_people (
    session     BLOB NOT NULL,
    participant BLOB NOT NULL,
    from_us     INTEGER NOT NULL,
    tenant      BLOB NOT NULL,
    conference  BLOB NOT NULL,
    PRIMARY KEY (session, participant, from_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_people_conference ON activity_people (conference, from_us);

-- Up to which seq each room is counted. What is secret has no time of its own: it falls on that of what was last done
-- before it in its room, which is kept here for what comes next.
CREATE TABLE activity_marks (
    kind       TEXT NOT NULL,
    room       BLOB NOT NULL,
    tenant     BLOB NOT NULL,
    conference BLOB NOT NULL,
    seq        INTEGER NOT NULL,
    dated_us   INTEGER,
    PRIMARY KEY (kind, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_marks_conference ON activity_marks (conference);
INSERT INTO activity_marks (kind, room, tenant, conference, seq)
    SELECT DISTINCT kind, room, tenant, conference, -1 FROM facts;

-- Whoever counts a conference takes its turn here first: the projector, or who counts it anew.
CREATE TABLE activity_turns (
    conference BLOB PRIMARY KEY,
    tenant     BLOB NOT NULL,
    turn       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
