-- How far the topic is applied, one row a partition. The consumer moves it in the transaction of the changes themselves, so it is
-- true whatever this database is restored to. Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_progress (
    stream          text        NOT NULL,
    topic_partition integer     NOT NULL,
    -- The topic's identity: one that is created again under the same name has another.
    topic_id        text        NOT NULL,
    -- Everything before it is applied, or on the dead-letter topic.
    next_offset     bigint      NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- No primary key. Each batch makes new versions of a few rows, hundreds a second; while a transaction is open that began
-- earlier, a report or a backup, none of the old ones can be removed. Each time a row comes to a new page, the check of a
-- unique index visits all of its versions: after an hour that made changes late by a tenth of a second. The consumer looks
-- where it last saw the row, and takes a lock before it adds one.
DO $$
DECLARE
    key name := (SELECT conname FROM pg_catalog.pg_constraint
                 WHERE conrelid = 'cdc_progress'::pg_catalog.regclass AND contype = 'p');
BEGIN
    PERFORM pg_catalog.set_config('lock_timeout', '2s', true);
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
                   WHERE attrelid = 'cdc_progress'::pg_catalog.regclass AND attname = 'leader_epoch') THEN
        -- Added later. The partition's leader epoch when what comes before next_offset was read: it tells whether the topic still
        -- holds that.
        ALTER TABLE cdc_progress ADD COLUMN leader_epoch integer;
    END IF;
    IF key IS NOT NULL THEN
        -- For a table that was made before.
        EXECUTE pg_catalog.format('ALTER TABLE cdc_progress DROP CONSTRAINT %I', key);
    END IF;
    IF (SELECT relreplident FROM pg_catalog.pg_class WHERE oid = 'cdc_progress'::pg_catalog.regclass) <> 'f' THEN
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
