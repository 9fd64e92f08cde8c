-- Of a sweep: the cells of Nova's whose rows could not be read, and whose hosts were not asked therefore.

ALTER TABLE sweep ADD COLUMN silent_cells text NOT NULL DEFAULT '{}';
COMMENT ON COLUMN sweep.silent_cells IS 'JSON: whose rows could not be read, and why';
