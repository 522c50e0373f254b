-- Which stream writes which table, noted by each consumer before its first write. A table that several streams write holds rows of
-- all of them, and no row says whose it is: resync, reanchor and verify --repair delete none there unless --where says which.
-- If a stream shall no longer write the table, run rowrelay uninstall, or DELETE FROM cdc_writer. Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_writer (
    stream            text        NOT NULL,
    -- Qualified and quoted, as in SQL.
    destination_table text        NOT NULL,
    since             timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When a consumer of the stream began last.
    begun_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, destination_table)
);
