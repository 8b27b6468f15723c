-- How many people were in a session at once, counted from the archive of facts by quarter hours. It holds nothing that the
-- archive does not say, and can be counted anew from it at any time.

-- What a record of a session tells of that: how many, and when the quarter began.
ALTER TABLE facts ADD COLUMN present INTEGER;
ALTER TABLE facts ADD COLUMN present_from_us INTEGER;

CREATE TABLE presence (
    session    BLOB NOT NULL,
    from_us    INTEGER NOT NULL,
    tenant     BLOB NOT NULL,
    conference BLOB NOT NULL,
    people     INTEGER NOT NULL,
    PRIMARY KEY (session, from_us)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_conference ON presence (conference, from_us);
