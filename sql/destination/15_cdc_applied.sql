-- Which state of the source the destination shows, for each stream that is applied in cuts. The consumer moves it in the transaction of
-- the changes themselves. A stream that has no row here is applied row by row. Harmless when run again.

CREATE TABLE IF NOT EXISTS cdc_applied (
    stream            text        NOT NULL,
    -- The system identifier of the source; 0 while nothing is applied.
    source_identifier bigint      NOT NULL DEFAULT 0,
    -- The destination shows the transactions that are visible in it, and no others.
    snapshot          pg_snapshot NOT NULL DEFAULT '1:1:',
    -- The newest window that was applied: the session of the producer, and its number there.
    epoch             bigint      NOT NULL DEFAULT 0,
    number            bigint      NOT NULL DEFAULT 0,
    -- When the source was in this state, by its own clock.
    taken_at          timestamptz,
    applied_at        timestamptz,
    -- From where the topics are read: {"topic": {"0": 123}}.
    next_offsets      jsonb       NOT NULL DEFAULT '{}',
    -- The identity of each topic: one that is created again under the same name has another.
    topic_ids         jsonb       NOT NULL DEFAULT '{}',
    -- Since a change was rejected or left out, the destination shows a state that the source never had.
    broken_since      timestamptz,
    -- Tables whose changes are left out, with who wanted that and since when: {"public.orders": {"by": "...", "since": "..."}}.
    paused_tables     jsonb       NOT NULL DEFAULT '{}'
);

-- No primary key, as in cdc_progress and for the same reason: while a transaction is open, a unique index would visit every version
-- that a row has had since. The consumer remembers where its row is.
DO $$
BEGIN
    PERFORM pg_catalog.set_config('lock_timeout', '2s', true);
    IF (SELECT relreplident FROM pg_catalog.pg_class WHERE oid = 'cdc_applied'::pg_catalog.regclass::pg_catalog.oid) <> 'f' THEN
        -- A publication FOR ALL TABLES would otherwise refuse the updates.
        ALTER TABLE cdc_applied REPLICA IDENTITY FULL;
    END IF;
END;
$$;
CREATE INDEX IF NOT EXISTS cdc_applied_stream_idx ON cdc_applied (stream);
ALTER TABLE cdc_applied SET (
    fillfactor = 10,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 100,
    autovacuum_vacuum_cost_delay = 0);
