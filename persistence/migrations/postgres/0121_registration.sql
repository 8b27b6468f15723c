-- Registering for a conference, and checking in at its door.

ALTER TABLE participants ADD COLUMN status TEXT NOT NULL DEFAULT 'confirmed';
ALTER TABLE participants ADD COLUMN answers JSONB NOT NULL DEFAULT '{}';
-- What was agreed to, each with when.
ALTER TABLE participants ADD COLUMN consents JSONB NOT NULL DEFAULT '{}';
ALTER TABLE participants ADD COLUMN registered_us BIGINT;
ALTER TABLE participants ADD COLUMN arrived_us BIGINT;
ALTER TABLE participants ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX participants_status ON participants (conference, status, joined_us);
CREATE INDEX participants_email ON participants (conference, email) WHERE email IS NOT NULL;
CREATE INDEX participants_name ON participants (conference, display_name, id);

CREATE TABLE registration_forms (
    conference UUID PRIMARY KEY REFERENCES conferences (id) ON DELETE CASCADE,
    tenant     UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    open       BOOLEAN NOT NULL,
    opens_us   BIGINT,
    closes_us  BIGINT,
    capacity   BIGINT,
    approval   BOOLEAN NOT NULL,
    fields     JSONB NOT NULL,
    consents   JSONB NOT NULL,
    version    BIGINT NOT NULL
);

-- Every scan at a door. Of those of one participant at one door the earliest counts, whichever device told it first.
CREATE TABLE check_ins (
    id          UUID PRIMARY KEY,
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference  UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    session     UUID REFERENCES sessions (id) ON DELETE CASCADE,
    participant UUID NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    at_us       BIGINT NOT NULL,
    received_us BIGINT NOT NULL,
    device      TEXT NOT NULL,
    checked_by  UUID,
    counts      BOOLEAN NOT NULL
);
CREATE INDEX check_ins_participant ON check_ins (participant, session, at_us);
CREATE INDEX check_ins_conference ON check_ins (conference, at_us);
CREATE INDEX check_ins_session ON check_ins (session, counts) WHERE session IS NOT NULL;

SELECT plenum_keep_tenants_apart('registration_forms');
SELECT plenum_keep_tenants_apart('check_ins');
