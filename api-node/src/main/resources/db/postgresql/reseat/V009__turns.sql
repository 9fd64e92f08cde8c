-- What is decided by an entry, but written elsewhere, writes the entry too: on a database cluster a lock that one node gives is not seen
-- by the others, a row that two of them write is.

ALTER TABLE journal ADD COLUMN turn bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN journal.turn IS 'raised by whoever needs the entry to stay as it is until his transaction has ended';
