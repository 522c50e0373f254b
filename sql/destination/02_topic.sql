-- What the topic of a table of a stream of several tables is called. The same file is in sql/source and sql/destination, whose tables
-- have the same names. Harmless when run again.

-- The topic of a table: its name with what Kafka allows in one, and a part of a hash where that is not the whole name, or would be
-- that of the cuts or dead letters of another stream.
CREATE OR REPLACE FUNCTION rowrelay.topic(stream text, source regclass)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN whole.name ~ '^[a-zA-Z0-9._-]{1,249}$' AND whole.name !~ '[.](cuts|dlq)$' THEN whole.name
                ELSE left(regexp_replace(whole.name, '[^a-zA-Z0-9._-]', '_', 'g'), 236) || '-' || left(md5(whole.name), 12) END
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT format('%s.%s.%s', stream, n.nspname, c.relname)) AS whole (name)
    WHERE c.oid = source;
$$;
