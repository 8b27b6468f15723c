-- Whoever registered is written to, in their language.

-- What they read best, as IETF names languages; empty when nobody knows.
ALTER TABLE participants ADD COLUMN language TEXT;
-- Whether the conference writes to them.
ALTER TABLE registration_forms ADD COLUMN letters BOOLEAN NOT NULL DEFAULT TRUE;

-- One row a change of a registration: its version is that of the participant behind the change, so that one change is
-- never told twice.
CREATE TABLE registration_letters (
    participant UUID NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    version     BIGINT NOT NULL,
    tenant      UUID NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    conference  UUID NOT NULL REFERENCES conferences (id) ON DELETE CASCADE,
    notice      TEXT NOT NULL,
    -- due, under_way, sent, failed or outdated
    state       TEXT NOT NULL,
    tries       BIGINT NOT NULL,
    -- When to try; of what is under way, when nobody waits for its end any more.
    due_us      BIGINT NOT NULL,
    asked_us    BIGINT NOT NULL,
    ended_us    BIGINT,
    reason      TEXT,
    PRIMARY KEY (participant, version)
);
CREATE INDEX registration_letters_due ON registration_letters (state, due_us);
CREATE INDEX registration_letters_conference ON registration_letters (conference);

SELECT plenum_keep_tenants_apart('registration_letters');
