-- The trigger functions that capture a table, as text: cdc_capture creates them, cdc_check compares them.
--
-- Why not simply write down the transition tables? AFTER STATEMENT triggers fire in an order of their own. A statement that is
-- run inside another (by a row trigger, or by a function that the outer statement calls) is captured BEFORE the outer one, which
-- would then write older rows over newer ones. The parts of a MERGE or of a WITH statement fire as INSERT, UPDATE, DELETE
-- whatever came first: a row deleted and inserted again would end as deleted. So a transaction notes in the setting
-- rowrelay.captured what it captured so far: rows that came into being ('created'), rows that were changed or removed
-- ('changed'), or 'both'. A capture trusts its transition table only when no earlier one can have a newer version:
--     INSERT  unless something was changed before (the row it inserted may have been changed or removed since)
--     DELETE  unless something was created before (the row it removed may be there again)
--     UPDATE  if nothing was captured before and no row got another key.
-- Otherwise it reads the rows anew, by key. The transaction has these keys locked, so what it reads is what it wrote last.
-- A savepoint's rollback takes back the note together with what was captured.

CREATE OR REPLACE FUNCTION cdc_trigger_functions(source regclass, change_schema name, change_name name)
RETURNS TABLE (event text, function_name name, body text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH columns AS (
        SELECT c.*,
               CASE WHEN c.same_if_equal THEN '%s.%I' ELSE '%s.%I::pg_catalog.text COLLATE pg_catalog."C"' END AS identity
        FROM cdc_columns(source) AS c
    ), lists AS (
        SELECT string_agg(format('%I', column_name), ', ' ORDER BY attnum) AS names,
               string_agg(format('o.%I', column_name), ', ' ORDER BY attnum) AS old_names,
               string_agg(format('n.%I', column_name), ', ' ORDER BY attnum) AS new_names,
               string_agg(format('r.%I', column_name), ', ' ORDER BY attnum) AS row_names,
               string_agg(format('CASE WHEN now.action IS NULL THEN touched.%1$I ELSE now.%1$I END', column_name), ', '
                          ORDER BY attnum) AS newest
        FROM columns
    ), keys AS (
        SELECT string_agg(format(identity, 'o', column_name), ', ' ORDER BY key_position) AS old_key,
               string_agg(format(identity, 'n', column_name), ', ' ORDER BY key_position) AS new_key,
               string_agg(format(identity, 'v', column_name), ', ' ORDER BY key_position) AS version_key,
               string_agg(format('r.%1$I %2$s touched.%1$I', column_name, equality)
                          || CASE WHEN same_if_equal THEN ''
                             ELSE ' AND ' || format(identity, 'r', column_name) || ' OPERATOR(pg_catalog.=) '
                                  || format(identity, 'touched', column_name) END,
                          ' AND ' ORDER BY key_position) AS match
        FROM columns
        WHERE key_position IS NOT NULL
    ), tables AS (
        SELECT format('%I.%I', s.nspname, c.relname) AS source_table, format('%I.%I', change_schema, change_name) AS change_table
        FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
        WHERE c.oid = source
    ), versions AS (
        SELECT v.event, v.versions
        FROM lists AS l
        CROSS JOIN LATERAL (VALUES
            ('insert', format($sql$SELECT row_number() OVER () AS action_id, 'INSERT'::text AS action, %s FROM new_rows AS n$sql$, l.new_names)),
            ('delete', format($sql$SELECT row_number() OVER () AS action_id, 'UPDATE'::text AS action, %s FROM old_rows AS o$sql$, l.old_names)),
            ('update', format($sql$SELECT row_number() OVER () AS action_id, 'UPDATE'::text AS action, %s FROM old_rows AS o
                  UNION ALL
                  SELECT row_number() OVER (), 'INSERT', %s FROM new_rows AS n$sql$, l.old_names, l.new_names))
        ) AS v (event, versions)
    ), reads AS (
        -- One row a key: as it is now if it is there, else a DELETE of what it was; the DELETEs first. OFFSET 0 and the setting of
        -- the function keep the planner from reading the whole table: the plan may be as old as the session.
        SELECT v.event, format($sql$
        INSERT INTO %1$s (%2$s, action)
        SELECT %3$s, CASE WHEN now.action IS NULL THEN 'DELETE' ELSE touched.action END
        FROM (SELECT DISTINCT ON (%4$s) v.*
              FROM (
                  %5$s
              ) AS v
              ORDER BY %4$s, v.action DESC, v.action_id) AS touched
        LEFT JOIN LATERAL (
            SELECT true AS action, %6$s FROM ONLY %7$s AS r
            WHERE %8$s
            OFFSET 0) AS now ON true
        ORDER BY now.action IS NOT NULL, touched.action_id;$sql$,
                   change_table, names, newest, version_key, v.versions, row_names, source_table, match) AS read_anew
        FROM versions AS v, lists, keys, tables
    )
    SELECT f.event, (change_name || '_' || f.event)::name, f.body
    FROM lists AS l, keys AS k, tables AS t
    CROSS JOIN LATERAL (
        SELECT r.event, CASE r.event
            WHEN 'insert' THEN format($body$
DECLARE
    captured text := coalesce(current_setting('rowrelay.captured', true), '');
BEGIN
    IF captured IN ('', 'created') THEN
        INSERT INTO %s (%s, action)
        SELECT %s, 'INSERT' FROM new_rows AS n;
    ELSE%s
    END IF;
    IF FOUND AND captured IN ('', 'changed') THEN
        PERFORM set_config('rowrelay.captured', CASE captured WHEN '' THEN 'created' ELSE 'both' END, true);
    END IF;
    RETURN NULL;
END;
$body$, t.change_table, l.names, l.new_names, r.read_anew)
            WHEN 'update' THEN format($body$
DECLARE
    captured text := coalesce(current_setting('rowrelay.captured', true), '');
BEGIN
    -- The two transition tables hold the rows in the same order.
    IF captured = '' AND NOT EXISTS (
            SELECT row_number() OVER (), %s FROM new_rows AS n
            EXCEPT
            SELECT row_number() OVER (), %s FROM old_rows AS o) THEN
        INSERT INTO %s (%s, action)
        SELECT %s, 'UPDATE' FROM new_rows AS n;
        IF FOUND THEN
            PERFORM set_config('rowrelay.captured', 'changed', true);
        END IF;
    ELSE%s
        IF FOUND AND captured <> 'both' THEN
            PERFORM set_config('rowrelay.captured', 'both', true);
        END IF;
    END IF;
    RETURN NULL;
END;
$body$, k.new_key, k.old_key, t.change_table, l.names, l.new_names, r.read_anew)
            ELSE format($body$
DECLARE
    captured text := coalesce(current_setting('rowrelay.captured', true), '');
BEGIN
    IF captured IN ('', 'changed') THEN
        INSERT INTO %s (%s, action)
        SELECT %s, 'DELETE' FROM old_rows AS o;
    ELSE%s
    END IF;
    IF FOUND AND captured IN ('', 'created') THEN
        PERFORM set_config('rowrelay.captured', CASE captured WHEN '' THEN 'changed' ELSE 'both' END, true);
    END IF;
    RETURN NULL;
END;
$body$, t.change_table, l.names, l.old_names, r.read_anew)
            END AS body
        FROM reads AS r
        UNION ALL
        SELECT 'truncate', format($body$
DECLARE
    captured text := coalesce(current_setting('rowrelay.captured', true), '');
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'TRUNCATE of %%.%% cannot be captured in a %% transaction',
            quote_ident(TG_TABLE_SCHEMA), quote_ident(TG_TABLE_NAME), current_setting('transaction_isolation')
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Its snapshot may be too old to see all the rows that go, and their deletion would be lost.',
                  HINT = 'Use a READ COMMITTED transaction, or DELETE.';
    END IF;
    -- The rows are still there, and the lock that TRUNCATE holds keeps everyone else out.
    INSERT INTO %s (%s, action)
    SELECT %s, 'DELETE' FROM ONLY %s AS o;
    IF FOUND AND captured IN ('', 'created') THEN
        PERFORM set_config('rowrelay.captured', CASE captured WHEN '' THEN 'changed' ELSE 'both' END, true);
    END IF;
    RETURN NULL;
END;
$body$, t.change_table, l.names, l.old_names, t.source_table)
    ) AS f;
END;
