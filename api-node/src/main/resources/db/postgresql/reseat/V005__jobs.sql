-- Bulk repairs. The rows are the truth: messages only wake workers up. Whoever works on an item holds it by his process's lease
-- and the item's epoch, which every taking over raises. Times are the database's, in UTC.

CREATE TABLE job (
    id          uuid PRIMARY KEY,
    action      text NOT NULL CHECK (action IN ('reset', 'refresh', 'repair')),
    selector    jsonb NOT NULL,
    request     jsonb NOT NULL,
    limits      jsonb NOT NULL,
    notes       jsonb NOT NULL,
    undoes      uuid REFERENCES job (id),
    request_id  text NOT NULL,
    user_id     text NOT NULL,
    project_id  text NOT NULL,
    reason      text,
    state       text NOT NULL
        CHECK (state IN ('planning', 'planned', 'running', 'paused', 'stopped', 'cancelled', 'done')),
    why         text,
    applied     boolean NOT NULL DEFAULT false,
    released    integer NOT NULL DEFAULT 0,
    not_before  timestamp,
    created_at  timestamp NOT NULL,
    applied_at  timestamp,
    resumed_at  timestamp,
    ended_at    timestamp
);
COMMENT ON TABLE job IS 'one repair of many volumes: what was selected, what each is asked for, within which limits';
COMMENT ON COLUMN job.released IS 'items with a lower position may begin: the canaries first, then wave after wave';
COMMENT ON COLUMN job.resumed_at IS 'failures in a row are counted from here on';

CREATE INDEX job_state ON job (state, created_at);

CREATE TABLE job_item (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job         uuid NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position    integer NOT NULL,
    volume_id   text NOT NULL,
    mapping_id  text,
    instance_id text,
    host        text,
    backend     text,
    target      text,
    request_id  text NOT NULL,
    state       text NOT NULL CHECK (state IN ('new', 'planning', 'planned', 'refused', 'waiting', 'held', 'running',
        'unknown', 'done', 'failed', 'skipped')),
    guard       text,
    digest      text,
    plan        text,
    inverse     text,
    fresh_until timestamp,
    owner       bigint,
    epoch       bigint NOT NULL DEFAULT 0,
    attempt     integer NOT NULL DEFAULT 1,
    due_at      timestamp,
    journal     uuid,
    detail      text,
    started_at  timestamp,
    ended_at    timestamp,
    UNIQUE (job, position)
);
COMMENT ON TABLE job_item IS 'one volume of a job, or one of its mappings, and what became of it';
COMMENT ON COLUMN job_item.request_id IS 'of this attempt alone: by it the journal tells whether it was begun, and how it ended';
COMMENT ON COLUMN job_item.target IS 'the status to reset to, where it is not the one of the whole job';
COMMENT ON COLUMN job_item.guard IS 'digest of the rows that were planned on';
COMMENT ON COLUMN job_item.digest IS 'digest of those rows and of what was decided';

CREATE INDEX job_item_state ON job_item (job, state, position);
CREATE INDEX job_item_in_flight ON job_item (volume_id, host, backend) WHERE state IN ('running', 'unknown');
CREATE INDEX job_item_ended ON job_item (job, ended_at DESC) WHERE state IN ('done', 'failed');

-- Limits hold over all api-nodes together: whoever gives out items goes through here, one after the other. It is updated, not
-- only locked, so that nodes of a database cluster that lock apart still exclude each other.
CREATE TABLE job_gate (
    id   integer PRIMARY KEY CHECK (id = 1),
    turn bigint NOT NULL
);
INSERT INTO job_gate (id, turn) VALUES (1, 0);

CREATE INDEX journal_request ON journal (request_id, subject_id);
