-- An item whose worker cannot be reached is tried again for a while. What is held is found without reading all items.
ALTER TABLE job_item ADD COLUMN unreached_since datetime(6);

CREATE INDEX job_item_held ON job_item (state, due_at);
