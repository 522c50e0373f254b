-- The progress of each unfinished backfill (rowrelay backfill), one row a stream. Run again, the backfill continues there. The script
-- is harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_backfill (
    stream       text        PRIMARY KEY,
    -- Which rows it sends: the condition that it was begun with, or nothing.
    condition    text        NOT NULL,
    -- The primary key of the last row that is done, a text for each of its columns.
    last_key     text[]      NOT NULL,
    rows_done    bigint      NOT NULL,
    rows_written bigint      NOT NULL,
    -- How many dead letters there had ever been when it began.
    dead_letters bigint      NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
