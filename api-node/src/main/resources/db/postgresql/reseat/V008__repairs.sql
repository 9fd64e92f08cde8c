-- Repairs with steps of their own, beside resets and refreshes.
ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
ALTER TABLE journal ADD CONSTRAINT journal_kind_check CHECK (kind IN ('reset', 'refresh', 'repair'));
