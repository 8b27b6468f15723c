-- Signing in without naming a tenant looks for an address in all of them.
CREATE INDEX users_email ON users (email);
-- What refers to a row that is removed is looked for.
CREATE INDEX screens_session ON screens (session);
CREATE INDEX screen_pairings_screen ON screen_pairings (screen);
