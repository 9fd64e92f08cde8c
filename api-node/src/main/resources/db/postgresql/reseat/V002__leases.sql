-- Ownership of journal entries: a lease row for every started process, and an epoch that every adoption raises. Leases are
-- timed by the database's clock alone, so these columns have a zone: they are compared with CURRENT_TIMESTAMP as it is.

CREATE TABLE lease (
    owner       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    holder      text NOT NULL,
    renewed_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
COMMENT ON TABLE lease IS 'one for every started process, which renews it while it lives';

-- Numbers of earlier owners are not given out again.
SELECT setval(pg_get_serial_sequence('lease', 'owner'), nextval('owner_number'), false);
DROP SEQUENCE owner_number;

ALTER TABLE journal ADD COLUMN epoch bigint NOT NULL DEFAULT 1;
COMMENT ON COLUMN journal.epoch IS 'raised whenever another owner, or a later attempt, takes the entry over';

-- The subject of an entry is the volume, for every flow: two repairs of one volume exclude each other.
ALTER TABLE journal ADD COLUMN mapping_id text;
COMMENT ON COLUMN journal.mapping_id IS 'the block device mapping that a refresh changes';
UPDATE journal SET mapping_id = subject_id, subject_id = request ->> 'volume_id'
    WHERE kind = 'refresh' AND request ->> 'volume_id' IS NOT NULL;
CREATE INDEX journal_mapping ON journal (mapping_id, opened_at DESC) WHERE mapping_id IS NOT NULL;

DROP INDEX journal_one_unsettled;
UPDATE journal SET state = 'failed', closed_at = CURRENT_TIMESTAMP AT TIME ZONE 'UTC',
        outcome = 'a later repair of the same volume was under way as well; look at the volume, and at the instance''s lock'
    WHERE state IN ('open', 'unknown') AND EXISTS (
        SELECT 1 FROM journal later WHERE later.subject_id = journal.subject_id AND later.state IN ('open', 'unknown')
            AND (later.opened_at, later.id) > (journal.opened_at, journal.id));
CREATE UNIQUE INDEX journal_one_unsettled ON journal (subject_id) WHERE state IN ('open', 'unknown');

-- The outbox is claimed for a while instead of for a transaction, and what cannot be read is set aside.
ALTER TABLE outbox ADD COLUMN claimed_until timestamptz;
ALTER TABLE outbox ADD COLUMN parked_because text;
COMMENT ON COLUMN outbox.parked_because IS 'why it cannot be sent; it waits for somebody who looks';
