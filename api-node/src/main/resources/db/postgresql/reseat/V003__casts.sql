-- Steps of repairs that were cast: nobody waits for them, a report carries the repair on. While a cast waits for its report, its
-- journal entry belongs to nobody (owner 0, which is no lease's); whoever receives the report takes it over, or a reconciler once
-- the time is over. Deadlines are the database's, so they have a zone.

CREATE TABLE cast_step (
    entry        uuid NOT NULL REFERENCES journal (id) ON DELETE CASCADE,
    step         text NOT NULL,
    epoch        bigint NOT NULL,
    sent_at      timestamp NOT NULL,
    due_at       timestamptz NOT NULL,
    admitted_at  timestamp,
    reported_at  timestamp,
    outcome      text CHECK (outcome IN ('done', 'failed', 'unknown', 'skipped')),
    detail       text,
    result       jsonb,
    PRIMARY KEY (entry, step, epoch),
    CHECK ((reported_at IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE cast_step IS 'steps that were sent to a worker without waiting, and what it has reported';
COMMENT ON COLUMN cast_step.epoch IS 'of the journal entry when it was sent: a higher one there means that nobody wants it any more';
COMMENT ON COLUMN cast_step.admitted_at IS 'when the worker was first told that it may act; never, if it certainly has not acted';
