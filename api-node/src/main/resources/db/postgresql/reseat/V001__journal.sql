-- Timestamps are UTC without zone, as in the tables of OpenStack beside these.

CREATE SEQUENCE owner_number AS integer;
COMMENT ON SEQUENCE owner_number IS 'one for every started process; it holds an advisory lock on it while it lives';

CREATE TABLE journal (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('reset', 'refresh')),
    subject_id  text NOT NULL,
    request_id  text NOT NULL,
    user_id     text NOT NULL,
    project_id  text NOT NULL,
    reason      text,
    request     jsonb NOT NULL,
    before      jsonb NOT NULL,
    owner       bigint NOT NULL,
    opened_at   timestamp NOT NULL,
    state       text NOT NULL CHECK (state IN ('open', 'unknown', 'done', 'failed', 'undone', 'superseded')),
    outcome     text,
    unknown_at  timestamp,
    closed_at   timestamp
);
COMMENT ON TABLE journal IS 'what every repair intends, written before it begins, and what became of it';

CREATE UNIQUE INDEX journal_one_unsettled ON journal (kind, subject_id) WHERE state IN ('open', 'unknown');
CREATE INDEX journal_subject ON journal (subject_id, opened_at DESC);

CREATE TABLE journal_step (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry   uuid NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    step    text NOT NULL,
    phase   text NOT NULL CHECK (phase IN ('begun', 'done', 'failed', 'unknown', 'skipped')),
    detail  jsonb NOT NULL,
    at      timestamp NOT NULL
);
COMMENT ON TABLE journal_step IS 'how far a repair got, each step before and after';

CREATE INDEX journal_step_entry ON journal_step (entry, id);

CREATE TABLE outbox (
    position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          uuid NOT NULL UNIQUE,
    message     json NOT NULL,
    created_at  timestamp NOT NULL
);
COMMENT ON TABLE outbox IS 'notifications committed with the change they tell of, until they are sent';
