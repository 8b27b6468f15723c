-- Who chairs a day of the programme: one of its people.
ALTER TABLE days ADD COLUMN chair UUID REFERENCES people (id) ON DELETE SET NULL;
CREATE INDEX days_chair ON days (chair) WHERE chair IS NOT NULL;
