-- cdc_stream('shop', 'public.*', '!public.audit_*') captures the tables that the patterns name into one stream.

-- Whether a table's name fits a pattern: schema.table, where * stands for anything.
CREATE OR REPLACE FUNCTION rowrelay.fits(pattern text, table_name text)
RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT table_name LIKE replace(replace(replace(replace(ltrim(pattern, '!'), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%');
$$;

-- The tables that patterns name: those that one of them fits, and none of those that begin with !. A star finds tables of the user
-- only: no change tables, no temporary ones, and nothing that Rowrelay or an extension has made.
CREATE OR REPLACE FUNCTION rowrelay.tables_of(patterns text[])
RETURNS SETOF regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.oid::regclass
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT n.nspname || '.' || c.relname) AS called (name)
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'rowrelay')
      AND EXISTS (SELECT FROM unnest(patterns) AS p WHERE p NOT LIKE '!%' AND rowrelay.fits(p, called.name))
      AND NOT EXISTS (SELECT FROM unnest(patterns) AS p WHERE p LIKE '!%' AND rowrelay.fits(p, called.name))
      AND (called.name = ANY (patterns) OR NOT (
              c.oid IN (SELECT rowrelay.own_tables())
              -- Also one whose table is captured no more.
              OR (SELECT count(*) FROM pg_attribute AS a
                  WHERE a.attrelid = c.oid AND (a.attname, a.atttypid) IN (('action_id', 'bigint'::regtype), ('xid', 'xid8'::regtype),
                                                                           ('changed_at', 'timestamptz'::regtype), ('action', 'text'::regtype))) = 4
              OR EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')));
$$;

CREATE OR REPLACE FUNCTION rowrelay.name_tables(stream_name text, named text[])
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    ids CONSTANT text := format('rowrelay.%I', stream_name || '_action_id');
    wrong CONSTANT text := (SELECT string_agg(p, ', ') FROM unnest(named) AS p WHERE p !~ '^!?[^.!]+[.].+$');
BEGIN
    IF stream_name !~ '^[a-zA-Z0-9._-]{1,50}$' THEN
        PERFORM rowrelay.refuse(format('%s cannot be the name of a stream of several tables', quote_literal(stream_name)),
                                'Topics are named after it: it has 1 to 50 letters of a-z, A-Z, digits, dots, underscores or hyphens.',
                                'invalid_parameter_value');
    ELSIF wrong IS NOT NULL THEN
        PERFORM rowrelay.refuse(format('not a pattern of tables: %s', wrong),
                                'A pattern is schema.table, where * stands for anything. With ! before it, it leaves tables out.',
                                'invalid_parameter_value');
    END IF;
    IF to_regclass(ids) IS NULL THEN
        EXECUTE format('CREATE SEQUENCE %s; REVOKE ALL ON SEQUENCE %1$s FROM %s', ids, rowrelay.default_grantees('S', 'rowrelay'));
    END IF;
    INSERT INTO rowrelay.stream AS s (name, patterns, action_ids) VALUES (stream_name, '{}', ids::regclass) ON CONFLICT DO NOTHING;
    UPDATE rowrelay.stream AS s SET patterns = s.patterns || new.patterns
    FROM (SELECT array_agg(DISTINCT p) AS patterns FROM unnest(named) AS p, rowrelay.stream AS k WHERE k.name = stream_name AND p <> ALL (k.patterns)) AS new
    WHERE s.name = stream_name AND new.patterns IS NOT NULL;
END;
$$;

-- Why a table cannot come into a stream; NULL when it can.
CREATE OR REPLACE FUNCTION rowrelay.refusal_of(source regclass, stream_name text)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(r.problem || '. ' || r.hint, ' ')
    FROM (
        SELECT r.problem, r.hint FROM rowrelay.stream AS s, rowrelay.refusals(source, s.action_ids) AS r WHERE s.name = stream_name
        UNION ALL
        SELECT format('%s is captured into stream %s', source, k.stream), 'A table is in one stream.'
        FROM rowrelay.stream_table AS k
        WHERE k.source_table = source AND k.stream <> stream_name
    ) AS r (problem, hint);
$$;

-- The tables that the patterns of a stream name and that are not captured yet, each with the reason why it cannot be; NULL when it can.
CREATE OR REPLACE FUNCTION rowrelay.stream_candidates(stream_name text)
RETURNS TABLE (source_table regclass, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT t, rowrelay.refusal_of(t, stream_name)
    FROM rowrelay.stream AS s, rowrelay.tables_of(s.patterns) AS t
    WHERE s.name = stream_name
      AND NOT EXISTS (SELECT FROM rowrelay.stream_table AS k JOIN pg_class AS c ON c.oid = k.change_table
                      WHERE k.source_table = t AND k.stream = stream_name)
    ORDER BY t::text;
$$;

-- Captures one table into a stream that is there, and repairs its capture. It locks that table only, so called for one table after the
-- other, each in a transaction of its own, it can be part of no deadlock.
CREATE OR REPLACE FUNCTION rowrelay.capture_into(stream_name text, source regclass)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    ids CONSTANT regclass := (SELECT s.action_ids FROM rowrelay.stream AS s WHERE s.name = stream_name);
    refusal CONSTANT text := CASE WHEN ids IS NULL THEN format('There is no stream %s of several tables.', stream_name)
                                  ELSE rowrelay.refusal_of(source, stream_name) END;
    change CONSTANT text := coalesce(
        (SELECT t.change_table::text FROM rowrelay.stream_table AS t JOIN pg_class AS c ON c.oid = t.change_table WHERE t.source_table = source),
        rowrelay.default_change_table(source));
BEGIN
    IF refusal IS NOT NULL THEN
        PERFORM rowrelay.refuse(refusal, 'Name tables for a stream with cdc_stream.', 'object_not_in_prerequisite_state');
    END IF;
    PERFORM rowrelay.capture(source, change, ids);
    INSERT INTO rowrelay.stream_table AS t (source_table, stream, change_table, topic)
    VALUES (source, stream_name, change::regclass, rowrelay.topic(stream_name, source))
    ON CONFLICT (source_table) DO UPDATE SET change_table = excluded.change_table
    WHERE t.stream = excluded.stream AND t.change_table <> excluded.change_table;
END;
$$;

CREATE OR REPLACE FUNCTION rowrelay.capture_stream(stream_name text)
RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    found regclass;
BEGIN
    PERFORM rowrelay.forget_uncaptured();
    FOR found IN SELECT c.source_table FROM rowrelay.stream_candidates(stream_name) AS c WHERE c.problem IS NULL LOOP
        PERFORM rowrelay.capture_into(stream_name, found);
    END LOOP;
END;
$$;

-- Names tables of a stream, and captures those that are not captured yet. Patterns are kept: called again, with more or without any, it
-- looks for tables that are new. A table that cannot be captured is returned with the reason, and hinders no other. Each new table is
-- locked until the end of the transaction: where applications write several of them, rowrelay init goes table by table.
CREATE OR REPLACE FUNCTION cdc_stream(stream text, VARIADIC patterns text[] DEFAULT '{}')
RETURNS TABLE (source_table regclass, change_table regclass, topic text, problem text)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT rowrelay.name_tables(stream, patterns);
    SELECT rowrelay.capture_stream(stream);
    SELECT t.source_table, t.change_table, t.topic, NULL FROM rowrelay.stream_table AS t WHERE t.stream = cdc_stream.stream
    UNION ALL
    SELECT c.source_table, NULL, NULL, c.problem FROM rowrelay.stream_candidates(stream) AS c
    ORDER BY 3, 1;
$$;

-- What a change of this transaction is known by at the destination: SELECT cdc_wait_for(token, '5 s') there is true once the change is
-- applied. Without a change in this transaction it stands for all that was committed before.
CREATE OR REPLACE FUNCTION rowrelay.token()
RETURNS xid8
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT pg_current_xact_id();
$$;

CREATE OR REPLACE FUNCTION cdc_token()
RETURNS xid8
LANGUAGE sql VOLATILE
AS $$
    SELECT rowrelay.token();
$$;
