-- Registering for a conference, and checking in at its door.

ALTER TABLE participants ADD COLUMN status TEXT NOT NULL DEFAULT 'confirmed';
ALTER TABLE participants ADD COLUMN answers TEXT NOT NULL DEFAULT '{}';
-- What was agreed to, each with when.
ALTER TABLE participants ADD COLUMN consents TEXT NOT NULL DEFAULT '{}';
ALTER TABLE participants ADD COLUMN registered_us INTEGER;
ALTER TABLE participants ADD COLUMN arrived_us INTEGER;
ALTER TABLE participants ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX participants_status ON participants (conference, status, joined_us);
CREATE INDEX participants_email ON participants (conference, email) WHERE email IS NOT NULL;
CREATE INDEX participants_name ON participants (conference, display_name, id);

CREATE TABLE registration_forms (
    conference BLOB PRIMARY KEY REFERENCES conferences (id) ON DELETE CASCADE,
    tenant     BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    open       INTEGER NOT NULL,
    opens_us   INTEGER,
    closes_us  INTEGER,
    capacity   INTEGER,
    approval   INTEGER NOT NULL,
    fields     TEXT NOT NULL,
    consents   TEXT NOT NULL,
    version    INTEGER NOT NULL
) STRICT;

-- Every scan at a door. Of those of one participant at one door the earliest counts, whichever device told it first.
CREATE TABLE check_ins (
    id          BLOB PRIMARY KEY,
    tenant      BLOB NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference  BLOB NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    session     BLOB REFERENCES sessions (id) ON DELETE CASCADE,
    participant BLOB NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    at_us       INTEGER NOT NULL,
    received_us INTEGER NOT NULL,
    device      TEXT NOT NULL,
    checked_by  BLOB,
    counts      INTEGER NOT NULL
) STRICT;
CREATE INDEX check_ins_participant ON check_ins (participant, session, at_us);
CREATE INDEX check_ins_conference ON check_ins (conference, at_us);
CREATE INDEX check_ins_session ON check_ins (session, counts) WHERE session IS NOT NULL;
