-- How many people were in a session at once, counted from the archive of facts by quarter hours. It holds nothing that the
-- archive does not say, and can be counted anew from it at any time.

-- What a record of a session tells of that: how many, and when the quarter began.
ALTER TABLE facts ADD COLUMN present BIGINT;
ALTER TABLE facts ADD COLUMN present_from_us BIGINT;

CREATE TABLE presence (
    session    UUID NOT NULL,
    from_us    BIGINT NOT NULL,
    tenant     UUID NOT NULL,
    conference UUID NOT NULL,
    people     BIGINT NOT NULL,
    PRIMARY KEY (session, from_us)
);
CREATE INDEX presence_conference ON presence (conference, from_us);

SELECT plenum_keep_tenants_apart('presence');
