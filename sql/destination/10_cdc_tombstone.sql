-- What was deleted, and by which change: an older change that arrives late does not bring the row back. Kept for longer than
-- Kafka keeps records. Run by psql, docker-entrypoint-initdb.d or any client; harmless when run again. Needs PostgreSQL 14 or later.

CREATE TABLE IF NOT EXISTS cdc_tombstone (
    stream     text        NOT NULL,
    -- The primary key as the topic has it: one value as text, several as a JSON array.
    key        text        NOT NULL,
    action_id  bigint      NOT NULL,
    deleted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stream, key)
);

CREATE INDEX IF NOT EXISTS cdc_tombstone_deleted_at_idx ON cdc_tombstone (deleted_at);
-- One look tells that no row was deleted by a newer change than those of a batch, which is nearly always so. The
-- collation keeps the planner from taking it where a key is looked up.
CREATE INDEX IF NOT EXISTS cdc_tombstone_newest_idx ON cdc_tombstone (stream COLLATE "C", action_id);
