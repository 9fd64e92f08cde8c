-- Instances that a job stops for the sake of its items, and starts again. The row is written before Nova is asked for anything, so
-- that whoever goes on after a crash knows what is owed. Whoever works on a row raises its epoch; what an earlier one writes is refused.

CREATE TABLE instance_stop (
    job         uuid NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    instance_id text NOT NULL,
    host        text NOT NULL,
    state       text NOT NULL CHECK (state IN ('stopping', 'stopped', 'starting', 'started', 'not_stopped', 'left_stopped',
        'left_alone')),
    request_id  text NOT NULL,
    asked       integer NOT NULL DEFAULT 0,
    sent        integer NOT NULL DEFAULT 0,
    epoch       bigint NOT NULL DEFAULT 0,
    since       timestamp NOT NULL,
    due_at      timestamp NOT NULL,
    detail      text,
    PRIMARY KEY (job, instance_id)
);
COMMENT ON TABLE instance_stop IS 'one instance that a job stops, and what became of it';
COMMENT ON COLUMN instance_stop.request_id IS 'of its actions in Nova';
COMMENT ON COLUMN instance_stop.asked IS 'how often Nova was about to be asked for what the state wants';
COMMENT ON COLUMN instance_stop.sent IS 'how often that is known to have been sent';
COMMENT ON COLUMN instance_stop.due_at IS 'nobody looks at it before';

CREATE INDEX instance_stop_open ON instance_stop (due_at) WHERE state IN ('stopping', 'stopped', 'starting');
CREATE INDEX job_item_instance ON job_item (job, instance_id);
