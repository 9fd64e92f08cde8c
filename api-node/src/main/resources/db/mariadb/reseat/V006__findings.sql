-- What sweeps have found, and which sweeps there were. Times are the database's, in UTC.

CREATE TABLE sweep (
    id              bigint NOT NULL PRIMARY KEY,
    owner           bigint NOT NULL
        COMMENT 'lease of the process that does it; when that has run out another one begins anew',
    node            varchar(255) NOT NULL,
    state           varchar(16) NOT NULL,
    why             longtext,
    started_at      datetime(6) NOT NULL,
    ended_at        datetime(6),
    volumes         integer NOT NULL DEFAULT 0,
    unknown_volumes integer NOT NULL DEFAULT 0,
    hosts           integer NOT NULL DEFAULT 0,
    backends        integer NOT NULL DEFAULT 0,
    silent_hosts    longtext NOT NULL COMMENT 'JSON: who did not answer, and why',
    silent_backends longtext NOT NULL,
    turn            bigint NOT NULL DEFAULT 0
        COMMENT 'raised by whoever needs the sweep to stay as it is until his transaction has ended',
    KEY sweep_state (state, id),
    CONSTRAINT sweep_state_check CHECK (state IN ('running', 'done', 'failed', 'abandoned'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'one look at all volumes; only one that is running writes findings';

-- Who begins a sweep goes through here, one after the other, also on nodes of a database cluster that lock apart.
CREATE TABLE sweep_gate (
    id   integer NOT NULL PRIMARY KEY,
    turn bigint NOT NULL,
    CONSTRAINT sweep_gate_check CHECK (id = 1)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO sweep_gate (id, turn) VALUES (1, 0);

CREATE TABLE finding (
    id            varchar(36) NOT NULL PRIMARY KEY,
    volume_id     varchar(36) NOT NULL,
    pattern       varchar(16) NOT NULL,
    place         varchar(255) NOT NULL DEFAULT ''
        COMMENT 'host or backend that has a volume of which there is no row; empty otherwise',
    verdict       varchar(16) NOT NULL,
    status        varchar(255),
    project_id    varchar(255),
    backend       varchar(255),
    host          varchar(255),
    repair        varchar(32) NOT NULL,
    automatic     boolean NOT NULL,
    facts         longtext NOT NULL,
    first_seen    datetime(6) NOT NULL,
    since         datetime(6) NOT NULL COMMENT 'first seen this time; first_seen is the first time ever',
    last_seen     datetime(6) NOT NULL,
    last_sweep    bigint NOT NULL,
    sweeps        integer NOT NULL COMMENT 'in how many sweeps it was seen this time',
    gone_since    datetime(6) COMMENT 'a sweep has seen that it is not so any more',
    ignored_at    datetime(6),
    ignored_by    varchar(255),
    ignore_reason longtext,
    job           varchar(36) COMMENT 'the job that a policy has made of it this time',
    UNIQUE KEY finding_key (volume_id, pattern, place),
    KEY finding_sweep (last_sweep, id),
    KEY finding_pattern (pattern, id)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'an anomaly, which keeps its id as long as it is the same: of one volume, one pattern, one place';

-- db-scheduler's own table: what is done now and then by one api-node at a time.
CREATE TABLE scheduled_tasks (
    task_name            varchar(100) NOT NULL,
    task_instance        varchar(100) NOT NULL,
    task_data            blob,
    execution_time       datetime(6),
    picked               boolean NOT NULL,
    picked_by            varchar(255),
    last_success         datetime(6),
    last_failure         datetime(6),
    consecutive_failures integer,
    last_heartbeat       datetime(6),
    version              bigint NOT NULL,
    priority             smallint,
    state                varchar(64),
    PRIMARY KEY (task_name, task_instance),
    KEY scheduled_tasks_execution (execution_time),
    KEY scheduled_tasks_heartbeat (last_heartbeat)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
