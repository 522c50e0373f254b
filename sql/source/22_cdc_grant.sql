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

-- Grants what is not granted yet of the change tables of a stream: one whose privileges stay as they are is not checked anew.
CREATE OR REPLACE FUNCTION rowrelay.grant_changes(stream_name text, role regrole)
RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
    SELECT rowrelay.run(array_agg(format(
        'GRANT SELECT, DELETE, UPDATE (changed_at) ON %s TO %s; GRANT SELECT ON SEQUENCE %s TO %2$s',
        t.change_table, role, (SELECT string_agg(s.sequence::text, ', ') FROM rowrelay.sequences(t.change_table) AS s))))
    FROM rowrelay.stream_table AS t JOIN pg_class AS c ON c.oid = t.change_table
    WHERE t.stream = stream_name
      AND NOT (has_table_privilege(role, t.change_table, 'SELECT') AND has_table_privilege(role, t.change_table, 'DELETE')
               AND has_column_privilege(role, t.change_table, 'changed_at', 'UPDATE')
               AND (SELECT bool_and(has_sequence_privilege(role, s.sequence, 'SELECT')) FROM rowrelay.sequences(t.change_table) AS s))
    HAVING count(*) > 0;
    SELECT rowrelay.grant_use(array_agg(t.change_table), '{}', role)
    FROM rowrelay.stream_table AS t JOIN pg_class AS c ON c.oid = t.change_table
    WHERE t.stream = stream_name
    HAVING count(*) > 0;
$$;

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
    SELECT rowrelay.grant_changes(stream_name, role);
    SELECT rowrelay.grant_use(ARRAY[checkpoints, published], ARRAY[check_function], role);
    UPDATE rowrelay.stream AS s SET producers = s.producers || role WHERE s.name = stream_name AND role <> ALL (s.producers);
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

-- Captures the next table that is new and fits the patterns of a stream, for the producer, which may not do that itself: one table a
-- call, so that a transaction locks one. It runs with the rights of the role that installed Rowrelay, so it takes only tables whose owner
-- could use these rights anyway; tables of other roles wait for a person (cdc_stream, rowrelay init). The owner of a captured table writes its
-- change table, and so could disturb the whole stream. Returns the table; before it those that failed, with the reason.
CREATE OR REPLACE FUNCTION rowrelay.capture_new_table(stream_name text)
RETURNS TABLE (source_table regclass, problem text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off
AS $$
DECLARE
    roles CONSTANT regrole[] := (SELECT array_agg(p) FROM rowrelay.stream AS s, unnest(s.producers) AS p JOIN pg_roles AS r ON r.oid = p
                                 WHERE s.name = stream_name);
    found regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = session_user AND r.rolsuper)
       AND NOT EXISTS (SELECT FROM unnest(roles) AS r WHERE pg_has_role(session_user, r, 'MEMBER')) THEN
        PERFORM rowrelay.refuse(format('%I does not produce stream %s', session_user, stream_name),
                                format('SELECT cdc_grant_stream(%L, %L);', stream_name, session_user), 'insufficient_privilege');
    END IF;
    FOR found IN
        SELECT c.source_table FROM rowrelay.stream_candidates(stream_name) AS c JOIN pg_class AS t ON t.oid = c.source_table
        JOIN pg_roles AS r ON r.oid = t.relowner
        WHERE c.problem IS NULL AND (r.rolsuper OR r.rolname = current_user)
    LOOP
        source_table := found;
        problem := NULL;
        BEGIN
            PERFORM rowrelay.capture_into(stream_name, found);
            PERFORM rowrelay.grant_changes(stream_name, r) FROM unnest(roles) AS r;
        EXCEPTION WHEN OTHERS THEN
            problem := SQLERRM;
        END;
        RETURN NEXT;
        EXIT WHEN problem IS NULL;
    END LOOP;
END;
$$;
REVOKE ALL ON FUNCTION rowrelay.capture_new_table(text) FROM PUBLIC;
