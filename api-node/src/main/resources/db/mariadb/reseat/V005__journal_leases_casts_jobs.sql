-- What the first five migrations of PostgreSQL make, at once. Times are UTC, since sessions are; texts compare letter by letter.

CREATE TABLE journal (
    id          char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind        varchar(20) NOT NULL,
    subject_id  varchar(255) NOT NULL,
    mapping_id  varchar(255) COMMENT 'the block device mapping that a refresh changes',
    request_id  varchar(255) NOT NULL,
    user_id     varchar(255) NOT NULL,
    project_id  varchar(255) NOT NULL,
    reason      longtext,
    request     json NOT NULL,
    `before`    json NOT NULL,
    owner       bigint NOT NULL,
    epoch       bigint NOT NULL DEFAULT 1 COMMENT 'raised whenever another owner, or a later attempt, takes the entry over',
    opened_at   datetime(6) NOT NULL,
    state       varchar(20) NOT NULL,
    outcome     longtext,
    unknown_at  datetime(6),
    closed_at   datetime(6),
    unsettled   varchar(255) AS (CASE WHEN state IN ('open', 'unknown') THEN subject_id END) VIRTUAL
        COMMENT 'two repairs of one volume exclude each other',
    UNIQUE KEY journal_one_unsettled (unsettled),
    KEY journal_subject (subject_id, opened_at),
    KEY journal_mapping (mapping_id, opened_at),
    KEY journal_request (request_id, subject_id),
    CONSTRAINT journal_kind_check CHECK (kind IN ('reset', 'refresh')),
    CONSTRAINT journal_state_check CHECK (state IN ('open', 'unknown', 'done', 'failed', 'undone', 'superseded'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'what every repair intends, written before it begins, and what became of it';

CREATE TABLE journal_step (
    id      bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    entry   char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    step    varchar(255) NOT NULL,
    phase   varchar(20) NOT NULL,
    detail  json NOT NULL,
    at      datetime(6) NOT NULL,
    KEY journal_step_entry (entry, id),
    FOREIGN KEY (entry) REFERENCES journal (id) ON DELETE CASCADE,
    CONSTRAINT journal_step_phase_check CHECK (phase IN ('begun', 'done', 'failed', 'unknown', 'skipped'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'how far a repair got, each step before and after';

CREATE TABLE outbox (
    position        bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    id              char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    message         json NOT NULL,
    created_at      datetime(6) NOT NULL,
    claimed_until   datetime(6),
    parked_because  longtext COMMENT 'why it cannot be sent; it waits for somebody who looks'
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'notifications committed with the change they tell of, until they are sent';

CREATE TABLE lease (
    owner       bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    holder      varchar(1000) NOT NULL,
    renewed_at  datetime(6) NOT NULL,
    expires_at  datetime(6) NOT NULL
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'one for every started process, which renews it while it lives';

CREATE TABLE cast_step (
    entry        char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    step         varchar(255) NOT NULL,
    epoch        bigint NOT NULL
        COMMENT 'of the journal entry when it was sent: a higher one there means that nobody wants it any more',
    sent_at      datetime(6) NOT NULL,
    due_at       datetime(6) NOT NULL,
    admitted_at  datetime(6)
        COMMENT 'when the worker was first told that it may act; never, if it certainly has not acted',
    reported_at  datetime(6),
    outcome      varchar(20),
    detail       longtext,
    result       json,
    PRIMARY KEY (entry, step, epoch),
    FOREIGN KEY (entry) REFERENCES journal (id) ON DELETE CASCADE,
    CONSTRAINT cast_step_check CHECK ((reported_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT cast_step_outcome_check CHECK (outcome IN ('done', 'failed', 'unknown', 'skipped'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'steps that were sent to a worker without waiting, and what it has reported';

CREATE TABLE job (
    id          char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    action      varchar(20) NOT NULL,
    selector    json NOT NULL,
    request     json NOT NULL,
    limits      json NOT NULL,
    notes       json NOT NULL,
    undoes      char(36) CHARACTER SET ascii COLLATE ascii_bin,
    request_id  varchar(255) NOT NULL,
    user_id     varchar(255) NOT NULL,
    project_id  varchar(255) NOT NULL,
    reason      longtext,
    state       varchar(20) NOT NULL,
    why         longtext,
    applied     boolean NOT NULL DEFAULT false,
    released    integer NOT NULL DEFAULT 0
        COMMENT 'items with a lower position may begin: the canaries first, then wave after wave',
    not_before  datetime(6),
    created_at  datetime(6) NOT NULL,
    applied_at  datetime(6),
    resumed_at  datetime(6) COMMENT 'failures in a row are counted from here on',
    ended_at    datetime(6),
    KEY job_state (state, created_at),
    FOREIGN KEY (undoes) REFERENCES job (id),
    CONSTRAINT job_action_check CHECK (action IN ('reset', 'refresh', 'repair')),
    CONSTRAINT job_state_check CHECK (state IN ('planning', 'planned', 'running', 'paused', 'stopped', 'cancelled', 'done'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'one repair of many volumes: what was selected, what each is asked for, within which limits';

CREATE TABLE job_item (
    id          bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    job         char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position    integer NOT NULL,
    volume_id   varchar(255) NOT NULL,
    mapping_id  varchar(255),
    instance_id varchar(255),
    host        varchar(255),
    backend     varchar(255),
    target      varchar(255) COMMENT 'the status to reset to, where it is not the one of the whole job',
    request_id  varchar(255) NOT NULL
        COMMENT 'of this attempt alone: by it the journal tells whether it was begun, and how it ended',
    state       varchar(20) NOT NULL,
    guard       varchar(255) COMMENT 'digest of the rows that were planned on',
    digest      varchar(255) COMMENT 'digest of those rows and of what was decided',
    plan        longtext,
    inverse     longtext,
    fresh_until datetime(6),
    owner       bigint,
    epoch       bigint NOT NULL DEFAULT 0,
    attempt     integer NOT NULL DEFAULT 1,
    due_at      datetime(6),
    journal     char(36) CHARACTER SET ascii COLLATE ascii_bin,
    detail      longtext,
    started_at  datetime(6),
    ended_at    datetime(6),
    UNIQUE KEY job_item_position (job, position),
    KEY job_item_state (job, state, position),
    KEY job_item_in_flight (state, volume_id),
    KEY job_item_ended (job, ended_at),
    FOREIGN KEY (job) REFERENCES job (id) ON DELETE CASCADE,
    CONSTRAINT job_item_state_check CHECK (state IN ('new', 'planning', 'planned', 'refused', 'waiting', 'held', 'running', 'unknown', 'done', 'failed', 'skipped'))
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    COMMENT = 'one volume of a job, or one of its mappings, and what became of it';

-- Limits hold over all api-nodes together: whoever gives out items goes through here, one after the other. It is updated, not
-- only locked, so that nodes of a database cluster that lock apart still exclude each other.
CREATE TABLE job_gate (
    id   integer NOT NULL PRIMARY KEY,
    turn bigint NOT NULL,
    CONSTRAINT job_gate_id_check CHECK (id = 1)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT INTO job_gate (id, turn) VALUES (1, 0);
