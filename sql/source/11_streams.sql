-- The streams of several tables, and their tables. A stream of one table is in neither. Harmless when run again.

CREATE TABLE IF NOT EXISTS rowrelay.stream (
    name       text      PRIMARY KEY,
    -- Which tables belong to it, in the order in which they were named: schema.table, where * stands for anything; with ! those that do
    -- not.
    patterns   text[]    NOT NULL,
    -- The sequence of the action_ids of all its tables.
    action_ids regclass  NOT NULL,
    -- The roles that cdc_grant_stream was called for.
    producers  regrole[] NOT NULL DEFAULT '{}'
);

CREATE TABLE IF NOT EXISTS rowrelay.stream_table (
    source_table regclass    PRIMARY KEY,
    stream       text        NOT NULL,
    change_table regclass    NOT NULL,
    topic        text        NOT NULL,
    captured_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- What the capture hung on when it was last found sound: rowrelay.fingerprints.
    fingerprint  text
);
