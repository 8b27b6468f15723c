-- Which node answers a request, and since when: a node that starts gives only its own keys free, and a key whose node
-- never came back is free after a while.
ALTER TABLE idempotency ADD COLUMN node TEXT NOT NULL DEFAULT '';
ALTER TABLE idempotency ADD COLUMN begun_us INTEGER NOT NULL DEFAULT 0;
