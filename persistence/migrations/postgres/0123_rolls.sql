-- All participants of a conference, one piece after the other.
CREATE INDEX participants_conference_id ON participants (conference, id);
