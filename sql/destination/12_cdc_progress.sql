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
    -- The partition's leader epoch when what comes before next_offset was read: it tells whether the topic still holds that.
    leader_epoch    integer
);

-- No primary key. Each batch makes new versions of a few rows, hundreds a second; while a transaction is open that began
-- earlier, a report or a backup, none of the old ones can be removed. Each time a row comes to a new page, the check of a
-- unique index visits all of its versions: after an hour that made changes late by a tenth of a second. The consumer looks
-- where it last saw the row, and takes a lock before it adds one.
DO $$
BEGIN
    PERFORM pg_catalog.set_config('lock_timeout', '2s', true);
    IF (SELECT relreplident FROM pg_catalog.pg_class WHERE oid = 'cdc_progress'::pg_catalog.regclass::pg_catalog.oid) <> 'f' THEN
        -- A publication FOR ALL TABLES would otherwise refuse the updates.
        ALTER TABLE cdc_progress REPLICA IDENTITY FULL;
    END IF;
END;
$$;
CREATE INDEX IF NOT EXISTS cdc_progress_partition_idx ON cdc_progress (stream, topic_partition);

-- The rows are updated with each batch: leave the pages room for heap-only updates, and vacuum them each time autovacuum looks.
ALTER TABLE cdc_progress SET (
    fillfactor = 10,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 100,
    autovacuum_vacuum_cost_delay = 0);
