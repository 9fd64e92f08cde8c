-- Instances that a job stops for the sake of its items, and starts again. The row is written before Nova is asked for anything, so
-- that whoever goes on after a crash knows what is owed. Whoever works on a row raises its epoch; what an earlier one writes is refused.

CREATE TABLE instance_stop (
    job         char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    instance_id varchar(255) NOT NULL,
    host        varchar(255) NOT NULL,
    state       varchar(20) NOT NULL,
    request_id  varchar(255) NOT NULL COMMENT 'of its actions in Nova',
    asked       integer NOT NULL DEFAULT 0 COMMENT 'how often Nova was about to be asked for what the state wants',
    sent        integer NOT NULL DEFAULT 0 COMMENT 'how often that is known to have been sent',
    epoch       bigint NOT NULL DEFAULT 0,
    since       datetime(6) NOT NULL,
    due_at      datetime(6) NOT NULL COMMENT 'nobody looks at it before',
    detail      longtext,
    PRIMARY KEY (job, instance_id),
    KEY instance_stop_open (state, due_at),
    FOREIGN KEY (job) REFERENCES job (id) ON DELETE CASCADE,
    CONSTRAINT instance_stop_state_check CHECK (state IN ('stopping', 'stopped', 'starting', 'started', 'not_stopped', 'left_stopped', 'left_alone'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'one instance that a job stops, and what became of it';

CREATE INDEX job_item_instance ON job_item (job, instance_id);
