-- What sweeps have found, and which sweeps there were. Times are the database's, in UTC.

CREATE TABLE sweep (
    id              bigint PRIMARY KEY,
    owner           bigint NOT NULL,
    node            varchar(255) NOT NULL,
    state           varchar(16) NOT NULL CHECK (state IN ('running', 'done', 'failed', 'abandoned')),
    why             text,
    started_at      timestamp NOT NULL,
    ended_at        timestamp,
    volumes         integer NOT NULL DEFAULT 0,
    unknown_volumes integer NOT NULL DEFAULT 0,
    hosts           integer NOT NULL DEFAULT 0,
    backends        integer NOT NULL DEFAULT 0,
    silent_hosts    text NOT NULL,
    silent_backends text NOT NULL,
    turn            bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE sweep IS 'one look at all volumes; only one that is running writes findings';
COMMENT ON COLUMN sweep.owner IS 'lease of the process that does it; when that has run out another one begins anew';
COMMENT ON COLUMN sweep.silent_hosts IS 'JSON: who did not answer, and why';
COMMENT ON COLUMN sweep.turn IS 'raised by whoever needs the sweep to stay as it is until his transaction has ended';

CREATE INDEX sweep_state ON sweep (state, id);

-- Who begins a sweep goes through here, one after the other, also on nodes of a database cluster that lock apart.
CREATE TABLE sweep_gate (
    id   integer PRIMARY KEY CHECK (id = 1),
    turn bigint NOT NULL
);
INSERT INTO sweep_gate (id, turn) VALUES (1, 0);

CREATE TABLE finding (
    id            varchar(36) PRIMARY KEY,
    volume_id     varchar(36) NOT NULL,
    pattern       varchar(16) NOT NULL,
    place         varchar(255) NOT NULL DEFAULT '',
    verdict       varchar(16) NOT NULL,
    status        varchar(255),
    project_id    varchar(255),
    backend       varchar(255),
    host          varchar(255),
    repair        varchar(32) NOT NULL,
    automatic     boolean NOT NULL,
    facts         text NOT NULL,
    first_seen    timestamp NOT NULL,
    since         timestamp NOT NULL,
    last_seen     timestamp NOT NULL,
    last_sweep    bigint NOT NULL,
    sweeps        integer NOT NULL,
    gone_since    timestamp,
    ignored_at    timestamp,
    ignored_by    varchar(255),
    ignore_reason text,
    job           varchar(36),
    UNIQUE (volume_id, pattern, place)
);
COMMENT ON TABLE finding IS 'an anomaly, which keeps its id as long as it is the same: of one volume, one pattern, one place';
COMMENT ON COLUMN finding.place IS 'host or backend that has a volume of which there is no row; empty otherwise';
COMMENT ON COLUMN finding.since IS 'first seen this time; first_seen is the first time ever';
COMMENT ON COLUMN finding.sweeps IS 'in how many sweeps it was seen this time';
COMMENT ON COLUMN finding.gone_since IS 'a sweep has seen that it is not so any more';
COMMENT ON COLUMN finding.job IS 'the job that a policy has made of it this time';

CREATE INDEX finding_sweep ON finding (last_sweep, id);
CREATE INDEX finding_pattern ON finding (pattern, id);

-- db-scheduler's own table: what is done now and then by one api-node at a time.
CREATE TABLE scheduled_tasks (
    task_name            varchar(100) NOT NULL,
    task_instance        varchar(100) NOT NULL,
    task_data            bytea,
    execution_time       timestamp with time zone,
    picked               boolean NOT NULL,
    picked_by            varchar(255),
    last_success         timestamp with time zone,
    last_failure         timestamp with time zone,
    consecutive_failures integer,
    last_heartbeat       timestamp with time zone,
    version              bigint NOT NULL,
    priority             smallint,
    state                varchar(64),
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_execution ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
