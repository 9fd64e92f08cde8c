-- An item whose worker cannot be reached is tried again for a while. What is held is found without reading all items.
ALTER TABLE job_item ADD COLUMN unreached_since timestamp;
COMMENT ON COLUMN job_item.unreached_since IS 'since then whoever does it could not be reached';

CREATE INDEX job_item_held ON job_item (due_at) WHERE state = 'held';
