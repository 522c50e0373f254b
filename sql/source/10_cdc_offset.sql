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
    updated_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Records of the topic up to this action_id are history from before the stream was begun again (reanchor).
    anchor_action_id  bigint      NOT NULL DEFAULT 0,
    -- The newest changed_at that the retention has removed: a published change newer than that must still be there.
    removed_until     timestamptz,
    -- While paused_at is set the producer publishes nothing (pause and resume).
    paused_at         timestamptz,
    paused_by         text,
    -- The newest transaction of which the retention has removed a change.
    removed_xid       xid8,
    -- Up to where the topic has acknowledged: everything that the checkpoint covers lies before these offsets of the topic,
    -- partition 0 first; and which change the record before each is, 0 where that is not known. What the topic holds is
    -- compared with it.
    published_topic      text,
    published_offsets    bigint[],
    published_action_ids bigint[],
    -- How many sessions of a producer have published a stream of several tables: part of the number of each window.
    epoch                bigint NOT NULL DEFAULT 0
);

-- The row is updated many times a second: leave the page room for heap-only updates, and vacuum it each time autovacuum looks.
ALTER TABLE cdc_offset SET (
    fillfactor = 10,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 100,
    autovacuum_vacuum_cost_delay = 0);

-- Earlier checkpoints, and up to where the topic had acknowledged by then. When the topic loses records that it had acknowledged, the
-- producer goes back to the newest of which the topic still holds all, and publishes again from there.
CREATE TABLE IF NOT EXISTS cdc_published (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream          text        NOT NULL,
    taken_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    snapshot        pg_snapshot NOT NULL,
    window_snapshot pg_snapshot,
    last_action_id  bigint      NOT NULL,
    topic_id        text        NOT NULL,
    next_offsets    bigint[]    NOT NULL,
    action_ids      bigint[]    NOT NULL
);
CREATE INDEX IF NOT EXISTS cdc_published_stream_idx ON cdc_published (stream, taken_at);
