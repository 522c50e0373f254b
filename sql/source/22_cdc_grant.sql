-- What the producer's role needs, and no more.

CREATE OR REPLACE FUNCTION rowrelay.grant_producer(change regclass, checkpoints regclass, published regclass, check_function regprocedure,
                                                   role regrole)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.run(ARRAY[
        -- Retention locks the rows that it removes, which takes the right to update a column; with this one it gets no power that
        -- DELETE does not give.
        format('GRANT SELECT, DELETE, UPDATE (changed_at) ON %s TO %s', change, role),
        format('GRANT SELECT ON SEQUENCE %s TO %s', rowrelay.action_id_sequence(change), role),
        format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s', checkpoints, role),
        format('GRANT SELECT, INSERT, DELETE ON %s TO %s', published, role)]);
    SELECT rowrelay.grant_use(ARRAY[change, checkpoints, published], ARRAY[check_function], role);
$$;

-- Grants what is not granted yet: a table whose privileges stay as they are is not checked anew.
CREATE OR REPLACE FUNCTION rowrelay.grant_stream(stream_name text, checkpoints regclass, published regclass, check_function regprocedure,
                                                 role regrole)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.run(ARRAY[
        format('GRANT SELECT ON rowrelay.stream, rowrelay.stream_table TO %s', role),
        format('GRANT UPDATE (fingerprint) ON rowrelay.stream_table TO %s', role),
        format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %s', checkpoints, role),
        format('GRANT SELECT, INSERT, DELETE ON %s TO %s', published, role)]);
    SELECT rowrelay.run(array_agg(format(
        'GRANT SELECT, DELETE, UPDATE (changed_at) ON %s TO %s; GRANT SELECT ON SEQUENCE %s TO %2$s',
        t.change_table, role, (SELECT string_agg(s.sequence::text, ', ') FROM rowrelay.sequences(t.change_table) AS s))))
    FROM rowrelay.stream_table AS t JOIN pg_class AS c ON c.oid = t.change_table
    WHERE t.stream = stream_name
      AND NOT (has_table_privilege(role, t.change_table, 'SELECT') AND has_table_privilege(role, t.change_table, 'DELETE')
               AND has_column_privilege(role, t.change_table, 'changed_at', 'UPDATE')
               AND (SELECT bool_and(has_sequence_privilege(role, s.sequence, 'SELECT')) FROM rowrelay.sequences(t.change_table) AS s))
    HAVING count(*) > 0;
    SELECT rowrelay.grant_use(array_agg(r), ARRAY[check_function], role)
    FROM (SELECT t.change_table FROM rowrelay.stream_table AS t JOIN pg_class AS c ON c.oid = t.change_table WHERE t.stream = stream_name
          UNION ALL VALUES (checkpoints), (published)) AS used (r);
    -- The producer then begins without a check of each table.
    SELECT count(*) FROM rowrelay.stream_problems(stream_name);
$$;

-- cdc_grant('emp_cdc', 'producer_role')
CREATE OR REPLACE FUNCTION cdc_grant(change_table regclass, role name)
RETURNS void
LANGUAGE sql VOLATILE
AS $$
    SELECT rowrelay.grant_producer(change_table, 'cdc_offset'::pg_catalog.regclass, 'cdc_published'::pg_catalog.regclass,
                                   'cdc_check(text, text)'::pg_catalog.regprocedure, pg_catalog.quote_ident(role)::pg_catalog.regrole);
$$;

-- The same for a stream of several tables: cdc_grant_stream('shop', 'producer_role'), again when tables have come in.
CREATE OR REPLACE FUNCTION cdc_grant_stream(stream text, role name)
RETURNS void
LANGUAGE sql VOLATILE
AS $$
    SELECT rowrelay.grant_stream(stream, 'cdc_offset'::pg_catalog.regclass, 'cdc_published'::pg_catalog.regclass,
                                 'cdc_check(text, text)'::pg_catalog.regprocedure, pg_catalog.quote_ident(role)::pg_catalog.regrole);
$$;
