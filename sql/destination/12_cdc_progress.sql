-- How far the topic is applied, one row a partition. The consumer moves it in the transaction of the changes themselves, so it is
-- true whatever this database is restored to. Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_progress (
    stream          text        NOT NULL,
    topic_partition integer     NOT NULL,
    -- The topic's identity: one that is created again under the same name has another.
    topic_id        text        NOT NULL,
    -- Everything before it is applied, or on the dead-letter topic.
    next_offset     bigint      NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, topic_partition)
);

-- The rows are updated with each batch: leave the pages room for heap-only updates, and vacuum them each time autovacuum looks.
ALTER TABLE cdc_progress SET (
    fillfactor = 10,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 100,
    autovacuum_vacuum_cost_delay = 0);
