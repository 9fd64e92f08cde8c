-- Clients that were kept out of a backend because somebody said so.
ALTER TABLE journal DROP CONSTRAINT journal_kind_check;
ALTER TABLE journal ADD CONSTRAINT journal_kind_check CHECK (kind IN ('reset', 'refresh', 'repair', 'fence'));
