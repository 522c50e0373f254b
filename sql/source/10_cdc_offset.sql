-- The producer's checkpoints, one row a stream. Run by psql, docker-entrypoint-initdb.d or any client; harmless when run again.
-- Everything here goes into the first schema of the search_path. Needs PostgreSQL 14 or later.

CREATE TABLE IF NOT EXISTS cdc_offset (
    stream            text        PRIMARY KEY,
    -- The last action_id published of the window being read; when none is open, the largest published so far.
    last_action_id    bigint      NOT NULL,
    -- The largest action_id ever published: a sequence that is below it belongs to a restored database.
    highest_action_id bigint      NOT NULL,
    -- Every change visible in this snapshot has been published.
    snapshot          pg_snapshot NOT NULL,
    -- The upper end of the window that is partly published, NULL while none is open.
    window_snapshot   pg_snapshot,
    -- pg_control_system().system_identifier: a checkpoint is worth nothing in another cluster.
    system_identifier bigint      NOT NULL,
    updated_at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Added later. Records of the topic up to this action_id are history from before the stream was begun anew (admin.jar reanchor).
ALTER TABLE cdc_offset ADD COLUMN IF NOT EXISTS anchor_action_id bigint NOT NULL DEFAULT 0;
-- Added later. The newest changed_at that the retention has removed: a published change newer than that must still be there.
ALTER TABLE cdc_offset ADD COLUMN IF NOT EXISTS removed_until timestamptz;
-- Added later. While paused_at is set the producer publishes nothing (admin.jar pause and resume).
ALTER TABLE cdc_offset ADD COLUMN IF NOT EXISTS paused_at timestamptz, ADD COLUMN IF NOT EXISTS paused_by text;

-- The row is updated many times a second: leave the page room for heap-only updates, and vacuum it each time autovacuum looks.
ALTER TABLE cdc_offset SET (
    fillfactor = 10,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 100,
    autovacuum_vacuum_cost_delay = 0);
