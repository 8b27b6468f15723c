-- What people did, counted from the archive of facts by quarter hours, so that whole days of any time zone can be made of
-- them. It holds nothing that the archive does not say, and can be counted anew from it at any time.

-- What a record did, in a word, when that is counted; and the session that its room serves. Secret ones have it too: it
-- says that somebody voted, not who or what.
ALTER TABLE facts ADD COLUMN deed TEXT;
ALTER TABLE facts ADD COLUMN session UUID;

CREATE TABLE activity (
    kind       TEXT NOT NULL,
    room       UUID NOT NULL,
    deed       TEXT NOT NULL,
    from_us    BIGINT NOT NULL,
    tenant     UUID NOT NULL,
    conference UUID NOT NULL,
    session    UUID NOT NULL,
    times      BIGINT NOT NULL,
    PRIMARY KEY (kind, room, deed, from_us)
);
CREATE INDEX activity_conference ON activity (conference, from_us);
CREATE INDEX activity_session ON activity (session, from_us);

-- Who did something that is not secret.
CREATE TABLE activity_people (
    session     UUID NOT NULL,
    participant UUID NOT NULL,
    from_us     BIGINT NOT NULL,
    tenant      UUID NOT NULL,
    conference  UUID NOT NULL,
    PRIMARY KEY (session, participant, from_us)
);
CREATE INDEX activity_people_conference ON activity_people (conference, from_us);

-- Up to which seq each room is counted. What is secret has no time of its own: it falls on that of what was last done
-- before it in its room, which is kept here for what comes next.
CREATE TABLE activity_marks (
    kind       TEXT NOT NULL,
    room       UUID NOT NULL,
    tenant     UUID NOT NULL,
    conference UUID NOT NULL,
    seq        BIGINT NOT NULL,
    dated_us   BIGINT,
    PRIMARY KEY (kind, room)
);
CREATE INDEX activity_marks_conference ON activity_marks (conference);
-- Those of every tenant.
SET LOCAL plenum.tenant = '*';
INSERT INTO activity_marks (kind, room, tenant, conference, seq)
    SELECT DISTINCT kind, room, tenant, conference, -1 FROM facts;

-- Whoever counts a conference takes its turn here first: the projector, or who counts it anew.
CREATE TABLE activity_turns (
    conference UUID PRIMARY KEY,
    tenant     UUID NOT NULL,
    turn       BIGINT NOT NULL
);

SELECT plenum_keep_tenants_apart('activity');
SELECT plenum_keep_tenants_apart('activity_people');
SELECT plenum_keep_tenants_apart('activity_marks');
SELECT plenum_keep_tenants_apart('activity_turns');
